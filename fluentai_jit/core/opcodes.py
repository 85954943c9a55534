"""The opcode table: one row per instruction, from which every tool derives.

An instruction is one int64: opcode in bits 0-7, `a` in 8-23, `b` in 24-39
(both unsigned), `c` in 40-63 (signed). R[x] is a register of the frame, K the
image's constants, G its globals. Jumps are relative to the instruction itself.

What the interpreter does with a row is in kernel/interpreter.py, what the
specialiser makes of it in jit/emitter.py; a test fails when a row lacks either.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple


class Operand(Enum):
    """What a field of an instruction means."""

    NONE = ""
    READ = "register read"
    WRITE = "register written"
    UPDATE = "register read and written"
    CALLEE = "first register of a call: R[a], its arguments above it"
    RESULT = "register written, its arguments read from the registers above it"
    LOOP = "first of the three registers of a counting loop"
    COUNT = "number of arguments"
    IMMEDIATE = "signed integer"
    TAG = "tag"
    TAG_MASK = "set of tags, a bit each"
    PAYLOAD = "payload of a constant without its own word"
    CONSTANT = "index of a constant"
    GLOBAL = "index of a global variable"
    CHUNK = "index of a chunk"
    BACK_EDGE = "index of a back-edge"
    SCALAR = "index in the table of scalar functions"
    NATIVE = "index in the table of native operations"
    HOST = "index in the table of host functions"
    KIND = "index in the table of error kinds"
    FLAG = "0 or 1"
    JUMP = "jump offset, relative to this instruction"


class Opcode(NamedTuple):
    """A row of the table."""

    name: str
    code: int
    a: Operand
    b: Operand
    c: Operand
    notation: str
    exits: bool  # can leave with a status: a safepoint with a live mask
    ends: bool  # control never goes on to the next instruction


N, R, W = Operand.NONE, Operand.READ, Operand.WRITE
J, I = Operand.JUMP, Operand.IMMEDIATE  # noqa: E741

# name, a, b, c, notation, exits, ends
_ROWS: list[tuple[str, Operand, Operand, Operand, str, bool, bool]] = [
    ("MOVE", W, R, N, "R[a] := R[b]", False, False),
    ("LOAD", W, Operand.TAG, Operand.PAYLOAD, "R[a] := (b, c)", False, False),
    ("LOAD_CONST", W, N, Operand.CONSTANT, "R[a] := K[c]", False, False),
    ("GET_GLOBAL", W, N, Operand.GLOBAL, "R[a] := G[c]", True, False),
    ("SET_GLOBAL", R, N, Operand.GLOBAL, "G[c] := R[a]", False, False),
    ("ADD", W, R, R, "R[a] := R[b] + R[c]", True, False),
    ("SUB", W, R, R, "R[a] := R[b] - R[c]", True, False),
    ("MUL", W, R, R, "R[a] := R[b] * R[c]", True, False),
    ("DIV", W, R, R, "R[a] := R[b] / R[c]", True, False),
    ("MOD", W, R, R, "R[a] := R[b] % R[c]", True, False),
    ("POW", W, R, R, "R[a] := R[b] ** R[c]", True, False),
    ("ADD_INT", W, R, I, "R[a] := R[b] + c", True, False),
    ("SUB_INT", W, R, I, "R[a] := R[b] - c", True, False),
    ("MUL_INT", W, R, I, "R[a] := R[b] * c", True, False),
    ("DIV_INT", W, R, I, "R[a] := R[b] / c", True, False),
    ("MOD_INT", W, R, I, "R[a] := R[b] % c", True, False),
    ("NEG", W, R, N, "R[a] := -R[b]", True, False),
    ("NOT", W, R, N, "R[a] := !R[b]", True, False),
    ("EQ", W, R, R, "R[a] := R[b] == R[c]", True, False),
    ("NE", W, R, R, "R[a] := R[b] != R[c]", True, False),
    ("LT", W, R, R, "R[a] := R[b] < R[c]", True, False),
    ("LE", W, R, R, "R[a] := R[b] <= R[c]", True, False),
    ("GT", W, R, R, "R[a] := R[b] > R[c]", True, False),
    ("GE", W, R, R, "R[a] := R[b] >= R[c]", True, False),
    ("INDEX", W, R, R, "R[a] := R[b][R[c]]", True, False),
    ("SET_INDEX", Operand.UPDATE, R, R, "item R[b] of R[a] := R[c]", True, False),
    (
        "GET_FIELD",
        W,
        R,
        I,
        "R[a] := field c of R[b], a tagged value or a closure",
        True,
        False,
    ),
    ("GET_CELL", W, R, N, "R[a] := value of cell R[b]", True, False),
    ("SET_CELL", R, R, N, "value of cell R[a] := R[b]", True, False),
    ("JUMP", N, N, J, "goto c", False, True),
    ("JUMP_UNLESS", R, N, J, "if R[a] is falsy goto c", False, False),
    ("JUMP_IF_TRUE", R, N, J, "if R[a] is true goto c; a bool", True, False),
    ("JUMP_IF_FALSE", R, N, J, "if R[a] is false goto c; a bool", True, False),
    ("UNLESS_EQ", R, R, J, "if not R[a] == R[b] goto c", True, False),
    ("UNLESS_NE", R, R, J, "if not R[a] != R[b] goto c", True, False),
    ("UNLESS_LT", R, R, J, "if not R[a] < R[b] goto c", True, False),
    ("UNLESS_LE", R, R, J, "if not R[a] <= R[b] goto c", True, False),
    ("UNLESS_GT", R, R, J, "if not R[a] > R[b] goto c", True, False),
    ("UNLESS_GE", R, R, J, "if not R[a] >= R[b] goto c", True, False),
    ("UNLESS_EQ_INT", R, I, J, "if not R[a] == b goto c", True, False),
    ("UNLESS_NE_INT", R, I, J, "if not R[a] != b goto c", True, False),
    ("UNLESS_LT_INT", R, I, J, "if not R[a] < b goto c", True, False),
    ("UNLESS_LE_INT", R, I, J, "if not R[a] <= b goto c", True, False),
    ("UNLESS_GT_INT", R, I, J, "if not R[a] > b goto c", True, False),
    ("UNLESS_GE_INT", R, I, J, "if not R[a] >= b goto c", True, False),
    (
        "UNLESS_TAG",
        R,
        Operand.TAG_MASK,
        J,
        "if R[a]'s tag not in b goto c",
        False,
        False,
    ),
    (
        "UNLESS_CONSTRUCTOR",
        R,
        R,
        J,
        "if not R[a] of R[b]'s constructor goto c",
        False,
        False,
    ),
    ("LOOP", N, Operand.BACK_EDGE, J, "back-edge b: goto c", True, True),
    (
        "FOR_PREP",
        Operand.LOOP,
        Operand.FLAG,
        J,
        "range R[a] to R[a+1], closed if b: R[a+1] := its last, R[a+2] := R[a];"
        " if empty goto c",
        True,
        False,
    ),
    (
        "FOR_LOOP",
        Operand.LOOP,
        Operand.BACK_EDGE,
        J,
        "if R[a] < R[a+1]: R[a] += 1, R[a+2] := R[a], back-edge b: goto c",
        True,
        False,
    ),
    ("CALL", Operand.CALLEE, Operand.COUNT, N, "R[a] := R[a](b args)", True, False),
    (
        "CALL_CHUNK",
        Operand.RESULT,
        Operand.COUNT,
        Operand.CHUNK,
        "R[a] := chunk c(b args)",
        True,
        False,
    ),
    (
        "TAIL_CALL",
        Operand.CALLEE,
        Operand.COUNT,
        N,
        "return R[a](b args); a native target's result goes to R[a]",
        True,
        False,
    ),
    (
        "TAIL_CALL_CHUNK",
        Operand.RESULT,
        Operand.COUNT,
        Operand.CHUNK,
        "return chunk c(b args); a native target's result goes to R[a]",
        True,
        False,
    ),
    ("RETURN", R, N, N, "return R[a]", False, True),
    (
        "SCALAR",
        Operand.RESULT,
        Operand.SCALAR,
        Operand.COUNT,
        "R[a] := scalar function b(c args); reads R[a+1..a+3]",
        True,
        False,
    ),
    (
        "NATIVE_CALL",
        Operand.RESULT,
        Operand.NATIVE,
        Operand.COUNT,
        "R[a] := native operation b(c args); reads R[a+1..a+3]",
        True,
        False,
    ),
    (
        "NATIVE_CALL_ANY",
        Operand.RESULT,
        Operand.NATIVE,
        Operand.COUNT,
        "R[a] := native operation b(c args, however many)",
        True,
        False,
    ),
    (
        "HOST_CALL",
        Operand.RESULT,
        Operand.HOST,
        Operand.COUNT,
        "R[a] := host function b(c args)",
        True,
        False,
    ),
    (
        "FAIL",
        N,
        Operand.KIND,
        Operand.CONSTANT,
        "throw error b, message K[c]",
        True,
        True,
    ),
    ("THROW", R, N, N, "throw R[a]", True, True),
]

OPCODES: tuple[Opcode, ...] = tuple(
    Opcode(row[0], code, *row[1:]) for code, row in enumerate(_ROWS)
)
BY_NAME: dict[str, Opcode] = {row.name: row for row in OPCODES}
# A case of the kernel's dispatch costs compile time; what is colder is a
# scalar or a host function behind one of the cases above.
MAX_OPCODES = 64

# Error kinds that FAIL can raise.
FAIL_KINDS = (
    "UnknownIdentifier",
    "ArityError",
    "NotSupported",
    "TypeError",
    "KeyError",
)

MAX_REGISTERS = 250
MAX_B = (1 << 16) - 1
MIN_C, MAX_C = -(1 << 23), (1 << 23) - 1
# b holds a signed immediate in the *_INT comparisons, offset by this.
B_BIAS = 1 << 15


def encode(code: int, a: int = 0, b: int = 0, c: int = 0) -> int:
    """The instruction as a signed 64-bit integer."""
    word = code | a << 8 | b << 24 | (c & 0xFFFFFF) << 40
    return word - (1 << 64) if word >> 63 else word


def decode(word: int) -> tuple[int, int, int, int]:
    """(opcode, a, b, c) of an instruction; c is signed."""
    return word & 255, word >> 8 & 0xFFFF, word >> 24 & 0xFFFF, word >> 40


# Module constants `ADD`, `CALL`, ... for the kernel and the tools: plain ints,
# which Numba folds into the dispatch.
globals().update({row.name: row.code for row in OPCODES})

if TYPE_CHECKING:

    def __getattr__(name: str) -> int: ...
