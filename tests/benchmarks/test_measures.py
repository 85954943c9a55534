"""What the scripts measure does happen, at sizes that take no time."""

import json
import sys
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import pytest

from benchmarks import counting, peers, tail
from benchmarks.compilation import warm_units
from benchmarks.engines import timed
from benchmarks.folded import without_test
from benchmarks.generated import functions
from benchmarks.processes import Failed, fresh, output_of
from benchmarks.stages import Clock, unit_stages
from benchmarks.suite import BY_NAME
from fluentai_jit.core.activation import put_frame
from fluentai_jit.engine.program import compile
from fluentai_jit.engine.vm import VM
from fluentai_jit.kernel import interpreter

LOOPS = ("self_tail", "while_loop")


@pytest.mark.timing
@pytest.mark.native
@pytest.mark.parametrize("name", LOOPS)
def test_one_call_turns_native_while_it_runs(name: str, folder: str) -> None:
    first = tail.measure(name, 10**7, "sync", folder)
    assert first.counted == 10**7
    assert first.native_from is not None
    assert 0 < first.native_from < 0.5
    # What was compiled on the spot is now in the store, for a program that compiles
    # beside itself; it would else end before a compile process has begun.
    again = tail.measure(name, 10**7, "auto", folder)
    assert again.native_from is not None
    assert 0 < again.native_from < 0.9


def test_without_the_jit_nothing_turns_native(folder: str) -> None:
    call = tail.measure("self_tail", 10**5, "off", folder)
    assert call.native_s is None
    assert call.counted == 10**5


def test_a_call_too_short_to_turn_native_is_an_error(folder: str) -> None:
    with pytest.raises(Failed, match="did not turn native"):
        tail.measure("while_loop", 100, "sync", folder)


@pytest.mark.native
@pytest.mark.parametrize("tier", [1, 2])
def test_a_timed_call_gives_the_answer(tier: int, folder: str) -> None:
    benchmark = BY_NAME["fib"]
    answer, seconds = fresh(
        timed, name="fib", size=benchmark.small, tier=tier, folder=folder
    )
    benchmark.check(benchmark.small, answer)
    assert seconds > 0


@pytest.mark.native
@pytest.mark.parametrize("tier", [1, 2])
def test_calls_take_time_with_and_without_counting(tier: int, folder: str) -> None:
    measured = fresh(
        counting.slopes, name="fib", tier=tier, sizes=[12, 22], repeats=2, folder=folder
    )
    assert all(nanoseconds > 0 for nanoseconds in measured)


def test_tracking_takes_memory_for_each_function(folder: str) -> None:
    taken = fresh(counting.bytes_per_function, functions=500, folder=folder)
    # Four counters of eight bytes, and the tracker's own record.
    assert 32 < taken < 1000


def test_a_folded_kernel_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    program = compile("private function f(x) { x }\nf(1)\nf(2)")

    def calls() -> int:
        with VM(program, engine="plain") as vm:
            vm.enable_usage_tracking()
            vm.run()
            stats = vm.get_all_usage_stats()
        assert stats is not None
        return sum(row.execution_count for row in stats.values())

    assert calls() == 3
    folded = without_test(cast(FunctionType, interpreter.run))
    monkeypatch.setattr(interpreter, "run", folded)
    assert calls() == 0


def test_folding_where_the_flag_is_not_tested_is_an_error() -> None:
    with pytest.raises(ValueError, match="put_frame does not test the flag"):
        without_test(cast(FunctionType, put_frame))


def test_generated_functions_have_the_length_asked_for() -> None:
    program = compile(functions(3, 60))
    lengths = {c.name: c.length for c in program.image.chunks if c.name[0] == "f"}
    assert set(lengths) == {"f0", "f1", "f2"}
    assert all(60 <= length < 80 for length in lengths.values())


@pytest.mark.native
def test_units_are_compiled_in_a_warm_process(folder: str) -> None:
    found: dict[str, Any] = fresh(warm_units, count=1, instructions=20, folder=folder)
    assert found["instructions"] >= 20
    assert len(found["compile_ms"]) == len(found["waited_ms"]) == 1
    assert 0 < found["compile_ms"][0] <= found["waited_ms"][0]


@pytest.mark.native
def test_every_stage_of_a_unit_is_timed(folder: str) -> None:
    found = fresh(unit_stages, count=1, instructions=20, folder=folder)
    assert [len(row) for row in found.values()] == [1] * len(found)
    assert any("type inference" in stage for stage in found)
    assert any("emit" in stage for stage in found)


def test_a_stage_within_another_is_taken_off_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments = iter([0.0, 1.0, 3.0, 3.5, 4.5, 10.0])
    monkeypatch.setattr("time.process_time", lambda: next(moments))
    clock = Clock()
    with clock.stage("outer"):
        with clock.stage("inner"):
            pass
        with clock.stage("inner"):
            pass
    assert clock.ms == {"inner": 3000.0, "outer": 7000.0}


@pytest.mark.slow
def test_compare_writes_what_it_measured(tmp_path: Path) -> None:
    target = tmp_path / "found.json"
    command = [sys.executable, "-m", "benchmarks", "compare", "--quick"]
    printed = output_of([*command, "--programs", "fib", "--json", str(target)])
    found = json.loads(target.read_text())
    assert set(found["seconds"]["fib"]) >= {"tier 1", "tier 2", "python"}
    assert found["ratios"]["python / tier 2"]["targets"] > 0
    assert "mean of all" in printed


@pytest.mark.slow
def test_peers_are_written_into_a_document(tmp_path: Path) -> None:
    target, page = tmp_path / "found.json", tmp_path / "page.md"
    page.write_text(f"Before.\n\n{peers.BEGIN}\nold\n{peers.END}\n\nAfter.\n")
    command = [sys.executable, "-m", "benchmarks", "peers", "--quick"]
    files = ["--json", str(target), "--write", str(page)]
    output_of([*command, "--programs", "queens", "fib", *files])
    found = json.loads(target.read_text())
    assert set(found["steady"]["queens"]) >= {"tier 1", "tier 2", "python"}
    assert set(found["start"]["fib"]) == set(found["steady"]["fib"])
    text = page.read_text()
    assert text.startswith("Before.")
    assert text.endswith("After.\n")
    assert "| queens |" in text
    assert "old" not in text


def test_an_unknown_program_is_wrong_usage() -> None:
    command = [sys.executable, "-m", "benchmarks", "compare", "--programs", "nope"]
    with pytest.raises(Failed, match="invalid choice: 'nope'"):
        output_of(command)


@pytest.mark.slow
def test_startup_tells_where_the_time_goes(tmp_path: Path) -> None:
    target = tmp_path / "found.json"
    command = [sys.executable, "-m", "benchmarks", "startup", "--quick"]
    output_of([*command, "--json", str(target)])
    found = json.loads(target.read_text())
    assert set(found["starts"]) == {"bare Python", "--version", "hello world"}
    assert "llvmlite" in found["imports"]
    assert "numba" not in found["imports"]
