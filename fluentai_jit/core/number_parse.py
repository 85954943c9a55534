"""Ints and floats read from text, as semantic functions.

They take what `to_int` and `to_float` take (stdlib/host.py): the syntax of Python's
`int` and `float` without underscores. The status is

    OK             the value that the host would give, to the last bit
    OVERFLOW       an int that does not fit in 64 bits
    DOMAIN_ERROR   no text of a number
    HOST           not decided here: a text with a character that is not ASCII, a long
                   one, a float between whose first 19 digits and the next decimal of
                   19 digits a rounding limit lies

A float is rounded by the algorithm of Eisel and Lemire: Daniel Lemire, "Number parsing
at a gigabyte per second" (2021), without its fallback: Noble Mushtak and Daniel Lemire,
"Fast number parsing without fallback" (2023). Theirs are powers rounded down. Rounded
up, a product of 192 bits exceeds the exact one by less than 2**64, and none that is no
middle of two floats lies nearer to one than 2**64.6 below and 2**65.1 above.
"""

from __future__ import annotations

from .floats import EXPONENT_BIAS, FRACTION_BITS, INFINITY
from .heap import character_at
from .number_text import (
    EXPONENT,
    INF,
    MINUS,
    PLUS,
    POINT,
    ZERO,
    Pair,
    carry,
    log2_of_power,
)
from .powers_of_ten import LEAST_POWER
from .primitives import (
    Memory,
    add_overflow,
    bits_of_float,
    float_of_int,
    load,
    logical_shift_right,
    multiply_high,
    multiply_overflow,
    shift_left_bits,
    subtract_overflow,
)
from .statuses import DOMAIN_ERROR, HOST, OK, OVERFLOW, Result
from .tags import FLOAT, INT, MIN_INT

# Longer texts are the host's, which bounds the time here. Python refuses ints of more
# digits than a program may set, and it may set no less.
LONGEST = 640

SPACE = ord(" ")
LOWER_CASE = 0x20  # the bit that a small letter has and its capital has not
INFINITY_NAME = int.from_bytes(b"infinity", "little")
NAN = int.from_bytes(b"nan", "little")
NAN_BITS = 0x7FF8 << 48

MOST_DIGITS = 19  # digits that fit in 64 unsigned bits, whatever they are
GREATEST_FLOAT_POWER = 308  # 1e309 is infinite
# An exponent beyond all that 640 digits before or behind the point can make up for.
GREATEST_EXPONENT = 10000

# The middle of two floats is an odd number of 54 bits times a power of two. Where
# digits * 10**k is one, 5**k divides that number, or 5**-k the digits' 64 bits.
LEAST_MIDDLE = -4
GREATEST_MIDDLE = 23

Quad = tuple[int, int, int, int]


# ---- the text ----------------------------------------------------------------------
def is_space(character: int) -> int:
    """1 for what Python strips of ASCII: space, tab to return, 4 separators."""
    if character == SPACE or 9 <= character <= 13 or 28 <= character <= 31:
        return 1
    return 0


def trimmed(memory: Memory, at: int, length: int, width: int) -> Pair:
    """(first, end) of a text without the spaces around it."""
    first = 0
    while first < length and is_space(character_at(memory, at, width, first)) != 0:
        first += 1
    end = length
    while first < end and is_space(character_at(memory, at, width, end - 1)) != 0:
        end -= 1
    return first, end


def sign_at(memory: Memory, at: int, width: int, index: int, end: int) -> int:
    """-1 or 1 where a sign stands at `index`, else 0."""
    if index < end:
        character = character_at(memory, at, width, index)
        if character == MINUS:
            return -1
        if character == PLUS:
            return 1
    return 0


def refusal(memory: Memory, at: int, length: int, width: int) -> int:
    """The status of a text that is no number: only the host knows all of Unicode."""
    index = 0
    while index < length:
        if character_at(memory, at, width, index) > 127:
            return HOST
        index += 1
    return DOMAIN_ERROR


# ---- ints --------------------------------------------------------------------------
def parse_int(memory: Memory, at: int, length: int, width: int) -> Result:
    """The int whose text is packed from word `at` on, `width` bytes a character."""
    if length > LONGEST:
        return INT, 0, HOST
    index, end = trimmed(memory, at, length, width)
    sign = sign_at(memory, at, width, index, end)
    index += sign & 1
    if index == end:
        return INT, 0, refusal(memory, at, length, width)
    value = 0  # negated, as the least int has no counterpart
    overflow = 0
    while index < end:
        digit = character_at(memory, at, width, index) - ZERO
        if digit < 0 or digit > 9:
            return INT, 0, refusal(memory, at, length, width)
        value, high = multiply_overflow(value, 10)
        value, low = subtract_overflow(value, digit)
        overflow |= high | low
        index += 1
    if sign >= 0:
        value, high = subtract_overflow(0, value)
        overflow |= high
    if overflow != 0:
        return INT, 0, OVERFLOW
    return INT, value, OK


# ---- the parts of a float ----------------------------------------------------------
def scan_decimal(memory: Memory, at: int, width: int, index: int, end: int) -> Quad:
    """(digits, exponent, 1 if digits were cut off, index behind); -1 without a digit.

    The digits are an unsigned word of at most MOST_DIGITS.
    """
    digits = 0
    exponent = 0
    cut = 0
    taken = 0
    behind_point = 0
    found = 0
    while index < end:
        digit = character_at(memory, at, width, index) - ZERO
        if 0 <= digit <= 9:
            found = 1
            exponent -= behind_point
            if taken < MOST_DIGITS:
                digits, _ = multiply_overflow(digits, 10)
                digits, _ = add_overflow(digits, digit)
                if digits != 0:
                    taken += 1
            else:
                exponent += 1
                if digit != 0:
                    cut = 1
        elif digit == POINT - ZERO and behind_point == 0:
            behind_point = 1
        else:
            break
        index += 1
    return digits, exponent, cut, index if found != 0 else -1


