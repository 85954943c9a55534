"""Exit statuses: what an operation, a native unit or the kernel returns.

One table. A status between 1 and LAST_ERROR is an error of the language: the
operation had no effect, so its instruction can be executed again. Native code
leaves at that instruction and the interpreter raises the error; an error is
never made in two places.
"""

from __future__ import annotations

Result = tuple[int, int, int]  # tag, payload, status

OK = 0

TYPE_ERROR = 1
OVERFLOW = 2
DIVISION_BY_ZERO = 3
ARITY_ERROR = 4
UNBOUND_NAME = 5
NOT_CALLABLE = 6
INDEX_ERROR = 7
DOMAIN_ERROR = 8
KEY_ERROR = 9
RAISED = 10
LAST_ERROR = 15

SLICE = 16  # fuel of this slice is used up, nothing charged
LIMIT = 17  # the next frame would pass the limit word
HOT = 18  # a heat counter ran out, nothing charged
NATIVE = 19  # a native operation has to do it; never leaves an instruction
DEOPTIMISED = 20  # a native unit left at a guard or at a failing operation
DONE = 21  # the outermost frame returned

REFUSED = 32  # a native prologue refused to begin: limit, fuel or C stack
ENTRY_GUARD = 33  # a native entry found other tags than it was compiled for
GUARD = 34  # a tag test inside a native body failed
# From here on the kernel executes the instruction itself where native code left.
TRANSFER = 35  # native code reached an instruction that it leaves to the kernel
HOST = 36  # the instruction is carried out by the driver
# The heap has no room, or the program is to stop: the driver collects or ends it, and
# the instruction is executed again.
COLLECT = 37

# The kind of FluentError that each error status becomes.
ERROR_KINDS = {
    TYPE_ERROR: "TypeError",
    OVERFLOW: "IntegerOverflow",
    DIVISION_BY_ZERO: "DivisionByZero",
    ARITY_ERROR: "ArityError",
    UNBOUND_NAME: "UnknownIdentifier",
    NOT_CALLABLE: "TypeError",
    INDEX_ERROR: "IndexError",
    DOMAIN_ERROR: "ArithmeticError",
    KEY_ERROR: "KeyError",
    RAISED: "RuntimeError",
}

STATUS_NAMES = {
    value: name.lower()
    for name, value in list(globals().items())
    if name.isupper() and isinstance(value, int) and name != "LAST_ERROR"
}
