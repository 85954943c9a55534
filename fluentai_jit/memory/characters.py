"""Native operations on the characters of strings: trimming, padding, cases, classes.

Of letters and their cases only those of ASCII are known here; a string with others is
left to Python, which knows all of Unicode.
"""

from __future__ import annotations

from ..core.heap import character_at, heap_of, string_data, variant_of
from ..core.layout import OBJECT_LENGTH, POWERS, STRING_DATA
from ..core.number_parse import parse_float, parse_int
from ..core.primitives import Memory, load, multiply_overflow, pointer
from ..core.statuses import (
    COLLECT,
    DOMAIN_ERROR,
    HOST,
    INDEX_ERROR,
    OK,
    OVERFLOW,
    TYPE_ERROR,
    Result,
)
from ..core.stopping import made, stops_at
from ..core.tags import BOOL, FLOAT, INT, NIL, STRING
from .strings import (
    copy_characters,
    n_substring,
    new_string,
    one_character,
    put_character,
    widest,
)

ASCII_END = 128
CASE = 0x20  # the bit that tells a small letter from its capital

# Classes of characters.
LETTER = 1
DIGIT = 2
CAPITAL = 4
SMALL = 8
BLANK = 16


# ---- classes -------------------------------------------------------------------------
def is_blank(c: int) -> int:
    """1 for white space: what Python's `str.isspace` says, of all of Unicode."""
    if c < ASCII_END:
        return 1 if c == 32 or 9 <= c <= 13 or 28 <= c <= 31 else 0
    if c == 0x85 or c == 0xA0 or c == 0x1680 or 0x2000 <= c <= 0x200A:
        return 1
    if c == 0x2028 or c == 0x2029 or c == 0x202F or c == 0x205F or c == 0x3000:
        return 1
    return 0


def classes_of(c: int) -> int:
    """The classes of an ASCII character; of others only BLANK."""
    if 65 <= c <= 90:
        return LETTER | CAPITAL
    if 97 <= c <= 122:
        return LETTER | SMALL
    if 48 <= c <= 57:
        return DIGIT
    return BLANK * is_blank(c)


def all_of(ctx: Memory, t: int, v: int, wanted: int) -> Result:
    """Whether a string has characters, and all are of one of these classes."""
    if t != STRING:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    width = variant_of(heap, v)
    data = string_data(heap, v)
    length = load(heap, v + OBJECT_LENGTH)
    index = 0
    while index < length:
        if stops_at(ctx, index) != 0:
            return NIL, 0, COLLECT
        c = character_at(heap, data, width, index)
        if classes_of(c) & wanted == 0:
            if c < ASCII_END or wanted == BLANK:
                return BOOL, 0, OK
            return NIL, 0, HOST
        index += 1
    return BOOL, 1 if length > 0 else 0, OK


