"""Text of ints and floats is that of Python, in plain and in compiled code."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluentai_jit.core.floats import WHOLE_BIAS
from fluentai_jit.core.number_text import (
    FLOAT_CHARACTERS,
    INT_CHARACTERS,
    TEXT_WORDS,
    log2_of_power,
)
from fluentai_jit.core.powers_of_ten import (
    GREATEST_POWER,
    LEAST_POWER,
    powers_of_ten,
)
from fluentai_jit.core.tags import MAX_INT, MIN_INT
from fluentai_jit.engine.values import float_text
from tests.core.compiled import bits_of, float_of
from tests.core.edges import FLOATS, INTS
from tests.core.multiples import least_parts
from tests.core.number_texts import formatted

pytestmark = pytest.mark.native


def neighbours(value: float) -> list[float]:
    return [math.nextafter(value, -math.inf), value, math.nextafter(value, math.inf)]


# ---- powers of ten --------------------------------------------------------------
def test_the_table_has_each_power_of_ten_rounded_up_to_128_bits() -> None:
    words = powers_of_ten()
    assert len(words) == 2 * (GREATEST_POWER - LEAST_POWER + 1)
    for power in range(LEAST_POWER, GREATEST_POWER + 1):
        at = 2 * (power - LEAST_POWER)
        high, low = (word % (1 << 64) for word in words[at : at + 2])
        exact = Fraction(10) ** power / Fraction(2) ** (log2_of_power(power) - 127)
        assert high << 64 | low == math.ceil(exact)
        assert high >> 63 == 1


@pytest.mark.parametrize(("a", "b", "most"), [(7, 19, 10), (355, 1130, 200), (5, 8, 9)])
def test_least_parts(a: int, b: int, most: int) -> None:
    parts = [Fraction(n * a, b) % 1 for n in range(1, most + 1)]
    parts = [part for part in parts if part]
    assert least_parts(Fraction(a, b), most) == (min(parts), 1 - max(parts))


def test_no_product_that_is_not_whole_is_taken_for_a_whole_one() -> None:
    error = Fraction(1 << 60, 1 << 128)  # of a product by a power rounded up
    for biased in range(1, 2047):
        binary = biased - WHOLE_BIAS
        exponent = binary * 1262611 >> 22
        # Even multiples: of a float's quarters, its middles' and its own.
        above, below = least_parts(
            Fraction(2) ** (binary + 1) / Fraction(10) ** exponent, (1 << 54) + 1
        )
        assert error < above
        assert error < below


# ---- floats ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((42.0, "42.0"), (0.1, "0.1"), (-0.0, "-0.0"), (1e300, "1e+300")),
        *((1.5e-7, "1.5e-07"), (math.inf, "inf"), (-math.inf, "-inf")),
        *((math.nan, "NaN"), (5e-324, "5e-324"), (1e16, "1e+16"), (1e-5, "1e-05")),
        *((9999999999999998.0, "9999999999999998.0"), (0.0001, "0.0001")),
        *((1e23, "1e+23"), (2.0**-44, "5.684341886080802e-14")),
        (-2.2250738585072014e-308, "-2.2250738585072014e-308"),
    ],
)
def test_a_float_is_written_as_print_writes_it(value: float, text: str) -> None:
    assert formatted("format_float", bits_of(value)) == text == float_text(value)


def test_the_bits_of_a_nan_do_not_matter() -> None:
    for bits in (0x7FF << 52 | 1, 0x7FF8 << 48, -1, MAX_INT):
        assert formatted("format_float", bits) == "NaN"


def check(value: float) -> None:
    assert formatted("format_float", bits_of(value)) == float_text(value)


def test_floats_at_edges() -> None:
    for value in FLOATS:
        check(value)
    for power in (0, 1, 15, 16, 17, 22, 23):
        for value in (10.0**power, 2.0**53, 2.0**53 * 10, 2.0**63):
            for near in neighbours(value):
                check(near)
                check(-near)


def test_powers_of_two_and_their_neighbours() -> None:
    for exponent in range(-1074, 1024):
        for value in neighbours(2.0**exponent):
            check(value)


def test_powers_of_ten_and_their_neighbours() -> None:
    for exponent in range(-323, 309):
        for value in neighbours(float(f"1e{exponent}")):
            check(value)


@settings(max_examples=3000, deadline=None)
@given(st.integers(MIN_INT, MAX_INT))
def test_floats_of_any_bits(bits: int) -> None:
    text = formatted("format_float", bits)
    assert text == float_text(float_of(bits))
    assert len(text) <= FLOAT_CHARACTERS <= 8 * TEXT_WORDS


@settings(max_examples=1000, deadline=None)
@given(st.integers(1, (1 << 52) - 1))
def test_subnormal_floats(bits: int) -> None:
    check(float_of(bits))


@settings(max_examples=2000, deadline=None)
@given(st.integers(0, 10**17), st.integers(-20, 20))
def test_floats_of_few_digits(digits: int, exponent: int) -> None:
    check(float(f"{digits}e{exponent}"))


# ---- ints -----------------------------------------------------------------------
def test_ints_at_edges() -> None:
    powers = [10**power + near for power in range(19) for near in (-1, 0, 1)]
    for value in (*INTS, *powers, *(-value for value in powers)):
        assert formatted("format_int", value) == str(value)
    assert len(str(MIN_INT)) == INT_CHARACTERS <= 8 * TEXT_WORDS


@settings(max_examples=1000, deadline=None)
@given(st.integers(MIN_INT, MAX_INT) | st.integers(-(10**9), 10**9))
def test_ints(value: int) -> None:
    assert formatted("format_int", value) == str(value)
