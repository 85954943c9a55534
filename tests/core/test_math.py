"""Functions of floats against Python's `math`."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fluentai_jit.core.primitives import bits_of_float, float_of_bits
from fluentai_jit.core.scalars import SCALAR_INDEX, SCALARS
from fluentai_jit.core.statuses import DIVISION_BY_ZERO, DOMAIN_ERROR, OK, TYPE_ERROR
from fluentai_jit.core.tags import BOOL, FLOAT, INT, NIL

# Digits enough for every whole number that is a float.
_EXACT = Context(prec=400)

INF, NAN = math.inf, math.nan
EDGES = [
    *(0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, INF, -INF, NAN, 5e-324),
    *(2.2250738585072014e-308, 1.7976931348623157e308, 4503599627370495.5),
    *(9007199254740993.0, 0.49999999999999994, math.pi, -math.e, 710.0, 1e-9),
]
FLOATS = st.one_of(st.sampled_from(EDGES), st.floats())


def call(name: str, *values: float) -> float | str:
    """The value of a scalar function, or the name of its status."""
    words: list[int] = []
    for value in values:
        words += (INT, value) if type(value) is int else (FLOAT, bits_of_float(value))
    words += [NIL, 0] * (3 - len(values))
    tag, payload, status = SCALARS[SCALAR_INDEX[name]].function(None, *words)
    if status != OK:
        names = {DIVISION_BY_ZERO: "zero", DOMAIN_ERROR: "domain", TYPE_ERROR: "type"}
        return names[status]
    return float_of_bits(payload) if tag == FLOAT else payload


def python(function: Callable[..., float], *values: float) -> float:
    """What IEEE 754 gives where Python raises: NaN, or an infinity."""
    try:
        return function(*values)
    except OverflowError:
        return INF
    except ValueError:
        return NAN


def close(a: float | str, b: float) -> bool:
    """Equal up to the last bits, in which libraries differ; the same kind of zero."""
    assert not isinstance(a, str), a
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if b == 0.0 or math.isinf(b):
        return a == b and math.copysign(1.0, a) == math.copysign(1.0, b)
    return math.isclose(a, b, rel_tol=1e-14, abs_tol=5e-324)


SAME = ["sin", "cos", "tan", "asin", "acos", "atan", "tanh", "sqrt", "radians", "exp"]
SAME += ["degrees"]


@pytest.mark.parametrize("name", SAME)
@settings(max_examples=100)
@given(x=FLOATS)
def test_as_python_has_it(name: str, x: float) -> None:
    assert close(call(name, x), python(getattr(math, name), x))


@pytest.mark.parametrize("name", ["sinh", "cosh"])
@settings(max_examples=100)
@given(x=FLOATS)
def test_hyperbolic_functions(name: str, x: float) -> None:
    wanted = python(getattr(math, name), x)
    if wanted == INF and name == "sinh" and x < 0.0:
        wanted = -INF
    assert close(call(name, x), wanted)


@pytest.mark.parametrize(("name", "same"), [("ln", "log"), ("log2", ""), ("log10", "")])
@settings(max_examples=100)
@given(x=FLOATS)
def test_logarithms(name: str, same: str, x: float) -> None:
    wanted = -INF if x == 0.0 else python(getattr(math, same or name), x)
    assert close(call(name, x), wanted)


@pytest.mark.parametrize("name", ["floor", "ceil", "trunc"])
@settings(max_examples=100)
@given(x=FLOATS)
def test_whole_numbers(name: str, x: float) -> None:
    found = call(name, x)
    if not math.isfinite(x):
        assert close(found, x)
        return
    assert found == getattr(math, name)(x)
    # A zero that comes of a negative number is negative.
    assert math.copysign(1.0, float(found)) == math.copysign(1.0, x) or found != 0.0


@given(x=FLOATS)
def test_round_takes_halves_away_from_zero(x: float) -> None:
    found = call("round", x)
    if not math.isfinite(x):
        assert close(found, x)
        return
    assert found == float(Decimal(x).quantize(Decimal(1), ROUND_HALF_UP, _EXACT))


@pytest.mark.parametrize("name", ["atan2", "hypot"])
@settings(max_examples=100)
@given(x=FLOATS, y=FLOATS)
def test_of_two(name: str, x: float, y: float) -> None:
    assert close(call(name, x, y), python(getattr(math, name), x, y))


@given(x=st.integers(-(2**63) + 1, 2**63 - 1))
def test_ints_are_taken_as_floats(x: int) -> None:
    assert close(call("atan", x), math.atan(x))
    assert close(call("hypot", x, 0), abs(float(x)))


ROUNDED = [
    ((3.14159, 2), 3.14),
    ((2.5, 0), 3.0),
    ((-2.5, 0), -3.0),
    ((1234.5, -2), 1200.0),
    ((1250, -2), 1300.0),
    ((-1250, -2), -1300.0),
    ((55555, -3), 56000.0),
    ((0.1, 300), 0.1),
    ((1e300, 5), 1e300),
    ((INF, 2), INF),
    ((1.0, 301), "domain"),
    ((4.0, -1), 0.0),
    ((0.5, 0), 1.0),
]


@pytest.mark.parametrize(("arguments", "wanted"), ROUNDED)
def test_rounding_to_places(arguments: tuple[float, int], wanted: object) -> None:
    assert call("round_to", *arguments) == wanted


@example(x=17, places=-1)
@given(x=st.integers(-(10**15), 10**15), places=st.integers(-14, 0))
def test_rounding_ints_to_powers_of_ten(x: int, places: int) -> None:
    unit = 10**-places
    half_up = (abs(x) + unit // 2) // unit * unit if unit > 1 else abs(x)
    assert call("round_to", x, places) == math.copysign(half_up, x)


def test_a_logarithm_to_a_base() -> None:
    assert call("log", 8, 2) == 3.0
    assert call("log", 5, 1) == "zero"
    assert call("log", 0, 10) == -INF
    assert math.isnan(float(call("log", -1, 10)))


@given(x=FLOATS)
def test_signs(x: float) -> None:
    wanted = x if x == 0.0 or math.isnan(x) else math.copysign(1.0, x)
    assert close(call("sign", x), wanted)
    assert close(call("abs", x), abs(x))


def test_what_is_no_number_is_refused() -> None:
    for row in SCALARS:
        if row.name in (*SAME, "floor", "ceil", "sinh", "ln", "round_to", "factorial"):
            words = (BOOL, 1, INT, 1, NIL, 0)
            assert row.function(None, *words)[2] == TYPE_ERROR, row.name
