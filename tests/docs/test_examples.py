"""The programs of docs/examples print what they say, on every engine."""

from __future__ import annotations

from functools import cache

import pytest

from tests.docs.blocks import PAGE
from tests.engines import ENGINES, Outcome, execute, program_of
from tests.programs.expectations import Expectations, expectations_of

# Longer programs than those of tests/programs: slices of 10 µs would take minutes.
CHURN = {"vm.slice_us": 200}
EXAMPLES = PAGE.parent / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.flc"))


@cache
def expected(name: str) -> Expectations:
    return expectations_of(EXAMPLES / f"{name}.flc")


@cache
def outcome(name: str, engine: str) -> Outcome:
    wanted = expected(name)
    program = program_of(wanted.text, name)
    config = {**wanted.config, **(CHURN if engine == "churn" else {})}
    return execute(program, engine, config, wanted.args)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", NAMES)
def test_an_example_prints_what_it_says(name: str, engine: str) -> None:
    found = outcome(name, engine)
    printed = [line.rstrip() for line in found.output.removesuffix("\n").split("\n")]
    assert printed == [line.rstrip() for line in expected(name).output]
    assert not found.results[0].startswith("error["), found.results[0]
    assert found == outcome(name, "plain")


@pytest.mark.parametrize("name", NAMES)
def test_an_example_tells_how_to_run_it(name: str) -> None:
    lines = expected(name).text.split("\n")
    assert any(f"fluentai-jit run docs/examples/{name}.flc" in line for line in lines)
    assert len(lines) <= 200
