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


def number_at(
    kind: int, size: int, data: Memory, t: int, v: int
) -> tuple[int, int, int]:
    """a[i] of an array of one dimension, given its variant, length and items."""
    if t != INT or kind >= ARRAY_MATRIX:
        return NIL, 0, TYPE_ERROR
    if v < 0 or v >= size:
        return NIL, 0, INDEX_ERROR
    return kind, load(data, v), OK


def matrix_number_at(
    kind: int, rows: int, columns: int, data: Memory, t: int, v: int, t2: int, v2: int
) -> tuple[int, int, int]:
    """a[i, j] of an array of two dimensions, in row-major order."""
    if t != INT or t2 != INT or kind < ARRAY_MATRIX:
        return NIL, 0, TYPE_ERROR
    if v < 0 or v >= rows or v2 < 0 or v2 >= columns:
        return NIL, 0, INDEX_ERROR
    return kind & 1, load(data, v * columns + v2), OK


def put_number(
    array: int, kind: int, data: Memory, index: int, t: int, v: int
) -> tuple[int, int, int]:
    """Write an item; an array of floats takes ints, one of ints no floats."""
    if kind == FLOAT and t == INT:
        v = bits_of_float(float_of_int(v))
    elif t != kind:
        return NIL, 0, TYPE_ERROR
    store(data, index, v)
    return ARRAY, array, OK


def put_number_at(
    array: int,
    kind: int,
    size: int,
    data: Memory,
    t: int,
    v: int,
    t2: int,
    v2: int,
) -> tuple[int, int, int]:
    """a[i] = x in place; the array itself."""
    if t != INT or kind >= ARRAY_MATRIX:
        return NIL, 0, TYPE_ERROR
    if v < 0 or v >= size:
        return NIL, 0, INDEX_ERROR
    return put_number(array, kind, data, v, t2, v2)


def put_matrix_number_at(
    array: int,
    kind: int,
    rows: int,
    columns: int,
    data: Memory,
    t: int,
    v: int,
    t2: int,
    v2: int,
    t3: int,
    v3: int,
) -> tuple[int, int, int]:
    """a[i, j] = x in place; the array itself."""
    if t != INT or t2 != INT or kind < ARRAY_MATRIX:
        return NIL, 0, TYPE_ERROR
    if v < 0 or v >= rows or v2 < 0 or v2 >= columns:
        return NIL, 0, INDEX_ERROR
    return put_number(array, kind & 1, data, v * columns + v2, t3, v3)


def array_kind(ctx: Memory, array: int) -> int:
    """The variant of an array's record; like all of it, it never changes."""
    return variant_of(heap_of(ctx), array)


def array_size(ctx: Memory, array: int) -> int:
    """The number of all items."""
    return load(heap_of(ctx), array + OBJECT_LENGTH)


def array_rows(ctx: Memory, array: int) -> int:
    """The first of the sizes."""
    return load(heap_of(ctx), array + ARRAY_ROWS)


def array_columns(ctx: Memory, array: int) -> int:
    """The second of the sizes."""
    return load(heap_of(ctx), array + ARRAY_COLUMNS)


def array_data(ctx: Memory, array: int) -> Memory:
    """The items, which never move."""
    return pointer(heap_of(ctx), array + ARRAY_ADDRESS)


def array_item(ctx: Memory, t: int, v: int, t2: int, v2: int) -> tuple[int, int, int]:
    """a[i] of an array of one dimension."""
    if t != ARRAY:
        return NIL, 0, TYPE_ERROR
    data = array_data(ctx, v)
    return number_at(array_kind(ctx, v), array_size(ctx, v), data, t2, v2)


def set_array_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> tuple[int, int, int]:
    """a[i] = x in place; the array itself."""
    if t != ARRAY:
        return NIL, 0, TYPE_ERROR
    kind = array_kind(ctx, v)
    size = array_size(ctx, v)
    return put_number_at(v, kind, size, array_data(ctx, v), t2, v2, t3, v3)


def matrix_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> tuple[int, int, int]:
    """a[i, j] of an array of two dimensions."""
    if t != ARRAY:
        return NIL, 0, TYPE_ERROR
    kind = array_kind(ctx, v)
    rows = array_rows(ctx, v)
    columns = array_columns(ctx, v)
    return matrix_number_at(kind, rows, columns, array_data(ctx, v), t2, v2, t3, v3)


def set_matrix_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int, t4: int, v4: int
) -> tuple[int, int, int]:
    """a[i, j] = x in place; the array itself."""
    if t != ARRAY:
        return NIL, 0, TYPE_ERROR
    kind = array_kind(ctx, v)
    rows = array_rows(ctx, v)
    columns = array_columns(ctx, v)
    data = array_data(ctx, v)
    return put_matrix_number_at(v, kind, rows, columns, data, t2, v2, t3, v3, t4, v4)
