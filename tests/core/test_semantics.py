"""The semantic functions against exact arithmetic of Python."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluentai_jit.core import arithmetic, comparison, scalars
from fluentai_jit.core.statuses import DIVISION_BY_ZERO, DOMAIN_ERROR, OK, OVERFLOW
from fluentai_jit.core.tags import BOOL, FLOAT, INT, MAX_INT, MIN_INT, NIL
from tests.core.compiled import bits_of, float_of
from tests.core.edges import FLOATS, INTS, Memory

INTEGER = st.integers(MIN_INT, MAX_INT) | st.sampled_from(INTS)
REAL = st.floats() | st.sampled_from(FLOATS)
Result = tuple[int, int, int]


def whole(value: int, status: int = OVERFLOW) -> tuple[int, int | None, int]:
    """What an operation with this exact result gives; no payload where it fails."""
    if MIN_INT <= value <= MAX_INT:
        return INT, value, OK
    return INT, None, status


def settled(result: Result) -> tuple[int, int | None, int]:
    tag, payload, status = result
    return tag, payload if status == OK else None, status


def toward_zero(a: int, b: int) -> int:
    return math.trunc(Fraction(a, b))


@pytest.mark.parametrize(
    ("function", "exact"),
    [
        (arithmetic.op_add, operator.add),
        (arithmetic.op_subtract, operator.sub),
        (arithmetic.op_multiply, operator.mul),
    ],
)
@given(a=INTEGER, b=INTEGER)
def test_ints_are_exact_or_overflow(
    function: Callable[..., Result], exact: Callable[[int, int], int], a: int, b: int
) -> None:
    assert settled(function(INT, a, INT, b)) == whole(exact(a, b))


@given(a=INTEGER, b=INTEGER)
def test_division_truncates_and_the_remainder_follows_the_dividend(
    a: int, b: int
) -> None:
    quotient = settled(arithmetic.op_divide(INT, a, INT, b))
    remainder = settled(arithmetic.op_modulo(INT, a, INT, b))
    if b == 0:
        assert quotient == remainder == (INT, None, DIVISION_BY_ZERO)
    else:
        assert quotient == whole(toward_zero(a, b))
        assert remainder == (INT, a - toward_zero(a, b) * b, OK)


@given(a=INTEGER, b=INTEGER)
def test_the_floored_quotient_and_its_remainder(a: int, b: int) -> None:
    rest = (NIL, 0)
    found = settled(scalars.s_div(None, INT, a, INT, b, *rest))  # type: ignore[arg-type]
    assert found == (whole(a // b) if b else (INT, None, DIVISION_BY_ZERO))


@given(a=INTEGER, b=st.integers(0, 200))
def test_a_power_is_exact_or_overflows(a: int, b: int) -> None:
    assert settled(arithmetic.op_power(INT, a, INT, b)) == whole(a**b)


@given(a=INTEGER, b=INTEGER)
def test_divisors_and_multiples(a: int, b: int) -> None:
    arguments = (None, INT, a, INT, b, NIL, 0)
    assert settled(scalars.s_gcd(*arguments)) == whole(math.gcd(a, b))  # type: ignore[arg-type]
    assert settled(scalars.s_lcm(*arguments)) == whole(math.lcm(a, b))  # type: ignore[arg-type]


@given(n=st.integers(-3, 30))
def test_factorials(n: int) -> None:
    found = settled(scalars.s_factorial(None, INT, n, NIL, 0, NIL, 0))  # type: ignore[arg-type]
    if n < 0:
        assert found == (INT, None, DOMAIN_ERROR)
    else:
        assert found == whole(math.factorial(n))


@given(a=INTEGER, n=st.integers(-2, 100))
def test_shifts_are_products_and_floored_quotients(a: int, n: int) -> None:
    left = settled(scalars.s_shift_left(None, INT, a, INT, n, NIL, 0))  # type: ignore[arg-type]
    right = settled(scalars.s_shift_right(None, INT, a, INT, n, NIL, 0))  # type: ignore[arg-type]
    if n < 0:
        assert left == right == (INT, None, DOMAIN_ERROR)
    else:
        assert left == whole(a << n)
        assert right == (INT, a >> n, OK)


COMPARISONS = [
    (comparison.op_equal, operator.eq),
    (comparison.op_not_equal, operator.ne),
    (comparison.op_less, operator.lt),
    (comparison.op_less_equal, operator.le),
    (comparison.op_greater, operator.gt),
    (comparison.op_greater_equal, operator.ge),
]


@pytest.mark.parametrize(("function", "exact"), COMPARISONS)
@given(a=INTEGER, x=REAL)
def test_int_and_float_compare_exactly(
    function: Callable[..., Result],
    exact: Callable[[object, object], bool],
    a: int,
    x: float,
) -> None:
    # Python compares int and float without rounding either.
    memory = Memory()
    context = memory.context.view
    pair, bits = (INT, a), (FLOAT, bits_of(x))
    assert function(context, *pair, *bits) == (BOOL, int(exact(a, x)), OK)
    assert function(context, *bits, *pair) == (BOOL, int(exact(x, a)), OK)


@pytest.mark.parametrize(("function", "exact"), COMPARISONS)
@given(x=REAL, y=REAL)
def test_floats_compare_as_floats(
    function: Callable[..., Result],
    exact: Callable[[object, object], bool],
    x: float,
    y: float,
) -> None:
    context = Memory().context.view
    result = function(context, FLOAT, bits_of(x), FLOAT, bits_of(y))
    assert result == (BOOL, int(exact(x, y)), OK)


@pytest.mark.parametrize(("function", "exact"), COMPARISONS)
def test_strings_compare_by_code_points(
    function: Callable[..., Result], exact: Callable[[object, object], bool]
) -> None:
    from fluentai_jit.core.objects import string_text
    from fluentai_jit.core.tags import STRING

    memory = Memory()
    for a in memory.strings:
        for b in memory.strings:
            texts = [string_text(memory.heap.view, offset) for offset in (a, b)]
            result = function(memory.context.view, STRING, a, STRING, b)
            assert result == (BOOL, int(exact(*texts)), OK), texts


@given(x=REAL, y=REAL)
def test_float_arithmetic_is_that_of_the_machine(x: float, y: float) -> None:
    pair = (FLOAT, bits_of(x), FLOAT, bits_of(y))
    for function, exact in (
        (arithmetic.op_add, operator.add),
        (arithmetic.op_subtract, operator.sub),
        (arithmetic.op_multiply, operator.mul),
    ):
        tag, bits, status = function(*pair)
        expected = exact(x, y)
        assert (tag, status) == (FLOAT, OK)
        assert float_of(bits) == expected or (
            math.isnan(expected) and math.isnan(float_of(bits))
        )
    status = arithmetic.op_divide(*pair)[2]
    assert status == (DIVISION_BY_ZERO if y == 0 else OK)


@given(x=REAL)
def test_to_int_takes_what_fits(x: float) -> None:
    found = settled(scalars.s_to_int(None, FLOAT, bits_of(x), NIL, 0, NIL, 0))  # type: ignore[arg-type]
    if math.isfinite(x):
        assert found == whole(math.trunc(x), DOMAIN_ERROR)
    else:
        assert found == (INT, None, DOMAIN_ERROR)
