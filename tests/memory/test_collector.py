"""What the collector keeps, what it drops, and what it counts."""

import io

import pytest

from fluentai_jit.core.layout import (
    HEAP_REQUEST,
    LIST_DATA,
    VERSION_WORDS,
    VIEW_WORDS,
)
from fluentai_jit.engine.heap import Heap, HeapFull
from fluentai_jit.errors import FluentError
from tests.engines import make_vm, program_of
from tests.memory.machines import live_sizes, live_words, machine, words_in_use

FILL = """
private function fill(n) { let xs = [] for i in 0..n { xs = push(xs, i) } xs }
"""
BIG = 2 * 1000  # words of the items that fill(1000) holds


def flat(items: int) -> int:
    return LIST_DATA + 2 * items


def buffer(items: int) -> int:
    return VIEW_WORDS + VERSION_WORDS + LIST_DATA + 2 * items


# ---- liveness -------------------------------------------------------------------
@pytest.mark.parametrize("engine", ["plain", "compiled", "emitted"])
def test_a_register_that_is_read_no_more_keeps_nothing(engine: str) -> None:
    text = """
    private function f(big) { let n = length(big); big = [n]; [big, [n]] }
    f([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    """
    # The list of 20, when nothing else was there; then those of f alone.
    assert max(live_sizes(text, engine)) < flat(20)


@pytest.mark.parametrize("engine", ["plain", "compiled", "emitted"])
def test_a_register_that_is_read_later_keeps_its_value(engine: str) -> None:
    text = """
    private function f(big) { let n = length(big); let few = [n]; [big, few, [n]] }
    f([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    """
    assert max(live_sizes(text, engine)) >= flat(20) + flat(1)


def test_a_caller_keeps_only_what_it_needs_after_the_call() -> None:
    use = FILL + "private function f(big) { let n = g(length(big)); n + length(big) }\n"
    drop = FILL + "private function f(big) { let n = g(length(big)); n }\n"
    rest = "private function g(n) { let s = 0 for i in 0..9 { s += length([n]) } s }\n"
    call = "f(fill(1000))"
    assert live_sizes(use + rest + call)[-1] > BIG
    assert live_sizes(drop + rest + call)[-1] < 100


def test_an_argument_is_the_callees_alone() -> None:
    text = (
        FILL
        + """
    private function g(big) { let n = length(big); big = nil; [n]; [n, n]; n }
    private function f() { g(fill(1000)) }
    f()
    """
    )
    assert live_sizes(text)[-1] < 100


def test_a_tail_call_drops_what_its_frame_held() -> None:
    text = (
        FILL
        + """
    private function g(n) { [n]; [n, n]; n }
    private function f(big) { let other = fill(1000); g(length(big) + length(other)) }
    f(fill(1000))
    """
    )
    assert live_sizes(text)[-1] < 100


# ---- what is kept ---------------------------------------------------------------
def test_globals_are_roots_and_their_old_values_are_not() -> None:
    text = (
        FILL
        + """
    let kept = [1, 2, 3]
    private function get() { kept }
    private function swap() { kept = [0] }
    let waste = fill(1000)
    waste = 0
    """
    )
    with machine(text) as vm:
        assert live_words(vm) == flat(3)
        vm.call("swap")
        assert live_words(vm) == flat(1)
        assert vm.call("get") == [0]


def test_a_shared_object_is_copied_once() -> None:
    text = """
    let kept = nil
    private function make() { let row = [1, 2, 3] kept = [row, row, [row]] }
    private function get() { kept }
    make()
    """
    with machine(text) as vm:
        for _ in range(3):
            assert live_words(vm) == flat(3) + flat(3) + flat(1)
        assert vm.call("get") == [[1, 2, 3], [1, 2, 3], [[1, 2, 3]]]


def test_views_share_their_buffer_after_it_was_copied() -> None:
    text = """
    let kept = nil
    private function make() {
      let xs = [1, 2, 3, 4]
      kept = [slice(xs, 0, 2), slice(xs, 1, 4)]
    }
    private function get() { kept }
    make()
    """
    with machine(text) as vm:
        views = 2 * (VIEW_WORDS + VERSION_WORDS)
        assert live_words(vm) == flat(2) + views + flat(4)
        assert live_words(vm) == flat(2) + views + flat(4)
        assert vm.call("get") == [[1, 2], [2, 3, 4]]


