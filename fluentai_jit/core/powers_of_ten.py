"""The table of powers of ten from which text of floats is made and read.

Two words a power, from LEAST_POWER to GREATEST_POWER: the high and the low half of

    ceil(10**k / 2**(b - 127)),  b = floor(log2(10**k)),

a significand of 128 bits whose top bit is set. Schubfach (number_text) needs the
powers from -292 to 324, Eisel and Lemire's algorithm (number_parse) from -342 to 308.
"""

from __future__ import annotations

from array import array

from .primitives import wrap

LEAST_POWER = -342
GREATEST_POWER = 324


def significand(power: int) -> int:
    """The 128 bits of a power of ten, rounded up."""
    above: int = 10 ** max(power, 0)
    below: int = 10 ** max(-power, 0)
    # No power of ten but 1 is a power of two, hence no -1 for negative exponents.
    exponent = above.bit_length() - 1 if power >= 0 else -below.bit_length()
    shift = 127 - exponent
    above <<= max(shift, 0)
    below <<= max(-shift, 0)
    return -(-above // below)


def powers_of_ten() -> array[int]:
    """The words of the table; exact, and made in about a millisecond."""
    words = array("q")
    for power in range(LEAST_POWER, GREATEST_POWER + 1):
        bits = significand(power)
        words.extend((wrap(bits >> 64), wrap(bits)))
    return words
