"""Native operations on strings.

A string that grows is the beginning of a buffer with room behind it, which the next
concatenation uses in place; whoever appends to an older one finds the room taken and
copies. So building a string in a loop is linear.
"""

from __future__ import annotations

from ..core.heap import (
    allocate,
    character_at,
    heap_of,
    kind_of,
    no_room,
    string_data,
    variant_of,
)
from ..core.layout import (
    CHARACTER_WORDS,
    CHARACTERS,
    KIND_SHARED,
    KIND_STRING,
    KIND_TEXT,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    SHARED_WORDS,
    STRING_BUFFER,
    STRING_DATA,
    STRING_HASH,
    TEXT_USED,
)
from ..core.primitives import Memory, load, logical_shift_right, shift_left_bits, store
from ..core.statuses import COLLECT, INDEX_ERROR, OK, TYPE_ERROR, Result
from ..core.stopping import (
    made,
    stop_seen,
    stopping,
    stops_at,
    stretch_end,
)
from ..core.tags import INT, NIL, STRING

# A longer result of a concatenation gets room to grow.
SHORT = 64


def words_for(length: int, width: int) -> int:
    """Words that so many characters take."""
    return logical_shift_right(length * width + 7, 3)


def put_character(heap: Memory, data: int, width: int, index: int, value: int) -> None:
    """Write code point `index` of characters whose words are zero there."""
    bits = index * width * 8
    at = data + (bits >> 6)
    store(heap, at, load(heap, at) | shift_left_bits(value, bits & 63))


def copy_characters(
    ctx: Memory, source: int, first: int, end: int, data: int, width: int, at: int
) -> None:
    """Write characters `first` to before `end` of a string behind `at` others.

    The words from `data` on have characters of `width` bytes, and are zero behind
    those. May leave early.
    """
    heap = heap_of(ctx)
    from_width = variant_of(heap, source)
    from_data = string_data(heap, source)
    if from_width == width and (first * width & 7) == 0 and (at * width & 7) == 0:
        # Whole words; what the last one holds beyond the end is cut off.
        bytes_left = (end - first) * width
        word = from_data + logical_shift_right(first * width, 3)
        target = data + logical_shift_right(at * width, 3)
        last = word + logical_shift_right(bytes_left, 3)
        while word < last:
            stretch = stretch_end(word, last)
            while word < stretch:
                store(heap, target, load(heap, word))
                word += 1
                target += 1
            if word < last and stopping(ctx) != 0:
                return
        bytes_left &= 7
        if bytes_left > 0:
            keep = shift_left_bits(1, bytes_left * 8) - 1
            store(heap, target, load(heap, word) & keep)
        return
    index = first
    while index < end:
        value = character_at(heap, from_data, from_width, index)
        put_character(heap, data, width, at, value)
        index += 1
        at += 1
        if stops_at(ctx, index) != 0:
            return


def clear(ctx: Memory, at: int, words: int) -> None:
    """Zero so many words; may leave early."""
    heap = heap_of(ctx)
    end = at + words
    while at < end:
        stretch = stretch_end(at, end)
        while at < stretch:
            store(heap, at, 0)
            at += 1
        if at < end and stopping(ctx) != 0:
            return


def new_string(ctx: Memory, length: int, width: int) -> int:
    """A string of so many characters, all to be written; 0 without room.

    Also 0 where the program is to stop.
    """
    if no_room(ctx, length) != 0:
        return 0
    words = words_for(length, width)
    at = allocate(ctx, STRING_DATA + words)
    if at == 0:
        return 0
    heap = heap_of(ctx)
    store(heap, at + OBJECT_HEADER, KIND_STRING | width << 8)
    store(heap, at + OBJECT_LENGTH, length)
    store(heap, at + STRING_HASH, 0)
    clear(ctx, at + STRING_DATA, words)
    return at if stop_seen(ctx) == 0 else 0


def new_shared(ctx: Memory, length: int, width: int, capacity: int) -> int:
    """A string at the beginning of a buffer with room; 0 where the heap has none.

    Also 0 where the program is to stop.
    """
    words = words_for(capacity, width)
    at = allocate(ctx, SHARED_WORDS + STRING_DATA + words)
    if at == 0:
        return 0
    heap = heap_of(ctx)
    buffer = at + SHARED_WORDS
    store(heap, buffer + OBJECT_HEADER, KIND_TEXT | width << 8)
    store(heap, buffer + OBJECT_LENGTH, words)
    store(heap, buffer + TEXT_USED, length)
    clear(ctx, buffer + STRING_DATA, words)
    put_shared(heap, at, length, width, buffer)
    return at if stop_seen(ctx) == 0 else 0


def put_shared(heap: Memory, at: int, length: int, width: int, buffer: int) -> None:
    """Write the object of a string that is the beginning of a buffer."""
    store(heap, at + OBJECT_HEADER, KIND_SHARED | width << 8)
    store(heap, at + OBJECT_LENGTH, length)
    store(heap, at + STRING_HASH, 0)
    store(heap, at + STRING_BUFFER, buffer)


