"""How many words of the heap an operation reads and writes, by how long a value is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from fluentai_jit.core.primitives import register_view
from fluentai_jit.engine.vm import VM
from tests.engines import make_vm, program_of
from tests.memory.machines import live_words


class Counting:
    """A view of an array that counts the words it gives and takes."""

    def __init__(self, view: memoryview) -> None:
        self.view = view
        self.touched = 0

    def _words(self, place: int | slice) -> int:
        return 1 if isinstance(place, int) else len(self.view[place])

    def __getitem__(self, place: Any) -> Any:
        self.touched += self._words(place)
        return self.view[place]

    def __setitem__(self, place: Any, value: Any) -> None:
        self.touched += self._words(place)
        self.view[place] = value


@contextmanager
def counted(text: str) -> Iterator[tuple[VM, Counting]]:
    """A VM of plain Python whose program has run, and its heap from then on."""
    with make_vm(program_of(text), "plain") as vm:
        vm.run()
        counting = Counting(vm.state.heap.view)
        register_view(vm.state.heap.address, cast("memoryview", counting))
        yield vm, counting


def touched(text: str, code: str) -> int:
    """Words of the heap that 20 turns of `code` look at, behind `text`."""
    turns = f"{text}\nprivate function turns() {{ for i in 0..20 {{ {code} }} }}\n"
    with counted(turns) as (vm, heap):
        vm.call("turns")
        return heap.touched


LIST = "let xs = [] for i in 0..{n} {{ xs = append(xs, i) }}"
CHANGED = LIST + " let before = xs xs[0] = 5"
STRING = 'let xs = "" for i in 0..{n} {{ xs += "a" }}'
MAP = "let xs = {{}} for i in 0..{n} {{ xs[i] = i }}"
SET = "let xs = #{{}} for i in 0..{n} {{ xs = set_add(xs, i) }}"
CONSTANT = [
    *((LIST, code) for code in ("xs[i]", "xs[length(xs) - 1 - i]", "length(xs)")),
    *((LIST, code) for code in ("head(xs)", "tail(xs)", "first(xs)", "last(xs)")),
    *((LIST, code) for code in ("slice(xs, 3, length(xs) - 3)", "rest(xs)")),
    *(
        (LIST, code)
        for code in ("match xs { [a, ...more] => a }", "let [a, ...b] = xs")
    ),
    *((CHANGED, code) for code in ("xs[i]", "tail(xs)", "length(before)")),
    *(
        (LIST, f"{code} xs[i]")
        for code in (
            "append(slice(xs, 0, 9), i);",
            "prepend(slice(xs, length(xs) - 9, length(xs)), i);",
            "let part = slice(xs, 0, 9) part[3] = i",
        )
    ),
    *((STRING, code) for code in ("xs[i]", "length(xs)")),
    *((MAP, code) for code in ("xs[i]", "length(xs)", "has_key(xs, -i)")),
    *((SET, code) for code in ("has_key(xs, i)", "length(xs)")),
]


@pytest.mark.parametrize(("text", "code"), CONSTANT)
def test_what_takes_constant_time(text: str, code: str) -> None:
    # Where keys collide is another place in each VM.
    tries = 3 if text in (MAP, SET) else 1
    short, long = (
        min(touched(text.format(n=n), code) for _ in range(tries)) for n in (100, 5000)
    )
    assert long <= 1.5 * short + 20


POPPED = "slice(xs, 0, if length(xs) == 0 { 0 } else { length(xs) - 1 })"
AMORTISED = {
    "append": "xs = append(xs, i)",
    "cons": "xs = prepend(xs, i)",
    "list assignment": "if i == 0 { xs = [0, 0, 0, 0] } xs[i % 4] = i",
    "map assignment": "if i == 0 { xs = {} } xs[i] = i",
    "map assignment of one key": "if i == 0 { xs = {} } xs[i % 7] = i",
    "set": "if i == 0 { xs = #{} } xs = set_add(xs, i)",
    "string": 'if i == 0 { xs = "" } xs += "ab"',
    "string of numbers": 'if i == 0 { xs = "" } xs = xs + i % 10 + ","',
    "queue": "xs = append(xs, i) if i % 2 == 1 { xs = tail(xs) }",
    "stack": f"xs = append(xs, i) if i % 2 == 1 {{ xs = {POPPED} }}",
    "stack in front": "xs = cons(i, xs) if i % 2 == 1 { xs = tail(xs) }",
    "stack that is popped more often": f"""
        if i < n / 2 {{ xs = append(xs, i) }}
        else if i % 3 == 0 {{ xs = append(xs, i) }}
        else {{ xs = {POPPED} }}
    """,
    "stack in waves": f"""
        if i / 600 % 2 == 0 {{ xs = append(xs, i) }}
        else if i % 4 == 0 {{ xs = append(xs, -i) }}
        else {{ xs = {POPPED} }}
    """,
}


@pytest.mark.parametrize("operation", AMORTISED)
def test_what_takes_constant_time_on_average(operation: str) -> None:
    text = f"""
    private function made(n) {{
      let xs = []
      for i in 0..n {{ {AMORTISED[operation]} }}
      length(xs)
    }}
    """
    with counted(text) as (vm, heap):
        words = []
        for n in (2500, 10_000):
            before = heap.touched
            vm.call("made", n)
            words.append(heap.touched - before)
    # A power of two more or less in which a buffer grows makes the difference.
    assert words[1] < 1.6 * 4 * words[0]


def test_collecting_a_list_nested_a_million_deep() -> None:
    text = """
    let xs = [7]
    for i in 0..1_000_000 { xs = [xs] }
    private function characters() { length(to_string(xs)) }
    """
    with make_vm(program_of(text), "compiled") as vm:
        vm.run()
        live = live_words(vm)
        assert live > 3_000_000
        assert live_words(vm) == live
        assert vm.call("characters") == 2_000_003
