"""The heap as operations see it: allocation, and the parts of objects.

Layouts are in core/layout.py. Small enough to be inlined wherever they are used;
what takes longer is a native operation of memory/.
"""

from __future__ import annotations

from .layout import (
    CHARACTERS,
    HEAP,
    HEAP_END,
    HEAP_REQUEST,
    HEAP_TOP,
    KIND_STRING,
    KIND_VIEW,
    LIST_DATA,
    OBJECT_HEADER,
    STRING_BUFFER,
    STRING_DATA,
    VERSION_DIFFERENCE,
    VERSION_NEXT,
    VIEW_START,
    VIEW_VERSION,
)
from .primitives import Memory, load, logical_shift_right, pointer, store
from .tags import STRING

TOO_MANY = 1 << 50


def allocate(ctx: Memory, words: int) -> int:
    """Offset of that many new words, which the caller fills; 0 where none are free.

    An operation allocates before its first effect and returns COLLECT on 0.
    """
    top = load(ctx, HEAP_TOP)
    end = top + words
    if end > load(ctx, HEAP_END):
        store(ctx, HEAP_REQUEST, words)
        return 0
    store(ctx, HEAP_TOP, end)
    return top


def no_room(ctx: Memory, items: int) -> int:
    """1 where no heap has room for so many items; to be asked before words are counted.

    Up to that number, items of some words each are counted without overflow.
    """
    if items <= TOO_MANY:
        return 0
    store(ctx, HEAP_REQUEST, TOO_MANY)
    return 1


def error_string(ctx: Memory, error: int, field: int) -> int:
    """The kind or the message of an error, a string.

    Some string of an error that stands for what was thrown: compiled code takes that
    out before anybody looks, but the verifier does not say that it does.
    """
    heap = heap_of(ctx)
    if load(heap, error + field) != STRING:
        return load(ctx, CHARACTERS)
    return load(heap, error + field + 1)


def kind_of(heap: Memory, at: int) -> int:
    """The kind of the object at `at`."""
    return load(heap, at + OBJECT_HEADER) & 255


def variant_of(heap: Memory, at: int) -> int:
    """The variant of the object at `at`: a width, or a state of a version."""
    return logical_shift_right(load(heap, at + OBJECT_HEADER), 8)


def string_data(heap: Memory, string: int) -> int:
    """Where the characters of a string begin."""
    if kind_of(heap, string) == KIND_STRING:
        return string + STRING_DATA
    return load(heap, string + STRING_BUFFER) + STRING_DATA


def character_at(memory: Memory, at: int, width: int, index: int) -> int:
    """Code point `index` of the characters packed from word `at` of `memory` on."""
    bits = index * width * 8
    word = load(memory, at + (bits >> 6))
    if width == 4:
        return logical_shift_right(word, bits & 63) & 0xFFFFFFFF
    if width == 2:
        return logical_shift_right(word, bits & 63) & 0xFFFF
    return logical_shift_right(word, bits & 63) & 0xFF


def item_at(heap: Memory, items: int, index: int) -> int:
    """Where item `index` of a list, or field of a tagged value, stands.

    0 where the list's version is out of date or a range. `index` is in range.
    """
    if kind_of(heap, items) != KIND_VIEW:
        return items + LIST_DATA + 2 * index
    version = load(heap, items + VIEW_VERSION)
    if variant_of(heap, version) >= VERSION_DIFFERENCE:
        return 0
    buffer = load(heap, version + VERSION_NEXT)
    return buffer + LIST_DATA + 2 * (load(heap, items + VIEW_START) + index)


def heap_of(ctx: Memory) -> Memory:
    """The heap's array."""
    return pointer(ctx, HEAP)
