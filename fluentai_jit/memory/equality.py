"""Structural equality of values, without recursion."""

from __future__ import annotations

from ..core.comparison import op_equal
from ..core.heap import heap_of, item_at, kind_of, variant_of
from ..core.layout import (
    ENTRY_HASH,
    ENTRY_VALUE,
    HEAP_END,
    HEAP_REQUEST,
    HEAP_TOP,
    KIND_VIEW,
    MAP_OWNER,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    TABLE_USED,
    VERSION_DIFFERENCE,
    VIEW_VERSION,
)
from ..core.primitives import Memory, load, store
from ..core.statuses import COLLECT, NATIVE, OK, Result
from ..core.stopping import steps_end, stop_seen, stopping, stops_at
from ..core.tags import BOOL, LIST, MAP, NIL, SET, TAGGED
from .lists import copy_words, shows_range, up_to_date
from .ranges import range_item
from .tables import current, entry_at, first_slot, is_present, probe, table_of

# Of what waits for its remaining items: four words, the first of which is a tag.
WAITING = 4


def is_current(heap: Memory, t: int, v: int) -> int:
    """1 where the items of a collection can be read in place."""
    if t == MAP or t == SET:
        return 1 if variant_of(heap, v) == MAP_OWNER else 0
    if kind_of(heap, v) != KIND_VIEW:
        return 1
    version = load(heap, v + VIEW_VERSION)
    return 0 if variant_of(heap, version) >= VERSION_DIFFERENCE else 1


def brought_up_to_date(ctx: Memory, t: int, v: int) -> int:
    """Let the items of a collection be readable in place; 0 without room."""
    if t == MAP or t == SET:
        return current(ctx, v)
    return up_to_date(ctx, v)


def make_current(ctx: Memory, t: int, a: int, b: int, bottom: int, stack: int) -> int:
    """Bring two collections up to date, with a stack in use from `bottom` to `stack`.

    Returns where the stack begins now, 0 where there is no room or the program is to
    stop.
    """
    heap = heap_of(ctx)
    if is_current(heap, t, a) != 0 and is_current(heap, t, b) != 0:
        return bottom
    # The stack becomes part of the heap, and is copied behind what is allocated.
    store(ctx, HEAP_TOP, stack)
    if brought_up_to_date(ctx, t, a) == 0 or brought_up_to_date(ctx, t, b) == 0:
        # One of them may have its new buffer behind the stack already.
        return 0
    top = load(ctx, HEAP_TOP)
    if top + stack - bottom > load(ctx, HEAP_END):
        store(ctx, HEAP_REQUEST, stack - bottom)
        return 0
    copy_words(ctx, bottom, top, stack - bottom)
    return top if stop_seen(ctx) == 0 else 0


def entries_of(heap: Memory, t: int, v: int) -> int:
    """How many items or fields there are, or entries of a map, removed ones too."""
    if t == LIST or t == TAGGED:
        return load(heap, v + OBJECT_LENGTH)
    return load(heap, table_of(heap, v) + TABLE_USED)


def partners(ctx: Memory, t: int, a: int, b: int, index: int) -> Result:
    """Where two values stand that have to be equal for entry `index` of a map.

    NATIVE if they have to be compared, else OK, and 1 where the entry is in both maps
    anyway or in none, 0 where it is in `a` alone. Keys of 64 equal bits of hash are
    taken for equal where comparing them were another search.
    """
    heap = heap_of(ctx)
    table = table_of(heap, a)
    other = table_of(heap, b)
    entry = entry_at(table, index)
    if is_present(heap, table, index) == 0:
        return BOOL, 1, OK
    value = load(heap, entry + ENTRY_HASH)
    position, _at, s = probe(
        ctx,
        other,
        value,
        load(heap, entry),
        load(heap, entry + 1),
        first_slot(heap, other, value),
    )
    if s == COLLECT:
        return NIL, 0, COLLECT
    if is_present(heap, other, position) == 0:
        return BOOL, 0, OK
    found = entry_at(other, position)
    if t == MAP:
        return entry + ENTRY_VALUE, found + ENTRY_VALUE, NATIVE
    if s == NATIVE:
        return entry, found, NATIVE
    return BOOL, 1, OK


