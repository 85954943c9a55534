"""Equality and order of tagged values, under the rules of `arithmetic`."""

from __future__ import annotations

from .arithmetic import TWO_63
from .heap import character_at, error_string, string_data, variant_of
from .layout import (
    ARRAY_ADDRESS,
    ARRAY_COLUMNS,
    ARRAY_ROWS,
    ERROR_KIND,
    ERROR_MESSAGE,
    HEAP,
    OBJECT_LENGTH,
)
from .primitives import (
    Memory,
    c_trunc,
    float_of_bits,
    int_of_float,
    load,
    logical_shift_right,
    pointer,
    shift_left_bits,
)
from .statuses import COLLECT, DOMAIN_ERROR, NATIVE, OK, TYPE_ERROR, Result
from .stopping import stopping, stops_at, stretch_end
from .tags import ARRAY, BOOL, ERROR, FLOAT, INT, LIST, MAP, NIL, SET, STRING, TAGGED

# What a comparison gives that has not come to its end: the program is to stop.
LEFT_EARLY = 2


def compare_int_float(a: int, x: float) -> int:
    """-1, 0 or 1 as the int a is below, at or above x, exactly; x is no NaN."""
    if x >= TWO_63:
        return -1
    if x < -TWO_63:
        return 1
    whole = c_trunc(x)
    b = int_of_float(whole)
    if a < b:
        return -1
    if a > b:
        return 1
    if x > whole:
        return -1
    if x < whole:
        return 1
    return 0


def canonical(t: int, v: int) -> Result:
    """The value by which equal numbers are one: a whole float is its int.

    DOMAIN_ERROR for NaN, which is equal to nothing.
    """
    if t != FLOAT:
        return t, v, OK
    x = float_of_bits(v)
    if x != x:
        return t, 0, DOMAIN_ERROR
    if x >= -TWO_63 and x < TWO_63 and c_trunc(x) == x:
        return INT, int_of_float(x), OK
    return FLOAT, v, OK


def compare_strings(ctx: Memory, a: int, b: int) -> int:
    """-1, 0 or 1 by code points; LEFT_EARLY where the program is to stop."""
    if a == b:
        return 0
    heap = pointer(ctx, HEAP)
    length_a = load(heap, a + OBJECT_LENGTH)
    length_b = load(heap, b + OBJECT_LENGTH)
    width_a = variant_of(heap, a)
    width_b = variant_of(heap, b)
    data_a = string_data(heap, a)
    data_b = string_data(heap, b)
    index = 0
    while index < length_a and index < length_b:
        if stops_at(ctx, index) != 0:
            return LEFT_EARLY
        x = character_at(heap, data_a, width_a, index)
        y = character_at(heap, data_b, width_b, index)
        if x < y:
            return -1
        if x > y:
            return 1
        index += 1
    if length_a < length_b:
        return -1
    if length_a > length_b:
        return 1
    return 0


def equal_strings(ctx: Memory, a: int, b: int) -> int:
    """1 where two strings have the same characters, else 0; or LEFT_EARLY.

    Then they have the same words, because no string is wider than it must be.
    """
    if a == b:
        return 1
    heap = pointer(ctx, HEAP)
    length = load(heap, a + OBJECT_LENGTH)
    width = variant_of(heap, a)
    if load(heap, b + OBJECT_LENGTH) != length or variant_of(heap, b) != width:
        return 0
    bits = 8 * length * width
    first = string_data(heap, a)
    second = string_data(heap, b)
    end = first + logical_shift_right(bits, 6)
    while first < end:
        stretch = stretch_end(first, end)
        while first < stretch:
            if load(heap, first) != load(heap, second):
                return 0
            first += 1
            second += 1
        if first < end and stopping(ctx) != 0:
            return LEFT_EARLY
    # In a shared buffer other characters may stand behind the last one.
    keep = shift_left_bits(1, bits & 63) - 1
    if keep != 0 and (load(heap, first) ^ load(heap, second)) & keep != 0:
        return 0
    return 1


def equal_numbers(ta: int, a: int, tb: int, b: int) -> int:
    """1 where two numbers are equal, an int and a float exactly, else 0."""
    if ta == INT and tb == INT:
        return 1 if a == b else 0
    if ta == FLOAT and tb == FLOAT:
        return 1 if float_of_bits(a) == float_of_bits(b) else 0
    i = a
    x = float_of_bits(b)
    if ta == FLOAT:
        i = b
        x = float_of_bits(a)
    if x != x:
        return 0
    return 1 if compare_int_float(i, x) == 0 else 0


