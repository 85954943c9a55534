"""Every activation is timed once, in every tier and however it ends."""

from __future__ import annotations

import io
import itertools
import threading
import time

import pytest

from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from fluentai_jit.kernel import clock
from tests.engines import (
    ENGINES,
    QUICK_ENGINES,
    execute,
    make_vm,
    program_of,
    result_of,
)
from tests.fuzz.differential import compiled
from tests.fuzz.generator import case_of
from tests.tracking.timed import (
    FULL,
    check_ended,
    chunk_of,
    durations_of,
    node_of,
    self_of_all,
    timed_vm,
    times_of,
)

MIXED = """
private function fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
private function down(n) { if n == 0 { 0 } else { down(n - 1) } }
private function even(n) { if n == 0 { true } else { odd(n - 1) } }
private function odd(n) { if n == 0 { false } else { even(n - 1) } }
private function inline(x) { x + 1 }
private function looping(n) { let s = 0 for i in 0..n { s += inline(i) } s }
private function finish(n) { looping(n) }
private function fails(n) { 10 / n }
private function outer(n) { 1 + fails(n) }
fib(9)
down(50)
even(41)
looping(150)
finish(20)
outer(1)
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_every_activation_is_timed_once(engine: str) -> None:
    with timed_vm(MIXED, engine) as vm:
        vm.run()
        check_ended(vm)
        main = times_of(vm, "<main>")
        # What everything took by itself is what the outermost activation took.
        assert self_of_all(vm) == main.total_ns > 0
        assert durations_of(vm, "<main>") == [main.total_ns]


@pytest.mark.parametrize("engine", ENGINES)
def test_counts_and_answers_do_not_depend_on_the_mode(engine: str) -> None:
    program = program_of(MIXED + "println(fib(6))\n")
    calls = [("looping", (7,)), ("outer", (0,)), ("even", (4,))]
    counted = execute(program, engine, {"tracking.mode": "counts"}, calls=calls)
    assert execute(program, engine, FULL, calls=calls) == counted


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("calls", [1, 99, 100, 101, 250])
def test_the_last_100_are_kept(engine: str, calls: int) -> None:
    text = "private function f(n) { for i in 0..n { i } n }\n"
    totals = [0]
    with timed_vm(text, engine) as vm:
        for number in range(calls):
            vm.call("f", number)
            totals.append(times_of(vm, "f").total_ns)
        found = durations_of(vm, "f")
        times = times_of(vm, "f")
    every = [after - before for before, after in itertools.pairwise(totals)]
    assert found == every[-100:]
    assert times.timed == calls
    assert times.avg_ns == sum(every) / calls


@pytest.mark.parametrize("engine", ENGINES)
def test_recursion_counts_once(engine: str) -> None:
    with timed_vm(MIXED, engine) as vm:
        vm.call("fib", 10)
        times, calls = times_of(vm, "fib"), times_of(vm, "fib").timed
        assert times.total_ns == times.self_ns == max(durations_of(vm, "fib"))
        assert calls == 177
        assert times.avg_ns is not None
        # The average is of all activations, each with its callees.
        assert times.total_ns < times.avg_ns * calls < times.total_ns * 10


@pytest.mark.parametrize("engine", ENGINES)
def test_a_self_tail_call_stays_in_its_activation(engine: str) -> None:
    with timed_vm(MIXED, engine) as vm:
        for n in (3, 3, 100_000):
            vm.call("down", n)
        found = durations_of(vm, "down")
        check_ended(vm)
    assert len(found) == 3
    assert found[2] > 20 * min(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_tail_call_ends_one_activation_and_begins_the_other(engine: str) -> None:
    with timed_vm(MIXED, engine) as vm:
        vm.call("even", 301)
        check_ended(vm)
        even, odd = times_of(vm, "even"), times_of(vm, "odd")
        assert (even.timed, odd.timed) == (151, 151)
        # None of them is inside another one.
        assert even.total_ns == even.self_ns
        assert odd.total_ns == odd.self_ns


@pytest.mark.parametrize("engine", ENGINES)
def test_a_loop_that_ends_in_a_tail_call(engine: str) -> None:
    text = """
    private function last(n) { for i in 0..20 { n + i } n }
    private function f(n) { for i in 0..n { i } last(n) }
    private function g(n) { 1 + f(n) }
    """
    with timed_vm(text, engine) as vm:
        for n in range(30):
            vm.call("g", n)
        check_ended(vm)
        assert times_of(vm, "last").total_ns == times_of(vm, "last").self_ns
        assert self_of_all(vm) == times_of(vm, "g").total_ns


@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_error_leaves_is_timed(engine: str) -> None:
    text = """
    private function deep(n) { if n == 0 { 1 / n } else { 1 + deep(n - 1) } }
    private function f(n) { for i in 0..30 { if i == n { deep(n) } } n }
    """
    with timed_vm(text, engine) as vm:
        for n in range(12):
            with pytest.raises(FluentError) as caught:
                vm.call("f", n)
            assert caught.value.kind == "DivisionByZero"
        check_ended(vm)
        stats = vm.get_usage_stats(node_of(vm, "deep"))
        assert stats is not None
        assert stats.error_count == stats.execution_count == sum(range(1, 13))
        assert self_of_all(vm) == times_of(vm, "f").total_ns


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_caught_error_leaves_is_timed(engine: str) -> None:
    text = """
    private function check(n) { if n % 3 == 0 { throw n }; 60 / (n % 4) }
    private function safe(n) { try { check(n) + 1 } catch (e) { 0 } }
    private function each(count) { for i in 0..count { safe(i) } }
    """
    with timed_vm(text, engine) as vm:
        for _ in range(3):
            vm.call("each", 20)
        assert times_of(vm, "check").timed == times_of(vm, "safe").timed == 60
        assert times_of(vm, "each").timed == 3
        assert self_of_all(vm) == times_of(vm, "each").total_ns


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        ({"limits.depth": 500}, "StackOverflow"),
        ({"limits.instructions": 20_000}, "ResourceLimitExceeded"),
    ],
)
def test_what_a_limit_leaves_is_timed(
    engine: str, limits: dict[str, int], kind: str
) -> None:
    text = "private function f(n) { 1 + f(n + 1) }\n"
    with timed_vm(text, engine, {"limits.depth": 100_000, **limits}) as vm:
        for _ in range(2):
            with pytest.raises(FluentError) as caught:
                vm.call("f", 1)
            assert caught.value.kind == kind
        check_ended(vm)
        assert times_of(vm, "f").total_ns == self_of_all(vm)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", ["f(n + 1)", "g(n)", "1 + g(n)"])
def test_what_an_interrupt_leaves_is_timed(engine: str, text: str) -> None:
    source = f"""
    private function f(n) {{ {text} }}
    private function g(n) {{ for i in 0..1000000000 {{ i }} f(n) }}
    """
    with timed_vm(source, engine, {"jit.call_threshold": 3}) as vm:
        timer = threading.Timer(0.05, vm.interrupt)
        timer.start()
        with pytest.raises(FluentError) as caught:
            vm.call("f", 1)
        timer.join()
        assert caught.value.kind == "Interrupted"
        check_ended(vm)


@pytest.mark.parametrize("engine", ENGINES)
def test_deoptimisation_keeps_the_start(engine: str) -> None:
    text = """
    private function add(x, y) { x + y }
    private function sum(n, x) { let s = x for i in 0..n { s = add(s, i) } s }
    """
    with timed_vm(text, engine) as vm:
        for start in (0, 1, 0.5, 2, 1 << 62, 0.5):
            vm.call("sum", 60, start)
        with pytest.raises(FluentError):
            vm.call("sum", 60, (1 << 63) - 100)
        check_ended(vm)
        assert self_of_all(vm) == times_of(vm, "sum").total_ns


class _Slow(io.StringIO):
    def write(self, text: str) -> int:
        time.sleep(0.05)
        return len(text)

    def isatty(self) -> bool:
        return True


@pytest.mark.timing
@pytest.mark.parametrize("engine", ENGINES)
def test_host_calls_are_in_no_functions_time(engine: str) -> None:
    text = "private function f(n) { println(n) n }\nf(1)\nf(2)\nf(3)\n"
    began = time.perf_counter()
    with timed_vm(text, engine, stdout=_Slow()) as vm:
        vm.run()
        # Of a wait for three lines a busy machine could make up for no more than one.
        assert time.perf_counter() - began > 0.15
        assert times_of(vm, "<main>").total_ns < 100_000_000
        check_ended(vm)


class _Calls(io.StringIO):
    """An output that calls the program whenever it writes."""

    vm: VM
    action = "call"

    def write(self, text: str) -> int:
        if self.action == "call":
            self.vm.call("inner", 300)
        elif self.action == "fail":
            with pytest.raises(FluentError):
                self.vm.call("fails", 0)
        else:
            self.vm.enable_usage_tracking("full")
        return len(text)

    def isatty(self) -> bool:
        return True


NESTED = """
private function inner(n) { let s = 0 for i in 0..n { s += i } s }
private function fails(n) { 1 + 1 / n }
private function f(n) { println(n) n }
private function g(n) { 1 + f(n) }
g(1)
g(2)
"""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("action", "name"), [("call", "inner"), ("fail", "fails")])
def test_calls_from_host_calls_are_callees(engine: str, action: str, name: str) -> None:
    stdout = _Calls()
    stdout.action = action
    with timed_vm(NESTED, engine, stdout=stdout) as vm:
        stdout.vm = vm
        vm.run()
        check_ended(vm)
        assert times_of(vm, name).timed == 2
        assert self_of_all(vm) == times_of(vm, "<main>").total_ns
        assert times_of(vm, "f").self_ns <= (
            times_of(vm, "f").total_ns - times_of(vm, name).total_ns
        )


@pytest.mark.parametrize("engine", ENGINES)
def test_timing_may_begin_in_the_middle(engine: str) -> None:
    stdout = _Calls()
    stdout.action = "enable"
    program = program_of(NESTED)
    with make_vm(program, engine, {"tracking.mode": "counts"}, stdout) as vm:
        stdout.vm = vm
        vm.run()
        for name, timed, calls in (("f", 1, 2), ("g", 1, 2), ("<main>", 0, 1)):
            stats = vm.get_usage_stats(node_of(vm, name))
            assert stats is not None
            assert stats.times is not None
            assert (stats.times.timed, stats.execution_count) == (timed, calls)
        main = times_of(vm, "<main>")
        assert (main.total_ns, main.avg_ns, main.p50_ns) == (0, None, None)


@pytest.mark.parametrize("engine", ENGINES)
def test_chunks_of_one_node_have_one_total(engine: str) -> None:
    with timed_vm(MIXED, engine) as vm:
        for name in ("looping", "inline", "finish"):
            vm.register_chunk_mapping(chunk_of(vm, name), 100_000)
        vm.call("finish", 50)
        vm.call("inline", 1)
        before = vm.get_usage_stats(100_000)
        vm.call("looping", 120)
        stats = vm.get_usage_stats(100_000)
        found = vm.get_execution_times(100_000)
    assert stats is not None
    assert stats.times is not None
    assert found is not None
    assert stats.times.timed == stats.execution_count == 174
    assert stats.times.total_ns == stats.times.self_ns
    assert len(found) == 100
    assert before is not None
    assert before.times is not None
    first, last = before.times.total_ns, stats.times.total_ns
    assert first is not None
    assert last is not None
    assert found[-1] == last - first


@pytest.mark.parametrize("engine", ["compiled", "native"])
def test_where_the_cycle_counter_is_no_clock(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "_scale", 0)
    with timed_vm(MIXED, engine) as vm:
        vm.run()
        check_ended(vm)
        assert self_of_all(vm) == times_of(vm, "<main>").total_ns > 0


@pytest.mark.timing
@pytest.mark.parametrize("engine", ["compiled", "native"])
def test_the_clock_of_compiled_code_is_right(engine: str) -> None:
    text = "private function spin(n) { let i = 0 while i < n { i += 1 } i }\n"
    with timed_vm(text, engine) as vm:
        # Native code is compiled before, also that for the middle of the loop.
        for _ in range(3):
            vm.call("spin", 20_000_000)
        began = time.perf_counter_ns()
        vm.call("spin", 20_000_000)
        elapsed = time.perf_counter_ns() - began
        measured = durations_of(vm, "spin")[-1]
    assert 0.5 * elapsed < measured <= 1.001 * elapsed


@pytest.mark.parametrize("engine", QUICK_ENGINES)
@pytest.mark.parametrize("seed", range(30))
def test_a_generated_program_is_timed_once(engine: str, seed: int) -> None:
    case = case_of(seed)
    program = compiled(case)
    if program is None:
        return
    settings = {**case.config, **FULL}
    with make_vm(program, engine, settings, io.StringIO(), case.args) as vm:
        for call in (None, *case.calls):
            result_of(vm, call)
            check_ended(vm)
