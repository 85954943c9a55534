"""Maps and sets against Python's, in all their versions; what operations cost."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluentai_jit import FluentError, FunctionValue, Symbol
from fluentai_jit.core.statuses import KEY_ERROR, OK
from fluentai_jit.core.tags import BOOL, INT, MAP, NIL, SET
from fluentai_jit.engine.heap import Heap
from fluentai_jit.engine.incoming import to_words
from fluentai_jit.engine.outgoing import to_python
from fluentai_jit.engine.values import display
from fluentai_jit.engine.vm import VM
from fluentai_jit.memory import equality, keys, maps, places
from tests.engines import execute, make_vm, program_of
from tests.memory.machines import allocated

SAME = "private function same(x) { x }"


@pytest.fixture(scope="module")
def vm() -> Iterator[VM]:
    with make_vm(program_of(SAME), "plain", {"limits.memory_mb": 512}) as vm:
        vm.run()
        yield vm


class Versions:
    """Every version of a map so far, and the dict that it should be."""

    def __init__(self, vm: VM) -> None:
        self.state = vm.state
        self.ctx = vm.state.context.view
        start = to_words(self.state, {})
        self.all: list[tuple[int, dict[object, int]]] = [(start[1], {})]
        self.words: dict[object, tuple[int, int]] = {}

    def key(self, key: object) -> tuple[int, int]:
        if key not in self.words:
            self.words[key] = to_words(self.state, key)
        return self.words[key]

    def step(self, index: int, key: object, action: int, value: int) -> None:
        at, model = self.all[index % len(self.all)]
        given = (self.ctx, MAP, at, *self.key(key))
        if action == 0:
            _t, found, status = places.n_get(*given, NIL, 0)
            assert (status, found) == (OK, model.get(key, 0))
            status = places.n_index(*given, NIL, 0)[2]
            assert status == (OK if key in model else KEY_ERROR)
            return
        model = dict(model)
        if action == 1:
            model.pop(key, None)
            tag, after, status = maps.n_remove(*given, NIL, 0)
        else:
            model[key] = value
            tag, after, status = places.n_set_item(*given, INT, value)
        assert (tag, status) == (MAP, OK)
        self.all.append((after, model))

    def check(self) -> None:
        order = list(range(len(self.all)))
        random.Random(len(order)).shuffle(order)
        for index in order:
            at, model = self.all[index]
            text = ", ".join(f"{key}: {value}" for key, value in model.items())
            assert display(self.state, MAP, at) == "{" + text + "}"
            _t, found, status = maps.n_entries(self.ctx, MAP, at, NIL, 0, NIL, 0)
            assert status == OK
            pairs = [list(pair) for pair in model.items()]
            assert to_python(self.state, _t, found) == pairs
            for key in range(12):
                given = (self.ctx, MAP, at, *self.key(key), NIL, 0)
                assert maps.n_has_key(*given) == (BOOL, int(key in model), OK)


STEPS = st.lists(
    st.tuples(
        st.integers(-3, 40), st.integers(0, 11), st.integers(0, 4), st.integers(1, 99)
    ),
    max_size=80,
)


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_every_version_stays_what_it_was(
    vm: VM, steps: list[tuple[int, int, int, int]]
) -> None:
    vm.driver.heap.reserve(1 << 20, vm.driver.kernel)
    versions = Versions(vm)
    for index, key, action, value in steps:
        # Mostly the newest version.
        last = len(versions.all) - 1
        versions.step(last if index < 20 else index, key, action, value)
    versions.check()


ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.0, -0.0, 1.0, 2.5, 1e300, float("inf")]),
    st.text("aé€", max_size=3),
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    ),
    max_leaves=8,
)


def equal(a: object, b: object) -> bool:
    """As in FLC, where true is not 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    return (type(a) in (int, float) and type(b) in (int, float) and a == b) or (
        type(a) is type(b) and a == b
    )


