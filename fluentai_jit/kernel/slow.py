"""Operations that are native ones for their operands, out of the interpreter's way."""

from __future__ import annotations

from ..core.entries import call_native
from ..core.natives import NATIVE_INDEX
from ..core.opcodes import (
    ADD,
    ADD_INT,
    INDEX,
    NE,
    SET_INDEX,
    UNLESS_EQ,
    UNLESS_NE,
)
from ..core.primitives import Memory, load
from ..core.statuses import Result
from ..core.tags import INT, NIL

_ADD = NATIVE_INDEX["add"]
_INDEX = NATIVE_INDEX["index"]
_SET_ITEM = NATIVE_INDEX["set_item"]
_EQUAL = NATIVE_INDEX["equal"]


def slow_operation(ctx: Memory, window: Memory, word: int) -> Result:
    """Carry out the instruction `word`, whose operation ended in NATIVE.

    The value of a jump is 0 where it is taken.
    """
    op = word & 255
    first = word >> 7 & 0x1FFFE
    second = word >> 23 & 0x1FFFE
    c = word >> 40
    if op == SET_INDEX:
        return call_native(
            ctx,
            _SET_ITEM,
            load(window, first),
            load(window, first + 1),
            load(window, second),
            load(window, second + 1),
            load(window, 2 * c),
            load(window, 2 * c + 1),
        )
    which = _EQUAL
    if op == ADD or op == ADD_INT:
        which = _ADD
    elif op == INDEX:
        which = _INDEX
    if op < UNLESS_EQ:
        first = second
        second = 2 * c
    t2 = INT
    v2 = c
    if op != ADD_INT:
        t2 = load(window, second)
        v2 = load(window, second + 1)
    t, v, status = call_native(
        ctx, which, load(window, first), load(window, first + 1), t2, v2, NIL, 0
    )
    if op == NE or op == UNLESS_NE:
        return t, 1 - v, status
    return t, v, status
