"""Text of ints and floats, as semantic functions: what the language prints.

Text is written as packed one-byte characters, eight a word, the first in the lowest
byte, zero padded to whole words: the data of a string object of width 1.

The decimal digits of a float are found by Schubfach: Raffaello Giulietti, "The
Schubfach way to render doubles" (2020, revised 2022), with the 128-bit powers and the
test for shorter decimals of Alexander Bolz's implementation (Drachennest). Where a
decimal has an exponent, and of how many digits, is Python's rule for `repr`.
"""

from __future__ import annotations

from .floats import FRACTION_BITS, FRACTION_MASK, HIDDEN_BIT, INFINITY, WHOLE_BIAS
from .powers_of_ten import LEAST_POWER
from .primitives import (
    Memory,
    add_overflow,
    c_trunc,
    float_of_bits,
    int_of_float,
    load,
    logical_shift_right,
    multiply_high,
    multiply_overflow,
    quotient,
    remainder,
    shift_left_bits,
    store,
)
from .tags import MAX_INT, MIN_INT

Pair = tuple[int, int]

TEN_8 = 10**8
TEN_16 = 10**16

# Most characters of an int and of a float, hence words that a text may take.
INT_CHARACTERS = len(str(MIN_INT))
FLOAT_CHARACTERS = len("-2.2250738585072014e-308")
TEXT_WORDS = 3

MINUS = ord("-")
PLUS = ord("+")
POINT = ord(".")
ZERO = ord("0")
EXPONENT = ord("e")

# Packed characters.
ZEROS = int.from_bytes(b"00000000", "little")
POINT_ZERO = int.from_bytes(b".0", "little")
ZERO_POINT_ZEROS = int.from_bytes(b"0.000", "little")
INF = int.from_bytes(b"inf", "little")
NAN = int.from_bytes(b"NaN", "little")

# ---- numbers as texts --------------------------------------------------------------
TWO_53 = 9007199254740992.0  # a whole number below has no digits but its own
GREATEST_PLAIN = 16  # digits before the point, from where an exponent is written
LEAST_PLAIN = -3  # zeros after the point, negated, from where one is


# ---- characters into memory --------------------------------------------------------
def put(memory: Memory, at: int, index: int, characters: int, count: int) -> int:
    """Write 1 to 8 packed characters as number `index` on; the index behind them.

    The rest of the word `characters` is 0. A word is stored whole when its first
    character is written, so what was there before does not matter.
    """
    word = at + (index >> 3)
    shift = (index & 7) * 8
    if shift == 0:
        store(memory, word, characters)
        return index + count
    store(memory, word, load(memory, word) | shift_left_bits(characters, shift))
    if shift + 8 * count > 64:
        store(memory, word + 1, logical_shift_right(characters, 64 - shift))
    return index + count


def eight_digits(value: int) -> int:
    """The packed digits of 0 <= value < 10**8, leading zeros included.

    Two halves of four digits, four pairs, eight digits: a multiplication a step, by
    1/100 as 10486 / 2**20 and by 1/10 as 103 / 2**10.
    """
    high = quotient(value, 10000)
    lanes = high | (value - high * 10000) << 32
    tens = (lanes * 10486 >> 20) & 0x7F0000007F
    lanes = tens | (lanes - tens * 100) << 16
    tens = (lanes * 103 >> 10) & 0xF000F000F000F
    return (tens | (lanes - tens * 10) << 8) + ZEROS


def put_digits(memory: Memory, at: int, index: int, value: int, count: int) -> int:
    """Write 0 <= value < 10**count as exactly 1 to 17 digits; the index behind."""
    high = quotient(value, TEN_8)
    low = value - high * TEN_8
    if count > 16:
        top = quotient(high, TEN_8)
        index = put(memory, at, index, top + ZERO, 1)
        high -= top * TEN_8
        count = 16
    if count > 8:
        digits = logical_shift_right(eight_digits(high), 8 * (16 - count))
        index = put(memory, at, index, digits, count - 8)
        count = 8
    digits = logical_shift_right(eight_digits(low), 8 * (8 - count))
    return put(memory, at, index, digits, count)


