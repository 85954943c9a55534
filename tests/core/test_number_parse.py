"""Numbers are read from text as the host reads them, in plain and in compiled code."""

from __future__ import annotations

import math
import re
import sys
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluentai_jit.core.number_parse import (
    GREATEST_FLOAT_POWER,
    LONGEST,
    MOST_DIGITS,
)
from fluentai_jit.core.number_text import log2_of_power
from fluentai_jit.core.powers_of_ten import LEAST_POWER
from fluentai_jit.core.statuses import DOMAIN_ERROR, HOST, OK, OVERFLOW
from fluentai_jit.core.tags import FLOAT, INT, MAX_INT, MIN_INT
from tests.core.compiled import float_of
from tests.core.multiples import least_parts
from tests.core.number_texts import host_result, parsed

pytestmark = pytest.mark.native

HOST_NAMES = {"parse_int": "to_int", "parse_float": "to_float"}


def digits_of(text: str) -> int:
    """Significant digits of a number's text, zeros at its end included."""
    return len(re.sub(r"[eE].*|\D", "", text).lstrip("0"))


def check(name: str, text: str, width: int | None = None) -> int:
    """The status, which is the host's unless the text may be left to it."""
    tag, payload, status = parsed(name, text, width)
    assert tag == (INT if name == "parse_int" else FLOAT)
    if status == HOST:
        many = name == "parse_float" and digits_of(text) > MOST_DIGITS
        assert many or len(text) > LONGEST or not text.isascii()
    else:
        assert (status, payload) == host_result(HOST_NAMES[name], text)
    return status


# ---- ints -----------------------------------------------------------------------
@pytest.mark.parametrize("width", [1, 2, 4])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("0", 0), ("-0", 0), ("+7", 7), ("007", 7), (" -42\n", -42)),
        *((str(MAX_INT), MAX_INT), (str(MIN_INT), MIN_INT)),
        *(("\t\x0b\x0c\r\x1c\x1d\x1e\x1f 12 ", 12), ("0" * 30 + "1", 1)),
    ],
)
def test_text_of_an_int(text: str, value: int, width: int) -> None:
    assert parsed("parse_int", text, width) == (INT, value, OK)
    assert check("parse_int", text, width) == OK


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *((str(MAX_INT + 1), OVERFLOW), (str(MIN_INT - 1), OVERFLOW)),
        *(("9" * 40, OVERFLOW), ("-" + "9" * 40, OVERFLOW), ("9" * 40 + "x", None)),
        *(("18446744073709551616", OVERFLOW), ("18446744073709551617", OVERFLOW)),
        *((text, None) for text in ("", " ", "-", "+-1", "- 1", "1 2", "1_0", "0x1")),
        *((text, None) for text in ("1.0", "1e3", "1\0", "/", ":", "inf", "--1", "1-")),
        *(("٣", HOST), ("\xa07", HOST), ("1é", HOST), ("1" * (LONGEST + 1), HOST)),
    ],
)
def test_text_that_has_no_int(text: str, status: int | None) -> None:
    assert check("parse_int", text) == (DOMAIN_ERROR if status is None else status)


@settings(max_examples=1000, deadline=None)
@given(st.integers(2 * MIN_INT, 2 * MAX_INT), st.sampled_from(["", " ", "00"]))
def test_ints(value: int, before: str) -> None:
    assert check("parse_int", before + str(value)) != HOST


# ---- floats ---------------------------------------------------------------------
@pytest.mark.parametrize("width", [1, 2, 4])
@pytest.mark.parametrize(
    "text",
    [
        *("0", "-0", "0.0", "1", "1.", ".5", "-.5e-3", "+1e5", "1E5", "1e+05", "  2 "),
        *("inf", "-INF", "Infinity", "-iNfInItY", "nan", "-nan", "NaN", "\x1c1.5\r"),
        *("1e308", "1e309", "-1e309", "1e-400", "1e99999999999999999999", "0e999999"),
        *("1e-99999999999999999999", "1e000000000000000000001", "0.000e-5", "9e18"),
        *("1e18446744073709551616", "1e-18446744073709551617", "1e23", "1e22"),
        # Zeros made up for by the exponent.
        *("0." + "0" * 400 + "1e401", "1" + "0" * 400 + "e-400", "0" * 500 + "1.5"),
    ],
)
def test_text_of_a_float(text: str, width: int) -> None:
    assert check("parse_float", text, width) == OK


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "-", "e5", "1e", "1e+", "1e5.", "1..2", "1 2", "--1", "1_0"),
        *("in", "infi", "infinit", "infinityx", "na", "nano", "+-inf", "0x1p3", "1f"),
        *(".e1", "1e1e1", "1\0", "inf.", "nan1", "1inf", "1,5", "/", ":1"),
    ],
)
def test_text_that_has_no_float(text: str) -> None:
    assert check("parse_float", text) == DOMAIN_ERROR


