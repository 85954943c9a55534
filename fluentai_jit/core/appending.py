"""Appending to a list in place, small enough to be written out where it happens.

The rest of the operation is in memory/lists.py, which tries this first.
"""

from __future__ import annotations

from .heap import allocate, heap_of, kind_of, variant_of
from .layout import (
    KIND_VIEW,
    LIST_DATA,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    VERSION_HIGH,
    VERSION_NEXT,
    VERSION_OWNER,
    VIEW_START,
    VIEW_VERSION,
    VIEW_WORDS,
)
from .primitives import Memory, load, store
from .statuses import NATIVE, OK
from .tags import LIST


def append_in_place(
    ctx: Memory, t: int, v: int, t2: int, v2: int
) -> tuple[int, int, int]:
    """The list with one more item, where the room behind it is free; else NATIVE."""
    if t != LIST:
        return LIST, 0, NATIVE
    heap = heap_of(ctx)
    if kind_of(heap, v) != KIND_VIEW:
        return LIST, 0, NATIVE
    version = load(heap, v + VIEW_VERSION)
    start = load(heap, v + VIEW_START)
    length = load(heap, v + OBJECT_LENGTH)
    end = start + length
    if variant_of(heap, version) != VERSION_OWNER:
        return LIST, 0, NATIVE
    buffer = load(heap, version + VERSION_NEXT)
    if load(heap, version + VERSION_HIGH) != end:
        return LIST, 0, NATIVE
    if load(heap, buffer + OBJECT_LENGTH) <= end:
        return LIST, 0, NATIVE
    at = allocate(ctx, VIEW_WORDS)
    if at == 0:
        return LIST, 0, NATIVE
    store(heap, at + OBJECT_HEADER, KIND_VIEW)
    store(heap, at + OBJECT_LENGTH, length + 1)
    store(heap, at + VIEW_START, start)
    store(heap, at + VIEW_VERSION, version)
    store(heap, version + VERSION_HIGH, end + 1)
    item = buffer + LIST_DATA + 2 * end
    store(heap, item, t2)
    store(heap, item + 1, v2)
    return LIST, at, OK