def digit_count(value: int) -> int:
    """How many decimal digits value >= 0 has; 1 for 0."""
    count = 1
    while value >= TEN_8:
        value = quotient(value, TEN_8)
        count += 8
    power = 10
    while value >= power:
        power *= 10
        count += 1
    return count


def format_int(memory: Memory, at: int, value: int) -> int:
    """Write an int from word `at` on; how many characters, at most INT_CHARACTERS."""
    index = 0
    high = quotient(value, TEN_16)
    low = remainder(value, TEN_16)
    if value < 0:
        # Negated in parts, because the least int has no counterpart.
        index = put(memory, at, index, MINUS, 1)
        high = -high
        low = -low
    if high == 0:
        return put_digits(memory, at, index, low, digit_count(low))
    index = put_digits(memory, at, index, high, digit_count(high))
    return put_digits(memory, at, index, low, 16)


# ---- the shortest decimal ----------------------------------------------------------
def log2_of_power(power: int) -> int:
    """floor(log2(10**power)) for |power| <= 1233."""
    return power * 1741647 >> 19


def small_power(powers: Memory, power: int) -> int:
    """10**power for 0 <= power <= 18, which is all in the high half."""
    high = load(powers, 2 * (power - LEAST_POWER))
    return logical_shift_right(high, 63 - log2_of_power(power))


def carry(total: int, part: int) -> int:
    """1 where an unsigned sum that contains `part` passed 2**64, else 0."""
    return 1 if total ^ MIN_INT < part ^ MIN_INT else 0


def round_to_odd(high: int, low: int, factor: int) -> int:
    """(high * 2**64 + low) * factor / 2**128, odd where it is not whole.

    As the power (high, low) was rounded up, a product that should be whole exceeds it
    by less than factor / 2**128, and factor < 2**60. Any other is farther from a whole
    one: 2**-65.4 above, 2**-61.5 below at least, over all floats.
    """
    bottom, _ = multiply_overflow(low, factor)
    part = multiply_high(low, factor)
    middle, _ = multiply_overflow(high, factor)
    middle, _ = add_overflow(middle, part)
    top = multiply_high(high, factor) + carry(middle, part)
    if middle == 0 and 0 <= bottom < factor:
        return top
    return top | 1


def closest(lower: int, value: int, upper: int, exponent: int) -> Pair:
    """(digits, exponent) of a decimal from lower to upper, all of 10**exponent / 4.

    With one digit less if only one such decimal lies in the interval, else the one
    that is closer to the value, and the even one of two equally close.
    """
    digits = value >> 2
    if digits >= 10:
        tens = quotient(digits, 10)
        below = 1 if lower <= 40 * tens else 0
        above = 1 if 40 * tens + 40 <= upper else 0
        if below != above:
            return tens + above, exponent + 1
    below = 1 if lower <= 4 * digits else 0
    above = 1 if 4 * digits + 4 <= upper else 0
    if below != above:
        return digits + above, exponent
    middle = 4 * digits + 2
    if value > middle:
        return digits + 1, exponent
    if value == middle:
        return digits + (digits & 1), exponent
    return digits, exponent


def without_zeros(digits: int, exponent: int) -> Pair:
    """The same decimal whose last digit is not 0; digits > 0."""
    while remainder(digits, TEN_8) == 0:
        digits = quotient(digits, TEN_8)
        exponent += 8
    while remainder(digits, 10) == 0:
        digits = quotient(digits, 10)
        exponent += 1
    return digits, exponent


