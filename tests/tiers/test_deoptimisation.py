"""Code that was made for some kinds of values and meets others."""

from collections import Counter

import pytest

from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from tests.engines import SPECIALISING, execute, make_vm, program_of

# Churn retires units before their guards fail often enough.
STEADY = ("emitted", "native")

SCALE = """
private function scale(x, y) {
  if is_bool(x) { return x }
  x * 2 + y
}
"""


def reasons(vm: VM) -> Counter[str]:
    assert vm.jit is not None
    return Counter(
        event["reason"] for event in vm.jit.log.events if event["event"] == "deoptimise"
    )


@pytest.mark.parametrize("engine", SPECIALISING)
def test_hot_on_ints_then_called_with_others(engine: str) -> None:
    with make_vm(program_of(SCALE), engine) as vm:
        assert [vm.call("scale", n, 1) for n in range(20)] == [
            2 * n + 1 for n in range(20)
        ]
        assert vm.call("scale", 1.5, 1) == 4.0
        assert vm.call("scale", 2, 0.25) == 4.25
        assert vm.call("scale", 3, 1) == 7
        assert vm.call("scale", True, 1) is True
        assert vm.call("scale", 4, 1) == 9


@pytest.mark.parametrize("engine", STEADY)
def test_a_failing_entry_guard_is_recorded_with_its_types(engine: str) -> None:
    with make_vm(program_of(SCALE), engine) as vm:
        vm.call("scale", 1, 1)
        vm.call("scale", 1.5, 1)
        assert vm.jit is not None
        found = [event for event in vm.jit.log.events if event["event"] == "deoptimise"]
    assert [(event["function"], event["reason"]) for event in found] == [
        ("scale", "entry_guard")
    ]
    assert found[0]["pc"] == 0
    assert "R0 float" in found[0]["types"]


@pytest.mark.parametrize("engine", STEADY)
def test_a_unit_that_keeps_failing_is_made_anew_for_what_was_seen(engine: str) -> None:
    config = {"jit.deoptimisation_limit": 3}
    with make_vm(program_of(SCALE), engine, config) as vm:
        vm.call("scale", 1, 1)
        for _ in range(10):
            assert vm.call("scale", 0.5, 1) == 2.0
        assert reasons(vm) == {"entry_guard": 4}
        assert vm.jit is not None
        guards = [
            event["guards"]
            for event in vm.jit.log.events
            if event["event"] == "compile"
        ]
    assert guards == [["int", "int"], ["any", "int"]]


@pytest.mark.parametrize("engine", STEADY)
def test_after_enough_rounds_a_function_is_left_to_the_interpreter(engine: str) -> None:
    text = """
    let source = 1
    private function read(n) { source + n }
    private function set(x) { source = x }
    """
    config = {"jit.deoptimisation_limit": 1, "jit.respecialise_limit": 0}
    with make_vm(program_of(text), engine, config) as vm:
        vm.run()
        for value in (1, 0.5) * 6:
            vm.call("set", value)
            assert vm.call("read", 1) == value + 1
        assert vm.jit is not None
        refused = [node for node in vm.jit.nodes.values() if node.refusal == "unstable"]
        installed = {key[0] for key in vm.jit.slots.installed}
    assert [node.key[0] for node in refused]
    assert not installed & {node.key[0] for node in refused}


@pytest.mark.parametrize("engine", STEADY)
def test_a_guard_fails_in_the_middle_of_a_loop(engine: str) -> None:
    text = """
    let step = 1
    private function next(i) { if i == 30 { step = 0.5 }; step }
    private function run(n) {
      let total = 0
      for i in 0..n { total += next(i) }
      total
    }
    """
    # What was bound when code was made for it is expected to keep its type.
    with make_vm(program_of(text), engine) as vm:
        vm.run()
        assert vm.call("run", 50) == 40.0
        assert reasons(vm)["guard"] >= 1
    program = program_of(text + "println(run(50))")
    found = execute(program, engine)
    assert found.output == "40.0\n"
    assert found == execute(program, "plain")


@pytest.mark.parametrize("engine", SPECIALISING)
def test_a_call_site_meets_another_function(engine: str) -> None:
    text = """
    private function apply(f, n) {
      let total = 0
      for i in 0..n { total += f(i) }
      total
    }
    println(apply(x => x + 1, 20))
    println(apply(x => x * 0.5, 20))
    println(apply(abs, 20))
    """
    program = program_of(text)
    found = execute(program, engine)
    assert found.output == "210\n95.0\n190\n"
    assert found == execute(program, "plain")


@pytest.mark.parametrize("engine", STEADY)
def test_an_error_of_the_program_is_no_wrong_guess(engine: str) -> None:
    text = "private function divide(a, b) { a / b }\n"
    with make_vm(program_of(text), engine, {"jit.deoptimisation_limit": 3}) as vm:
        vm.call("divide", 1, 1)
        for _ in range(20):
            with pytest.raises(FluentError, match="division by zero"):
                vm.call("divide", 1, 0)
        assert vm.jit is not None
        assert "retire" not in {event["event"] for event in vm.jit.log.events}


@pytest.mark.parametrize("engine", SPECIALISING)
def test_what_a_callee_gives_changes_its_kind(engine: str) -> None:
    text = """
    private function pick(i) { if i < 12 { i } else { i + 0.5 } }
    private function twice(i) { pick(i) + pick(i + 1) }
    for i in 8..14 { println(twice(i)) }
    """
    program = program_of(text)
    found = execute(program, engine, {"jit.inline_instructions": 0})
    assert found.output == "17\n19\n21\n23.5\n26.0\n28.0\n"
    assert found == execute(program, "plain")
