"""Native operations: what is too long or too rare to be written out at a call site.

Only the vocabulary stands here; the functions are in memory/, and memory/table.py
says which is which. Each takes up to three values and gives one, or ends with a
status before its first effect: HOST leaves the operation to the driver, COLLECT asks
for room. Compiled code calls them through a table of addresses.
"""

from __future__ import annotations

from typing import NamedTuple

from .opcodes import (
    ADD,
    ADD_INT,
    EQ,
    INDEX,
    NE,
    UNLESS_EQ,
    UNLESS_NE,
)
from .tags import BOOL, CELL, CLOSURE, INT, LIST, STRING

# Arguments of an operation that takes any number of them: they are in registers,
# and it is given (INT, index of the first one) and (INT, how many).
ANY = -1


class Native(NamedTuple):
    """A row of the table of native operations."""

    name: str
    arity: int  # at most 3, or ANY
    result: int | None  # the tag of its value; None where there are several


_ROWS = (
    # Of operators and literals.
    Native("add", 2, STRING),
    Native("index", 2, None),
    Native("equal", 2, BOOL),
    Native("list", ANY, LIST),
    Native("concatenate", ANY, STRING),
    Native("set_item", 3, LIST),
    Native("iterations", 1, INT),
    Native("closure", ANY, CLOSURE),
    Native("cell", 1, CELL),
    Native("thrown", 1, None),
    # Of the library, under their own names.
    Native("to_string", 1, STRING),
    Native("append", 2, LIST),
    Native("push", 2, LIST),
    Native("prepend", 2, LIST),
    Native("concat", 2, LIST),
    Native("slice", 3, LIST),
    Native("substring", 3, STRING),
)
NATIVES: tuple[Native, ...] = _ROWS
NATIVE_INDEX: dict[str, int] = {row.name: i for i, row in enumerate(NATIVES)}

# Opcodes whose operation may end in NATIVE, and the native operation that is meant;
# comparing with an int never does.
SLOW_PATHS: dict[int, str] = {
    ADD: "add",
    ADD_INT: "add",
    INDEX: "index",
    EQ: "equal",
    NE: "equal",
    UNLESS_EQ: "equal",
    UNLESS_NE: "equal",
}
