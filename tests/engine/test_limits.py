"""What a program may use: each limit ends it with an error that names the setting."""

from __future__ import annotations

import threading
import time
import tracemalloc

import pytest

from fluentai_jit.kernel.call_stack import STACK_ENDS
from tests.engine.machines import Machine, error_of
from tests.engines import QUICK_ENGINES

TEXT = """
private function deep(n) { if n == 0 { 0 } else { 1 + deep(n - 1) } }
private function spin(n) { let i = 0 while i < n { i += 1 } i }
private function tail(n) { if n == 0 { 0 } else { tail(n - 1) } }
private function endless() { while true { spin(100) } }
private function wide(n) {
  let a = n let b = a + 1 let c = b + 1 let d = c + 1 let e = d + 1
  if n == 0 { 0 } else { a + b + c + d + e - 5 * n - 10 + wide(n - 1) }
}
"""
ENGINES = [*QUICK_ENGINES, pytest.param("native", marks=pytest.mark.native)]


@pytest.mark.parametrize("engine", ENGINES)
def test_depth(engine: str) -> None:
    with Machine(TEXT, engine, {"limits.depth": 50}) as machine:
        assert machine.vm.call("deep", 49) == 49
        error = error_of(machine.vm.call, "deep", 50)
        assert error.kind == "StackOverflow"
        assert error.message == "calls nest deeper than limits.depth (50)"
        assert [entry.function for entry in error.stack] == ["deep"] * 50
        # Tail calls nest nothing, and the next call has all of the depth.
        assert machine.vm.call("tail", 5000) == 0
        assert machine.vm.call("deep", 49) == 49


@pytest.mark.parametrize("engine", ENGINES)
def test_instructions(engine: str) -> None:
    with Machine(TEXT, engine, {"limits.instructions": 3000}) as machine:
        error = error_of(machine.vm.call, "endless")
        assert error.kind == "ResourceLimitExceeded"
        assert error.message == "the program used up limits.instructions (3000)"
        assert 2900 < machine.vm.driver.fuel_used <= 3000


def test_instructions_end_a_program_at_one_point_in_every_engine() -> None:
    found = set()
    for engine in QUICK_ENGINES:
        with Machine(TEXT, engine, {"limits.instructions": 4321}) as machine:
            error = error_of(machine.vm.call, "endless")
            stack = tuple((entry.function, entry.line) for entry in error.stack)
            counts = machine.vm.get_all_usage_stats()
            assert counts is not None
            rows = tuple(
                (row.execution_count, row.back_edges) for row in counts.values()
            )
            found.add((machine.vm.driver.fuel_used, stack, rows))
    assert len(found) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_each_call_from_outside_has_its_own_instructions(engine: str) -> None:
    with Machine(TEXT, engine, {"limits.instructions": 3000}) as machine:
        for _round in range(5):
            assert machine.vm.call("spin", 200) == 200
        assert machine.vm.driver.fuel_used > 3000


@pytest.mark.parametrize("engine", ENGINES)
def test_time(engine: str) -> None:
    with Machine(TEXT, engine, {"limits.time_s": 0.1}) as machine:
        machine.vm.call("spin", 10)
        began = time.perf_counter()
        error = error_of(machine.vm.call, "endless")
        elapsed = time.perf_counter() - began
        assert error.kind == "ResourceLimitExceeded"
        assert error.message == "the program ran longer than limits.time_s (0.1 s)"
        assert 0.1 <= elapsed < 10  # native compiles on the way
        assert error.stack
        assert machine.vm.call("spin", 10) == 10


# Loops that spend all of a slice's fuel at calls of the host, or none to speak of.
ASKING = (
    "while true { ask() }",
    "for i in 0..1000000000 { ask() }",
    "private function again() { ask() again() } again()",
    "map(0..100000000, _i => ask())",
    "while true { try { ask() } catch (e) { 1 } }",
)


def test_time_after_a_loop_that_was_computed() -> None:
    # LLVM knows that the first one does nothing, so its fuel takes no time at all.
    text = """
    private function empty() { while true { } }
    private function other() { let i = 0 while true { i = (i * 7 + 1) % 1000003 } }
    """
    with Machine(text, "auto", {"limits.time_s": 0.3}) as machine:
        timer = threading.Timer(60, machine.vm.interrupt)
        timer.start()
        began = time.monotonic()
        for name in ("empty", "empty", "empty", "other"):
            error = error_of(machine.vm.call, name)
            assert error.message == "the program ran longer than limits.time_s (0.3 s)"
        timer.cancel()
        assert time.monotonic() - began < 20


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seconds", [0.0, 0.003])
@pytest.mark.parametrize("text", ASKING)
def test_time_with_a_host_that_is_called(
    text: str, seconds: float, engine: str
) -> None:
    def ask() -> None:
        if seconds:
            time.sleep(seconds)
        if "catch" in text:
            raise ValueError

    # Interrupted if the limit does not hold, so that the test comes to an end.
    with Machine(text, engine, {"limits.time_s": 0.2}, {"ask": ask}) as machine:
        timer = threading.Timer(20, machine.vm.interrupt)
        timer.start()
        began = time.monotonic()
        error = error_of(machine.vm.run)
        timer.cancel()
        assert error.message == "the program ran longer than limits.time_s (0.2 s)"
        assert time.monotonic() - began < 10


def test_instructions_with_a_slow_host_are_as_many() -> None:
    found = set()
    for seconds in (0.0, 0.03):
        functions = {"ask": lambda seconds=seconds: time.sleep(seconds)}
        text = "while true { ask() }"
        with Machine(text, "plain", {"limits.instructions": 45}, functions) as machine:
            error = error_of(machine.vm.run)
            assert error.message == "the program used up limits.instructions (45)"
            found.add((machine.vm.driver.fuel_used, str(error.span)))
    assert len(found) == 1