def scan_exponent(memory: Memory, at: int, width: int, index: int, end: int) -> Pair:
    """(exponent, index behind it); (0, index) where none stands there."""
    if index == end or character_at(memory, at, width, index) | LOWER_CASE != EXPONENT:
        return 0, index
    sign = sign_at(memory, at, width, index + 1, end)
    first = index + 1 + (sign & 1)
    current = first
    exponent = 0
    while current < end:
        digit = character_at(memory, at, width, current) - ZERO
        if digit < 0 or digit > 9:
            break
        if exponent < GREATEST_EXPONENT:
            exponent = exponent * 10 + digit
        current += 1
    if current == first:
        return 0, index
    return (exponent if sign >= 0 else -exponent), current


def named_float(memory: Memory, at: int, width: int, index: int, end: int) -> int:
    """The bits of `inf`, `infinity` or `nan` in small or capital letters, else 0."""
    if end - index > 8:
        return 0
    name = 0
    shift = 0
    while index < end:
        character = character_at(memory, at, width, index)
        if character > 127:
            return 0
        name |= shift_left_bits(character | LOWER_CASE, shift)
        shift += 8
        index += 1
    if name == INF or name == INFINITY_NAME:
        return INFINITY
    return NAN_BITS if name == NAN else 0


# ---- rounding ----------------------------------------------------------------------
def leading_zeros(value: int) -> int:
    """Zero bits above the highest one of an unsigned word that is not 0."""
    if value < 0:
        return 0
    shift = 63 + EXPONENT_BIAS - (bits_of_float(float_of_int(value)) >> FRACTION_BITS)
    # The conversion may have rounded up to the next power of two.
    return shift + 1 if shift_left_bits(value, shift) >= 0 else shift


def product(powers: Memory, digits: int, exponent: int) -> Pair:
    """The high 128 bits of digits * 10**exponent's significand, as far as they count.

    The low half of the power matters only where the nine bits below a float's
    significand and its rounding bit are all set, so that a carry would change it.
    """
    at = 2 * (exponent - LEAST_POWER)
    factor = load(powers, at)
    high = multiply_high(digits, factor)
    low, _ = multiply_overflow(digits, factor)
    if high & 0x1FF == 0x1FF:
        part = multiply_high(digits, load(powers, at + 1))
        low, _ = add_overflow(low, part)
        high, _ = add_overflow(high, carry(low, part))
    return high, low


def nearest(powers: Memory, digits: int, exponent: int) -> int:
    """The bits of the float nearest to digits * 10**exponent, digits unsigned.

    An exact float product or quotient of a few digits and a small power of ten would
    save 1.5 ns of the 18 ns that such a text takes.
    """
    if digits == 0 or exponent < LEAST_POWER:
        return 0
    if exponent > GREATEST_FLOAT_POWER:
        return INFINITY
    shift = leading_zeros(digits)
    high, low = product(powers, shift_left_bits(digits, shift), exponent)
    upper = logical_shift_right(high, 63)
    # 53 bits and one to round by
    significand = logical_shift_right(high, upper + 9)
    biased = log2_of_power(exponent) + 63 + upper - shift + EXPONENT_BIAS
    if biased >= 0x7FF:
        return INFINITY
    if biased <= 0:
        # No decimal of so few digits lies in the middle of two subnormal floats.
        if biased < -62:
            return 0
        significand = logical_shift_right(significand, 1 - biased)
        return significand + (significand & 1) >> 1
    if LEAST_MIDDLE <= exponent <= GREATEST_MIDDLE and significand & 3 == 1:
        # In the middle of two floats, as only zeros were shifted out: to the even one.
        if low == 0 and shift_left_bits(significand, upper + 9) == high:
            significand -= 1
    significand = significand + (significand & 1) >> 1
    # The hidden bit counts one up in the exponent, as does a carry out of it.
    return shift_left_bits(biased - 1, FRACTION_BITS) + significand


def parse_float(
    powers: Memory, memory: Memory, at: int, length: int, width: int
) -> Result:
    """The float whose text is packed from word `at` on, `width` bytes a character.

    `powers` is the table of core/powers_of_ten.py.
    """
    if length > LONGEST:
        return FLOAT, 0, HOST
    first, end = trimmed(memory, at, length, width)
    sign = sign_at(memory, at, width, first, end)
    first += sign & 1
    sign_bit = MIN_INT if sign < 0 else 0
    digits, exponent, cut, index = scan_decimal(memory, at, width, first, end)
    if index < 0:
        bits = named_float(memory, at, width, first, end)
        if bits != 0:
            return FLOAT, bits | sign_bit, OK
        return FLOAT, 0, refusal(memory, at, length, width)
    power, index = scan_exponent(memory, at, width, index, end)
    if index != end:
        return FLOAT, 0, refusal(memory, at, length, width)
    bits = nearest(powers, digits, exponent + power)
    if cut != 0:
        above, _ = add_overflow(digits, 1)
        if nearest(powers, above, exponent + power) != bits:
            return FLOAT, 0, HOST
    return FLOAT, bits | sign_bit, OK
