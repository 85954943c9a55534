"""Native code left by the end of a slice, at any depth, and entered again."""

import pytest

from fluentai_jit.core.layout import FRAME
from tests.engines import ENGINES, execute, make_vm, program_of

SHORT = {"vm.slice_us": 10, "limits.depth": 5000}

DEEP = """
private function sum(n) { if n == 0 { 0 } else { n + sum(n - 1) } }
for i in 0..5 { println(sum(2000 + i)) }
"""

TREE = """
private function tree(depth, x) {
  if depth == 0 { return x }
  let left = tree(depth - 1, x * 2)
  let right = tree(depth - 1, x + 0.5)
  left - right
}
println(tree(10, 1.0))
"""

LOOPS = """
private function inner(n) { let s = 0; for i in 0..n { s += i % 3 }; s }
private function outer(n) {
  let s = 0
  let i = 0
  while i < n { i += 1; s += inner(i) }
  s
}
println(outer(60))
"""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", [DEEP, TREE, LOOPS], ids=["deep", "tree", "loops"])
def test_answers_and_counts_do_not_depend_on_slices(text: str, engine: str) -> None:
    program = program_of(text)
    config = dict(SHORT)
    if engine == "churn":
        config["jit.call_threshold"] = 50
    assert execute(program, engine, config) == execute(
        program, "plain", {"limits.depth": 5000}
    )


def test_short_slices_do_end_in_the_middle_of_native_recursion() -> None:
    with make_vm(program_of(DEEP), "emitted", SHORT) as vm:
        depths: list[int] = []
        context = vm.state.context.view
        vm.driver.at_slice = lambda: depths.append(context[FRAME])
        vm.run()
    assert len(depths) > 10
    assert max(depths) > 100
