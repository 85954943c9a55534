"""Native operations that look for one string in another, and the pieces between."""

from __future__ import annotations

from ..core.heap import character_at, heap_of, string_data, variant_of
from ..core.layout import HEAP_END, OBJECT_LENGTH
from ..core.primitives import (
    Memory,
    add_overflow,
    load,
    multiply_overflow,
    store,
    subtract_overflow,
)
from ..core.statuses import COLLECT, OK, TYPE_ERROR, Result
from ..core.stopping import made, steps_end, stop_seen, stopping, stops_at
from ..core.tags import BOOL, INT, LIST, NIL, STRING
from .lists import new_flat, put_item
from .scratch import release, take
from .strings import character_string, n_substring

# Base of the rolling hash modulo 2**64: odd, so that no character is forgotten.
BASE = 0x100000001B3


def stands_at(ctx: Memory, text: int, part: int, index: int) -> int:
    """1 where the characters of `part` stand in `text` from `index` on.

    May leave early.
    """
    heap = heap_of(ctx)
    count = load(heap, part + OBJECT_LENGTH)
    if index < 0 or index + count > load(heap, text + OBJECT_LENGTH):
        return 0
    width = variant_of(heap, text)
    data = string_data(heap, text)
    part_width = variant_of(heap, part)
    part_data = string_data(heap, part)
    step = 0
    while step < count:
        if stops_at(ctx, step) != 0:
            return 0
        character = character_at(heap, data, width, index + step)
        if character != character_at(heap, part_data, part_width, step):
            return 0
        step += 1
    return 1


def rolled(value: int, character: int) -> int:
    """The rolling hash with one more character."""
    value, _ = multiply_overflow(value, BASE)
    value, _ = add_overflow(value, character)
    return value


def find_text(ctx: Memory, text: int, part: int, first: int) -> int:
    """The first index from `first` on where `part` stands, or -1.

    By a hash of as many characters, rolled on from place to place (Karp and Rabin,
    "Efficient Randomized Pattern-Matching Algorithms", 1987): linear for every part,
    with nothing to be prepared and kept. May leave early.
    """
    heap = heap_of(ctx)
    count = load(heap, part + OBJECT_LENGTH)
    last = load(heap, text + OBJECT_LENGTH) - count
    if first > last or variant_of(heap, part) > variant_of(heap, text):
        return -1
    width = variant_of(heap, text)
    data = string_data(heap, text)
    part_width = variant_of(heap, part)
    part_data = string_data(heap, part)
    power = 1  # BASE ** count: the weight that a character leaves with
    wanted = 0
    found = 0
    index = 0
    while index < count:
        if stops_at(ctx, index) != 0:
            return -1
        power, _ = multiply_overflow(power, BASE)
        wanted = rolled(wanted, character_at(heap, part_data, part_width, index))
        found = rolled(found, character_at(heap, data, width, first + index))
        index += 1
    stretch = steps_end(first, last)
    while True:
        if found == wanted and stands_at(ctx, text, part, first) != 0:
            return first
        if first == stretch:
            # Computed again: the loop has no machine register left to keep it in.
            last = load(heap, text + OBJECT_LENGTH) - count
            if first == last or stopping(ctx) != 0:
                return -1
            stretch = steps_end(first, last)
        found = rolled(found, character_at(heap, data, width, first + count))
        leaving, _ = multiply_overflow(power, character_at(heap, data, width, first))
        found, _ = subtract_overflow(found, leaving)
        first += 1


def n_find(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The index of the first place where a string stands in another, or -1."""
    if t != STRING or t2 != STRING:
        return NIL, 0, TYPE_ERROR
    return made(ctx, INT, find_text(ctx, v, v2, 0))


def n_contains(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether a string stands anywhere in another."""
    t, index, status = n_find(ctx, t, v, t2, v2, t3, v3)
    return BOOL, 1 if index >= 0 else 0, status


def n_starts_with(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether a string begins with another."""
    if t != STRING or t2 != STRING:
        return NIL, 0, TYPE_ERROR
    return made(ctx, BOOL, stands_at(ctx, v, v2, 0))


def n_ends_with(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether a string ends with another."""
    if t != STRING or t2 != STRING:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    index = load(heap, v + OBJECT_LENGTH) - load(heap, v2 + OBJECT_LENGTH)
    return made(ctx, BOOL, stands_at(ctx, v, v2, index))


def add_piece(ctx: Memory, text: int, first: int, end: int) -> int:
    """Keep characters `first` to before `end` among the scratch words; the status."""
    _t, piece, status = n_substring(ctx, STRING, text, INT, first, INT, end)
    if status != OK:
        return status
    at = take(ctx, 1)
    if at == 0:
        return COLLECT
    store(heap_of(ctx), at, piece)
    return OK


def add_pieces(ctx: Memory, text: int, separator: int) -> int:
    """Keep the pieces of a string between separators; the status."""
    heap = heap_of(ctx)
    length = load(heap, text + OBJECT_LENGTH)
    count = load(heap, separator + OBJECT_LENGTH)
    status = OK
    first = 0
    step = 0
    found = find_text(ctx, text, separator, 0)
    while found >= 0 and status == OK:
        step += 1
        if stops_at(ctx, step) != 0:
            return COLLECT
        status = add_piece(ctx, text, first, found)
        first = found + count
        found = find_text(ctx, text, separator, first)
    if stop_seen(ctx) != 0:
        return COLLECT
    if status != OK:
        return status
    return add_piece(ctx, text, first, length)


def pieces(ctx: Memory, text: int, separator: int) -> Result:
    """The list of what `add_pieces` keeps."""
    end = load(ctx, HEAP_END)
    status = add_pieces(ctx, text, separator)
    items = 0
    if status == OK:
        count = end - load(ctx, HEAP_END)
        items = new_flat(ctx, count)
        status = COLLECT if items == 0 else OK
        index = 0
        heap = heap_of(ctx)
        while index < count and status == OK:
            if stops_at(ctx, index) != 0:
                status = COLLECT
            put_item(heap, items, index, STRING, load(heap, end - 1 - index))
            index += 1
    return LIST, items, release(ctx, end, status)


def characters(ctx: Memory, text: int) -> Result:
    """The list of the characters of a string."""
    heap = heap_of(ctx)
    length = load(heap, text + OBJECT_LENGTH)
    items = new_flat(ctx, length)
    status = COLLECT if items == 0 else OK
    index = 0
    while index < length and status == OK:
        stretch = steps_end(index, length)
        while index < stretch and status == OK:
            t, character, status = character_string(ctx, text, index)
            put_item(heap, items, index, t, character)
            index += 1
        if index < length and stopping(ctx) != 0:
            status = COLLECT
    return LIST, items, status


def n_split(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The pieces of a string between separators; its characters where that is ""."""
    if t != STRING or t2 != STRING:
        return NIL, 0, TYPE_ERROR
    if load(heap_of(ctx), v2 + OBJECT_LENGTH) == 0:
        return characters(ctx, v)
    return pieces(ctx, v, v2)


def n_chars(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The characters of a string, a list of strings."""
    if t != STRING:
        return NIL, 0, TYPE_ERROR
    return characters(ctx, v)