def test_time_between_calls_is_not_the_programs() -> None:
    with Machine(TEXT, "plain", {"limits.time_s": 0.05}) as machine:
        machine.vm.call("spin", 10)
        time.sleep(0.06)
        assert machine.vm.call("spin", 2000) == 2000


@pytest.mark.parametrize("engine", ["plain", "emitted"])
def test_memory(engine: str) -> None:
    config = {"limits.memory_mb": 1, "limits.depth": 1_000_000}
    with Machine(TEXT, engine, config) as machine:
        assert machine.vm.call("wide", 100) == 0
        error = error_of(machine.vm.call, "wide", 100_000)
        assert error.kind == "ResourceLimitExceeded"
        assert error.message == "the call stack is larger than limits.memory_mb (1 MiB)"
        assert machine.vm.call("wide", 100) == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_memory_of_turns_that_each_take_a_slice(engine: str) -> None:
    # Each turn begins with as much fuel as the one before, and is not the same one.
    text = """private function go(n) {
      let total = 0
      for i in 0..n { ask() let xs = zeros(100_000) total += length(xs) }
      total
    }"""
    functions = {"ask": lambda: time.sleep(0.003)}
    with Machine(text, engine, {"limits.memory_mb": 16}, functions) as machine:
        assert machine.vm.call("go", 60) == 6_000_000


def test_memory_of_arguments_that_were_refused_is_given_back() -> None:
    settings = {"limits.memory_mb": 16}
    with Machine("private function same(x) { x }", "plain", settings) as machine:
        refused = [["x" * 1000] * 2_000, object()]
        for _ in range(30):
            assert error_of(machine.vm.call, "same", refused).kind == "HostError"
        assert machine.vm.call("same", 1) == 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", ["x" * 50, "é€" * 10, "", "😀"])
def test_output(engine: str, line: str) -> None:
    text = f'private function go() {{ while true {{ println("{line}") }} }}'
    size = len(f"{line}\n".encode())
    whole = 16 * 1024 // size
    settings = {"limits.output_kb": 16, "output.buffer_kb": 5}
    with Machine(text, engine, settings) as machine:
        for times in (1, 2):
            error = error_of(machine.vm.call, "go")
            assert error.kind == "ResourceLimitExceeded"
            message = "the program printed more than limits.output_kb (16 KiB)"
            assert error.message == message
            assert error.stack[0].function == "go"
            # Nothing of the text that is too much, and each call has its own limit.
            assert machine.output == f"{line}\n" * whole * times


def test_output_ends_a_program_at_one_point_in_every_engine() -> None:
    text = """private function go() {
      let n = 0
      while true { print(n) if n % 3 == 0 { ask("é") } n += 1 }
    }"""
    found = set()
    for engine in QUICK_ENGINES:
        machines: list[Machine] = []

        def ask(text: str, machines: list[Machine] = machines) -> None:
            machines[0].vm.write(text)

        machine = Machine(text, engine, {"limits.output_kb": 3}, {"ask": ask})
        machines.append(machine)
        with machine:
            error = error_of(machine.vm.call, "go")
            assert error.message.endswith("limits.output_kb (3 KiB)")
            found.add((machine.output, machine.vm.driver.fuel_used, str(error.span)))
    assert len(found) == 1
    [(output, _fuel, _span)] = found
    assert 3 * 1024 - 5 < len(output.encode()) <= 3 * 1024


def test_limits_are_no_errors_of_the_program() -> None:
    # Only a stack overflow is one: it is counted where it passes.
    kinds = {}
    for name, value in (("limits.depth", 20), ("limits.instructions", 300)):
        with Machine(TEXT, "plain", {name: value}) as machine:
            error = error_of(machine.vm.call, "deep", 10_000)
            stats = machine.vm.get_all_usage_stats()
            assert stats is not None
            kinds[error.kind] = sum(row.error_count for row in stats.values())
    assert kinds == {"StackOverflow": 20, "ResourceLimitExceeded": 0}


@pytest.mark.native
def test_a_million_calls_deep_where_the_setting_allows_it() -> None:
    with Machine(TEXT, "native", {"limits.depth": 1_000_010}) as machine:
        assert machine.vm.call("deep", 1_000_000) == 1_000_000


def test_the_longest_stack_that_is_kept_whole() -> None:
    for depth, elided in ((2 * STACK_ENDS - 1, 0), (2 * STACK_ENDS, 1)):
        with Machine(TEXT, "compiled", {"limits.depth": depth}) as machine:
            error = error_of(machine.vm.call, "deep", 10_000)
            assert len(error.stack) == 2 * STACK_ENDS - 1
            assert error.elided == elided
            stats = machine.vm.get_all_usage_stats()
            assert stats is not None
            # Every activation counts, those left out, too.
            assert sum(row.error_count for row in stats.values()) == depth


def test_an_error_three_million_calls_deep_takes_little() -> None:
    config = {"limits.depth": 3_000_000, "limits.memory_mb": 4096}
    with Machine(TEXT, "compiled", config) as machine:
        tracemalloc.start()
        error = error_of(machine.vm.call, "deep", 1 << 40)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(error.stack) + error.elided == 3_000_000
        assert peak < 2 << 20


@pytest.mark.native
def test_a_deep_overflow_has_its_stack() -> None:
    with Machine(TEXT, "native", {"limits.depth": 100_000}) as machine:
        error = error_of(machine.vm.call, "deep", 1_000_000)
        assert error.kind == "StackOverflow"
        assert len(error.stack) + error.elided == 100_000
        # The outermost frame is the host's call.
        assert len(error.stack) == 2 * STACK_ENDS - 1
        assert machine.vm.call("deep", 99_000) == 99_000
