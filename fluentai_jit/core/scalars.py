"""Scalar functions: library functions of numbers, as semantic functions.

All take a context and up to three (tag, payload) arguments, so that one
instruction reaches them all; unused arguments are nil. Integer results that do
not fit are OVERFLOW, arguments of a wrong kind TYPE_ERROR.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .arithmetic import TWO_63, op_modulo, op_power, to_number
from .comparison import op_less
from .layout import HEAP, OBJECT_LENGTH
from .primitives import (
    Memory,
    bits_of_float,
    c_acos,
    c_asin,
    c_atan,
    c_atan2,
    c_ceil,
    c_cos,
    c_cosh,
    c_exp,
    c_fabs,
    c_floor,
    c_hypot,
    c_log,
    c_log2,
    c_log10,
    c_round,
    c_sin,
    c_sinh,
    c_sqrt,
    c_tan,
    c_tanh,
    c_trunc,
    float_of_bits,
    float_of_int,
    int_of_float,
    load,
    multiply_overflow,
    pointer,
    quotient,
    remainder,
    shift_left_bits,
    shift_right_bits,
    subtract_overflow,
)
from .statuses import (
    DIVISION_BY_ZERO,
    DOMAIN_ERROR,
    NATIVE,
    OK,
    OVERFLOW,
    TYPE_ERROR,
    Result,
)
from .tags import (
    ARRAY,
    BOOL,
    CLOSURE,
    FLOAT,
    FUNCTION,
    INT,
    LIST,
    MAP,
    MIN_INT,
    NIL,
    SET,
    STRING,
    SYMBOL,
)

PI = 3.141592653589793
# One factor: a product with PI could pass the greatest float.
DEGREES = 180.0 / PI
RADIANS = PI / 180.0


def s_sin(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Sine of an angle in radians."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_sin(to_number(t, v))), OK


def s_cos(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Cosine of an angle in radians."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_cos(to_number(t, v))), OK


def s_tan(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Tangent of an angle in radians."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_tan(to_number(t, v))), OK


def s_asin(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Arc sine, radians; NaN outside [-1, 1]."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_asin(to_number(t, v))), OK


def s_acos(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Arc cosine, radians; NaN outside [-1, 1]."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_acos(to_number(t, v))), OK


def s_atan(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Arc tangent, radians."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_atan(to_number(t, v))), OK


def s_sinh(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Hyperbolic sine."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_sinh(to_number(t, v))), OK


def s_cosh(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Hyperbolic cosine."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_cosh(to_number(t, v))), OK


def s_tanh(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Hyperbolic tangent."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_tanh(to_number(t, v))), OK


def s_exp(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """e to the power x."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_exp(to_number(t, v))), OK


