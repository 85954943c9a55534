"""The policy: pure functions of a profile and the settings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluentai_jit.config import Config
from fluentai_jit.core.tags import MAX_INT
from fluentai_jit.engine.setup import thresholds_of
from fluentai_jit.jit import policy
from fluentai_jit.jit.policy import (
    HEAT_UNIT,
    Decision,
    Profile,
    allowed_ms,
    decide,
    heat_costs,
    heat_of,
    is_enough,
    is_unstable,
    predicted_compile_ms,
    spent_ms,
    worth_looking_up,
)
from fluentai_jit.settings import SETTINGS, Number

DEFAULTS = thresholds_of(Config())
PATIENT = replace(DEFAULTS, time_ms=1e9)


def number(name: str) -> st.SearchStrategy[float]:
    """Any value that the setting allows."""
    row = SETTINGS[name]
    assert isinstance(row, Number)
    if row.type_name == "int":
        return st.integers(int(row.low), int(row.high))
    return st.floats(row.low, row.high)


PROFILES = st.builds(
    Profile,
    charge=st.integers(0, 10**15),
    tier=st.sampled_from([0, 1]),
    instructions=st.integers(1, 2000),
)
THRESHOLDS = st.builds(
    replace,
    st.just(DEFAULTS),
    calls=number("jit.call_threshold"),
    back_edge_weight=number("jit.back_edge_weight"),
    iteration_weight=number("jit.tail_iteration_weight"),
    time_ms=number("jit.time_threshold_ms"),
    gain_factor=number("jit.gain_factor"),
)


@pytest.mark.parametrize(
    ("charge", "tier", "instructions", "decision"),
    [
        (0, 1, 1, Decision.WAIT),
        # 47 ms predicted; saved is 0.8 of 1.2 ns a charge.
        (40_000_000, 1, 1, Decision.WAIT),
        (49_000_000, 1, 1, Decision.COMPILE),
        (49_000_000, 1, 10, Decision.WAIT),
        (115_000_000, 1, 10, Decision.COMPILE),
        # The plain interpreter is some 600 times slower.
        (83_000, 0, 1, Decision.WAIT),
        (84_000, 0, 1, Decision.COMPILE),
        (84_000, 0, 100, Decision.WAIT),
        (1_400_000, 0, 100, Decision.COMPILE),
    ],
)
def test_a_node_is_compiled_once_it_has_taken_what_that_costs(
    charge: int, tier: int, instructions: int, decision: Decision
) -> None:
    assert decide(Profile(charge, tier, instructions), PATIENT) is decision


@pytest.mark.parametrize(
    ("milliseconds", "decision"),
    [(49.9, Decision.WAIT), (50.1, Decision.COMPILE)],
)
def test_a_node_that_takes_long_is_compiled_whatever_the_gain(
    milliseconds: float, decision: Decision
) -> None:
    charge = int(milliseconds * 1e6 / policy.NS_PER_CHARGE[1])
    assert decide(Profile(charge, 1, 2000), DEFAULTS) is decision


@given(PROFILES, THRESHOLDS)
def test_more_time_spent_never_prevents_compiling(
    profile: Profile, thresholds: policy.Thresholds
) -> None:
    if decide(profile, thresholds) is Decision.COMPILE:
        longer = replace(profile, charge=profile.charge * 2 + 1)
        assert decide(longer, thresholds) is Decision.COMPILE
        slower = replace(profile, tier=0)
        assert decide(slower, thresholds) is Decision.COMPILE


@given(PROFILES, THRESHOLDS)
def test_a_smaller_function_is_never_harder_to_compile(
    profile: Profile, thresholds: policy.Thresholds
) -> None:
    if decide(profile, thresholds) is Decision.COMPILE:
        smaller = replace(profile, instructions=(profile.instructions + 1) // 2)
        assert decide(smaller, thresholds) is Decision.COMPILE
        keener = replace(thresholds, gain_factor=thresholds.gain_factor / 2)
        assert decide(profile, keener) is Decision.COMPILE


@given(PROFILES)
def test_a_decision_is_repeatable(profile: Profile) -> None:
    assert decide(profile, DEFAULTS) is decide(replace(profile), DEFAULTS)


@given(PROFILES)
def test_the_store_is_searched_before_a_unit_is_compiled(profile: Profile) -> None:
    if decide(profile, PATIENT) is Decision.COMPILE:
        assert worth_looking_up(profile)


def test_searching_the_store_pays_for_itself() -> None:
    assert not worth_looking_up(Profile(0, 1, 10))
    assert not worth_looking_up(Profile(3_000_000, 1, 10))
    assert worth_looking_up(Profile(3_200_000, 1, 10))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_predicted_cost_grows_with_the_instructions(a: int, b: int) -> None:
    assert (predicted_compile_ms(a) < predicted_compile_ms(b)) == (a < b)


def test_a_hundred_instructions_are_predicted_below_two_seconds() -> None:
    assert 100 < predicted_compile_ms(100) < 2000


@given(PROFILES)
def test_time_spent_is_in_proportion(profile: Profile) -> None:
    double = replace(profile, charge=2 * profile.charge)
    assert spent_ms(double) == pytest.approx(2 * spent_ms(profile))


# ---- heat -----------------------------------------------------------------------
@pytest.mark.parametrize("calls", [1, 2, 10, 1000, 10**9])
def test_the_threshold_is_that_many_calls(calls: int) -> None:
    thresholds = replace(DEFAULTS, calls=calls)
    heat, cost = heat_of(thresholds), heat_costs(thresholds)[0]
    # The call that would make it negative is the hot one.
    assert heat - (calls - 1) * cost >= 0
    assert heat - calls * cost < 0


@given(THRESHOLDS)
def test_costs_are_weighted_and_never_nothing(thresholds: policy.Thresholds) -> None:
    call, back_edge, iteration = heat_costs(thresholds)
    assert call == HEAT_UNIT
    assert back_edge == max(1, int(thresholds.back_edge_weight * HEAT_UNIT))
    assert iteration == max(1, int(thresholds.iteration_weight * HEAT_UNIT))


@given(THRESHOLDS, st.floats(1, 1e300) | st.just(float("inf")))
def test_heat_fits_its_word_whatever_was_backed_off(
    thresholds: policy.Thresholds, factor: float
) -> None:
    heat = heat_of(thresholds, factor)
    assert heat_of(thresholds) <= heat < MAX_INT
    assert heat >= 0


@given(THRESHOLDS, st.floats(1, 1e6))
def test_a_doubled_factor_waits_twice_as_long(
    thresholds: policy.Thresholds, factor: float
) -> None:
    once, twice = heat_of(thresholds, factor), heat_of(thresholds, 2 * factor)
    assert twice == pytest.approx(2 * once, rel=1e-3, abs=2)


@pytest.mark.parametrize(
    ("limit", "rounds", "unstable"),
    [(0, 0, False), (0, 1, True), (3, 3, False), (3, 4, True)],
)
def test_a_node_is_unstable_after_its_rounds(
    limit: int, rounds: int, unstable: bool
) -> None:
    assert is_unstable(rounds, replace(DEFAULTS, rounds=limit)) is unstable


@pytest.mark.parametrize(
    ("limit", "compiles", "enough"),
    [(-1, 10**6, False), (0, 0, True), (2, 1, False), (2, 2, True)],
)
def test_so_many_units_are_enough(limit: int, compiles: int, enough: bool) -> None:
    assert is_enough(compiles, replace(DEFAULTS, units=limit)) is enough


def test_compile_time_is_allowed_at_the_start_and_by_share() -> None:
    thresholds = replace(DEFAULTS, grace_s=2.0, share=0.5)
    assert allowed_ms(0.0, thresholds) == 2000
    assert allowed_ms(10.0, thresholds) == 7000
