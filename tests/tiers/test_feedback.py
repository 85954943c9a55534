"""Types of what is taken out of lists, closures and cells: relied on, and tested."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from fluentai_jit.engine.vm import VM
from tests.engines import make_vm, program_of

# Churn retires units before their guards fail often enough.
STEADY = ("emitted", "native")

SUM = """
private function total(xs) {
  let sum = 0
  for i in 0..length(xs) { sum = sum + xs[i] }
  sum
}
"""


def reasons(vm: VM) -> Counter[str]:
    assert vm.jit is not None
    return Counter(
        event["reason"] for event in vm.jit.log.events if event["event"] == "deoptimise"
    )


def sources(vm: VM) -> list[str]:
    assert vm.jit is not None
    return [row.unit.source for row in vm.jit.slots.installed.values()]


@pytest.mark.parametrize("engine", STEADY)
def test_an_item_is_expected_to_be_of_the_type_seen(engine: str) -> None:
    with make_vm(program_of(SUM), engine, {"jit.call_threshold": 2}) as vm:
        for n in range(2, 8):
            assert vm.call("total", list(range(n))) == sum(range(n))
        assert any("if t != INT:" in text for text in sources(vm))
        assert reasons(vm) == {}
        assert vm.call("total", [1, 2.5, 3]) == 6.5
        assert reasons(vm) == {"guard": 1}


@pytest.mark.parametrize("engine", STEADY)
def test_items_of_two_types_are_not_guarded(engine: str) -> None:
    config = {"jit.call_threshold": 4}
    with make_vm(program_of(SUM), engine, config) as vm:
        for _ in range(3):
            assert vm.call("total", [1, 0.5]) == 1.5
        for _ in range(20):
            assert vm.call("total", [0.5, 1]) == 1.5
        assert sources(vm)
        assert not any("if t != INT:" in text for text in sources(vm))
        assert reasons(vm) == {}


@pytest.mark.parametrize("engine", STEADY)
def test_a_failing_guard_is_left_out_when_the_unit_is_made_anew(engine: str) -> None:
    config = {"jit.call_threshold": 2, "jit.deoptimisation_limit": 2}
    with make_vm(program_of(SUM), engine, config) as vm:
        for _ in range(4):
            assert vm.call("total", [1, 2]) == 3
        for _ in range(20):
            assert vm.call("total", [1, 0.5]) == 1.5
        # The interpreter notes the other type at the first failure.
        assert reasons(vm) == {"guard": 3}
        assert sources(vm)


@pytest.mark.parametrize("engine", STEADY)
def test_a_captured_value_and_a_cell_of_another_type(engine: str) -> None:
    text = """
    private function adder(k) { x => x + k }
    private function apply(k, n) { let f = adder(k); f(n) }
    private function count(start, n) {
      let held = start
      let step = () => { held = held + 1 }
      for i in 0..n { step() }
      held
    }
    """
    with make_vm(program_of(text), engine) as vm:
        for n in range(6):
            assert vm.call("apply", 10, n) == 10 + n
            assert vm.call("count", n, 3) == n + 3
        assert vm.call("apply", 0.5, 1) == 1.5
        assert vm.call("count", 0.5, 3) == 3.5
        assert vm.call("apply", 10, 1) == 11


@pytest.mark.parametrize("engine", STEADY)
def test_the_result_of_a_function_outside_the_unit(engine: str) -> None:
    text = """
    private function half(n) { if n > 100 { n * 0.5 } else { n / 2 } }
    private function twice(n) { let a = half(n); let b = half(n + 2); a + b + 1 }
    """
    config = {"jit.inline_instructions": 0}
    with make_vm(program_of(text), engine, config) as vm:
        for n in range(20):
            assert vm.call("twice", n) == n // 2 + (n + 2) // 2 + 1
        assert vm.call("twice", 200) == 202.0
        assert vm.call("twice", 99) == 49 + 50.5 + 1


@pytest.mark.parametrize("engine", STEADY)
def test_the_record_of_an_array_is_read_once(engine: str) -> None:
    text = """
    private function scale(a, b, x) {
      for i in 0..length(a) { b[i] = a[i] * x }
      b
    }
    private function go(n) {
      let a = array(n, 1.5)
      let b = scale(a, zeros(n), 2)
      let c = scale(b, zeros(n), 3)
      for i in 0..n { a[i] = c[i]; c = a; b = c }
      b
    }
    """
    with make_vm(program_of(text), engine, {"jit.call_threshold": 3}) as vm:
        for n in range(1, 9):
            result: Any = vm.call("go", n)
            assert result.tolist() == [9.0] + [1.5] * (n - 1)
        texts = [text for text in sources(vm) if "number_at" in text]
        assert texts
        # Lists and arrays of ints come to the same places.
        assert vm.call("scale", [1, 2], [0, 0], 2) == [2, 4]
        ints: Any = vm.call("scale", np.arange(3), np.arange(3), 2)
        assert ints.tolist() == [0, 2, 4]


@pytest.mark.parametrize("engine", STEADY)
def test_what_was_an_array_on_one_way_only(engine: str) -> None:
    text = """
    private function pick(n) {
      let xs = if n % 3 == 0 { [n] } else { array(1, n) }
      let s = 0
      for i in 0..3 { s = s + xs[0]; xs[0] = s }
      s
    }
    """
    with make_vm(program_of(text), engine, {"jit.call_threshold": 2}) as vm:
        for n in range(30):
            assert vm.call("pick", n) == 4 * n
