"""Loops that turn native in the middle of an activation, at a back-edge."""

import pytest

from tests.engines import SPECIALISING, execute, make_vm, program_of

# The one call does not make a function hot, its back-edges do.
LATE = {"jit.call_threshold": 100, "jit.back_edge_weight": 1}

WHILE = """
private function sum(n) {
  let total = 0
  let i = 0
  while i < n { i += 1; total += i % 7 }
  total
}
println(sum(5000))
"""

NESTED = """
private function pairs(n) {
  let count = 0
  for i in 0..n {
    for j in 0..i {
      if (i + j) % 3 == 0 { continue }
      if j > 40 { break }
      count += 1
    }
  }
  count
}
println(pairs(120))
"""

KINDS = """
private function mixed(n) {
  let total = 0
  let flag = false
  let i = 0
  while i < n {
    i += 1
    if i == 400 { total = total + 0.5 }
    if i == 700 { total = 7; flag = nil }
    if flag == nil { total += 2 } else { total += 1 }
  }
  total
}
println(mixed(1000))
"""

ITERATIONS = """
private function count(n, total) {
  if n == 0 { return total }
  count(n - 1, total + n % 3)
}
println(count(4000, 0))
"""


@pytest.mark.parametrize("engine", SPECIALISING)
def test_a_loop_turns_native_while_it_runs(engine: str) -> None:
    program = program_of(WHILE)
    with make_vm(program, engine, LATE) as vm:
        vm.run()
        assert vm.jit is not None
        kinds = {
            "loop" if "loop_line" in event else event["function"]
            for event in vm.jit.log.events
            if event["event"] == "install"
        }
    assert kinds == {"loop"}


@pytest.mark.parametrize("engine", SPECIALISING)
@pytest.mark.parametrize(
    "text", [WHILE, NESTED, KINDS], ids=["while", "nested", "kinds"]
)
def test_counts_are_exact_across_the_entry(text: str, engine: str) -> None:
    program = program_of(text)
    found = execute(program, engine, LATE)
    assert found == execute(program, "plain", LATE)
    assert dict(found.counts)["<main>"].executions == 1


@pytest.mark.parametrize("engine", SPECIALISING)
def test_self_tail_calls_turn_native_while_they_run(engine: str) -> None:
    program = program_of(ITERATIONS)
    config = {"jit.call_threshold": 100, "jit.tail_iteration_weight": 1}
    found = execute(program, engine, config)
    assert found == execute(program, "plain", config)
    counts = dict(found.counts)["count"]
    assert (counts.executions, counts.tail_iterations) == (1, 4000)


@pytest.mark.parametrize("engine", SPECIALISING)
def test_a_loop_at_the_top_level_turns_native(engine: str) -> None:
    text = "let total = 0\nfor i in 0..2000 { total += i }\nprintln(total)\n"
    program = program_of(text)
    with make_vm(program, engine, LATE) as vm:
        vm.run()
        assert vm.jit is not None
        assert "install" in {event["event"] for event in vm.jit.log.events}
    assert execute(program, engine, LATE).output == "1999000\n"


@pytest.mark.parametrize("engine", SPECIALISING)
def test_a_loop_that_prints_goes_in_and_out(engine: str) -> None:
    text = """
    private function show(n) {
      for i in 0..n { if i % 10 == 0 { println(i) } }
    }
    show(60)
    show(0.5)
    """
    program = program_of(text)
    found = execute(program, engine, {"jit.back_edge_weight": 1})
    assert found.output == "0\n10\n20\n30\n40\n50\n"
    assert found == execute(program, "plain", {"jit.back_edge_weight": 1})
