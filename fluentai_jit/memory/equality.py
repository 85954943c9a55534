"""Structural equality of values, without recursion."""

from __future__ import annotations

from ..core.heap import heap_of, item_at, kind_of, variant_of
from ..core.layout import (
    HEAP_END,
    HEAP_REQUEST,
    HEAP_TOP,
    KIND_LIST,
    OBJECT_LENGTH,
    VERSION_DIFFERENCE,
    VIEW_VERSION,
)
from ..core.operations import Result, op_equal
from ..core.primitives import Memory, load, store
from ..core.statuses import COLLECT, NATIVE, OK
from ..core.tags import BOOL, LIST, NIL
from .lists import copy_words, shows_range, up_to_date
from .ranges import range_item

# A pair of lists that is being compared: both, and the index to go on at.
_ENTRY = 3


def is_current(heap: Memory, items: int) -> int:
    """1 where the items of a list can be read in place."""
    if kind_of(heap, items) == KIND_LIST:
        return 1
    version = load(heap, items + VIEW_VERSION)
    return 0 if variant_of(heap, version) >= VERSION_DIFFERENCE else 1


def make_current(ctx: Memory, a: int, b: int, bottom: int, stack: int) -> int:
    """Bring two lists up to date while a stack is in use from `bottom` to `stack`.

    Returns where the stack begins now, 0 where there is no room.
    """
    heap = heap_of(ctx)
    if is_current(heap, a) != 0 and is_current(heap, b) != 0:
        return bottom
    # The stack becomes part of the heap, and is copied behind what is allocated.
    store(ctx, HEAP_TOP, stack)
    if up_to_date(ctx, a) == 0 or up_to_date(ctx, b) == 0:
        # One of them may have its new buffer behind the stack already.
        return 0
    top = load(ctx, HEAP_TOP)
    if top + stack - bottom > load(ctx, HEAP_END):
        store(ctx, HEAP_REQUEST, stack - bottom)
        return 0
    copy_words(heap, bottom, top, stack - bottom)
    return top


def n_equal(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """a == b of two lists.

    Pairs of lists that wait for their remaining items are kept in the free part of
    the heap, so lists may be nested as deep as memory allows.
    """
    if t != LIST or t2 != LIST:
        return op_equal(ctx, t, v, t2, v2)
    heap = heap_of(ctx)
    bottom = load(ctx, HEAP_TOP)
    stack = bottom
    a = v
    b = v2
    index = 0
    while True:
        if index == 0:
            if load(heap, a + OBJECT_LENGTH) != load(heap, b + OBJECT_LENGTH):
                return BOOL, 0, OK
            if shows_range(heap, a) != 0 and shows_range(heap, b) != 0:
                if range_item(heap, a, 0) != range_item(heap, b, 0):
                    if load(heap, a + OBJECT_LENGTH) > 0:
                        return BOOL, 0, OK
                index = load(heap, a + OBJECT_LENGTH)
        if index == 0:
            moved = make_current(ctx, a, b, bottom, stack)
            if moved == 0:
                return NIL, 0, COLLECT
            stack += moved - bottom
            bottom = moved
        if index == load(heap, a + OBJECT_LENGTH):
            if stack == bottom:
                return BOOL, 1, OK
            stack -= _ENTRY
            a = load(heap, stack)
            b = load(heap, stack + 1)
            index = load(heap, stack + 2)
            continue
        x = item_at(heap, a, index)
        y = item_at(heap, b, index)
        _t, same, s = op_equal(
            ctx,
            load(heap, x),
            load(heap, x + 1),
            load(heap, y),
            load(heap, y + 1),
        )
        index += 1
        if s != NATIVE:
            if same == 0:
                return BOOL, 0, OK
            continue
        if stack + _ENTRY > load(ctx, HEAP_END):
            store(ctx, HEAP_REQUEST, stack - bottom + _ENTRY)
            return NIL, 0, COLLECT
        store(heap, stack, a)
        store(heap, stack + 1, b)
        store(heap, stack + 2, index)
        stack += _ENTRY
        a = load(heap, x + 1)
        b = load(heap, y + 1)
        index = 0
