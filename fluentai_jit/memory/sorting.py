"""The natural order of a list's items."""

from __future__ import annotations

from ..core.comparison import op_less
from ..core.heap import allocate, heap_of, item_at
from ..core.layout import HEAP_TOP, KIND_LIST, LIST_DATA, OBJECT_HEADER, OBJECT_LENGTH
from ..core.primitives import Memory, load, store
from ..core.statuses import COLLECT, OK, TYPE_ERROR, Result
from ..core.stopping import made, stopping, stops_at, stretch_end
from ..core.tags import INT, LIST, NIL
from .lists import up_to_date


def merge_runs(
    ctx: Memory, items: int, source: int, target: int, low: int, width: int, count: int
) -> int:
    """Merge two neighbouring runs of indices; a status.

    TYPE_ERROR where two items have no order, COLLECT where the program is to stop.
    """
    heap = heap_of(ctx)
    middle = low + width if low + width < count else count
    high = middle + width if middle + width < count else count
    i = low
    j = middle
    k = low
    while k < high:
        if stops_at(ctx, k) != 0:
            return COLLECT
        right = 1 if i == middle else 0
        if i < middle and j < high:
            a = items + 2 * load(heap, source + i)
            b = items + 2 * load(heap, source + j)
            _t, right, status = op_less(
                ctx, load(heap, b), load(heap, b + 1), load(heap, a), load(heap, a + 1)
            )
            if status != OK:
                return status
        if right != 0:
            store(heap, target + k, load(heap, source + j))
            j += 1
        else:
            store(heap, target + k, load(heap, source + i))
            i += 1
        k += 1
    return OK


def n_order(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The indices of the items as `<` puts them, equal ones as they stand.

    Nil where two of them cannot be compared. A merge sort from the bottom up, in
    heap that is free again behind the result.
    """
    if t != LIST:
        return NIL, 0, TYPE_ERROR
    if up_to_date(ctx, v) == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    count = load(heap, v + OBJECT_LENGTH)
    size = LIST_DATA + 2 * count
    at = allocate(ctx, size + 2 * count)
    if at == 0:
        return NIL, 0, COLLECT
    source = at + size
    target = source + count
    index = 0
    while index < count:
        stretch = stretch_end(index, count)
        while index < stretch:
            store(heap, source + index, index)
            index += 1
        if index < count and stopping(ctx) != 0:
            return NIL, 0, COLLECT
    items = item_at(heap, v, 0)
    width = 1
    while width < count:
        low = 0
        while low < count:
            status = merge_runs(ctx, items, source, target, low, width, count)
            if status == TYPE_ERROR:
                store(ctx, HEAP_TOP, at)
                return NIL, 0, OK
            if status != OK:
                return NIL, 0, status
            low += 2 * width
        other = source
        source = target
        target = other
        width *= 2
    store(heap, at + OBJECT_HEADER, KIND_LIST)
    store(heap, at + OBJECT_LENGTH, count)
    index = 0
    while index < count:
        if stops_at(ctx, index) != 0:
            return NIL, 0, COLLECT
        slot = at + LIST_DATA + 2 * index
        store(heap, slot, INT)
        store(heap, slot + 1, load(heap, source + index))
        index += 1
    store(ctx, HEAP_TOP, at + size)
    return made(ctx, LIST, at)
