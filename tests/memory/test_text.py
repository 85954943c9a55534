"""Operations on strings and the text of values, against Python's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluentai_jit.core import heap
from fluentai_jit.engine.heap import Heap
from fluentai_jit.engine.incoming import to_words
from fluentai_jit.engine.values import display
from fluentai_jit.engine.vm import VM
from fluentai_jit.memory import search
from tests.engines import make_vm, program_of
from tests.memory.machines import allocated

# By name: an expression of a, b and c, and what Python says.
OPERATIONS: dict[str, tuple[str, Callable[[str, str, str], object]]] = {
    "find": ("string_index_of(a, b)", lambda a, b, c: a.find(b)),
    "contains": ("contains(a, b)", lambda a, b, c: b in a),
    "starts": ("starts_with(a, b)", lambda a, b, c: a.startswith(b)),
    "ends": ("ends_with(a, b)", lambda a, b, c: a.endswith(b)),
    "split": ("split(a, b)", lambda a, b, c: a.split(b) if b else list(a)),
    "chars": ("chars(a)", lambda a, b, c: list(a)),
    "join": ("join(b, split(a, c))", lambda a, b, c: b.join(pieces(a, c))),
    "replace": (
        'if b == "" { a } else { replace(a, b, c) }',
        lambda a, b, c: a.replace(b, c) if b else a,
    ),
    "trim": ("trim(a)", lambda a, b, c: a.strip()),
    "trim_start": ("trim_start(a)", lambda a, b, c: a.lstrip()),
    "trim_end": ("trim_end(a)", lambda a, b, c: a.rstrip()),
    "upper": ("upper(a)", lambda a, b, c: a.upper()),
    "lower": ("lower(a)", lambda a, b, c: a.lower()),
    "capitalize": ("capitalize(a)", lambda a, b, c: a.capitalize()),
    "reverse": ("string_reverse(a)", lambda a, b, c: a[::-1]),
    "repeat": ("string_repeat(a, length(b))", lambda a, b, c: a * len(b)),
    "substring": (
        "substring(a, length(a) / 2)", lambda a, b, c: a[len(a) // 2 :]
    ),
    "format": ('format("{}|{}", a, [b])', lambda a, b, c: f"{a}|[{quoted(b)}]"),
    "alphabetic": ("is_alphabetic(a)", lambda a, b, c: all_of(str.isalpha, a)),
    "numeric": ("is_numeric(a)", lambda a, b, c: all_of(str.isnumeric, a)),
    "alphanumeric": ("is_alphanumeric(a)", lambda a, b, c: all_of(str.isalnum, a)),
    "whitespace": ("is_whitespace(a)", lambda a, b, c: all_of(str.isspace, a)),
    "is_upper": ("is_upper(a)", lambda a, b, c: all_of(str.isupper, a)),
    "is_lower": ("is_lower(a)", lambda a, b, c: all_of(str.islower, a)),
    "pad_left": ('pad_left(a, 9, b + "x")', lambda a, b, c: filled(a, b, 1, 0)),
    "pad_right": ('pad_right(a, 9, b + "x")', lambda a, b, c: filled(a, b, 0, 1)),
    "pad_center": ('pad_center(a, 9, b + "x")', lambda a, b, c: filled(a, b, 1, 1)),
    "codes": (
        "{ let s = chars(a) for i in 0..length(s)"
        " { s[i] = from_char_code(char_code(a, i)) } s }",
        lambda a, b, c: list(a),
    ),
}  # fmt: skip


def pieces(text: str, separator: str) -> list[str]:
    return text.split(separator) if separator else list(text)


def quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    escapes["\0"] = "\\0"
    return '"' + "".join(escapes.get(c, c) for c in text) + '"'


def all_of(holds: Callable[[str], bool], text: str) -> bool:
    return text != "" and all(map(holds, text))


def filled(text: str, filling: str, left: int, right: int) -> str:
    missing = max(0, 9 - len(text))
    before = missing // 2 if left and right else missing * left
    endless = (filling + "x") * 9
    return endless[:before] + text + endless[: missing - before]


def source() -> str:
    return (
        "\n".join(
            f"private function f_{name}(a, b, c) {{ {code} }}"
            for name, (code, _model) in OPERATIONS.items()
        )
        + "\nprivate function f_text(x) { to_string(x) }"
    )


@pytest.fixture(scope="module", params=["plain", "compiled", "stressed"])
def vm(request: pytest.FixtureRequest) -> Iterator[VM]:
    """Stressed: with a collection before every allocation."""
    stressed = request.param == "stressed"
    engine = "compiled" if stressed else request.param
    with make_vm(program_of(source()), engine) as machine:
        if stressed:
            machine.driver.heap = Heap(machine.state, stress=True)
        yield machine


# Few characters, so that parts are found, and some of each width.
SMALL = st.text(alphabet='ab ,"é€😀', max_size=12)
ANY_TEXT = st.text(max_size=12).filter(
    lambda text: not any("\ud800" <= c <= "\udfff" for c in text)
)
TEXTS = st.one_of(SMALL, ANY_TEXT)
PARTS = st.one_of(st.text(alphabet="ab ,é€😀", max_size=2), SMALL)


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=60)
@given(a=TEXTS, b=PARTS, c=PARTS)
def test_as_python_says(vm: VM, name: str, a: str, b: str, c: str) -> None:
    assert vm.call(f"f_{name}", a, b, c) == OPERATIONS[name][1](a, b, c)


@settings(max_examples=60)
@given(part=st.text(alphabet="ab", max_size=6), text=st.text("ab", max_size=60))
def test_parts_of_few_letters_are_found(vm: VM, part: str, text: str) -> None:
    assert vm.call("f_find", text, part, "") == text.find(part)
    assert vm.call("f_split", text, part, "") == pieces(text, part)


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), TEXTS
    ),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150)
@given(value=VALUES)
def test_the_kernel_and_python_print_the_same(vm: VM, value: Any) -> None:
    kernel = vm.call("f_text", value)
    vm._reserve((value,))
    assert kernel == display(vm.state, *to_words(vm.state, value))


@pytest.mark.parametrize("engine", ["compiled", "native"])
def test_a_list_deeper_than_any_stack(engine: str) -> None:
    text = """
    let xs = [1]
    for i in 0..1000000 { xs = [xs] }
    length(to_string(xs))
    """
    with make_vm(program_of(text), engine) as machine:
        assert machine.run() == 2 * 1_000_001 + 1


# Words for each of the 10,000 characters or pieces of a text, of what makes texts.
COUNT = 10_000
WORDS = {
    "split": ('split(repeat("ab,", {n}), ",")', 8),
    "chars": ('chars(repeat("a", {n}))', 8),
    "join": ('join(", ", chars(repeat("a", {n})))', 10),
    "replace": ('replace(repeat("ab", {n}), "b", "cde")', 2),
    "reverse": ('reverse(repeat("a", {n}))', 1),
    "to_string": ('to_string(chars(repeat("a", {n})))', 10),
    "pad": ('pad_left("", {n}, "ab")', 1),
}


@pytest.mark.parametrize("name", WORDS)
def test_words_of_a_text(name: str) -> None:
    code, words = WORDS[name]
    assert allocated(code.format(n=COUNT)) <= words * COUNT + 100


# Texts and parts over which a search by comparing is quadratic.
REPETITIVE = [
    ("a" * 2000, "a" * 500 + "b"),
    ("a" * 2000, "b" + "a" * 500),
    ("ab" * 1000, "ba" * 400 + "a"),
]


@pytest.mark.parametrize(("text", "part"), REPETITIVE)
def test_a_part_is_looked_for_in_linear_time(
    monkeypatch: pytest.MonkeyPatch, text: str, part: str
) -> None:
    looked_at = 0
    character_at = heap.character_at

    def counting(*arguments: Any) -> int:
        nonlocal looked_at
        looked_at += 1
        return character_at(*arguments)

    monkeypatch.setattr(search, "character_at", counting)
    with make_vm(program_of(source()), "plain") as machine:
        assert machine.call("f_find", text, part, "") == text.find(part)
        assert machine.call("f_split", text, part, "") == text.split(part)
    assert looked_at <= 2 * 4 * (len(text) + len(part))
