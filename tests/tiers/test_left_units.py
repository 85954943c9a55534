"""A unit that is left is charged with that itself, whichever others are there."""

from __future__ import annotations

from collections import Counter

from fluentai_jit.engine.vm import VM
from tests.engines import make_vm, program_of


def guards_of(vm: VM) -> Counter[str]:
    """How often a guard failed in each unit, by its function."""
    assert vm.jit is not None
    failed: Counter[str] = Counter()
    for (chunk, edge), node in vm.jit.nodes.items():
        name = vm.program.image.chunks[chunk].name
        for row in node.exits.values():
            if row.reason == "guard":
                failed[name if edge is None else f"{name} loop"] += row.count
    return failed


def failures(text: str, *calls: str) -> dict[str, int]:
    """Guards that fail in `calls` once k is a float; all are hot by then.

    A call is the name of a function and its argument.
    """
    text = f"let k = 1\n{text}\nprivate function change(x) {{ k = x }}\n"
    with make_vm(program_of(text), "emitted") as vm:
        vm.run()
        pairs = [call.split() for call in calls]
        for name, argument in pairs * 5:
            vm.call(name, int(argument))
        before = guards_of(vm)
        vm.call("change", 0.5)
        for name, argument in pairs:
            vm.call(name, int(argument))
        return dict(guards_of(vm) - before)


# Printing leaves native code, which goes on in the loop's unit at its back-edge.
IN_A_LOOP = """
private function f(n) {
    let s = 0
    for i in 0..n { if i == 0 { args() } if i > 3 { s = k } }
    s
}
"""


def test_a_loop_that_is_left_in_its_middle() -> None:
    assert failures(IN_A_LOOP, "f 5", "f 5", "f 5") == {"f loop": 3}


CALLED_BY_ITS_LOOP = """
private function f(n) {
    if n == 0 { return k }
    args()
    let s = 0
    for i in 0..5 { if i > 3 { s = f(0) } }
    s
}
"""


def test_a_function_that_its_own_loop_calls() -> None:
    assert failures(CALLED_BY_ITS_LOOP, "f 1", "f 1") == {"f": 2}


INCLUDED = """
private function small(x) { x + k }
private function f(x) { small(x) + 1 }
"""


def test_a_function_that_is_part_of_another_unit() -> None:
    assert failures(INCLUDED, "small 1", "f 1") == {"small": 1, "f": 1}


INCLUDED_IN_A_LOOP = """
private function small(x) { x + k }
private function f(n) {
    let s = 0
    for i in 0..n { if i == 0 { args() } if i > 3 { s = small(i) } }
    s
}
"""


def test_a_function_that_is_part_of_a_loops_unit() -> None:
    found = failures(INCLUDED_IN_A_LOOP, "small 1", "f 5", "f 5")
    assert found == {"small": 1, "f loop": 2}


CALLED = """
private function small(x) { x + k }
private function other(x) { x }
private function f(x) { let g = if x > 0 { small } else { other } g(x) + 1 }
"""


def test_a_function_that_is_called_through_its_slot() -> None:
    found = failures(CALLED, "f 0", "f 1", "small 1", "f 1")
    assert found == {"small": 3}
