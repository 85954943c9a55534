"""The engine that installs and retires units all the time."""

from collections import Counter

from tests.engines import execute, make_vm, program_of

TEXT = """
private function step(n, x) { if n % 2 == 0 { x + 1 } else { x * 0.5 } }
private function run(n) {
  let x = 1
  let i = 0
  while i < n { i += 1; x = step(i, x) }
  x
}
println(run(300))
"""


def test_units_are_retired_as_often_as_they_are_installed() -> None:
    with make_vm(program_of(TEXT), "churn") as vm:
        vm.run()
        assert vm.jit is not None
        events = Counter(event["event"] for event in vm.jit.log.events)
    assert events["install"] > 20
    assert events["retire"] > 20


def test_functions_and_loops_take_turns() -> None:
    with make_vm(program_of(TEXT), "churn") as vm:
        vm.run()
        assert vm.jit is not None
        kinds = Counter(
            "loop" if "loop_line" in event else "function"
            for event in vm.jit.log.events
            if event["event"] == "install"
        )
    assert min(kinds["loop"], kinds["function"]) > 5


def test_nothing_else_changes() -> None:
    program = program_of(TEXT)
    assert execute(program, "churn") == execute(program, "plain")
