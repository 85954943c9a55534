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
from .tags import BOOL, CELL, CLOSURE, FLOAT, INT, LIST, NIL, STRING

# Arguments of an operation that takes any number of them: they are in registers,
# and it is given (INT, index of the first one) and (INT, how many).
ANY = -1


class Native(NamedTuple):
    """A row of the table of native operations."""

    name: str
    arity: int  # at most 3, or ANY
    result: int | None  # the tag of its value; None where there are several
    example: str = ""  # of a library function: an expression and its printed value


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
    Native("parse", 2, None),
    # Of the library, under their own names.
    Native("to_string", 1, STRING, "to_string(1.5)  1.5"),
    Native("print", 1, NIL, "print(1)  1nil"),
    Native("println", 1, NIL, "println(1)  1"),
    Native("to_number", 1, None, 'to_number("1.5")  1.5'),
    Native("char_code", 2, INT, 'char_code("abc", 1)  98'),
    Native("from_char_code", 1, STRING, "from_char_code(8364)  €"),
    Native("join", 2, STRING, 'join(", ", [1, 2])  1, 2'),
    Native("replace", 3, STRING, 'replace("banana", "an", "o")  booa'),
    Native("format", ANY, STRING, 'format("{} and {}", 1, 2)  1 and 2'),
    Native("split", 2, LIST, 'split("a,b", ",")  ["a", "b"]'),
    Native("index_of", 2, INT, 'index_of("banana", "nan")  2'),
    Native("starts_with", 2, BOOL, 'starts_with("banana", "ba")  true'),
    Native("ends_with", 2, BOOL, 'ends_with("banana", "na")  true'),
    Native("trim", 1, STRING, 'trim(" a b ")  a b'),
    Native("trim_start", 1, STRING, 'trim_start("  a")  a'),
    Native("trim_end", 1, STRING, 'trim_end("a  ")  a'),
    Native("upper", 1, STRING, 'upper("abc")  ABC'),
    Native("lower", 1, STRING, 'lower("ABC")  abc'),
    Native("repeat", 2, STRING, 'repeat("ab", 3)  ababab'),
    Native("pad_left", 3, STRING, 'pad_left("7", 3, "0")  007'),
    Native("pad_right", 3, STRING, 'pad_right("7", 3, "0")  700'),
    Native("pad_center", 3, STRING, 'pad_center("ab", 5, "*")  *ab**'),
    Native("reverse", 1, STRING, 'reverse("abc")  cba'),
    Native("is_alphabetic", 1, BOOL, 'is_alphabetic("abc")  true'),
    Native("is_numeric", 1, BOOL, 'is_numeric("12")  true'),
    Native("is_alphanumeric", 1, BOOL, 'is_alphanumeric("a1")  true'),
    Native("is_whitespace", 1, BOOL, 'is_whitespace(" ")  true'),
    Native("is_upper", 1, BOOL, 'is_upper("A")  true'),
    Native("is_lower", 1, BOOL, 'is_lower("a")  true'),
    Native("append", 2, LIST, "append([1], 2)  [1, 2]"),
    Native("push", 2, LIST, "push([1], 2)  [1, 2]"),
    Native("prepend", 2, LIST, "prepend([1], 2)  [2, 1]"),
    Native("concat", 2, LIST, "concat([1], [2, 3])  [1, 2, 3]"),
    Native("slice", 3, LIST, "slice([1, 2, 3], 0, 2)  [1, 2]"),
    Native("substring", 3, STRING, 'substring("abc", 0, 2)  ab'),
)
NATIVES: tuple[Native, ...] = _ROWS
OPERATORS = frozenset(row.name for row in NATIVES if not row.example)
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

# Scalar functions that are the native operation "parse" of a string, and the tag of the
# number that they give; their operation ends in NATIVE then.
PARSED: dict[str, int] = {"to_int": INT, "to_float": FLOAT}