def test_the_newest_version_does_not_keep_older_ones() -> None:
    text = """
    let kept = [0, 0]
    private function count(n) { for i in 0..n { kept[i % 2] = i } }
    private function get() { kept }
    count(1000)
    """
    with machine(text) as vm:
        assert live_words(vm) == buffer(2)
        assert vm.call("get") == [998, 999]


def test_an_older_version_keeps_what_lies_between() -> None:
    text = """
    let old = [0, 0]
    private function make() { old[0] = 1 let xs = old for i in 0..3 { xs[1] = i } }
    private function get() { old[0] + old[1] }
    make()
    """
    with machine(text) as vm:
        # The view of the old version, four versions and the buffer.
        expected = VIEW_WORDS + 4 * VERSION_WORDS + flat(2)
        assert live_words(vm) == expected
        assert vm.call("get") == 1
        assert live_words(vm) == buffer(2)


CYCLE = """
let xs = [0, 0]
private function tie() { xs[0] = 1 let old = xs xs[1] = [old, old] 5 }
private function get() { xs }
private function drop() { xs = nil }
tie()
"""


def test_a_version_in_its_own_successor_is_a_cycle_that_collects() -> None:
    with machine(CYCLE) as vm:
        first = live_words(vm)
        assert live_words(vm) == first
        assert vm.call("get") == [1, [[1, 0], [1, 0]]]
        vm.call("drop")
        assert live_words(vm) == 0


def test_room_behind_a_string_is_kept_with_it() -> None:
    text = """
    let s = ""
    private function grow() { for i in 0..100 { s += "x" } }
    private function get() { length(s) }
    grow()
    """
    with machine(text) as vm:
        first = live_words(vm)
        assert live_words(vm) == first
        vm.call("grow")
        assert vm.call("get") == 200


# ---- counting and limits ----------------------------------------------------------
def test_collections_are_counted() -> None:
    text = "let n = 0 while n < 600000 { [n, n, n] n += 1 }"
    with machine(text) as vm:
        done = vm.driver.heap.collections
        assert 2 <= done.count <= 4
        assert done.total_ns >= done.longest_ns > 0
        assert done.copied < 100


def test_a_program_without_values_in_the_heap_collects_nothing() -> None:
    with machine("let n = 0 while n < 1000 { n += 1 }") as vm:
        assert vm.driver.heap.collections.count == 0
        assert words_in_use(vm) == 0


@pytest.mark.parametrize("stress", [False, True])
def test_what_does_not_fit_is_a_limit_by_name(stress: bool) -> None:
    text = """
    private function double(s, n) { if n == 0 { s } else { double(s + s, n - 1) } }
    double("0123456789", 40)
    """
    config = {"limits.memory_mb": 16}
    with make_vm(program_of(text), "compiled", config, io.StringIO()) as vm:
        vm.driver.heap = Heap(vm.state, stress=stress)
        with pytest.raises(FluentError, match=r"limits\.memory_mb \(16 MiB\)") as found:
            vm.run()
    assert found.value.kind == "ResourceLimitExceeded"
    assert found.value.span is not None


def test_a_vm_that_ran_out_of_memory_can_go_on() -> None:
    text = """
    private function much() { let xs = [] while true { xs = [xs, [1, 2, 3, 4, 5]] } }
    private function little() { [1, [2]] }
    """
    config = {"limits.memory_mb": 16}
    with make_vm(program_of(text), "compiled", config) as vm:
        vm.run()
        for _ in range(2):
            with pytest.raises(FluentError, match="memory_mb"):
                vm.call("much")
            assert vm.call("little") == [1, [2]]


def test_a_request_larger_than_the_heap_is_refused() -> None:
    with machine("[1]", memory_mb=16) as vm:
        vm.state.context.view[HEAP_REQUEST] = 1 << 40
        with pytest.raises(HeapFull):
            vm.driver.heap.collect(vm.driver.kernel)
