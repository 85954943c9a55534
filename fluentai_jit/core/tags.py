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
UNBOUND = 5  # a global variable before its `let` ran; never in a register
STRING = 6  # payload: heap offset of a string object
LIST = 7  # payload: heap offset of a list object, flat or a view
CLOSURE = 8  # payload: heap offset of a function with what it captured
CELL = 9  # payload: heap offset of a shared variable; no value of the program

TAG_NAMES = (
    "int",
    "float",
    "bool",
    "nil",
    "function",
    "unbound",
    "string",
    "list",
    "closure",
    "cell",
)

MIN_INT = -(1 << 63)
MAX_INT = (1 << 63) - 1