def s_ln(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Natural logarithm; -inf of 0, NaN of a negative number."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_log(to_number(t, v))), OK


def s_log2(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Logarithm to base 2."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_log2(to_number(t, v))), OK


def s_log10(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Logarithm to base 10."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_log10(to_number(t, v))), OK


def s_sqrt(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Square root; NaN of a negative number."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_sqrt(to_number(t, v))), OK


def s_floor(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Greatest whole number at most x, as a float."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_floor(to_number(t, v))), OK


def s_ceil(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Least whole number at least x, as a float."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_ceil(to_number(t, v))), OK


def s_round(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Nearest whole number as a float, halves away from zero."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_round(to_number(t, v))), OK


def s_trunc(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Whole part toward zero, as a float."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_trunc(to_number(t, v))), OK


def s_atan2(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Angle of the point (x, y) given as atan2(y, x), radians."""
    if t > FLOAT or t2 > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_atan2(to_number(t, v), to_number(t2, v2))), OK


def s_hypot(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Length of the vector (x, y)."""
    if t > FLOAT or t2 > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(c_hypot(to_number(t, v), to_number(t2, v2))), OK


def s_log(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Logarithm of x to a base."""
    if t > FLOAT or t2 > FLOAT:
        return NIL, 0, TYPE_ERROR
    base = c_log(to_number(t2, v2))
    if base == 0.0:
        return FLOAT, 0, DIVISION_BY_ZERO
    return FLOAT, bits_of_float(c_log(to_number(t, v)) / base), OK


def s_pow(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """x ** y, as the operator."""
    return op_power(t, v, t2, v2)


def s_degrees(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Radians to degrees."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(to_number(t, v) * DEGREES), OK


def s_radians(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Degrees to radians."""
    if t > FLOAT:
        return NIL, 0, TYPE_ERROR
    return FLOAT, bits_of_float(to_number(t, v) * RADIANS), OK


def s_abs(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Absolute value, of the kind of its argument."""
    if t == INT:
        if v >= 0:
            return INT, v, OK
        r, o = subtract_overflow(0, v)
        return INT, r, o * OVERFLOW
    if t == FLOAT:
        return FLOAT, bits_of_float(c_fabs(float_of_bits(v))), OK
    return NIL, 0, TYPE_ERROR


def s_sign(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """-1, 0 or 1 of an int; the same as a float of a float, NaN of NaN."""
    if t == INT:
        if v > 0:
            return INT, 1, OK
        if v < 0:
            return INT, -1, OK
        return INT, 0, OK
    if t == FLOAT:
        x = float_of_bits(v)
        if x > 0.0:
            return FLOAT, bits_of_float(1.0), OK
        if x < 0.0:
            return FLOAT, bits_of_float(-1.0), OK
        return FLOAT, v, OK
    return NIL, 0, TYPE_ERROR


def s_min(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The lesser of two numbers or strings; the first where they are equal."""
    _t, less, s = op_less(ctx, t2, v2, t, v)
    if s != OK:
        return NIL, 0, s
    if less != 0:
        return t2, v2, OK
    return t, v, OK


def s_max(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The greater of two numbers or strings; the first where they are equal."""
    _t, less, s = op_less(ctx, t, v, t2, v2)
    if s != OK:
        return NIL, 0, s
    if less != 0:
        return t2, v2, OK
    return t, v, OK


def s_clamp(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The first argument, at least the second and at most the third."""
    _t, below, s = op_less(ctx, t, v, t2, v2)
    if s != OK:
        return NIL, 0, s
    if below != 0:
        return t2, v2, OK
    _t, above, s = op_less(ctx, t3, v3, t, v)
    if s != OK:
        return NIL, 0, s
    if above != 0:
        return t3, v3, OK
    return t, v, OK


def s_round_to(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """x rounded to n decimal places as a float, halves away from zero."""
    if t > FLOAT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    if v2 < -300 or v2 > 300:
        return FLOAT, 0, DOMAIN_ERROR
    x = to_number(t, v)
    # A power of ten with a negative exponent is no float: divide by the other one.
    places = v2 if v2 >= 0 else -v2
    _t, factor, _s = op_power(FLOAT, bits_of_float(10.0), INT, places)
    scale = float_of_bits(factor)
    if v2 < 0:
        return FLOAT, bits_of_float(c_round(x / scale) * scale), OK
    scaled = x * scale
    # Too large to have decimals left, or not finite.
    if not (c_fabs(scaled) < 4503599627370496.0):
        return FLOAT, bits_of_float(x), OK
    return FLOAT, bits_of_float(c_round(scaled) / scale), OK


def s_factorial(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """n! of a non-negative int."""
    if t != INT:
        return NIL, 0, TYPE_ERROR
    if v < 0:
        return INT, 0, DOMAIN_ERROR
    result = 1
    n = 2
    while n <= v:
        result, o = multiply_overflow(result, n)
        if o != 0:
            return INT, 0, OVERFLOW
        n += 1
    return INT, result, OK


def s_gcd(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Greatest common divisor, not negative; gcd(0, 0) is 0."""
    if t != INT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    a = v
    b = v2
    while b != 0:
        # remainder(MIN, -1) would trap on some machines; it is 0.
        r = 0 if b == -1 else remainder(a, b)
        a = b
        b = r
    if a >= 0:
        return INT, a, OK
    r, o = subtract_overflow(0, a)
    return INT, r, o * OVERFLOW


def s_lcm(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Least common multiple, not negative; 0 where one argument is 0."""
    if t != INT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    if v == 0 or v2 == 0:
        return INT, 0, OK
    _t, divisor, s = s_gcd(ctx, t, v, t2, v2, t3, v3)
    if s != OK:
        return INT, 0, s
    product, o = multiply_overflow(quotient(v, divisor), v2)
    if o != 0 or product == MIN_INT:
        return INT, 0, OVERFLOW
    if product < 0:
        return INT, -product, OK
    return INT, product, OK


def s_is_even(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether an int is even."""
    if t != INT:
        return NIL, 0, TYPE_ERROR
    return BOOL, 1 - (v & 1), OK


def s_is_odd(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Whether an int is odd."""
    if t != INT:
        return NIL, 0, TYPE_ERROR
    return BOOL, v & 1, OK


def s_bit_and(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Bitwise and of two ints."""
    if t != INT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    return INT, v & v2, OK


def s_bit_or(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Bitwise or of two ints."""
    if t != INT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    return INT, v | v2, OK


def s_bit_xor(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Bitwise exclusive or of two ints."""
    if t != INT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    return INT, v ^ v2, OK


def s_shift_left(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """a * 2**n, checked as multiplication is; 0 <= n."""
    if t != INT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    if v2 < 0:
        return INT, 0, DOMAIN_ERROR
    if v == 0:
        return INT, 0, OK
    if v2 > 63:
        return INT, 0, OVERFLOW
    r = shift_left_bits(v, v2)
    if shift_right_bits(r, v2) != v:
        return INT, 0, OVERFLOW
    return INT, r, OK


def s_shift_right(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """a / 2**n rounded down; 0 <= n."""
    if t != INT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    if v2 < 0:
        return INT, 0, DOMAIN_ERROR
    if v2 > 63:
        return INT, shift_right_bits(v, 63), OK
    return INT, shift_right_bits(v, v2), OK


def s_div(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Whole quotient rounded down, of ints."""
    if t != INT or t2 != INT:
        return NIL, 0, TYPE_ERROR
    if v2 == 0:
        return INT, 0, DIVISION_BY_ZERO
    if v2 == -1:
        r, o = subtract_overflow(0, v)
        return INT, r, o * OVERFLOW
    q = quotient(v, v2)
    if remainder(v, v2) != 0 and (v < 0) != (v2 < 0):
        return INT, q - 1, OK
    return INT, q, OK


def s_rem(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Remainder with the sign of the dividend, as the operator %."""
    return op_modulo(t, v, t2, v2)


def s_to_int(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Whole part of a number toward zero; the int that a string is the text of.

    1 and 0 of true and false.
    """
    if t == INT:
        return INT, v, OK
    if t == FLOAT:
        x = float_of_bits(v)
        if x >= -TWO_63 and x < TWO_63:
            return INT, int_of_float(c_trunc(x)), OK
        return INT, 0, DOMAIN_ERROR
    if t == BOOL:
        return INT, v, OK
    if t == STRING:
        return INT, 0, NATIVE
    return NIL, 0, TYPE_ERROR


def s_to_float(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A number as a float; the float that a string is the text of."""
    if t == INT:
        return FLOAT, bits_of_float(float_of_int(v)), OK
    if t == FLOAT:
        return FLOAT, v, OK
    if t == STRING:
        return FLOAT, 0, NATIVE
    return NIL, 0, TYPE_ERROR


def s_is_int(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Whether the value is an int."""
    return BOOL, 1 if t == INT else 0, OK


def s_is_float(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether the value is a float."""
    return BOOL, 1 if t == FLOAT else 0, OK


def s_is_bool(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether the value is a bool."""
    return BOOL, 1 if t == BOOL else 0, OK


def s_is_nil(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Whether the value is nil."""
    return BOOL, 1 if t == NIL else 0, OK


def s_is_array(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether the value is an array."""
    return BOOL, 1 if t == ARRAY else 0, OK


def s_is_string(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether the value is a string."""
    return BOOL, 1 if t == STRING else 0, OK


def s_is_list(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether the value is a list, or a range."""
    return BOOL, 1 if t == LIST else 0, OK


def s_is_function(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether the value is a function."""
    return BOOL, 1 if t == FUNCTION or t == CLOSURE else 0, OK


def s_is_symbol(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether the value is a symbol."""
    return BOOL, 1 if t == SYMBOL else 0, OK


def s_is_map(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Whether the value is a map."""
    return BOOL, 1 if t == MAP else 0, OK


def s_is_set(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Whether the value is a set."""
    return BOOL, 1 if t == SET else 0, OK


def s_is_nan(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Whether the value is the float NaN."""
    if t == FLOAT:
        x = float_of_bits(v)
        return BOOL, 1 if x != x else 0, OK
    return BOOL, 0, OK


def s_length(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """Characters of a string, items of a list, array or set, keys of a map."""
    if t == STRING or t == LIST or t == MAP or t == SET or t == ARRAY:
        return INT, load(pointer(ctx, HEAP), v + OBJECT_LENGTH), OK
    return NIL, 0, TYPE_ERROR


class Scalar(NamedTuple):
    """A row of the table of scalar functions."""

    name: str
    arity: int
    function: Callable[..., Result]


_ROWS = [
    ("sin", 1, s_sin),
    ("cos", 1, s_cos),
    ("tan", 1, s_tan),
    ("asin", 1, s_asin),
    ("acos", 1, s_acos),
    ("atan", 1, s_atan),
    ("sinh", 1, s_sinh),
    ("cosh", 1, s_cosh),
    ("tanh", 1, s_tanh),
    ("exp", 1, s_exp),
    ("ln", 1, s_ln),
    ("log2", 1, s_log2),
    ("log10", 1, s_log10),
    ("sqrt", 1, s_sqrt),
    ("floor", 1, s_floor),
    ("ceil", 1, s_ceil),
    ("round", 1, s_round),
    ("trunc", 1, s_trunc),
    ("atan2", 2, s_atan2),
    ("hypot", 2, s_hypot),
    ("log", 2, s_log),
    ("pow", 2, s_pow),
    ("degrees", 1, s_degrees),
    ("radians", 1, s_radians),
    ("abs", 1, s_abs),
    ("sign", 1, s_sign),
    ("min", 2, s_min),
    ("max", 2, s_max),
    ("clamp", 3, s_clamp),
    ("round_to", 2, s_round_to),
    ("factorial", 1, s_factorial),
    ("gcd", 2, s_gcd),
    ("lcm", 2, s_lcm),
    ("is_even", 1, s_is_even),
    ("is_odd", 1, s_is_odd),
    ("bit_and", 2, s_bit_and),
    ("bit_or", 2, s_bit_or),
    ("bit_xor", 2, s_bit_xor),
    ("shift_left", 2, s_shift_left),
    ("shift_right", 2, s_shift_right),
    ("div", 2, s_div),
    ("rem", 2, s_rem),
    ("to_int", 1, s_to_int),
    ("to_float", 1, s_to_float),
    ("is_int", 1, s_is_int),
    ("is_float", 1, s_is_float),
    ("is_bool", 1, s_is_bool),
    ("is_nil", 1, s_is_nil),
    ("is_string", 1, s_is_string),
    ("is_array", 1, s_is_array),
    ("is_list", 1, s_is_list),
    ("is_function", 1, s_is_function),
    ("is_symbol", 1, s_is_symbol),
    ("is_map", 1, s_is_map),
    ("is_set", 1, s_is_set),
    ("is_nan", 1, s_is_nan),
    ("length", 1, s_length),
]
SCALARS: tuple[Scalar, ...] = tuple(Scalar(*row) for row in _ROWS)
SCALAR_INDEX: dict[str, int] = {row.name: i for i, row in enumerate(SCALARS)}

# Library names that are values, not functions.
LIBRARY_CONSTANTS = {"pi": PI, "e": 2.718281828459045, "tau": 2.0 * PI}
