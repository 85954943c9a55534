"""Programs that nest deeper than the source of a unit may: right, and if refused so."""

from collections.abc import Callable

import pytest

from tests.engines import QUICK_ENGINES, execute, make_vm, program_of


def ifs(count: int) -> str:
    body = "\n".join(f"if n == {index} {{ s += {index} }}" for index in range(count))
    return f"private function f(n) {{ let s = 1\n{body}\ns }}\n"


def arms(count: int) -> str:
    body = ", ".join(f"{index} => {index * 2}" for index in range(count))
    return f"private function f(n) {{ match n {{ {body}, _ => -1 }} }}\n"


def nested(count: int) -> str:
    # The parser takes no more.
    body = "s += 1"
    for index in range(min(count, 95)):
        body = f"s += {index} if n > {index} {{ {body} }}"
    return f"private function f(n) {{ let s = 1 {body} s }}\n"


def operands(count: int) -> str:
    condition = " && ".join(f"n != {index}" for index in range(1, 2 * count, 2))
    return f"private function f(n) {{ if {condition} {{ 1 }} else {{ 2 }} }}\n"


def loops(count: int) -> str:
    heads = "".join(f"for i{index} in 0..1 {{ " for index in range(count))
    return f"private function f(n) {{ let s = n {heads}s += 1{'}' * count} s }}\n"


def last_turns(count: int) -> str:
    """Loops that are written inside each other, but are no part of each other."""
    body = "return n"
    for index in range(count):
        body = f"while n > {index} {{ if n > 3 {{ {body} }} n -= 1 }} return {index}"
    return f"private function f(n) {{ {body} }}\n"


SHAPES = [ifs, arms, nested, operands, loops, last_turns]
CALLS = "for i in 0..80 { f(i * 4) }\nprintln(f(7))\nprintln(f(299))\n"


@pytest.mark.parametrize("engine", QUICK_ENGINES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [12, 30, 90, 300])
def test_deep_nesting_is_right(
    engine: str, shape: Callable[[int], str], count: int
) -> None:
    # A loop takes registers, of which a function has 250.
    if shape in (loops, last_turns):
        count = min(count, 60)
    program = program_of(shape(count) + CALLS)
    expected = execute(program, "plain")
    assert execute(program, engine) == expected


@pytest.mark.parametrize("text", [ifs(400), arms(600), nested(95), operands(900)])
def test_so_many_branches_become_a_unit(text: str) -> None:
    with make_vm(program_of(text + CALLS), "emitted") as vm:
        vm.run()
        assert vm.jit is not None
        assert (1, None) in vm.jit.slots.installed


@pytest.mark.parametrize("text", [loops(25), last_turns(25)])
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
        # The loop is interpreted where a slice ends in it.
        for _ in range(1000):
            if {(1, None), (1, 1)} <= set(vm.jit.slots.installed):
                break
            vm.call("f", 50_000)
        assert {(1, None), (1, 1)} <= set(vm.jit.slots.installed)
        for _ in range(5):
            assert vm.call("f", 2.5) == 2.5
        function, loop = vm.jit.node((1, None)), vm.jit.node((1, 1))
        assert sum(row.count for row in function.exits.values()) == 5
        assert not loop.exits