def n_is_alphabetic(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether all characters are letters, and there are some."""
    return all_of(ctx, t, v, LETTER)


def n_is_numeric(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether all characters are digits, and there are some."""
    return all_of(ctx, t, v, DIGIT)


def n_is_alphanumeric(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether all characters are letters or digits, and there are some."""
    return all_of(ctx, t, v, LETTER | DIGIT)


def n_is_whitespace(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether all characters are white space, and there are some."""
    return all_of(ctx, t, v, BLANK)


def n_is_upper(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether all characters are capital letters, and there are some."""
    return all_of(ctx, t, v, CAPITAL)


def n_is_lower(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether all characters are small letters, and there are some."""
    return all_of(ctx, t, v, SMALL)


# ---- cases ---------------------------------------------------------------------------
def in_case(ctx: Memory, t: int, v: int, changed: int) -> Result:
    """A string with the letters of one class in the other case."""
    if t != STRING:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    if variant_of(heap, v) != 1:
        return NIL, 0, HOST
    at = new_string(ctx, length, 1)
    if at == 0:
        return NIL, 0, COLLECT
    data = string_data(heap, v)
    index = 0
    while index < length:
        if stops_at(ctx, index) != 0:
            return NIL, 0, COLLECT
        c = character_at(heap, data, 1, index)
        if c >= ASCII_END:
            return NIL, 0, HOST
        if classes_of(c) & changed != 0:
            c ^= CASE
        put_character(heap, at + STRING_DATA, 1, index, c)
        index += 1
    return STRING, at, OK


def n_upper(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """A string in capital letters."""
    return in_case(ctx, t, v, SMALL)


def n_lower(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """A string in small letters."""
    return in_case(ctx, t, v, CAPITAL)


# ---- trimming and filling ------------------------------------------------------------
def trimmed_string(ctx: Memory, t: int, v: int, start: int, end: int) -> Result:
    """A string without the white space at its start, its end or both."""
    if t != STRING:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    width = variant_of(heap, v)
    data = string_data(heap, v)
    first = 0
    last = load(heap, v + OBJECT_LENGTH)
    if start != 0:
        while first < last and is_blank(character_at(heap, data, width, first)) != 0:
            first += 1
            if stops_at(ctx, first) != 0:
                return NIL, 0, COLLECT
    if end != 0:
        while first < last and is_blank(character_at(heap, data, width, last - 1)) != 0:
            last -= 1
            if stops_at(ctx, last) != 0:
                return NIL, 0, COLLECT
    return n_substring(ctx, STRING, v, INT, first, INT, last)


def n_trim(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """A string without the white space around it."""
    return trimmed_string(ctx, t, v, 1, 1)


def n_trim_start(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A string without the white space before it."""
    return trimmed_string(ctx, t, v, 1, 0)


def n_trim_end(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A string without the white space behind it."""
    return trimmed_string(ctx, t, v, 0, 1)


def fill(ctx: Memory, string: int, data: int, width: int, first: int, end: int) -> None:
    """Write a string, which has characters, again and again into `first` to `end`.

    Spaces where the string is 0. May leave early.
    """
    heap = heap_of(ctx)
    if string == 0:
        while first < end and stops_at(ctx, first) == 0:
            put_character(heap, data, width, first, 32)
            first += 1
        return
    length = load(heap, string + OBJECT_LENGTH)
    step = 0
    while first + length <= end:
        copy_characters(ctx, string, 0, length, data, width, first)
        first += length
        step += 1
        if stops_at(ctx, step) != 0:
            return
    copy_characters(ctx, string, 0, end - first, data, width, first)


def n_repeat(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """A string so many times."""
    if t != STRING or t2 != INT:
        return NIL, 0, TYPE_ERROR
    if v2 < 0:
        return NIL, 0, DOMAIN_ERROR
    heap = heap_of(ctx)
    length, overflow = multiply_overflow(load(heap, v + OBJECT_LENGTH), v2)
    if overflow != 0:
        return NIL, 0, OVERFLOW
    width = variant_of(heap, v) if length > 0 else 1
    at = new_string(ctx, length, width)
    if at == 0:
        return NIL, 0, COLLECT
    if length > 0:
        fill(ctx, v, at + STRING_DATA, width, 0, length)
    return made(ctx, STRING, at)


def padded(
    ctx: Memory, t: int, v: int, size: int, t3: int, filling: int, left: int, right: int
) -> Result:
    """A string filled up to so many characters, on the left, the right or both."""
    if t != STRING or (t3 != STRING and t3 != NIL):
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    if size <= length:
        return STRING, v, OK
    before = 0
    if left != 0:
        before = size - length
        if right != 0:
            before >>= 1
    width = variant_of(heap, v)
    if t3 == STRING:
        used = load(heap, filling + OBJECT_LENGTH)
        if used == 0:
            return NIL, 0, DOMAIN_ERROR
        longer = before if right == 0 else size - length - before
        needed = widest(ctx, filling, 0, longer if longer < used else used)
        if needed > width:
            width = needed
    at = new_string(ctx, size, width)
    if at == 0:
        return NIL, 0, COLLECT
    data = at + STRING_DATA
    fill(ctx, filling, data, width, 0, before)
    copy_characters(ctx, v, 0, length, data, width, before)
    fill(ctx, filling, data, width, before + length, size)
    return made(ctx, STRING, at)


def n_pad_left(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A string filled up on the left to so many characters."""
    if t2 != INT:
        return NIL, 0, TYPE_ERROR
    return padded(ctx, t, v, v2, t3, v3, 1, 0)


def n_pad_right(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A string filled up on the right to so many characters."""
    if t2 != INT:
        return NIL, 0, TYPE_ERROR
    return padded(ctx, t, v, v2, t3, v3, 0, 1)


def n_pad_center(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A string filled up on both sides, the right one first."""
    if t2 != INT:
        return NIL, 0, TYPE_ERROR
    return padded(ctx, t, v, v2, t3, v3, 1, 1)


def n_reverse(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The characters of a string from the last to the first."""
    if t != STRING:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    width = variant_of(heap, v)
    at = new_string(ctx, length, width)
    if at == 0:
        return NIL, 0, COLLECT
    data = string_data(heap, v)
    index = 0
    while index < length:
        if stops_at(ctx, index) != 0:
            return NIL, 0, COLLECT
        c = character_at(heap, data, width, length - 1 - index)
        put_character(heap, at + STRING_DATA, width, index, c)
        index += 1
    return STRING, at, OK


# ---- code points ---------------------------------------------------------------------
def n_char_code(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The code point of a character of a string, by its index or the first."""
    if t != STRING or (t2 != INT and t2 != NIL):
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    if v2 < 0 or v2 >= load(heap, v + OBJECT_LENGTH):
        return NIL, 0, INDEX_ERROR
    data = string_data(heap, v)
    return INT, character_at(heap, data, variant_of(heap, v), v2), OK


def n_from_char_code(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The string of one character, by its code point."""
    if t != INT:
        return NIL, 0, TYPE_ERROR
    if v < 0 or v > 0x10FFFF or 0xD800 <= v <= 0xDFFF:
        return NIL, 0, DOMAIN_ERROR
    return one_character(ctx, v)


# ---- numbers -------------------------------------------------------------------------
def parsed(ctx: Memory, t: int, v: int, wanted: int) -> Result:
    """The int or float that a string is the text of; either if `wanted` is NIL.

    HOST for what is none: the message is made there, and not all of Unicode is here.
    """
    if t != STRING:
        if t == INT or t == FLOAT:
            return t, v, OK
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    data = string_data(heap, v)
    length = load(heap, v + OBJECT_LENGTH)
    width = variant_of(heap, v)
    tag = wanted
    number = 0
    status = DOMAIN_ERROR
    if wanted != FLOAT:
        tag, number, status = parse_int(heap, data, length, width)
    if wanted != INT and status == DOMAIN_ERROR:
        powers = pointer(ctx, POWERS)
        tag, number, status = parse_float(powers, heap, data, length, width)
    if status != OK:
        return NIL, 0, HOST
    return tag, number, OK


def n_parse(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The int or float that a string is the text of, as the second value is one."""
    return parsed(ctx, t, v, t2)


def n_to_number(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The int or else the float that a string is the text of; a number itself."""
    return parsed(ctx, t, v, NIL)
