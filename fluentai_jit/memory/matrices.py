"""Native operations on arrays of two dimensions."""

from __future__ import annotations

from ..core.arrays import matrix_item, set_matrix_item
from ..core.heap import allocate, heap_of, variant_of
from ..core.layout import (
    ARRAY_ADDRESS,
    ARRAY_COLUMNS,
    ARRAY_HANDLE,
    ARRAY_MATRIX,
    ARRAY_NEXT,
    ARRAY_ROWS,
    ARRAY_WORDS,
    KIND_ARRAY,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    REGISTERS,
)
from ..core.primitives import Memory, load, pointer, store
from ..core.statuses import COLLECT, OK, Result
from ..core.tags import ARRAY, NIL


def n_matrix_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """a[i, j]."""
    return matrix_item(ctx, t, v, t2, v2, t3, v3)


def n_ravel(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """An array of one dimension that shares a matrix's memory; anything else as it is.

    The items are in row-major order.
    """
    if t != ARRAY or variant_of(heap_of(ctx), v) < ARRAY_MATRIX:
        return t, v, OK
    at = allocate(ctx, ARRAY_WORDS)
    if at == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    count = load(heap, v + OBJECT_LENGTH)
    items = variant_of(heap, v) - ARRAY_MATRIX
    store(heap, at + OBJECT_HEADER, KIND_ARRAY | items << 8)
    store(heap, at + OBJECT_LENGTH, count)
    store(heap, at + ARRAY_ROWS, count)
    store(heap, at + ARRAY_COLUMNS, 0)
    store(heap, at + ARRAY_ADDRESS, load(heap, v + ARRAY_ADDRESS))
    store(heap, at + ARRAY_HANDLE, load(heap, v + ARRAY_HANDLE))
    store(heap, at + ARRAY_NEXT, 0)
    return ARRAY, at, OK


def n_set_matrix_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """a[i, j] = x of the four values in the registers from `v` on; the array."""
    registers = pointer(ctx, REGISTERS)
    at = 2 * v
    return set_matrix_item(
        ctx,
        load(registers, at),
        load(registers, at + 1),
        load(registers, at + 2),
        load(registers, at + 3),
        load(registers, at + 4),
        load(registers, at + 5),
        load(registers, at + 6),
        load(registers, at + 7),
    )
