"""The tag of a value: first word of a (tag, payload) pair of int64.

A register, a constant and a global variable are each such a pair. The payload
of a float is its IEEE 754 bits; of a reference an offset into the heap in
words, never an address. Tags from STRING on are references.
"""

from __future__ import annotations

INT = 0  # payload: the integer, signed 64 bit
FLOAT = 1  # payload: the bits of a float64
BOOL = 2  # payload: 0 or 1
NIL = 3  # payload: 0
FUNCTION = 4  # payload: the chunk's index in the linked image
UNBOUND = 5  # a global before its `let` ran; an argument or part that is missing
SYMBOL = 6  # payload: heap offset of its name, an interned string that never moves
STRING = 7  # payload: heap offset of a string object
LIST = 8  # payload: heap offset of a list object, flat or a view
CLOSURE = 9  # payload: heap offset of a function with what it captured
MAP = 10  # payload: heap offset of a map object
SET = 11  # payload: heap offset of a set object
RANGE = 12  # payload: heap offset of a range of ints
TAGGED = 13  # payload: heap offset of a constructor with its fields
ERROR = 14  # payload: heap offset of an error value
ARRAY = 15  # payload: heap offset of an array's handle
CELL = 16  # payload: heap offset of a shared variable; no value of the program

TAG_NAMES = (
    "int",
    "float",
    "bool",
    "nil",
    "function",
    "unbound",
    "symbol",
    "string",
    "list",
    "closure",
    "map",
    "set",
    "range",
    "tagged",
    "error",
    "array",
    "cell",
)

MIN_INT = -(1 << 63)
MAX_INT = (1 << 63) - 1