def next_stretch(
    ctx: Memory, t: int, v: int, index: int, stretch: int, step: int
) -> int:
    """Where the items from `index` on end that are gone over without a look.

    -1 where the program is to stop: that is looked at behind each `stretch` that is
    not 0, and at some of the collections begun, by `step`.
    """
    count = entries_of(heap_of(ctx), t, v)
    if index < count:
        due = stopping(ctx) if stretch != 0 else stops_at(ctx, step)
        if due != 0:
            return -1
    return steps_end(index, count)


def pushed(ctx: Memory, bottom: int, stack: int, t: int, a: int, b: int, c: int) -> int:
    """Where a stack in the free part of the heap ends with four more words.

    0 where there is no room for them.
    """
    if stack + WAITING > load(ctx, HEAP_END):
        store(ctx, HEAP_REQUEST, stack - bottom + WAITING)
        return 0
    heap = heap_of(ctx)
    store(heap, stack, t)
    store(heap, stack + 1, a)
    store(heap, stack + 2, b)
    store(heap, stack + 3, c)
    return stack + WAITING


def n_equal(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """a == b of two collections.

    Pairs of collections that wait for their remaining items are kept in the free part
    of the heap, so they may be nested as deep as memory allows. COLLECT where that is
    too small, or the program is to stop.
    """
    if t != t2 or (t != LIST and t != MAP and t != SET and t != TAGGED):
        return op_equal(ctx, t, v, t2, v2)
    heap = heap_of(ctx)
    bottom = load(ctx, HEAP_TOP)
    stack = bottom
    a = v
    b = v2
    index = 0
    # Items up to here are compared without a look whether the program is to stop.
    stretch = 0
    step = 0
    while True:
        if index == 0:
            if load(heap, a + OBJECT_LENGTH) != load(heap, b + OBJECT_LENGTH):
                return BOOL, 0, OK
            if t == TAGGED:
                # The header names the constructor.
                if load(heap, a + OBJECT_HEADER) != load(heap, b + OBJECT_HEADER):
                    return BOOL, 0, OK
            if t == LIST and shows_range(heap, a) != 0 and shows_range(heap, b) != 0:
                if range_item(heap, a, 0) != range_item(heap, b, 0):
                    if load(heap, a + OBJECT_LENGTH) > 0:
                        return BOOL, 0, OK
                # Nothing is left to be compared.
                index = load(heap, a + OBJECT_LENGTH)
        if index == 0:
            moved = make_current(ctx, t, a, b, bottom, stack)
            if moved == 0:
                return NIL, 0, COLLECT
            stack += moved - bottom
            bottom = moved
        if index >= stretch:
            step += 1
            stretch = next_stretch(ctx, t, a, index, stretch, step)
            if stretch < 0:
                return NIL, 0, COLLECT
        if index == stretch:
            if stack == bottom:
                return BOOL, 1, OK
            stretch = 0
            stack -= WAITING
            t = load(heap, stack)
            a = load(heap, stack + 1)
            b = load(heap, stack + 2)
            index = load(heap, stack + 3)
            continue
        x = 0
        y = 0
        if t == LIST or t == TAGGED:
            x = item_at(heap, a, index)
            y = item_at(heap, b, index)
        else:
            x, y, s = partners(ctx, t, a, b, index)
            if s == COLLECT:
                return NIL, 0, COLLECT
            if s != NATIVE:
                if y == 0:
                    return BOOL, 0, OK
                index += 1
                continue
        index += 1
        tag = load(heap, x)
        _t, same, s = op_equal(
            ctx, tag, load(heap, x + 1), load(heap, y), load(heap, y + 1)
        )
        if s != NATIVE:
            if s != OK or same == 0:
                return BOOL, 0, s
            continue
        stack = pushed(ctx, bottom, stack, t, a, b, index)
        if stack == 0:
            return NIL, 0, COLLECT
        t = tag
        a = load(heap, x + 1)
        b = load(heap, y + 1)
        index = 0
        stretch = 0