@given(VALUES, VALUES)
@settings(max_examples=300, deadline=None)
def test_hash_and_equality_agree(vm: VM, a: object, b: object) -> None:
    vm.driver.heap.reserve(1 << 16, vm.driver.kernel)
    ctx = vm.state.context.view
    for x, y in ((a, b), (a, a), ([a, {"k": b}], [a, {"k": b}])):
        first, second = to_words(vm.state, x), to_words(vm.state, y)
        _t, same, status = equality.n_equal(ctx, *first, *second, NIL, 0)
        assert (status, bool(same)) == (OK, equal(x, y))
        hashes = [keys.hash_of(ctx, *value) for value in (first, second)]
        assert [each[2] for each in hashes] == [OK, OK]
        assert (hashes[0] == hashes[1]) == equal(x, y)


@given(st.lists(VALUES, max_size=12), st.lists(VALUES, max_size=12))
@settings(max_examples=100, deadline=None)
def test_sets_of_anything(vm: VM, left: list[object], right: list[object]) -> None:
    vm.driver.heap.reserve(1 << 18, vm.driver.kernel)
    ctx = vm.state.context.view
    empty = to_words(vm.state, set())

    def distinct(values: list[object]) -> list[object]:
        found: list[object] = []
        for value in values:
            if not any(equal(value, other) for other in found):
                found.append(value)
        return found

    def listed(found: tuple[int, int, int]) -> object:
        assert (found[0], found[2]) == (SET, OK)
        tag, at, _s = maps.n_values(ctx, SET, found[1], NIL, 0, NIL, 0)
        return to_python(vm.state, tag, at)

    a, b = distinct(left), distinct(right)
    sets = [
        maps.n_merge(ctx, *empty, *to_words(vm.state, values), NIL, 0)
        for values in (left, right)
    ]
    (_, x, _), (_, y, _) = sets
    pair = (ctx, SET, x, SET, y, NIL, 0)
    both = [v for v in a if any(equal(v, w) for w in b)]
    assert equal(listed(sets[0]), a)
    assert equal(listed(maps.n_intersection(*pair)), both)
    only = [v for v in a if not any(equal(v, w) for w in b)]
    assert equal(listed(maps.n_difference(*pair)), only)
    assert equal(listed(maps.n_merge(*pair)), distinct(a + b))
    same = len(a) == len(b) == len(both)
    assert equality.n_equal(*pair) == (BOOL, int(same), OK)


# ---- what operations cost, in words ------------------------------------------------
COUNT = 10_000
LINEAR = {
    "overwrite": ("m[i % 3] = i", 7),
    "operator": ("m[i % 3] += 1", 7),
    "field": ("m.k = i", 7),
    "new keys": ("m[i] = i", 30),
    "lookup": ("m[i % 3]", 0),
    "get": ("get(m, i)", 0),
    "contains": ("has_key(m, i)", 0),
    "length": ("length(m)", 0),
    "equality": ("m == m", 0),
    "queue": ("m[i] = i; m = remove(m, i - 3)", 40),
    "small map": ("{x: i, y: i}", 6 + 4 + 10),
    "set": ("s = insert(s, i)", 30),
    "membership": ("has_key(s, i % 5)", 0),
}


@pytest.mark.parametrize("operation", LINEAR)
def test_linear_use_allocates_little(operation: str) -> None:
    code, words = LINEAR[operation]
    head = "let m = {[0]: 0, [1]: 0, [2]: 0} let s = #{1} "
    assert allocated(f"{head} for i in 0..{COUNT} {{ {code} }}") <= words * COUNT + 200


def test_an_old_version_is_copied_once() -> None:
    text = """
    let old = {a: 1, b: 2}
    let m = old
    for i in 0..1000 { m.a = i }
    for i in 0..10000 { old.a + old.b }
    """
    assert allocated(text) <= 7 * 1000 + 200


