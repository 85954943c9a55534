"""The semantic functions: what an operation does on tagged values, once.

Each takes and returns (tag, payload) pairs and ends with a status. They are
plain Python over the primitives; the same source is compiled for the kernel and
for specialisations, and the constant folder calls them. With the tags of its
operands known, LLVM reduces a call to the one machine operation left.

NATIVE says that the operation is a native one for these operands (core/natives.py).
Any status other than OK means that nothing happened, so the instruction can be
executed again. A result that fails for its operands' values, not their tags, still
has the tag that it would have had: constant propagation then knows the tag behind
a division without knowing that the divisor is not 0.
"""

from __future__ import annotations

from .arrays import array_item, set_array_item
from .heap import error_string, item_at, string_data, variant_of
from .layout import (
    ARRAY_ADDRESS,
    ARRAY_COLUMNS,
    ARRAY_ROWS,
    CELL_VALUE,
    CHUNK_ADAPTER_COUNT,
    CHUNK_ADAPTERS,
    CHUNK_ARITY,
    CHUNK_WORDS,
    CHUNKS,
    CLOSURE_CHUNK,
    CLOSURE_DATA,
    ERROR_KIND,
    ERROR_MESSAGE,
    HEAP,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    TAGGED_DATA,
)
from .primitives import (
    Memory,
    add_overflow,
    bits_of_float,
    c_fmod,
    c_pow,
    c_trunc,
    float_of_bits,
    float_of_int,
    int_of_float,
    load,
    logical_shift_right,
    multiply_overflow,
    pointer,
    quotient,
    remainder,
    shift_left_bits,
    store,
    subtract_overflow,
)
from .statuses import (
    COLLECT,
    DIVISION_BY_ZERO,
    DOMAIN_ERROR,
    INDEX_ERROR,
    NATIVE,
    OK,
    OVERFLOW,
    TYPE_ERROR,
)
from .stopping import stopping, stops_at, stretch_end
from .tags import (
    ARRAY,
    BOOL,
    CELL,
    CLOSURE,
    ERROR,
    FLOAT,
    FUNCTION,
    INT,
    LIST,
    MAP,
    NIL,
    SET,
    STRING,
    TAGGED,
)

Result = tuple[int, int, int]  # tag, payload, status

TWO_63 = 9223372036854775808.0

# What a comparison gives that has not come to its end: the program is to stop.
LEFT_EARLY = 2


# ---- arithmetic -----------------------------------------------------------
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


# ---- comparison -----------------------------------------------------------
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


def character_at(memory: Memory, at: int, width: int, index: int) -> int:
    """Code point `index` of the characters packed from word `at` of `memory` on."""
    bits = index * width * 8
    word = load(memory, at + (bits >> 6))
    if width == 4:
        return logical_shift_right(word, bits & 63) & 0xFFFFFFFF
    if width == 2:
        return logical_shift_right(word, bits & 63) & 0xFFFF
    return logical_shift_right(word, bits & 63) & 0xFF


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


# ---- truth, indexing, ranges ----------------------------------------------
def truth(ctx: Memory, t: int, v: int) -> int:
    """0 for nil, false, 0, 0.0, "" and empty collections, else 1."""
    if t == BOOL:
        return v
    if t == INT:
        return 1 if v != 0 else 0
    if t == FLOAT:
        return 1 if float_of_bits(v) != 0.0 else 0
    if t == NIL:
        return 0
    if t == STRING or t == LIST or t == MAP or t == SET or t == ARRAY:
        return 1 if load(pointer(ctx, HEAP), v + OBJECT_LENGTH) != 0 else 0
    return 1


def op_index(ctx: Memory, ta: int, a: int, tb: int, b: int) -> Result:
    """a[b] of a list, string, map or array."""
    if ta == MAP:
        return NIL, 0, NATIVE
    if ta == ARRAY:
        return array_item(ctx, ta, a, tb, b)
    if (ta != LIST and ta != STRING) or tb != INT:
        return NIL, 0, TYPE_ERROR
    heap = pointer(ctx, HEAP)
    if b < 0 or b >= load(heap, a + OBJECT_LENGTH):
        return NIL, 0, INDEX_ERROR
    if ta != LIST:
        return STRING, 0, NATIVE
    at = item_at(heap, a, b)
    if at == 0:
        return NIL, 0, NATIVE
    return load(heap, at), load(heap, at + 1), OK


def op_set_item(
    ctx: Memory, ta: int, a: int, tb: int, b: int, tc: int, c: int
) -> Result:
    """The value of a where a[b] is c: an array changes in place."""
    if ta == ARRAY:
        return set_array_item(ctx, ta, a, tb, b, tc, c)
    return ta, 0, NATIVE


def op_field(ctx: Memory, t: int, v: int, index: int) -> Result:
    """A value that a closure captured, or a field of a tagged value."""
    if t != CLOSURE and t != TAGGED:
        return NIL, 0, TYPE_ERROR
    heap = pointer(ctx, HEAP)
    if index < 0 or index >= load(heap, v + OBJECT_LENGTH):
        return NIL, 0, TYPE_ERROR
    at = v + TAGGED_DATA + 2 * index
    if t == CLOSURE:
        at = v + CLOSURE_DATA + 2 * index
    return load(heap, at), load(heap, at + 1), OK


def same_constructor(ctx: Memory, ta: int, a: int, tb: int, b: int) -> int:
    """1 where both are tagged values of one constructor, else 0."""
    if ta != TAGGED or tb != TAGGED:
        return 0
    heap = pointer(ctx, HEAP)
    if load(heap, a + OBJECT_HEADER) == load(heap, b + OBJECT_HEADER):
        return 1
    return 0


def op_cell(ctx: Memory, t: int, v: int) -> Result:
    """The value of a variable that closures share."""
    if t != CELL:
        return NIL, 0, TYPE_ERROR
    heap = pointer(ctx, HEAP)
    return load(heap, v + CELL_VALUE), load(heap, v + CELL_VALUE + 1), OK


def op_set_cell(ctx: Memory, t: int, v: int, t2: int, v2: int) -> Result:
    """Assign such a variable; nil."""
    if t != CELL:
        return NIL, 0, TYPE_ERROR
    heap = pointer(ctx, HEAP)
    store(heap, v + CELL_VALUE, t2)
    store(heap, v + CELL_VALUE + 1, v2)
    return NIL, 0, OK


def called_chunk(ctx: Memory, t: int, v: int) -> int:
    """The chunk of a function value; -1 of anything else."""
    if t == FUNCTION:
        return v
    if t == CLOSURE:
        return load(pointer(ctx, HEAP), v + CLOSURE_CHUNK)
    return -1


def adapted_chunk(ctx: Memory, chunk: int, count: int) -> int:
    """The chunk that takes so many arguments for another one; -1 where none does."""
    chunks = pointer(ctx, CHUNKS)
    record = chunk * CHUNK_WORDS
    first = load(chunks, record + CHUNK_ADAPTERS)
    last = first + load(chunks, record + CHUNK_ADAPTER_COUNT)
    if first == last:
        return -1
    found = first + count - load(chunks, first * CHUNK_WORDS + CHUNK_ARITY)
    if found < first or found >= last:
        return -1
    return found


def range_last(ta: int, a: int, tb: int, b: int, closed: int) -> Result:
    """(BOOL, 1, OK) where the range is empty, else (INT, its last item, OK)."""
    if ta != INT or tb != INT:
        return NIL, 0, TYPE_ERROR
    if closed != 0:
        if a > b:
            return BOOL, 1, OK
        return INT, b, OK
    if a >= b:
        return BOOL, 1, OK
    return INT, b - 1, OK
