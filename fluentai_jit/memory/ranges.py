"""Ranges of ints: lists whose items are not there until something needs them in place.

`a..b` is a view of a version that has no buffer, only its first int. Items are read
one by one without making the buffer; what reads or changes them in place brings the
version up to date, as it does with one that is out of date.
"""

from __future__ import annotations

from ..core.heap import allocate, heap_of, no_room, variant_of
from ..core.layout import (
    KIND_BUFFER,
    LIST_DATA,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    VERSION_HIGH,
    VERSION_OWNER,
    VERSION_PAYLOAD,
    VERSION_RANGE,
    VERSION_WORDS,
    VIEW_START,
    VIEW_VERSION,
    VIEW_WORDS,
)
from ..core.primitives import Memory, add_overflow, load, store, subtract_overflow
from ..core.statuses import COLLECT, OK, OVERFLOW, TYPE_ERROR, Result
from ..core.stopping import stopping, stretch_end
from ..core.tags import INT, LIST, NIL
from .versions import put_version, put_view


def new_range(ctx: Memory, first: int, count: int) -> Result:
    """The list of `count` ints from `first` on."""
    at = allocate(ctx, VIEW_WORDS + VERSION_WORDS)
    if at == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    version = at + VIEW_WORDS
    put_view(heap, at, count, 0, version)
    put_version(heap, version, VERSION_RANGE, 0, 0, count)
    store(heap, version + VERSION_PAYLOAD, first)
    return LIST, at, OK


def is_range(heap: Memory, version: int) -> int:
    """1 for a version whose buffer has not been made."""
    return 1 if variant_of(heap, version) == VERSION_RANGE else 0


def range_item(heap: Memory, items: int, index: int) -> int:
    """Item `index` of a list that shows a range."""
    version = load(heap, items + VIEW_VERSION)
    return (
        load(heap, version + VERSION_PAYLOAD) + load(heap, items + VIEW_START) + index
    )


def fill_range(ctx: Memory, version: int) -> int:
    """Give a range its buffer; 0 where there is no room or the program is to stop."""
    heap = heap_of(ctx)
    count = load(heap, version + VERSION_HIGH)
    if no_room(ctx, count) != 0:
        return 0
    at = allocate(ctx, LIST_DATA + 2 * count)
    if at == 0:
        return 0
    store(heap, at + OBJECT_HEADER, KIND_BUFFER)
    store(heap, at + OBJECT_LENGTH, count)
    slot = at + LIST_DATA
    end = slot + 2 * count
    item = load(heap, version + VERSION_PAYLOAD)
    while slot < end:
        stretch = stretch_end(slot, end)
        while slot < stretch:
            store(heap, slot, INT)
            store(heap, slot + 1, item)
            item += 1
            slot += 2
        if slot < end and stopping(ctx) != 0:
            return 0
    put_version(heap, version, VERSION_OWNER, at, 0, count)
    return 1


def n_range(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The ints from one to before another, or to that where the third is 1."""
    if t != INT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    if v2 < v:
        return new_range(ctx, v, 0)
    count, o = subtract_overflow(v2, v)
    length, o2 = add_overflow(count, 1 if t3 == INT and v3 == 1 else 0)
    if o + o2 != 0:
        return NIL, 0, OVERFLOW
    return new_range(ctx, v, length)
