"""Arithmetic: what an operator does on tagged values.

This module and its neighbours (comparison, access, scalars, arrays) are the semantic
functions, in which what an operation does stands once. Each takes and returns
(tag, payload) pairs and ends with a status. They are plain Python over the primitives;
the same source is compiled for the kernel and for specialisations, and the constant
folder calls them. With the tags of its operands known, LLVM reduces a call to the one
machine operation left.

NATIVE says that the operation is a native one for these operands (core/natives.py).
Any status other than OK means that nothing happened, so the instruction can be
executed again. A result that fails for its operands' values, not their tags, still
has the tag that it would have had: constant propagation then knows the tag behind
a division without knowing that the divisor is not 0.
"""

from __future__ import annotations

from .primitives import (
    add_overflow,
    bits_of_float,
    c_fmod,
    c_pow,
    float_of_bits,
    float_of_int,
    logical_shift_right,
    multiply_overflow,
    quotient,
    remainder,
    subtract_overflow,
)
from .statuses import DIVISION_BY_ZERO, NATIVE, OK, OVERFLOW, TYPE_ERROR, Result
from .tags import BOOL, FLOAT, INT, NIL, STRING

TWO_63 = 9223372036854775808.0


def op_add(ta: int, a: int, tb: int, b: int) -> Result:
    """a + b; concatenates where either side is a string."""
    if ta == INT and tb == INT:
        r, o = add_overflow(a, b)
        return INT, r, o * OVERFLOW
    if ta == FLOAT:
        if tb == FLOAT:
            return FLOAT, bits_of_float(float_of_bits(a) + float_of_bits(b)), OK
        if tb == INT:
            return FLOAT, bits_of_float(float_of_bits(a) + float_of_int(b)), OK
    elif ta == INT and tb == FLOAT:
        return FLOAT, bits_of_float(float_of_int(a) + float_of_bits(b)), OK
    if ta == STRING or tb == STRING:
        return STRING, 0, NATIVE
    return NIL, 0, TYPE_ERROR


def op_subtract(ta: int, a: int, tb: int, b: int) -> Result:
    """a - b."""
    if ta == INT and tb == INT:
        r, o = subtract_overflow(a, b)
        return INT, r, o * OVERFLOW
    if ta == FLOAT:
        if tb == FLOAT:
            return FLOAT, bits_of_float(float_of_bits(a) - float_of_bits(b)), OK
        if tb == INT:
            return FLOAT, bits_of_float(float_of_bits(a) - float_of_int(b)), OK
    elif ta == INT and tb == FLOAT:
        return FLOAT, bits_of_float(float_of_int(a) - float_of_bits(b)), OK
    return NIL, 0, TYPE_ERROR


def op_multiply(ta: int, a: int, tb: int, b: int) -> Result:
    """a * b."""
    if ta == INT and tb == INT:
        r, o = multiply_overflow(a, b)
        return INT, r, o * OVERFLOW
    if ta == FLOAT:
        if tb == FLOAT:
            return FLOAT, bits_of_float(float_of_bits(a) * float_of_bits(b)), OK
        if tb == INT:
            return FLOAT, bits_of_float(float_of_bits(a) * float_of_int(b)), OK
    elif ta == INT and tb == FLOAT:
        return FLOAT, bits_of_float(float_of_int(a) * float_of_bits(b)), OK
    return NIL, 0, TYPE_ERROR


def to_number(t: int, v: int) -> float:
    """The float64 nearest to an int or float."""
    if t == INT:
        return float_of_int(v)
    return float_of_bits(v)


def op_divide(ta: int, a: int, tb: int, b: int) -> Result:
    """a / b; ints toward zero; any division by zero is an error."""
    if ta == INT and tb == INT:
        if b == 0:
            return INT, 0, DIVISION_BY_ZERO
        if b == -1:
            # The one quotient that does not fit; also the one that traps.
            r, o = subtract_overflow(0, a)
            return INT, r, o * OVERFLOW
        return INT, quotient(a, b), OK
    if ta <= FLOAT and tb <= FLOAT:
        y = to_number(tb, b)
        if y == 0.0:
            return FLOAT, 0, DIVISION_BY_ZERO
        return FLOAT, bits_of_float(to_number(ta, a) / y), OK
    return NIL, 0, TYPE_ERROR


def op_modulo(ta: int, a: int, tb: int, b: int) -> Result:
    """a % b with the sign of the dividend."""
    if ta == INT and tb == INT:
        if b == 0:
            return INT, 0, DIVISION_BY_ZERO
        if b == -1:
            return INT, 0, OK
        return INT, remainder(a, b), OK
    if ta <= FLOAT and tb <= FLOAT:
        y = to_number(tb, b)
        if y == 0.0:
            return FLOAT, 0, DIVISION_BY_ZERO
        return FLOAT, bits_of_float(c_fmod(to_number(ta, a), y)), OK
    return NIL, 0, TYPE_ERROR


def int_power(base: int, exponent: int) -> Result:
    """base ** exponent for exponent >= 0, by squaring."""
    result = 1
    while True:
        if exponent & 1 == 1:
            result, o = multiply_overflow(result, base)
            if o != 0:
                return INT, 0, OVERFLOW
        exponent = logical_shift_right(exponent, 1)
        if exponent == 0:
            return INT, result, OK
        base, o = multiply_overflow(base, base)
        # A bit of the exponent is left, so this square is used.
        if o != 0:
            return INT, 0, OVERFLOW


def op_power(ta: int, a: int, tb: int, b: int) -> Result:
    """a ** b; an int to a non-negative int power is an int, else a float."""
    if ta == INT and tb == INT and b >= 0:
        return int_power(a, b)
    if ta <= FLOAT and tb <= FLOAT:
        return FLOAT, bits_of_float(c_pow(to_number(ta, a), to_number(tb, b))), OK
    return NIL, 0, TYPE_ERROR


def op_negate(t: int, v: int) -> Result:
    """-a."""
    if t == INT:
        r, o = subtract_overflow(0, v)
        return INT, r, o * OVERFLOW
    if t == FLOAT:
        return FLOAT, bits_of_float(-float_of_bits(v)), OK
    return NIL, 0, TYPE_ERROR


def op_not(t: int, v: int) -> Result:
    """!a of a bool."""
    if t == BOOL:
        return BOOL, 1 - v, OK
    return NIL, 0, TYPE_ERROR
