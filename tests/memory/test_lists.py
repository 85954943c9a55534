"""What operations on lists cost, in words, and lists of many items or deep ones."""

import pytest

from tests.engines import execute, make_vm, program_of
from tests.memory.machines import allocated, machine

COUNT = 10_000
HEAD = f"let xs = [0, 0, 0] for i in 0..{COUNT} {{ "
# Words for each operation where the list is used linearly.
LINEAR = {
    "append": ("xs = append(xs, i)", 15),
    "prepend": ("xs = prepend(xs, i)", 15),
    "set": ("xs[i % 3] = i", 10),
    "operator": ("xs[i % 3] += i", 10),
    "both ends": (
        "if i % 2 == 0 { xs = push(xs, i) } else { xs = prepend(xs, i) }",
        30,
    ),
    "slice": ("slice(xs, 1, 3)", 9),
    "queue": ("xs = slice(append(xs, i), 1, length(xs) + 1)", 20),
    "index": ("xs[i % 3]", 0),
    "length": ("length(xs)", 0),
    "equality": ("xs == [1, 2, 3]", 8),
    "for": ("for x in xs { x }", 0),
}


@pytest.mark.parametrize("operation", LINEAR)
def test_linear_use_allocates_little(operation: str) -> None:
    code, words = LINEAR[operation]
    assert allocated(HEAD + code + " }") <= words * COUNT + 100


@pytest.mark.parametrize("factor", [2, 4])
def test_appending_is_linear(factor: int) -> None:
    text = "let xs = [] for i in 0..COUNT { xs = append(xs, i) }"
    small = allocated(text.replace("COUNT", str(COUNT)))
    large = allocated(text.replace("COUNT", str(factor * COUNT)))
    assert large < 2 * factor * small


def test_rows_are_changed_in_place() -> None:
    text = "let m = [[0, 0], [0, 0]] for i in 0..10000 { m[i % 2][i % 2] = i } m"
    assert allocated(text) <= 2 * 9.5 * COUNT + 100


def test_an_old_version_is_copied_once() -> None:
    """It has a buffer of its own after the first use, however many versions later."""
    text = """
    let old = [0, 1, 2, 3]
    old[0] = 5
    let xs = old
    for i in 0..1000 { xs[i % 4] = i }
    let sum = 0
    for i in 0..10000 { sum += old[i % 4] }
    sum + xs[0]
    """
    assert allocated(text) <= 10 * 1000 + 2 * 1000 + 100
    assert execute(program_of(text), "compiled").results == (str(11 * 2500 + 996),)


def test_two_versions_in_turn_do_not_copy_back_and_forth() -> None:
    text = """
    let a = [0, 0, 0, 0]
    a[0] = 1
    let b = a
    for i in 0..1000 { a[i % 4] = i; b[i % 4] = -i }
    [a, b]
    """
    assert allocated(text) <= 2 * 10 * 1000 + 200


def test_a_read_of_an_older_row_does_not_slow_the_newer_one() -> None:
    text = """
    let now = [0, 0, 0, 0, 0, 0, 0, 0]
    for round in 0..100 {
      let before = now
      for i in 0..8 { now[i] = before[i] + 1 }
    }
    now
    """
    with machine(text) as vm:
        assert vm.driver.heap.collections.count == 0
    assert execute(program_of(text), "compiled").results == (str([100] * 8),)
    assert allocated(text) <= 100 * (8 * 9 + 2 * 16 + 40)


# ---- sizes ------------------------------------------------------------------------
MANY = 1_000_000


@pytest.mark.parametrize("operation", ["append(xs, i)", "prepend(xs, i)"])
def test_a_million_items(operation: str) -> None:
    text = f"""
    let xs = []
    for i in 0..{MANY} {{ xs = {operation} }}
    let sum = 0
    for x in xs {{ sum += x }}
    [length(xs), sum, xs[0] + xs[{MANY - 1}]]
    """
    with make_vm(program_of(text), "compiled") as vm:
        assert vm.run() == [MANY, MANY * (MANY - 1) // 2, MANY - 1]
        assert vm.driver.heap.collections.count > 1


DEEP = f"""
private function nested(inner) {{
  let xs = inner
  for i in 0..{MANY} {{ xs = [xs] }}
  xs
}}
"""


def test_equality_of_lists_nested_a_million_deep() -> None:
    text = (
        DEEP
        + """
    let a = nested([1]);
    [a == nested([1]), a == nested([2]), a == a, a != nested([1]), [a] == a]
    """
    )
    with make_vm(program_of(text), "compiled") as vm:
        assert vm.run() == [True, False, True, False, False]


def test_the_text_of_a_list_nested_a_million_deep() -> None:
    text = DEEP + "length(to_string(nested([1])))"
    with make_vm(program_of(text), "compiled") as vm:
        assert vm.run() == 2 * MANY + 3


def test_a_deep_list_is_a_python_list() -> None:
    with make_vm(program_of(DEEP + "nested([7])"), "compiled") as vm:
        value = vm.run()
    depth = 0
    while isinstance(value, list):
        (value,) = value
        depth += 1
    assert (value, depth) == (7, MANY + 1)