@pytest.mark.parametrize("text", ["٣.٥", "\xa01.5", "1.5é", "ınf", "1" * (LONGEST + 1)])
def test_texts_that_only_the_host_knows(text: str) -> None:
    assert check("parse_float", text) == HOST


@settings(max_examples=3000, deadline=None)
@given(st.integers(MIN_INT, MAX_INT))
def test_the_text_of_a_float_reads_back(bits: int) -> None:
    value = float_of(bits)
    assert check("parse_float", repr(value)) == OK
    assert check("parse_float", f"{value:.18e}") == OK


@settings(max_examples=2000, deadline=None)
@given(st.integers(0, 10**19 - 1), st.integers(-345, 310))
def test_decimals_of_up_to_19_digits(digits: int, exponent: int) -> None:
    assert check("parse_float", f"{digits}e{exponent}") == OK


def middle(value: float) -> Decimal:
    """Exactly half way from a float to the next one."""
    above = math.nextafter(value, math.inf)
    with localcontext(prec=2000):
        if math.isinf(above):
            return Decimal(2**1024 - 2**970)
        return (Decimal(value) + Decimal(above)) / 2


FLOATS_WITH_EDGES = st.floats(0, allow_nan=False, allow_infinity=False) | (
    st.sampled_from([2.0**53, 5e-324, 0.0, 2.2250738585072009e-308, sys.float_info.max])
)


@settings(max_examples=1500, deadline=None)
@given(FLOATS_WITH_EDGES, st.integers(15, 60), st.integers(-1, 1))
def test_decimals_at_the_middle_of_two_floats(
    value: float, digits: int, near: int
) -> None:
    with localcontext(prec=digits):
        decimal = +middle(value)
        if near:
            decimal = decimal.next_minus() if near < 0 else decimal.next_plus()
    status = check("parse_float", str(decimal))
    assert status == OK or digits > MOST_DIGITS


@settings(max_examples=1000, deadline=None)
@given(st.integers(1 << 52, (1 << 53) - 1), st.integers(1, 9), st.integers(0, 4))
def test_a_middle_goes_to_the_even_float(
    significand: int, shift: int, power: int
) -> None:
    # An odd number of 54 bits lies in the middle; so do its multiples.
    odd = 2 * significand + 1
    assert check("parse_float", str(odd << shift)) == OK
    assert check("parse_float", f"{odd << shift}000000000000e-12") == OK
    digits = odd * 5**power
    if digits < 10**MOST_DIGITS:
        assert check("parse_float", f"{digits}e-{power}") == OK
    assert check("parse_float", f"{5**23 // 10**power}e{23 + power}") == OK


def test_powers_of_ten_and_of_two() -> None:
    for exponent in range(-350, 312):
        assert check("parse_float", f"1e{exponent}") == OK
    for exponent in range(64):
        for digits in (2**exponent - 1, 2**exponent, 2**exponent + 1):
            for power in (-300, -20, 0, 1, 17, 280):
                assert check("parse_float", f"{digits}e{power}") == OK


def test_no_product_is_taken_for_another_side_of_a_middle() -> None:
    error = Fraction(1 << 64)  # of a product by a power rounded up
    for power in range(LEAST_POWER, GREATEST_FLOAT_POWER + 1):
        # Limits of rounding are multiples of 2**137 in a product of 191 or 192 bits.
        scale = Fraction(2) ** (log2_of_power(power) - 127 + 137)
        above, below = least_parts(Fraction(10) ** power / scale, (1 << 64) - 1)
        assert error < below * 2**137
        # What is above a middle is told from it by a bit above the last 64.
        assert error < above * 2**137 - 1


def test_digits_beyond_the_19th() -> None:
    middle_of_two = str(2**53 + 1)
    assert check("parse_float", middle_of_two + "0" * 20) == OK
    assert check("parse_float", middle_of_two + "." + "0" * 20) == OK
    assert check("parse_float", middle_of_two + "." + "0" * 20 + "1") == HOST
    assert check("parse_float", "3." + "141592653589793238462643383279") == OK
    assert check("parse_float", "0." + "3" * 300) == OK
    assert check("parse_float", "9" * 40 + "e-400") == OK


PIECES = ["-", "+", ".", "e", "E", "0", "1", "19", "007", "inf", "nan", "Infinity"]
SPACES = [" ", "\t", "\n", "\x1c", "\x00", "_", "x", "é", "\xa0", "\u3000"]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES + SPACES), max_size=8).map("".join))
def test_any_text_is_taken_or_refused_as_by_the_host(text: str) -> None:
    check("parse_int", text)
    check("parse_float", text)


NUMBERS = st.from_regex(
    r"\A[ \t\x1d]?[+-]?[0-9]{0,22}\.?[0-9]{0,22}([eE][+-]?[0-9]{0,4})?[ \n]?\Z"
)


@settings(max_examples=700, deadline=None)
@given(NUMBERS)
def test_texts_of_the_form_of_a_number(text: str) -> None:
    check("parse_int", text)
    check("parse_float", text)
