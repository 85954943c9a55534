"""Settings as keyword arguments of `VM` and `run`."""

from __future__ import annotations

from typing import Any

import pytest

import fluentai_jit as fj
from tests.engine.machines import error_of
from tests.engines import program_of

PROGRAM = program_of(
    "private function deep(n) { if n == 0 { 0 } else { 1 + deep(n - 1) } }"
)
VM: Any = fj.VM


@pytest.mark.parametrize(
    "config",
    [None, {"limits.depth": 9}, fj.Config(), fj.Config().replace(limits__depth=9)],
)
def test_a_keyword_wins_over_the_config(config: Any) -> None:
    with fj.VM(PROGRAM, config, engine="plain", limits__depth=50) as vm:
        assert vm.call("deep", 40) == 40
        error = error_of(vm.call, "deep", 50)
    assert error.message == "calls nest deeper than limits.depth (50)"


def test_run_takes_settings() -> None:
    text = "let i = 0 while true { i += 1 }"
    error = error_of(lambda: fj.run(text, engine="plain", limits__instructions=100))
    assert error.message == "the program used up limits.instructions (100)"


@pytest.mark.parametrize(
    ("keyword", "near"),
    [
        ("enigne", "engine"),
        ("arg", "args"),
        ("confg", "config"),
        ("call_threshold", "jit__call_threshold"),
    ],
)
def test_a_wrong_keyword_is_told_the_nearest(keyword: str, near: str) -> None:
    for action in (
        lambda **more: VM(PROGRAM, **more),
        lambda **more: fj.run("1", **more),
    ):
        with pytest.raises(TypeError) as caught:
            action(**{keyword: "plain"})
        message = f"unknown keyword argument '{keyword}'; did you mean {near}?"
        assert str(caught.value) == message


def test_a_wrong_setting_is_told_the_nearest() -> None:
    error = error_of(lambda: VM(PROGRAM, jit__cal_threshold=5))
    assert error.kind == "ConfigError"
    assert error.message == (
        "unknown keyword argument 'jit__cal_threshold'; "
        "did you mean jit__call_threshold?"
    )