def erase_characters(heap: Memory, data: int, width: int, first: int, end: int) -> None:
    """Zero the words of characters `first` to before `end`, and nothing before them."""
    bits = first * width * 8
    word = data + logical_shift_right(bits, 6)
    keep = shift_left_bits(1, bits & 63) - 1
    store(heap, word, load(heap, word) & keep if keep != 0 else 0)
    last = data + words_for(end, width)
    while word + 1 < last:
        word += 1
        store(heap, word, 0)


def grow_in_place(ctx: Memory, a: int, b: int) -> int:
    """a + b behind a in its buffer, or 0 where that cannot be, -1 without memory.

    Also -1 where the program is to stop.
    """
    heap = heap_of(ctx)
    if kind_of(heap, a) != KIND_SHARED:
        return 0
    width = variant_of(heap, a)
    buffer = load(heap, a + STRING_BUFFER)
    length = load(heap, a + OBJECT_LENGTH)
    total = length + load(heap, b + OBJECT_LENGTH)
    if variant_of(heap, b) > width or load(heap, buffer + TEXT_USED) != length:
        return 0
    if words_for(total, width) > load(heap, buffer + OBJECT_LENGTH):
        return 0
    at = allocate(ctx, SHARED_WORDS)
    if at == 0:
        return -1
    data = buffer + STRING_DATA
    copy_characters(ctx, b, 0, total - length, data, width, length)
    if stop_seen(ctx) != 0:
        # Behind what is in use, characters are zero.
        erase_characters(heap, data, width, length, total)
        return -1
    store(heap, buffer + TEXT_USED, total)
    put_shared(heap, at, total, width, buffer)
    return at


def concatenated(ctx: Memory, a: int, b: int) -> Result:
    """The string a followed by the string b."""
    heap = heap_of(ctx)
    length_a = load(heap, a + OBJECT_LENGTH)
    length_b = load(heap, b + OBJECT_LENGTH)
    if length_a == 0:
        return STRING, b, OK
    if length_b == 0:
        return STRING, a, OK
    grown = grow_in_place(ctx, a, b)
    if grown > 0:
        return STRING, grown, OK
    if grown < 0:
        return NIL, 0, COLLECT
    width = variant_of(heap, a)
    if variant_of(heap, b) > width:
        width = variant_of(heap, b)
    total = length_a + length_b
    at = 0
    if total <= SHORT:
        at = new_string(ctx, total, width)
    else:
        at = new_shared(ctx, total, width, 2 * total)
    if at == 0:
        return NIL, 0, COLLECT
    data = string_data(heap, at)
    copy_characters(ctx, a, 0, length_a, data, width, 0)
    copy_characters(ctx, b, 0, length_b, data, width, length_a)
    return made(ctx, STRING, at)


def character_string(ctx: Memory, string: int, index: int) -> Result:
    """The string of one character of another."""
    heap = heap_of(ctx)
    data = string_data(heap, string)
    return one_character(ctx, character_at(heap, data, variant_of(heap, string), index))


def one_character(ctx: Memory, value: int) -> Result:
    """The string of a code point: one that is there up to U+00FF."""
    if value <= 0xFF:
        return STRING, load(ctx, CHARACTERS) + CHARACTER_WORDS * value, OK
    at = new_string(ctx, 1, 4 if value > 0xFFFF else 2)
    if at == 0:
        return NIL, 0, COLLECT
    store(heap_of(ctx), at + STRING_DATA, value)
    return STRING, at, OK


def widest(ctx: Memory, string: int, first: int, end: int) -> int:
    """Bytes a character that this part of a string needs; may leave early."""
    heap = heap_of(ctx)
    width = variant_of(heap, string)
    if width == 1:
        return 1
    data = string_data(heap, string)
    needed = 1
    while first < end and needed < width:
        if stops_at(ctx, first) != 0:
            return width
        value = character_at(heap, data, width, first)
        if value > 0xFFFF:
            needed = 4
        elif value > 0xFF and needed < 2:
            needed = 2
        first += 1
    return needed


def n_substring(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Characters from one index to before another, or to the end."""
    if t != STRING or t2 != INT or (t3 != INT and t3 != NIL):
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    if t3 == NIL:
        v3 = length
    if v2 < 0 or v3 > length or v2 > v3:
        return NIL, 0, INDEX_ERROR
    if v3 - v2 == length:
        return STRING, v, OK
    if v3 - v2 == 1:
        return character_string(ctx, v, v2)
    width = widest(ctx, v, v2, v3)
    at = new_string(ctx, v3 - v2, width)
    if at == 0:
        return NIL, 0, COLLECT
    copy_characters(ctx, v, v2, v3, at + STRING_DATA, width, 0)
    return made(ctx, STRING, at)
