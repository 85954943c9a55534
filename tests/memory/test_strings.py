"""What operations on strings cost, in words, and how characters are stored."""

import pytest

from fluentai_jit.core.heap import variant_of
from fluentai_jit.core.tags import STRING
from tests.engines import make_vm, program_of
from tests.memory.machines import allocated, machine

COUNT = 10_000
# Words for each turn of a loop.
LINEAR = {
    "append": ('s += "ab"', 6),
    "a number": ("s += i", 12),
    "wide": ('s += "€"', 6),
    "index": ("s[i % 3]", 4),
    "substring": ("substring(s, 1, 3)", 4),
    "compare": ('s == "abd"', 0),
    "length": ("length(s)", 0),
    "interpolate": ('f"{i}: {s}"', 12),
    "for": ("for c in s { c }", 12),
}


@pytest.mark.parametrize("operation", LINEAR)
def test_words_of_a_loop(operation: str) -> None:
    code, words = LINEAR[operation]
    text = f'let s = "abc" for i in 0..{COUNT} {{ {code} }}'
    assert allocated(text) <= words * COUNT + 300


def test_a_wider_character_copies_once() -> None:
    text = f"""
    let s = ""
    for i in 0..{COUNT} {{ s += "a" }}
    for i in 0..{COUNT} {{ s += "€" }}
    for i in 0..{COUNT} {{ s += "😀" }}
    s
    """
    assert allocated(text) <= 6 * 3 * COUNT + 8 * 3 * COUNT
    with make_vm(program_of(text), "compiled") as vm:
        assert vm.run() == "a" * COUNT + "€" * COUNT + "😀" * COUNT


WIDTHS = {
    '"abc" + "d"': 1,
    '"abc" + "é"': 1,
    '"abc" + "€"': 2,
    '"€" + "abc"': 2,
    '"€" + "😀"': 4,
    'substring("a€b", 2, 3)': 1,
    'substring("a😀€b", 2, 4)': 2,
    'substring("a😀é", 2, 3)': 1,
    'substring("a😀é", 1, 1)': 1,
    '"a😀é"[1]': 4,
    '"a😀é"[2]': 1,
    '"a€"[1]': 2,
    'f"{"é"}{"€"}"': 2,
    'f"{1}{""}"': 1,
    '"" + 5': 1,
}


@pytest.mark.parametrize("expression", WIDTHS)
def test_characters_take_no_more_bytes_than_the_widest(expression: str) -> None:
    """Equal texts have equal widths, however they were made."""
    text = f"let s = nil private function make() {{ s = {expression} }} make()"
    with machine(text) as vm:
        tag, payload = vm.state.globals.view[:2]
        assert tag == STRING
        assert variant_of(vm.state.heap.view, payload) == WIDTHS[expression]


@pytest.mark.parametrize("size", [1, 7, 8, 9, 63, 64, 65, 66, 127, 128, 129])
@pytest.mark.parametrize("character", ["a", "é", "€", "😀"])
def test_every_size_reads_back(size: int, character: str) -> None:
    text = f"""
    private function grow(s, n) {{ let out = s for i in 0..n {{ out += s }} out }}
    let s = grow("{character}", {size - 1});
    [s, s + "b", substring(s + "bc", 1, {size + 1}), s + s, length(s)]
    """
    whole = character * size
    with make_vm(program_of(text), "compiled") as vm:
        assert vm.run() == [
            whole, whole + "b", (whole + "b")[1:], whole + whole, size
        ]  # fmt: skip
