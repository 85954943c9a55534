"""Host functions: library functions that the driver carries out in Python.

Only the vocabulary stands here; the implementations are in stdlib/host.py.
"""

from __future__ import annotations

from typing import NamedTuple


class HostRow(NamedTuple):
    """A row of the table of host functions."""

    name: str
    arity: int


HOSTS: tuple[HostRow, ...] = (
    HostRow("args", 0),
    HostRow("exit", 1),
    HostRow("type_of", 1),
    # Of the prelude alone: an error's kind, its message with `{}` for each value of
    # a list, and that list.
    HostRow("fail", 3),
    # Of the prelude alone: how many parameters a function has.
    HostRow("parameters", 1),
    HostRow("capitalize", 1),
    HostRow("array", 2),
    HostRow("zeros", 2),
    HostRow("ones", 2),
    HostRow("arange", 3),
    HostRow("from_list", 1),
    HostRow("to_list", 1),
    HostRow("shape", 1),
    HostRow("copy", 1),
    HostRow("fill", 2),
)
HOST_INDEX: dict[str, int] = {row.name: i for i, row in enumerate(HOSTS)}
