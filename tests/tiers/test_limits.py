"""Each limit ends a program at the same point in every engine."""

import time

import pytest

from fluentai_jit.errors import FluentError, render
from tests.engines import ENGINES, execute, make_vm, program_of

MIXED = """
private function fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
private function count(n, total) {
  if n == 0 { total } else { count(n - 1, total + fib(3)) }
}
private function even(n) { if n == 0 { true } else { odd(n - 1) } }
private function odd(n) { if n == 0 { false } else { even(n - 1) } }
private function loops(n) {
  let s = 0
  for i in 0..n { let j = 0; while j < i { j += 1; s += count(2, j) } }
  s
}
println(loops(4))
println(even(30))
println(fib(8))
println(loops(6))
"""

DOWN = """
private function down(n) {
  1 + down(n + 1)
}
private function first(n) { second(n) }
private function second(n) { down(n) }
first(0)
"""

DEEP = """
private function sum(n) { if n == 0 { 0 } else { 1 + sum(n - 1) } }
println(sum(1000000))
"""

ENDLESS = "private function spin(n) { spin(n + 1) }\nspin(0)\n"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("budget", [1, 7, 50, 333, 1000, 1717, 2500, 3000])
def test_an_instruction_limit_ends_every_engine_at_one_point(
    budget: int, engine: str
) -> None:
    program = program_of(MIXED)
    config = {"limits.instructions": budget}
    found = execute(program, engine, config)
    assert found == execute(program, "plain", config)
    assert found.fuel <= budget
    assert f"used up limits.instructions ({budget})" in found.results[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_program_within_its_instruction_limit_ends_by_itself(engine: str) -> None:
    program = program_of(MIXED)
    fuel = execute(program, "plain").fuel
    found = execute(program, engine, {"limits.instructions": fuel})
    assert found.results == ("None",)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("depth", [1, 2, 3, 59, 61, 200, 3000])
def test_stack_overflow_has_the_same_stack_in_every_engine(
    depth: int, engine: str
) -> None:
    program = program_of(DOWN)
    config = {"limits.depth": depth}
    found = execute(program, engine, config)
    assert found.results[0].startswith("error[StackOverflow]")
    assert found == execute(program, "plain", config)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_program_may_go_on_after_a_stack_overflow(engine: str) -> None:
    text = "private function sum(n) { if n == 0 { 0 } else { n + sum(n - 1) } }\n"
    with make_vm(program_of(text), engine, {"limits.depth": 100}) as vm:
        for _ in range(3):
            with pytest.raises(FluentError, match="StackOverflow"):
                vm.call("sum", 200)
            assert vm.call("sum", 50) == 1275


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_recursion_a_million_deep(engine: str) -> None:
    config = {"limits.depth": 2_000_000, "jit.call_threshold": 100_000}
    found = execute(program_of(DEEP), engine, config)
    assert found.results == ("None",)
    assert found.output == "1000000\n"
    assert found.executions("sum") == 1_000_001


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_recursion_deeper_than_a_large_limit_is_a_stack_overflow(engine: str) -> None:
    config = {"limits.depth": 300_000, "jit.call_threshold": 100_000}
    vm = make_vm(program_of(DEEP), engine, config)
    with vm, pytest.raises(FluentError) as caught:
        vm.run()
    assert caught.value.kind == "StackOverflow"
    assert len(caught.value.stack) + caught.value.elided == 300_000
    assert "... 299980 more" in render(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_million_self_tail_calls_need_no_stack(engine: str) -> None:
    text = """
    private function count(n, total) {
      if n == 0 { total } else { count(n - 1, total + 2) }
    }
    println(count(1000000, 0))
    """
    config = {"limits.depth": 5, "jit.call_threshold": 10_000}
    found = execute(program_of(text), engine, config)
    assert found.output == "2000000\n"
    assert dict(found.counts)["count"].tail_iterations == 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_million_mutual_tail_calls_need_no_stack(engine: str) -> None:
    text = """
    private function even(n) { if n == 0 { true } else { odd(n - 1) } }
    private function odd(n) { if n == 0 { false } else { even(n - 1) } }
    println(even(1000000))
    """
    config = {"limits.depth": 5, "jit.call_threshold": 10_000}
    found = execute(program_of(text), engine, config)
    assert found.output == "true\n"
    assert found.executions("even") + found.executions("odd") == 1_000_001


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", [ENDLESS, "while true { }\n"], ids=["calls", "loop"])
def test_a_time_limit_ends_an_endless_program(text: str, engine: str) -> None:
    program = program_of(text)
    with make_vm(program, engine, {"limits.time_s": 0.2}) as vm:
        began = time.monotonic()
        with pytest.raises(FluentError, match=r"limits\.time_s") as caught:
            vm.run()
        elapsed = time.monotonic() - began
    assert caught.value.kind == "ResourceLimitExceeded"
    # What is compiled on the spot takes its time too.
    assert 0.2 <= elapsed < 10


@pytest.mark.parametrize("engine", ENGINES)
def test_a_memory_limit_ends_a_deep_recursion(engine: str) -> None:
    text = "private function down(n) { 1 + down(n + 1) }\ndown(0)\n"
    config = {"limits.depth": 10_000_000, "limits.memory_mb": 1}
    found = execute(program_of(text), engine, config)
    assert "larger than limits.memory_mb" in found.results[0]
    assert found == execute(program_of(text), "plain", config)
