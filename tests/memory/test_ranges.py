"""Ranges as values against Python's, and what they cost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines import execute, make_vm, program_of
from tests.memory.machines import allocated

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(-9, 9)),
        st.tuples(st.just("prepend"), st.integers(-9, 9)),
        st.tuples(st.just("set"), st.integers(0, 9)),
        st.tuples(st.just("take"), st.integers(0, 9)),
        st.tuples(st.just("drop"), st.integers(0, 9)),
        st.tuples(st.just("older"), st.integers(0, 9)),
    ),
    max_size=8,
)
TEXT = {
    "append": "append(xs, {})",
    "prepend": "prepend(xs, {})",
    "take": "take(xs, {})",
    "drop": "drop(xs, {})",
}


def changed(xs: list[int], step: str, n: int, older: list[list[int]]) -> list[int]:
    """The list after one step."""
    if step == "append":
        return [*xs, n]
    if step == "prepend":
        return [n, *xs]
    if step == "take":
        return xs[:n]
    if step == "drop":
        return xs[n:]
    if step == "set":
        return [*xs[:n], -1, *xs[n + 1 :]] if n < len(xs) else xs
    return older[n % len(older)]


@settings(deadline=None, max_examples=60)
@given(first=st.integers(-20, 20), end=st.integers(-20, 20), steps=STEPS)
def test_a_range_is_the_list_it_denotes(
    first: int, end: int, steps: list[tuple[str, int]]
) -> None:
    older = [list(range(first, end))]
    lines = [f"let v0 = {first}..{end}", "let xs = v0"]
    for number, (step, n) in enumerate(steps, 1):
        if step == "set":
            lines.append(f"if {n} < length(xs) {{ xs[{n}] = -1 }}")
        elif step == "older":
            lines.append(f"xs = v{n % len(older)}")
        else:
            lines.append(f"xs = {TEXT[step].format(n)}")
        lines.append(f"let v{number} = xs")
        older.append(changed(older[-1], step, n, older))
    names = ", ".join(f"v{number}" for number in range(len(older)))
    lines.append(f"println([{names}])")
    lines.append(f"println([{names}] == {older})")
    assert execute(program_of("\n".join(lines)), "plain").output == f"{older}\ntrue\n"


def test_reading_a_range_makes_no_items() -> None:
    text = """
    let r = 0..1000000000000
    let sum = 0
    for i in 0..1000 { sum += r[i] + length(r) }
    let part = drop(take(r, 500000), 5)
    if part == 5..500000 { sum }
    """
    assert allocated(text) <= 100


def test_items_are_made_once() -> None:
    text = "let r = 0..1000 for i in 0..100 { append(r, i) }"
    assert allocated(text) <= 9 + 2 + 2 * 1000 + 100 * (2 * (2 * 1000 + 8) + 11)
    assert allocated("let r = 0..1000; r == [...r]") <= 2 * (9 + 2 + 2 * 1000) + 100


def test_a_range_from_python_is_lazy() -> None:
    program = program_of("function f(r) { [length(r), r[2], take(r, 2)] }")
    with make_vm(program, "plain") as vm:
        vm.run()
        assert vm.call("f", range(5, 10**12)) == [10**12 - 5, 7, [5, 6]]
        assert vm.call("f", range(9, 0, -3)) == [3, 3, [9, 6]]
        nested = vm.call("f", [range(3), range(1), 4])
        assert nested == [3, 4, [[0, 1, 2], [0]]]


def test_python_gets_a_list() -> None:
    with make_vm(program_of("function f(n) { [0..n, n..0] }"), "plain") as vm:
        vm.run()
        assert vm.call("f", 3) == [[0, 1, 2], []]
