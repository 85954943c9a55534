"""Text that is put together from parts: measured first, then written.

What makes a text runs twice over a sink, a record among an operation's scratch words.
The first time its length and width are found, the second time the characters go into
the string, which has just the right size then.
"""

from __future__ import annotations

from ..core.heap import character_at, heap_of, string_data, variant_of
from ..core.layout import OBJECT_LENGTH
from ..core.number_text import TEXT_WORDS, put
from ..core.primitives import Memory, load, logical_shift_right, store
from ..core.stopping import stops_at
from .scratch import take
from .strings import copy_characters, new_string, put_character, widest

SINK_DATA = 0  # where the characters go; 0 while they are measured
SINK_WIDTH = 1
SINK_LENGTH = 2  # characters so far
SINK_PARTS = 3  # parts of values so far
SINK_NUMBER = 4  # room for the text of a number
SINK_WORDS = SINK_NUMBER + TEXT_WORDS


def new_sink(ctx: Memory) -> int:
    """A sink that measures; 0 where there is no room."""
    sink = take(ctx, SINK_WORDS)
    if sink != 0:
        heap = heap_of(ctx)
        store(heap, sink + SINK_DATA, 0)
        store(heap, sink + SINK_WIDTH, 1)
        store(heap, sink + SINK_LENGTH, 0)
        store(heap, sink + SINK_PARTS, 0)
    return sink


def measured_string(ctx: Memory, sink: int) -> int:
    """The string that the sink writes to from now on; 0 where there is no room."""
    heap = heap_of(ctx)
    length = load(heap, sink + SINK_LENGTH)
    at = new_string(ctx, length, load(heap, sink + SINK_WIDTH))
    if at != 0:
        store(heap, sink + SINK_DATA, string_data(heap, at))
        store(heap, sink + SINK_LENGTH, 0)
    return at


def put_part(ctx: Memory, sink: int, string: int, first: int, end: int) -> None:
    """Put characters `first` to before `end` of a string; may leave early."""
    heap = heap_of(ctx)
    data = load(heap, sink + SINK_DATA)
    width = load(heap, sink + SINK_WIDTH)
    length = load(heap, sink + SINK_LENGTH)
    store(heap, sink + SINK_LENGTH, length + end - first)
    if data != 0:
        copy_characters(ctx, string, first, end, data, width, length)
    elif variant_of(heap, string) > width:
        needed = variant_of(heap, string)
        if end - first < load(heap, string + OBJECT_LENGTH):
            needed = widest(ctx, string, first, end)
        if needed > width:
            store(heap, sink + SINK_WIDTH, needed)


def put_string(ctx: Memory, sink: int, string: int) -> None:
    """Put a whole string; may leave early."""
    put_part(ctx, sink, string, 0, load(heap_of(ctx), string + OBJECT_LENGTH))


def put_packed(heap: Memory, sink: int, characters: int, count: int) -> None:
    """Put 1 to 8 packed one-byte characters."""
    data = load(heap, sink + SINK_DATA)
    length = load(heap, sink + SINK_LENGTH)
    store(heap, sink + SINK_LENGTH, length + count)
    if data == 0:
        return
    width = load(heap, sink + SINK_WIDTH)
    if width == 1:
        put(heap, data, length, characters, count)
        return
    while count > 0:
        put_character(heap, data, width, length, characters & 255)
        characters = logical_shift_right(characters, 8)
        length += 1
        count -= 1


def put_number_text(heap: Memory, sink: int, length: int) -> None:
    """Put the characters from SINK_NUMBER on."""
    word = sink + SINK_NUMBER
    while length > 8:
        put_packed(heap, sink, load(heap, word), 8)
        word += 1
        length -= 8
    put_packed(heap, sink, load(heap, word), length)


# Packed characters.
QUOTE = ord('"')
BACKSLASH = ord("\\")


def escaped(character: int) -> int:
    """What stands behind a backslash for this character in quotes; 0 for itself."""
    if character > BACKSLASH:
        return 0
    if character == QUOTE or character == BACKSLASH:
        return character
    if character == 10:
        return 110  # n
    if character == 9:
        return 116  # t
    if character == 13:
        return 114  # r
    if character == 0:
        return 48  # 0
    return 0


def put_quoted(ctx: Memory, sink: int, string: int) -> None:
    """Put a string in quotes, with escapes; may leave early."""
    heap = heap_of(ctx)
    put_packed(heap, sink, QUOTE, 1)
    length = load(heap, string + OBJECT_LENGTH)
    width = variant_of(heap, string)
    data = string_data(heap, string)
    first = 0
    index = 0
    while index < length:
        if stops_at(ctx, index) != 0:
            return
        escape = escaped(character_at(heap, data, width, index))
        if escape != 0:
            put_part(ctx, sink, string, first, index)
            put_packed(heap, sink, BACKSLASH | escape << 8, 2)
            first = index + 1
        index += 1
    put_part(ctx, sink, string, first, length)
    put_packed(heap, sink, QUOTE, 1)
