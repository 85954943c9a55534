"""Native operations that make closures and cells.

A function that captures variables is called with its closure in the register behind
its parameters. A captured variable that is assigned, or captured before it has its
value, is a cell, which all who captured it share; any other is captured by value.
"""

from __future__ import annotations

from ..core.heap import allocate, heap_of
from ..core.layout import (
    CELL_VALUE,
    CELL_WORDS,
    CHUNK_COUNT,
    CLOSURE_CHUNK,
    CLOSURE_DATA,
    KIND_CELL,
    KIND_CLOSURE,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    REGISTERS,
)
from ..core.primitives import Memory, load, pointer, store
from ..core.statuses import COLLECT, OK, TYPE_ERROR, Result
from ..core.tags import CELL, CLOSURE, INT, NIL
from .lists import copy_words_between


def n_cell(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """A new variable with this value."""
    at = allocate(ctx, CELL_WORDS)
    if at == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    store(heap, at + OBJECT_HEADER, KIND_CELL)
    store(heap, at + CELL_VALUE, t)
    store(heap, at + CELL_VALUE + 1, v)
    return CELL, at, OK


def n_closure(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The chunk in register `v` with the captured values in those after it."""
    registers = pointer(ctx, REGISTERS)
    chunk = load(registers, 2 * v + 1)
    if v2 == 0 or load(registers, 2 * v) != INT:
        return NIL, 0, TYPE_ERROR
    if chunk < 0 or chunk >= load(ctx, CHUNK_COUNT):
        return NIL, 0, TYPE_ERROR
    count = v2 - 1
    at = allocate(ctx, CLOSURE_DATA + 2 * count)
    if at == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    store(heap, at + OBJECT_HEADER, KIND_CLOSURE)
    store(heap, at + OBJECT_LENGTH, count)
    store(heap, at + CLOSURE_CHUNK, chunk)
    copy_words_between(registers, 2 * v + 2, heap, at + CLOSURE_DATA, 2 * count)
    return CLOSURE, at, OK
