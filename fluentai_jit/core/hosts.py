"""Host functions: library functions that the driver carries out in Python.

Only the vocabulary stands here; the implementations are in stdlib/host.py.
"""

from __future__ import annotations

from typing import NamedTuple


class Host(NamedTuple):
    """A row of the table of host functions."""

    name: str
    arity: int
    description: str


HOSTS: tuple[Host, ...] = (
    Host("args", 0, "The program's arguments, a list of strings."),
    Host("exit", 1, "Ends the program with an exit status."),
    Host("capitalize", 1, "The first character as a capital, the others small."),
    Host("type_of", 1, "The name of a value's kind, a string."),
)
HOST_INDEX: dict[str, int] = {row.name: i for i, row in enumerate(HOSTS)}
