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
    SET_INDEX,
    UNLESS_EQ,
    UNLESS_NE,
)
from .tags import (
    ARRAY,
    BOOL,
    CELL,
    CLOSURE,
    FLOAT,
    INT,
    LIST,
    MAP,
    NIL,
    SET,
    STRING,
    TAGGED,
)

# A result that is of the first argument's kind.
SAME = -1

# Arguments of an operation that takes any number of them: they are in registers,
# and it is given (INT, index of the first one) and (INT, how many).
ANY = -1


class Native(NamedTuple):
    """A row of the table of native operations."""

    name: str
    arity: int  # at most 3, or ANY
    result: int | None  # the tag of its value, SAME, or None where there are several


_ROWS = (
    # Of operators and literals.
    Native("add", 2, STRING),
    Native("index", 2, None),
    Native("equal", 2, BOOL),
    Native("list", ANY, LIST),
    Native("concatenate", ANY, STRING),
    Native("set_item", 3, SAME),
    Native("member", 2, None),
    Native("part", 2, None),
    Native("set_member", 3, SAME),
    Native("make_map", ANY, MAP),
    Native("make_set", ANY, SET),
    Native("sequence", 1, None),
    Native("matrix_item", 3, None),
    Native("set_matrix_item", ANY, ARRAY),
    Native("iterations", 1, INT),
    Native("tagged", ANY, TAGGED),
    Native("closure", ANY, CLOSURE),
    Native("cell", 1, CELL),
    Native("thrown", 1, None),
    # Of the prelude.
    Native("range", 3, LIST),
    Native("order", 1, None),
    Native("put", 3, SET),
    Native("found", 2, None),
    Native("as_map", 1, MAP),
    Native("parse", 2, None),
    Native("ravel", 1, None),
    # Of the library, under their own names.
    Native("to_string", 1, STRING),
    Native("append", 2, LIST),
    Native("push", 2, LIST),
    Native("prepend", 2, LIST),
    Native("concat", 2, LIST),
    Native("slice", 3, SAME),
    Native("substring", 3, STRING),
    Native("get", 3, None),
    Native("remove", 2, SAME),
    Native("has_key", 2, BOOL),
    Native("insert", 2, SET),
    Native("keys", 1, LIST),
    Native("values", 1, LIST),
    Native("entries", 1, LIST),
    Native("from_entries", 1, MAP),
    Native("merge", 2, SAME),
    Native("intersection", 2, SET),
    Native("difference", 2, SET),
    Native("print", 1, NIL),
    Native("println", 1, NIL),
    Native("to_number", 1, None),
    Native("char_code", 2, INT),
    Native("from_char_code", 1, STRING),
    Native("join", 2, STRING),
    Native("replace", 3, STRING),
    Native("format", ANY, STRING),
    Native("split", 2, LIST),
    Native("chars", 1, LIST),
    Native("string_index_of", 2, INT),
    Native("string_contains", 2, BOOL),
    Native("starts_with", 2, BOOL),
    Native("ends_with", 2, BOOL),
    Native("trim", 1, STRING),
    Native("trim_start", 1, STRING),
    Native("trim_end", 1, STRING),
    Native("upper", 1, STRING),
    Native("lower", 1, STRING),
    Native("string_repeat", 2, STRING),
    Native("string_reverse", 1, STRING),
    Native("pad_left", 3, STRING),
    Native("pad_right", 3, STRING),
    Native("pad_center", 3, STRING),
    Native("is_alphabetic", 1, BOOL),
    Native("is_numeric", 1, BOOL),
    Native("is_alphanumeric", 1, BOOL),
    Native("is_whitespace", 1, BOOL),
    Native("is_upper", 1, BOOL),
    Native("is_lower", 1, BOOL),
)
NATIVES: tuple[Native, ...] = _ROWS
NATIVE_INDEX: dict[str, int] = {row.name: i for i, row in enumerate(NATIVES)}

# Opcodes whose operation may end in NATIVE, and the native operation that is meant;
# comparing with an int never does.
SLOW_PATHS: dict[int, str] = {
    ADD: "add",
    ADD_INT: "add",
    INDEX: "index",
    SET_INDEX: "set_item",
    EQ: "equal",
    NE: "equal",
    UNLESS_EQ: "equal",
    UNLESS_NE: "equal",
}

# Scalar functions that are the native operation "parse" of a string, and the tag of the
# number that they give; their operation ends in NATIVE then.
PARSED: dict[str, int] = {"to_int": INT, "to_float": FLOAT}
