"""Truth, and what is reached through a value: items, fields, cells, functions, ranges.

Under the rules of `arithmetic`.
"""

from __future__ import annotations

from .arrays import array_item, set_array_item
from .heap import item_at
from .layout import (
    CELL_VALUE,
    CHUNK_ADAPTER_COUNT,
    CHUNK_ADAPTERS,
    CHUNK_ARITY,
    CHUNK_WORDS,
    CHUNKS,
    CLOSURE_CHUNK,
    CLOSURE_DATA,
    HEAP,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    TAGGED_DATA,
)
from .primitives import Memory, float_of_bits, load, pointer, store
from .statuses import INDEX_ERROR, NATIVE, OK, TYPE_ERROR, Result
from .tags import (
    ARRAY,
    BOOL,
    CELL,
    CLOSURE,
    FLOAT,
    FUNCTION,
    INT,
    LIST,
    MAP,
    NIL,
    SET,
    STRING,
    TAGGED,
)


def truth(ctx: Memory, t: int, v: int) -> int:
    """0 for nil, false, 0, 0.0, "" and empty collections, else 1."""
    if t == BOOL:
        return v
    if t == INT:
        return 1 if v != 0 else 0
    if t == FLOAT:
        return 1 if float_of_bits(v) != 0.0 else 0
    if t == NIL:
        return 0
    if t == STRING or t == LIST or t == MAP or t == SET or t == ARRAY:
        return 1 if load(pointer(ctx, HEAP), v + OBJECT_LENGTH) != 0 else 0
    return 1


def op_index(ctx: Memory, ta: int, a: int, tb: int, b: int) -> Result:
    """a[b] of a list, string, map or array."""
    if ta == MAP:
        return NIL, 0, NATIVE
    if ta == ARRAY:
        return array_item(ctx, ta, a, tb, b)
    if (ta != LIST and ta != STRING) or tb != INT:
        return NIL, 0, TYPE_ERROR
    heap = pointer(ctx, HEAP)
    if b < 0 or b >= load(heap, a + OBJECT_LENGTH):
        return NIL, 0, INDEX_ERROR
    if ta != LIST:
        return STRING, 0, NATIVE
    at = item_at(heap, a, b)
    if at == 0:
        return NIL, 0, NATIVE
    return load(heap, at), load(heap, at + 1), OK


def op_set_item(
    ctx: Memory, ta: int, a: int, tb: int, b: int, tc: int, c: int
) -> Result:
    """The value of a where a[b] is c: an array changes in place."""
    if ta == ARRAY:
        return set_array_item(ctx, ta, a, tb, b, tc, c)
    return ta, 0, NATIVE


def op_field(ctx: Memory, t: int, v: int, index: int) -> Result:
    """A value that a closure captured, or a field of a tagged value."""
    if t != CLOSURE and t != TAGGED:
        return NIL, 0, TYPE_ERROR
    heap = pointer(ctx, HEAP)
    if index < 0 or index >= load(heap, v + OBJECT_LENGTH):
        return NIL, 0, TYPE_ERROR
    at = v + TAGGED_DATA + 2 * index
    if t == CLOSURE:
        at = v + CLOSURE_DATA + 2 * index
    return load(heap, at), load(heap, at + 1), OK


def same_constructor(ctx: Memory, ta: int, a: int, tb: int, b: int) -> int:
    """1 where both are tagged values of one constructor, else 0."""
    if ta != TAGGED or tb != TAGGED:
        return 0
    heap = pointer(ctx, HEAP)
    if load(heap, a + OBJECT_HEADER) == load(heap, b + OBJECT_HEADER):
        return 1
    return 0


def op_cell(ctx: Memory, t: int, v: int) -> Result:
    """The value of a variable that closures share."""
    if t != CELL:
        return NIL, 0, TYPE_ERROR
    heap = pointer(ctx, HEAP)
    return load(heap, v + CELL_VALUE), load(heap, v + CELL_VALUE + 1), OK


def op_set_cell(ctx: Memory, t: int, v: int, t2: int, v2: int) -> Result:
    """Assign such a variable; nil."""
    if t != CELL:
        return NIL, 0, TYPE_ERROR
    heap = pointer(ctx, HEAP)
    store(heap, v + CELL_VALUE, t2)
    store(heap, v + CELL_VALUE + 1, v2)
    return NIL, 0, OK


def called_chunk(ctx: Memory, t: int, v: int) -> int:
    """The chunk of a function value; -1 of anything else."""
    if t == FUNCTION:
        return v
    if t == CLOSURE:
        return load(pointer(ctx, HEAP), v + CLOSURE_CHUNK)
    return -1


def adapted_chunk(ctx: Memory, chunk: int, count: int) -> int:
    """The chunk that takes so many arguments for another one; -1 where none does."""
    chunks = pointer(ctx, CHUNKS)
    record = chunk * CHUNK_WORDS
    first = load(chunks, record + CHUNK_ADAPTERS)
    last = first + load(chunks, record + CHUNK_ADAPTER_COUNT)
    if first == last:
        return -1
    found = first + count - load(chunks, first * CHUNK_WORDS + CHUNK_ARITY)
    if found < first or found >= last:
        return -1
    return found


def range_last(ta: int, a: int, tb: int, b: int, closed: int) -> Result:
    """(BOOL, 1, OK) where the range is empty, else (INT, its last item, OK)."""
    if ta != INT or tb != INT:
        return NIL, 0, TYPE_ERROR
    if closed != 0:
        if a > b:
            return BOOL, 1, OK
        return INT, b, OK
    if a >= b:
        return BOOL, 1, OK
    return INT, b - 1, OK
