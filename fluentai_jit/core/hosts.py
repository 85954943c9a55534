"""Host functions: library functions that the driver carries out in Python.

Only the vocabulary stands here; the implementations are in stdlib/host.py.
"""

from __future__ import annotations

from typing import NamedTuple


class Host(NamedTuple):
    """A row of the table of host functions."""

    name: str
    arity: int


HOSTS: tuple[Host, ...] = (
    Host("args", 0),
    Host("exit", 1),
    Host("type_of", 1),
    # Of the prelude alone: an error's kind, its message with `{}` for each value of
    # a list, and that list.
    Host("fail", 3),
    # Of the prelude alone: how many parameters a function has.
    Host("parameters", 1),
    Host("capitalize", 1),
    Host("array", 2),
    Host("zeros", 2),
    Host("ones", 2),
    Host("arange", 3),
    Host("from_list", 1),
    Host("to_list", 1),
    Host("shape", 1),
    Host("copy", 1),
    Host("fill", 2),
)
HOST_INDEX: dict[str, int] = {row.name: i for i, row in enumerate(HOSTS)}
