"""Reading and writing the items of arrays: small enough to be inlined.

The numbers of an array are outside the heap and never move; what the heap holds is a
record with their address. An array of ints and one of floats differ in the record's
variant, whose lowest bit is the tag of the items and whose next bit is set where the
array has two dimensions.
"""

from __future__ import annotations

from .heap import heap_of, variant_of
from .layout import (
    ARRAY_ADDRESS,
    ARRAY_COLUMNS,
    ARRAY_MATRIX,
    ARRAY_ROWS,
    OBJECT_LENGTH,
)
from .primitives import Memory, bits_of_float, float_of_int, load, pointer, store
from .statuses import INDEX_ERROR, OK, TYPE_ERROR
from .tags import ARRAY, FLOAT, INT, NIL


def array_item(ctx: Memory, t: int, v: int, t2: int, v2: int) -> tuple[int, int, int]:
    """a[i] of an array of one dimension."""
    if t != ARRAY or t2 != INT:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    kind = variant_of(heap, v)
    if kind >= ARRAY_MATRIX:
        return NIL, 0, TYPE_ERROR
    if v2 < 0 or v2 >= load(heap, v + OBJECT_LENGTH):
        return NIL, 0, INDEX_ERROR
    return kind, load(pointer(heap, v + ARRAY_ADDRESS), v2), OK


def put_number(
    heap: Memory, array: int, kind: int, index: int, t: int, v: int
) -> tuple[int, int, int]:
    """Write an item; an array of floats takes ints, one of ints no floats."""
    if kind == FLOAT and t == INT:
        v = bits_of_float(float_of_int(v))
    elif t != kind:
        return NIL, 0, TYPE_ERROR
    store(pointer(heap, array + ARRAY_ADDRESS), index, v)
    return ARRAY, array, OK


def set_array_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> tuple[int, int, int]:
    """a[i] = x in place; the array itself."""
    if t != ARRAY or t2 != INT:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    kind = variant_of(heap, v)
    if kind >= ARRAY_MATRIX:
        return NIL, 0, TYPE_ERROR
    if v2 < 0 or v2 >= load(heap, v + OBJECT_LENGTH):
        return NIL, 0, INDEX_ERROR
    return put_number(heap, v, kind, v2, t3, v3)


def matrix_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> tuple[int, int, int]:
    """a[i, j] of an array of two dimensions, in row-major order."""
    if t != ARRAY or t2 != INT or t3 != INT:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    kind = variant_of(heap, v)
    if kind < ARRAY_MATRIX:
        return NIL, 0, TYPE_ERROR
    columns = load(heap, v + ARRAY_COLUMNS)
    if v2 < 0 or v2 >= load(heap, v + ARRAY_ROWS) or v3 < 0 or v3 >= columns:
        return NIL, 0, INDEX_ERROR
    data = pointer(heap, v + ARRAY_ADDRESS)
    return kind & 1, load(data, v2 * columns + v3), OK


def set_matrix_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int, t4: int, v4: int
) -> tuple[int, int, int]:
    """a[i, j] = x in place; the array itself."""
    if t != ARRAY or t2 != INT or t3 != INT:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    kind = variant_of(heap, v)
    if kind < ARRAY_MATRIX:
        return NIL, 0, TYPE_ERROR
    columns = load(heap, v + ARRAY_COLUMNS)
    if v2 < 0 or v2 >= load(heap, v + ARRAY_ROWS) or v3 < 0 or v3 >= columns:
        return NIL, 0, INDEX_ERROR
    return put_number(heap, v, kind & 1, v2 * columns + v3, t4, v4)
