"""Programs that nest deeper than the source of a unit may: refused, and right."""

from collections.abc import Callable

import pytest

from tests.engines import QUICK_ENGINES, execute, make_vm, program_of


def ifs(count: int) -> str:
    body = "\n".join(f"if n == {index} {{ s += {index} }}" for index in range(count))
    return f"private function f(n) {{ let s = 1\n{body}\ns }}\n"


def arms(count: int) -> str:
    body = ", ".join(f"{index} => {index * 2}" for index in range(count))
    return f"private function f(n) {{ match n {{ {body}, _ => -1 }} }}\n"


def loops(count: int) -> str:
    heads = "".join(f"for i{index} in 0..1 {{ " for index in range(count))
    return f"private function f(n) {{ let s = n {heads}s += 1{'}' * count} s }}\n"


def last_turns(count: int) -> str:
    """Loops that are written inside each other, but are no part of each other."""
    body = "return n"
    for index in range(count):
        body = f"while n > {index} {{ if n > 3 {{ {body} }} n -= 1 }} return {index}"
    return f"private function f(n) {{ {body} }}\n"


CALLS = "for i in 0..400 { f(i) }\nprintln(f(7))\nprintln(f(299))\n"


@pytest.mark.parametrize("engine", QUICK_ENGINES)
@pytest.mark.parametrize("shape", [ifs, arms, loops, last_turns])
@pytest.mark.parametrize("count", [12, 30, 90, 300])
def test_deep_nesting_is_right(
    engine: str, shape: Callable[[int], str], count: int
) -> None:
    # A loop takes registers, of which a function has 250; the parser nests to 200.
    if shape in (loops, last_turns):
        count = min(count, 60)
    program = program_of(shape(count) + CALLS)
    expected = execute(program, "plain")
    assert execute(program, engine) == expected


@pytest.mark.parametrize("text", [ifs(400), arms(300), loops(25), last_turns(25)])
def test_too_deep_is_a_refusal(text: str) -> None:
    with make_vm(program_of(text + CALLS), "emitted") as vm:
        vm.run()
        assert vm.jit is not None
        assert vm.jit.node((1, None)).refusal == "too_deep"


LOOP_FIRST = """
private function f(n) { while n > 3 { n = n - 1 } n }
for i in 0..50 { f(i) }
"""


def test_the_guard_of_a_function_is_not_its_loops() -> None:
    with make_vm(program_of(LOOP_FIRST), "emitted") as vm:
        vm.run()
        assert vm.jit is not None
        assert {(1, None), (1, 1)} <= set(vm.jit.slots.installed)
        for _ in range(5):
            assert vm.call("f", 2.5) == 2.5
        function, loop = vm.jit.node((1, None)), vm.jit.node((1, 1))
        assert sum(row.count for row in function.exits.values()) == 5
        assert not loop.exits
