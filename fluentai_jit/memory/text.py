"""Native operations that make the text of values."""

from __future__ import annotations

from ..core.heap import allocate, heap_of, string_data, variant_of
from ..core.layout import (
    HEAP_TOP,
    KIND_STRING,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    POWERS,
    REGISTERS,
    STRING_DATA,
    STRING_HASH,
)
from ..core.number_text import TEXT_WORDS, format_float, format_int
from ..core.operations import Result
from ..core.primitives import Memory, load, pointer, store
from ..core.statuses import COLLECT, HOST, OK, TYPE_ERROR
from ..core.tags import FLOAT, INT, NIL, STRING
from .strings import concatenated, copy_characters, new_string, words_for

# Packed characters.
TRUE = int.from_bytes(b"true", "little")
FALSE = int.from_bytes(b"false", "little")
NIL_TEXT = int.from_bytes(b"nil", "little")


def text_of(ctx: Memory, t: int, v: int) -> Result:
    """The text of a value as printed; HOST where the driver has to make it."""
    if t == STRING:
        return STRING, v, OK
    if t > NIL:
        return NIL, 0, HOST
    at = allocate(ctx, STRING_DATA + TEXT_WORDS)
    if at == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    data = at + STRING_DATA
    length = 0
    if t == INT:
        length = format_int(heap, data, v)
    elif t == FLOAT:
        length = format_float(pointer(ctx, POWERS), heap, data, v)
    elif t == NIL:
        store(heap, data, NIL_TEXT)
        length = 3
    elif v != 0:
        store(heap, data, TRUE)
        length = 4
    else:
        store(heap, data, FALSE)
        length = 5
    store(heap, at + OBJECT_HEADER, KIND_STRING | 256)
    store(heap, at + OBJECT_LENGTH, length)
    store(heap, at + STRING_HASH, 0)
    # What the text did not need is free again.
    store(ctx, HEAP_TOP, data + words_for(length, 1))
    return STRING, at, OK


def n_text(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The text of a value as printed."""
    return text_of(ctx, t, v)


def n_add(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """a + b where either side is a string."""
    _t, a, s = text_of(ctx, t, v)
    if s != OK:
        return NIL, 0, s
    _t, b, s = text_of(ctx, t2, v2)
    if s != OK:
        return NIL, 0, s
    return concatenated(ctx, a, b)


def n_concatenate(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The `v2` strings in the registers from `v` on as one."""
    registers = pointer(ctx, REGISTERS)
    heap = heap_of(ctx)
    total = 0
    width = 1
    index = v
    while index < v + v2:
        if load(registers, 2 * index) != STRING:
            return NIL, 0, TYPE_ERROR
        part = load(registers, 2 * index + 1)
        total += load(heap, part + OBJECT_LENGTH)
        if variant_of(heap, part) > width:
            width = variant_of(heap, part)
        index += 1
    at = new_string(ctx, total, width)
    if at == 0:
        return NIL, 0, COLLECT
    data = string_data(heap, at)
    done = 0
    index = v
    while index < v + v2:
        part = load(registers, 2 * index + 1)
        length = load(heap, part + OBJECT_LENGTH)
        copy_characters(heap, part, 0, length, data, width, done)
        done += length
        index += 1
    return STRING, at, OK