def shortest(powers: Memory, magnitude: int) -> Pair:
    """(digits, exponent) of the shortest decimal that reads back as a float > 0.

    The decimals that do lie between the middles to the float's neighbours, of which
    the lower is at half the distance where the significand is a power of two.
    """
    fraction = magnitude & FRACTION_MASK
    biased = magnitude >> FRACTION_BITS
    closer = 1 if fraction == 0 and biased > 1 else 0
    if biased == 0:
        biased = 1
    else:
        fraction |= HIDDEN_BIT
    binary = biased - WHOLE_BIAS
    # floor(log10(2**binary)), of 3/4 * 2**binary where the interval is that narrow
    exponent = binary * 1262611 - closer * 524031 >> 22
    shift = binary + log2_of_power(-exponent) + 1
    at = 2 * (-exponent - LEAST_POWER)
    high = load(powers, at)
    low = load(powers, at + 1)
    odd = fraction & 1  # the middles belong to the float whose significand is even
    quarters = 4 * fraction
    lower = round_to_odd(high, low, quarters - 2 + closer << shift) + odd
    value = round_to_odd(high, low, quarters << shift)
    upper = round_to_odd(high, low, quarters + 2 << shift) - odd
    digits, exponent = closest(lower, value, upper, exponent)
    return without_zeros(digits, exponent)


# ---- its layout --------------------------------------------------------------------
def put_plain(
    powers: Memory, memory: Memory, at: int, index: int, digits: int, exponent: int
) -> int:
    """Write digits * 10**exponent without an exponent; the index behind."""
    count = digit_count(digits)
    before = count + exponent  # digits before the point
    if before <= 0:
        characters = 2 - before
        mask = shift_left_bits(1, 8 * characters) - 1
        index = put(memory, at, index, ZERO_POINT_ZEROS & mask, characters)
        return put_digits(memory, at, index, digits, count)
    if exponent >= 0:
        digits *= small_power(powers, exponent)
        index = put_digits(memory, at, index, digits, before)
        return put(memory, at, index, POINT_ZERO, 2)
    unit = small_power(powers, -exponent)
    whole = quotient(digits, unit)
    index = put_digits(memory, at, index, whole, before)
    index = put(memory, at, index, POINT, 1)
    return put_digits(memory, at, index, digits - whole * unit, -exponent)


def put_scientific(
    powers: Memory, memory: Memory, at: int, index: int, digits: int, exponent: int
) -> int:
    """Write digits * 10**exponent as 1.5e-07 or 1e+300; the index behind."""
    after = digit_count(digits) - 1  # digits after the point
    exponent += after
    unit = small_power(powers, after)
    first = quotient(digits, unit)
    if after == 0:
        index = put(memory, at, index, first + ZERO, 1)
    else:
        index = put(memory, at, index, first + ZERO | POINT << 8, 2)
        index = put_digits(memory, at, index, digits - first * unit, after)
    sign = MINUS if exponent < 0 else PLUS
    if exponent < 0:
        exponent = -exponent
    index = put(memory, at, index, EXPONENT | sign << 8, 2)
    return put_digits(memory, at, index, exponent, 3 if exponent > 99 else 2)


def format_float(powers: Memory, memory: Memory, at: int, bits: int) -> int:
    """Write a float from word `at` on; how many characters, at most FLOAT_CHARACTERS.

    `powers` is the table of core/powers_of_ten.py.
    """
    magnitude = bits & MAX_INT
    if magnitude > INFINITY:
        return put(memory, at, 0, NAN, 3)
    index = 0
    if bits < 0:
        index = put(memory, at, index, MINUS, 1)
    if magnitude == INFINITY:
        return put(memory, at, index, INF, 3)
    value = float_of_bits(magnitude)
    if value < TWO_53 and c_trunc(value) == value:
        whole = int_of_float(value)
        index = put_digits(memory, at, index, whole, digit_count(whole))
        return put(memory, at, index, POINT_ZERO, 2)
    digits, exponent = shortest(powers, magnitude)
    before = digit_count(digits) + exponent
    if LEAST_PLAIN <= before <= GREATEST_PLAIN:
        return put_plain(powers, memory, at, index, digits, exponent)
    return put_scientific(powers, memory, at, index, digits, exponent)
