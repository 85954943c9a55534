"""Functions given to functions: called directly where they are known."""

import pytest

from fluentai_jit.engine.vm import VM
from tests.engines import ENGINES, execute, make_vm, program_of

STEADY = ("emitted", "native")

TEXT = """
private function each(xs, f) {
  let out = []
  for i in 0..length(xs) { out = append(out, f(xs[i])) }
  out
}
private function fold_all(xs, start, f) {
  let acc = start
  for i in 0..length(xs) { acc = f(acc, xs[i]) }
  acc
}
private function both(xs, k) {
  let doubled = each(xs, x => x * 2)
  let moved = each(doubled, x => x + k)
  fold_all(moved, 0, (acc, x) => acc + x)
}
"""


def unit_of(vm: VM, name: str) -> str:
    assert vm.jit is not None
    found = [
        row.unit.source
        for row in vm.jit.slots.installed.values()
        if row.unit.name == name and row.back_edge is None
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("engine", STEADY)
def test_each_call_has_a_copy_of_its_own(engine: str) -> None:
    with make_vm(program_of(TEXT), engine) as vm:
        for n in range(6):
            xs = list(range(n))
            assert vm.call("both", xs, n) == sum(2 * x + n for x in xs)
        source = unit_of(vm, "both")
    assert source.count("def each_") == 2
    assert source.count("def _lambda__") == 3
    # No call of a value is left, and none is tested.
    assert "call_value" not in source
    assert "called_chunk" not in source


@pytest.mark.parametrize("engine", ENGINES)
def test_counts_are_exact(engine: str) -> None:
    text = TEXT + "for n in 0..20 { println(both([1, 2, 3], n)) }"
    with make_vm(program_of(text), engine) as vm:
        vm.run()
        stats = vm.get_all_usage_stats()
        assert stats is not None
        counts = [
            (chunk.name, stats[chunk.node_id].execution_count)
            for chunk in vm.program.image.chunks
        ]
    assert counts == [
        ("<main>", 1),
        ("each", 40),
        ("fold_all", 20),
        ("both", 20),
        *[("<lambda>", 60)] * 3,
    ]


@pytest.mark.parametrize("engine", STEADY)
def test_a_value_called_in_tail_position_stays_in_the_unit(engine: str) -> None:
    text = """
    private function apply(f, x) { f(x) }
    private function twice(x) { apply(y => y + y, x) }
    private function captured(x, k) { apply(y => y + k, x) }
    """
    with make_vm(program_of(text), engine) as vm:
        for n in range(6):
            assert vm.call("twice", n) == 2 * n
            assert vm.call("captured", n, 10) == n + 10
        source = unit_of(vm, "captured")
    assert "return jump__lambda_" in source


@pytest.mark.parametrize("engine", STEADY)
def test_an_observed_callee_in_tail_position_is_guarded(engine: str) -> None:
    text = """
    private function up(x) { x + 1 }
    private function down(x) { x - 1 }
    private function apply(f, x) { f(x) }
    private function go(up_wards, x) { apply(if up_wards { up } else { down }, x) }
    """
    with make_vm(program_of(text), engine, {"jit.call_threshold": 3}) as vm:
        for n in range(10):
            assert vm.call("go", True, n) == n + 1
        for n in range(10):
            assert vm.call("go", False, n) == n - 1
            assert vm.call("go", True, n) == n + 1


def test_recursion_that_passes_a_function_on() -> None:
    text = """
    private function repeat_with(f, n, x) {
      if n == 0 { x } else { 0 + repeat_with(f, n - 1, f(x)) }
    }
    private function swap(f, g, n, x) {
      if n == 0 { x } else { swap(g, f, n - 1, f(x)) }
    }
    for n in 0..30 {
      println(repeat_with(x => x + n, n, 0))
      println(swap(x => x + 1, x => x * 2, n % 7, 1))
    }
    """
    outcomes = {engine: execute(program_of(text), engine) for engine in ENGINES}
    first = outcomes["plain"]
    assert all(each.output == first.output for each in outcomes.values())
    assert all(each.counts == first.counts for each in outcomes.values())