def equal_arrays(ctx: Memory, a: int, b: int) -> int:
    """1 where two arrays have the same shape and equal items, else 0; LEFT_EARLY."""
    heap = pointer(ctx, HEAP)
    rows = load(heap, a + ARRAY_ROWS) - load(heap, b + ARRAY_ROWS)
    columns = load(heap, a + ARRAY_COLUMNS) - load(heap, b + ARRAY_COLUMNS)
    kind_a = variant_of(heap, a)
    kind_b = variant_of(heap, b)
    if rows != 0 or columns != 0 or kind_a >> 1 != kind_b >> 1:
        return 0
    first = pointer(heap, a + ARRAY_ADDRESS)
    second = pointer(heap, b + ARRAY_ADDRESS)
    count = load(heap, a + OBJECT_LENGTH)
    index = 0
    while index < count:
        if stops_at(ctx, index) != 0:
            return LEFT_EARLY
        x = load(first, index)
        if equal_numbers(kind_a & 1, x, kind_b & 1, load(second, index)) == 0:
            return 0
        index += 1
    return 1


def equal_errors(ctx: Memory, a: int, b: int) -> int:
    """1 where two error values have the same kind and message, else 0; LEFT_EARLY."""
    kind = error_string(ctx, a, ERROR_KIND)
    order = compare_strings(ctx, kind, error_string(ctx, b, ERROR_KIND))
    if order == 0:
        text = error_string(ctx, a, ERROR_MESSAGE)
        order = compare_strings(ctx, text, error_string(ctx, b, ERROR_MESSAGE))
    if order == LEFT_EARLY:
        return LEFT_EARLY
    return 1 if order == 0 else 0


def compared(result: int) -> Result:
    """The outcome of a comparison that may have been left early."""
    return BOOL, result & 1, COLLECT if result == LEFT_EARLY else OK


def op_equal(ctx: Memory, ta: int, a: int, tb: int, b: int) -> Result:
    """a == b, structural and numeric; never an error."""
    if ta == INT and tb == INT:
        return BOOL, 1 if a == b else 0, OK
    if ta <= FLOAT and tb <= FLOAT:
        return BOOL, equal_numbers(ta, a, tb, b), OK
    if ta != tb:
        return BOOL, 0, OK
    if ta == STRING:
        return compared(equal_strings(ctx, a, b))
    if ta == LIST or ta == MAP or ta == SET or ta == TAGGED:
        return BOOL, 0, NATIVE
    if ta == ARRAY:
        return compared(equal_arrays(ctx, a, b))
    if ta == ERROR:
        return compared(equal_errors(ctx, a, b))
    return BOOL, 1 if a == b else 0, OK


def op_not_equal(ctx: Memory, ta: int, a: int, tb: int, b: int) -> Result:
    """a != b."""
    t, v, s = op_equal(ctx, ta, a, tb, b)
    return t, 1 - v, s


def op_less(ctx: Memory, ta: int, a: int, tb: int, b: int) -> Result:
    """a < b of numbers or two strings; false where one is NaN."""
    if ta == INT and tb == INT:
        return BOOL, 1 if a < b else 0, OK
    if ta == FLOAT and tb == FLOAT:
        return BOOL, 1 if float_of_bits(a) < float_of_bits(b) else 0, OK
    if ta == INT and tb == FLOAT:
        x = float_of_bits(b)
        if x != x:
            return BOOL, 0, OK
        return BOOL, 1 if compare_int_float(a, x) < 0 else 0, OK
    if ta == FLOAT and tb == INT:
        x = float_of_bits(a)
        if x != x:
            return BOOL, 0, OK
        return BOOL, 1 if compare_int_float(b, x) > 0 else 0, OK
    if ta == STRING and tb == STRING:
        order = compare_strings(ctx, a, b)
        return BOOL, 1 if order < 0 else 0, COLLECT if order == LEFT_EARLY else OK
    return NIL, 0, TYPE_ERROR


def op_less_equal(ctx: Memory, ta: int, a: int, tb: int, b: int) -> Result:
    """a <= b under the same rules; not the negation of b < a, because of NaN."""
    if ta == INT and tb == INT:
        return BOOL, 1 if a <= b else 0, OK
    if ta == FLOAT and tb == FLOAT:
        return BOOL, 1 if float_of_bits(a) <= float_of_bits(b) else 0, OK
    if ta == INT and tb == FLOAT:
        x = float_of_bits(b)
        if x != x:
            return BOOL, 0, OK
        return BOOL, 1 if compare_int_float(a, x) <= 0 else 0, OK
    if ta == FLOAT and tb == INT:
        x = float_of_bits(a)
        if x != x:
            return BOOL, 0, OK
        return BOOL, 1 if compare_int_float(b, x) >= 0 else 0, OK
    if ta == STRING and tb == STRING:
        order = compare_strings(ctx, a, b)
        return BOOL, 1 if order <= 0 else 0, COLLECT if order == LEFT_EARLY else OK
    return NIL, 0, TYPE_ERROR


def op_greater(ctx: Memory, ta: int, a: int, tb: int, b: int) -> Result:
    """a > b."""
    return op_less(ctx, tb, b, ta, a)


def op_greater_equal(ctx: Memory, ta: int, a: int, tb: int, b: int) -> Result:
    """a >= b."""
    return op_less_equal(ctx, tb, b, ta, a)