def test_a_million_keys() -> None:
    text = """
    let m = {}
    for i in 0..1000000 { m[i * 1048576] = i }
    let sum = 0
    for i in 0..1000000 { sum += m[i * 1048576] }
    [length(m), sum]
    """
    with make_vm(program_of(text), "compiled", {"limits.memory_mb": 512}) as vm:
        assert vm.run() == [1_000_000, 499_999_500_000]


def test_maps_nested_a_hundred_thousand_deep() -> None:
    text = """
    private function nested(x) { for i in 0..100000 { x = {k: [x]} } x }
    let a = nested(1);
    [a == nested(1), a == nested(2), length(#{a, nested(1), nested(2)}),
     length(to_string(a))]
    """
    assert execute(program_of(text), "compiled").results == (
        str([True, False, 2, 900_001]),
    )


# ---- to Python and back ------------------------------------------------------------
@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": 1, 2: [3.5], True: None},
        {"a": {"b": {"c": [{}]}}},
        set(),
        {1, "a", None, 2.5, (1, 2), frozenset({(3,)})},
        {Symbol("x"): Symbol("to-do")},
        [Symbol("x"), {"x": {1, 2}}],
        {i: str(i) for i in range(3000)},
        set(range(3000)),
    ],
    ids=range(9),
)
@pytest.mark.parametrize("engine", ["plain", "compiled"])
def test_both_ways(engine: str, value: object) -> None:
    with make_vm(program_of(SAME), engine) as vm:
        assert vm.call("same", value) == value


def test_what_python_gives_is_used_as_any_map() -> None:
    text = """
    private function change(m, s) {
      let before = m
      m["new"] = m["a"] + 1
      m = remove(m, 5);
      [m, before, has_key(s, [1, 2]), has_key(s, #{3}), s == #{#{3}, [1, 2], 0.5}]
    }
    """
    for engine in ("plain", "compiled", "native"):
        with make_vm(program_of(text), engine) as vm:
            vm.driver.heap = Heap(vm.state, stress=True)
            given = {"a": 1, 5: 2}
            found = vm.call("change", given, {(1, 2), frozenset({3}), 0.5})
            assert found == [{"a": 1, "new": 2}, given, True, True, True]


def test_what_python_cannot_hold_or_flc_cannot_take() -> None:
    loop: list[object] = []
    loop.append({"in": loop})
    cases: list[tuple[object, str]] = [
        (loop, "a Python list that contains itself has no FLC counterpart"),
        ({1.5: 2}, "a Python dict with the key 1.5 has no FLC counterpart"),
        ({None: 2}, "a Python dict with the key None has no FLC counterpart"),
        ({b"x"}, "a Python bytes has no FLC counterpart yet"),
    ]
    with make_vm(program_of(SAME), "plain") as vm:
        vm.run()
        for value, message in cases:
            with pytest.raises(FluentError) as caught:
                vm.call("same", value)
            assert caught.value.message == message
        function = FunctionValue("same", 1)
        with pytest.raises(FluentError, match="function in it has no FLC counterpart"):
            vm.call("same", {function})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#{1, true}", "elements of a set, as 1 and true, are one element in Python"),
        ("{1: 0, true: 0}", "keys of a map, as 1 and true, are one key in Python"),
        ("#{{a: 1}}", "a map in a set has no Python counterpart"),
    ],
)
def test_what_python_would_confuse_is_refused(text: str, message: str) -> None:
    with make_vm(program_of(text), "plain") as vm:
        with pytest.raises(FluentError) as caught:
            vm.run()
        assert (caught.value.kind, caught.value.message) == ("HostError", message)


def test_a_symbol_of_python_is_the_programs() -> None:
    text = "private function f(s) { s == 'red }"
    with make_vm(program_of(text), "plain") as vm:
        assert vm.call("f", Symbol("red")) is True
        assert vm.call("f", Symbol("blue")) is False
        assert vm.call("f", "red") is False
        assert str(Symbol("red")) == "'red"
