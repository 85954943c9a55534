"""Native operations that print: into the program's output buffer, as UTF-8.

The buffer is words of the context; the driver empties it. HOST where it has no room, or
where each line is to be seen at once: then the driver prints.
"""

from __future__ import annotations

from ..core.heap import character_at, heap_of, string_data, variant_of
from ..core.layout import (
    HEAP_TOP,
    OBJECT_LENGTH,
    OUTPUT,
    OUTPUT_SIZE,
    OUTPUT_TEXT,
    OUTPUT_USED,
)
from ..core.number_text import put
from ..core.primitives import Memory, load, logical_shift_right, pointer, store
from ..core.statuses import COLLECT, HOST, OK, Result
from ..core.stopping import stops_at
from ..core.tags import NIL, STRING
from .text import text_of

NEWLINE = 10
# The highest bit of each of eight bytes: 0 in ASCII.
HIGH_BITS = -0x7F7F7F7F7F7F7F80


def put_utf8(output: Memory, used: int, c: int) -> int:
    """Write a code point behind `used` bytes; the bytes in use then."""
    if c < 0x80:
        return put(output, 0, used, c, 1)
    last = 0x80 | c & 0x3F
    if c < 0x800:
        return put(output, 0, used, 0xC0 | c >> 6 | last << 8, 2)
    third = 0x80 | c >> 6 & 0x3F
    if c < 0x10000:
        return put(output, 0, used, 0xE0 | c >> 12 | third << 8 | last << 16, 3)
    second = 0x80 | c >> 12 & 0x3F
    first = 0xF0 | c >> 18
    characters = first | second << 8 | third << 16 | last << 24
    return put(output, 0, used, characters, 4)


def put_output(ctx: Memory, output: Memory, used: int, string: int) -> int:
    """Write a string behind `used` bytes; the bytes in use then.

    -1 where the program is to stop.
    """
    heap = heap_of(ctx)
    length = load(heap, string + OBJECT_LENGTH)
    width = variant_of(heap, string)
    data = string_data(heap, string)
    index = 0
    while index < length:
        # A step may be eight characters: `| 7` makes the last of them its number.
        if stops_at(ctx, index | 7) != 0:
            return -1
        if width == 1 and index & 7 == 0 and index + 8 <= length:
            word = load(heap, data + (index >> 3))
            if word & HIGH_BITS == 0:
                used = put(output, 0, used, word, 8)
                index += 8
                continue
        used = put_utf8(output, used, character_at(heap, data, width, index))
        index += 1
    return used


def printed(ctx: Memory, t: int, v: int, newline: int) -> Result:
    """Print a value, and end the line if `newline`; nil."""
    _t, text, status = text_of(ctx, t, v)
    if status != OK:
        return NIL, 0, status
    heap = heap_of(ctx)
    if t != STRING:
        # Nobody else has this text, the last thing allocated.
        store(ctx, HEAP_TOP, text)
    # At most two bytes for a character up to U+00FF, and four for any.
    room = load(heap, text + OBJECT_LENGTH) * (2 if variant_of(heap, text) == 1 else 4)
    used = load(ctx, OUTPUT_USED)
    if used + room + newline > load(ctx, OUTPUT_SIZE):
        store(ctx, OUTPUT_TEXT, text)
        return NIL, 0, HOST
    output = pointer(ctx, OUTPUT)
    if room > 0:
        # Bytes are added to the word that is in use in part.
        word = logical_shift_right(used, 3)
        before = load(output, word)
        used = put_output(ctx, output, used, text)
        if used < 0:
            store(output, word, before)
            return NIL, 0, COLLECT
    if newline != 0:
        used = put(output, 0, used, NEWLINE, 1)
    store(ctx, OUTPUT_USED, used)
    return NIL, 0, OK


def n_print(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Print a value."""
    return printed(ctx, t, v, 0)


def n_println(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Print a value and end the line."""
    return printed(ctx, t, v, 1)
