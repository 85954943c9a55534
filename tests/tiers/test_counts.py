"""Counts are exact whichever tier ran a call, and wherever tiers changed."""

import pytest

from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from tests.engines import (
    ENGINES,
    SPECIALISING,
    counts_of,
    execute,
    make_vm,
    program_of,
    store_folder,
)

STORE = {"store.path": store_folder()}

FIB = """
private function fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
println(fib(25))
"""

MUTUAL = """
private function even(n) { if n == 0 { true } else { odd(n - 1) && true } }
private function odd(n) { if n == 0 { false } else { even(n - 1) && true } }
for i in 0..40 { even(i) }
"""

INLINED = """
private function square(x) { x * x }
private function norm(a, b) { square(a) + square(b) }
let total = 0
for i in 0..200 { total += norm(i, 1) }
println(total)
"""


def threshold(engine: str) -> dict[str, int]:
    # Churn would make a unit for nearly every call.
    return {"jit.call_threshold": 2000 if engine == "churn" else 1}


@pytest.mark.parametrize("engine", ENGINES)
def test_fib_25_is_242785_calls(engine: str) -> None:
    found = execute(program_of(FIB), engine, threshold(engine))
    assert found.output == "75025\n"
    assert found.executions("fib") == 242_785


@pytest.mark.parametrize("engine", ENGINES)
def test_mutual_recursion(engine: str) -> None:
    found = execute(program_of(MUTUAL), engine)
    # even(i) makes i + 1 calls, of both in turn.
    assert found.executions("even") == sum(i // 2 + 1 for i in range(40))
    assert found.executions("odd") == sum((i + 1) // 2 for i in range(40))


@pytest.mark.parametrize("engine", ENGINES)
def test_an_inlined_function(engine: str) -> None:
    program = program_of(INLINED)
    found = execute(program, engine)
    assert found.executions("square") == 400
    assert found.executions("norm") == 200
    assert found == execute(program, "plain")


@pytest.mark.parametrize("engine", SPECIALISING)
def test_a_unit_contains_the_inlined_function(engine: str) -> None:
    with make_vm(program_of(INLINED), engine) as vm:
        vm.run()
        assert vm.jit is not None
        chunks = [row.unit.chunks for row in vm.jit.slots.installed.values()]
        chunks += [node.unit.chunks for node in vm.jit.nodes.values() if node.unit]
    assert any(len(each) > 1 for each in chunks)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_third_call_ends_in_an_error(engine: str) -> None:
    text = """
    private function inner(n) { 10 / (n % 3) }
    private function outer(n) { inner(n) + 1 }
    """
    with make_vm(program_of(text), engine) as vm:
        failed = 0
        for n in range(30):
            try:
                vm.call("outer", n)
            except FluentError as error:
                assert error.kind == "DivisionByZero"
                failed += 1
        counts = dict(counts_of(vm))
    assert failed == 10
    for name in ("inner", "outer"):
        assert (counts[name].executions, counts[name].errors) == (30, 10)


@pytest.mark.parametrize("engine", ENGINES)
def test_errors_count_for_every_activation_they_leave(engine: str) -> None:
    text = """
    private function down(n) { if n == 0 { 1 / 0 } else { 1 + down(n - 1) } }
    """
    with make_vm(program_of(text), engine) as vm:
        for _ in range(3):
            with pytest.raises(FluentError):
                vm.call("down", 5)
        counts = dict(counts_of(vm))
    assert (counts["down"].executions, counts["down"].errors) == (18, 18)


@pytest.mark.parametrize("engine", ENGINES)
def test_tracking_may_begin_in_the_middle(engine: str) -> None:
    from fluentai_jit.engine.vm import VM

    program = program_of("private function one(n) { n + 1 }\n")
    with VM(program, config={"jit.call_threshold": 1}, engine=engine) as vm:
        vm.call("one", 1)
        vm.call("one", 1)
        assert vm.get_all_usage_stats() is None
        vm.enable_usage_tracking()
        vm.call("one", 1)
        assert dict(counts_of(vm))["one"].executions == 1


LOOPING = """
private function f(n) { let s = 0 for i in 0..n { s += g(i) } s }
private function g(i) { if i % 2 == 0 { h(i, 0) } else { i } }
private function h(i, s) { if i <= 0 { s } else { h(i - 2, s + 1) } }
"""


def looping_counts(calls: int) -> dict[str, tuple[int, int, int]]:
    g = 100 * calls
    iterations = sum(i // 2 for i in range(0, 100, 2)) * calls
    return {
        "f": (calls, 0, 99 * calls),
        "g": (g, 0, 0),
        "h": (g // 2, iterations, 0),
    }


@pytest.mark.parametrize("engine", SPECIALISING)
def test_tracking_switched_on_later_counts_from_then_on(engine: str) -> None:
    with VM(
        program_of(LOOPING), {"jit.call_threshold": 1, **STORE}, engine=engine
    ) as vm:
        vm.run()
        for _ in range(3):
            assert vm.call("f", 100) == 3725
        assert vm.jit is not None
        sources = [row.unit.source for row in vm.jit.slots.installed.values()]
        assert not any("counted" in text or "add_" in text for text in sources)
        vm.enable_usage_tracking()
        assert not vm.jit.slots.installed
        for _ in range(4):
            assert vm.call("f", 100) == 3725
        found = {
            name: (row.executions, row.tail_iterations, row.back_edges)
            for name, row in counts_of(vm)
            if name in "fgh"
        }
        assert found == looping_counts(4)
        if engine != "churn":
            assert vm.jit.slots.installed
            assert all(row.unit.counting for row in vm.jit.slots.installed.values())
