"""Every program below this folder, on every engine."""

from functools import cache
from pathlib import Path

import pytest

from fluentai_jit.engine.program import compile_source
from fluentai_jit.errors import FluentError, Source, render
from tests.engines import ENGINES, Outcome, execute
from tests.programs.expectations import Expectations, expectations_of

ROOT = Path(__file__).parent
PROGRAMS = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.flc"))


@cache
def expected(name: str) -> Expectations:
    return expectations_of(ROOT / name)


@cache
def outcome(name: str, engine: str) -> Outcome:
    wanted = expected(name)
    try:
        program = compile_source(Source(name, wanted.text))
    except FluentError as error:
        return Outcome("", (render(error),), (), 0, ())
    return execute(program, engine, wanted.config, wanted.args)


def assert_error(name: str, wanted: Expectations, result: str) -> None:
    assert wanted.error is not None
    kind, message = wanted.error.split(": ", 1)
    lines = result.splitlines()
    assert lines[0].startswith(f"error[{kind}]: {message}"), result
    assert lines[1].strip().startswith(f"--> {name}:{wanted.error_line}:"), result


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name: str, engine: str) -> None:
    wanted = expected(name)
    found = outcome(name, engine)
    result = found.results[0]
    if wanted.error is not None:
        assert_error(name, wanted, result)
    elif wanted.exit is not None:
        assert result == f"exit {wanted.exit}"
    else:
        assert not result.startswith("error["), result
    assert found.output.removesuffix("\n").split("\n") == (wanted.output or [""])
    if wanted.value is not None:
        assert result == wanted.value
    for function, counts in wanted.counts.items():
        counted = dict(found.counts)[function]
        assert {name: getattr(counted, name) for name in counts} == counts
    assert found == outcome(name, "plain")


def test_there_are_programs_of_every_folder() -> None:
    folders = {Path(name).parts[0] for name in PROGRAMS}
    assert {path.name for path in ROOT.iterdir() if path.is_dir()} - folders <= {
        "__pycache__"
    }
    assert len(PROGRAMS) >= 100
