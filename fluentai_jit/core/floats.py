"""The format of a float, binary64 of IEEE 754: sign, 11 bits of exponent, fraction."""

from __future__ import annotations

FRACTION_BITS = 52
HIDDEN_BIT = 1 << FRACTION_BITS
FRACTION_MASK = HIDDEN_BIT - 1
INFINITY = 0x7FF << FRACTION_BITS
EXPONENT_BIAS = 1023
# A float is its significand, as a whole number, times 2**(exponent - this).
WHOLE_BIAS = EXPONENT_BIAS + FRACTION_BITS
