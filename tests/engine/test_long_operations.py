"""Long operations end when the program is to stop, and leave its values alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest

from fluentai_jit.core.layout import DEADLINE, STOP
from fluentai_jit.engine.heap import Heap
from fluentai_jit.engine.vm import VM
from tests.engine.machines import Machine, error_of
from tests.stops import looking_often

# Each is long, given the values below.
OPERATIONS = (
    # lists
    "xs == ys",
    "xs != ys",
    "concat(xs, ys)",
    "append(flat, 1)",
    "prepend(xs, 1)",
    "append(0..n, 1)",
    "sort(names)",
    "sort(xs)",
    # what is hashed
    "#{xs}",
    "unique(names)",
    "union(#{1}, xs)",
    "union(elements, others)",
    "intersection(elements, others)",
    "difference(elements, others)",
    "merge(table, table_2)",
    "table == table_2",
    "elements == others",
    "keys(table)",
    "values(table)",
    "entries(table)",
    "from_entries(pairs)",
    # strings
    "text == text_2",
    "text < text_2",
    "text >= text_2",
    "min(text, text_2)",
    "text + text_2",
    'text + "€"',
    'f"{text}{text_2}"',
    "substring(text, 1, length(text))",
    'substring("€" + text, 1, length(text))',
    'contains(text, "zz")',
    'index_of(text, "zz")',
    "starts_with(text, text_2)",
    "ends_with(text, text_2)",
    'replace(text, "a", "bcd")',
    'replace(text, "abc", "")',
    'replace(text, "zz", "a")',
    'split(text, ",")',
    "chars(text)",
    "upper(text)",
    "lower(text)",
    "trim(blanks)",
    "trim_end(blanks)",
    'repeat("abc,", n)',
    'pad_left("x", 8 * n)',
    'pad_right("x", 8 * n, "ab")',
    'pad_center("x", 8 * n, "€")',
    "reverse(text)",
    "is_alphabetic(letters)",
    # text of values
    "to_string(xs)",
    'join(", ", names)',
    'format("{} {}", xs, 1)',
    "to_string([text])",
    "to_string(table)",
    "to_string(numbers)",
    '"" + xs',
    # arrays
    "numbers == numbers_2",
    "length(zeros(n))",
    "length(array(n, 7))",
    "length(arange(0, n, 1))",
    "length(arange(0.0, 1.0 * n, 0.5))",
    "length(from_list(xs))",
    "length(from_list([xs, ys]))",
    "to_list(numbers)",
    # output
    "println(text)",
    "println(xs)",
)
VALUES = """\
let n = size()
let xs = []
let ys = []
let names = []
let pairs = []
let table = {}
let table_2 = {}
let elements = #{}
let others = #{}
for i in 0..n {
  xs = append(xs, i)
  ys = append(ys, i)
  let name = "name " + i * 7919 % 10007
  names = append(names, name)
  pairs = append(pairs, [name, i])
  table[name] = i
  table_2[name] = i
  elements = insert(elements, name)
  others = insert(others, name)
}
let flat = concat(xs, [n])
let text = repeat("abc,", 3 * n)
let text_2 = repeat("abc,", 3 * n)
let letters = repeat("abcdefgh", 3 * n)
let blanks = repeat(" ", 8 * n)
let numbers = zeros(n)
let numbers_2 = zeros(n)
private function everything() {
  [xs, ys, names, pairs, table, table_2, elements, others, text, text_2, blanks]
}
"""
TEXT = VALUES + "".join(
    f"private function f{index}() {{ let r = {operation} r }} "
    f"private function g{index}() {{ go() f{index}() }}\n"
    for index, operation in enumerate(OPERATIONS)
)
FIRST_LINE = VALUES.count("\n") + 1
# Of programs that run as Python the values are small, and they look at every step.
SIZES = {"plain": 12, "emitted": 12, "compiled": 10_000, "native": 10_000}
ENGINES = [
    *("plain", "emitted"),
    pytest.param("compiled", marks=pytest.mark.native),
    pytest.param("native", marks=pytest.mark.native),
]
# A busy machine may keep the interrupting thread or this one waiting.
GENEROUS_S = 0.5


class Stopping:
    """A VM with those values, whose `go` does what `action` is."""

    def __init__(self, engine: str) -> None:
        self.action: Callable[[], None] = lambda: None
        given: dict[str, Callable[..., object]] = {
            "go": lambda: self.action(),
            "size": lambda: SIZES[engine],
        }
        # No slice is to end between `go` and the operation, which looks, too.
        settings = {"output.buffer_kb": 1024, "vm.slice_us": 1_000_000}
        self.machine = Machine(TEXT, engine, settings, given)
        self.vm.run()

    @property
    def vm(self) -> VM:
        return self.machine.vm

    def call(self, index: int) -> Any:
        """Carry out an operation after `go`."""
        return self.vm.call(f"g{index}")

    def set_word(self, word: int, value: int) -> Callable[[], None]:
        """What sets a word of the context record."""

        def action() -> None:
            self.vm.state.context.view[word] = value

        return action

    def interrupt(self) -> None:
        """As `vm.interrupt()`, but calls and loops do not see it."""
        self.vm.driver.interrupted = True
        self.vm.state.context.view[STOP] = 1


@contextmanager
def machine(engine: str) -> Iterator[Stopping]:
    with looking_often() if engine in ("plain", "emitted") else nullcontext():
        made = Stopping(engine)
        with made.machine:
            yield made


def assert_stopped(made: Stopping, index: int, kind: str) -> None:
    error = error_of(made.call, index)
    assert error.kind == kind, OPERATIONS[index]
    assert error.span is not None
    assert error.span.line == FIRST_LINE + index, OPERATIONS[index]
    assert f"f{index}" in [entry.function for entry in error.stack]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_operation_is_stopped(engine: str) -> None:
    with machine(engine) as made:
        before = made.vm.call("everything")
        # Units take their time to compile; how they are left is the same in all.
        chosen = slice(0, None, 6 if engine == "native" else 1)
        for index, operation in [*enumerate(OPERATIONS)][chosen]:
            made.action = lambda: None
            expected = made.call(index)
            made.action = made.interrupt
            assert_stopped(made, index, "Interrupted")
            made.action = made.set_word(DEADLINE, 1)
            assert_stopped(made, index, "ResourceLimitExceeded")
            # Somebody had a reason that is gone: it is carried out from the start.
            made.action = made.set_word(STOP, 1)
            assert made.call(index) == expected, operation
        assert made.vm.call("everything") == before


@pytest.mark.parametrize("engine", ["plain", "emitted"])
def test_under_collector_stress(engine: str) -> None:
    with machine(engine) as made:
        made.vm.driver.heap = Heap(made.vm.state, stress=True)
        for index, operation in enumerate(OPERATIONS):
            made.action = lambda: None
            expected = made.call(index)
            made.action = made.interrupt
            assert_stopped(made, index, "Interrupted")
            made.action = made.set_word(STOP, 1)
            assert made.call(index) == expected, operation


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_printed_is_printed_once(engine: str) -> None:
    with machine(engine) as made:
        index = OPERATIONS.index("println(text)")
        made.call(index)
        written = made.machine.output
        assert len(written) == 12 * SIZES[engine] + 1
        made.action = made.interrupt
        assert_stopped(made, index, "Interrupted")
        assert made.machine.output == written
        made.action = made.set_word(STOP, 1)
        made.call(index)
        assert made.machine.output == 2 * written


def test_a_stop_waits_until_the_arguments_are_there() -> None:
    text = "private function f(s) { length(s) } private function g() { 1 }"
    elements = {tuple(range(index, index + 50)) for index in range(50)}
    with looking_often(), Machine(text, "plain") as made:
        view = made.vm.state.context.view
        view[STOP] = 1
        driver = made.vm.driver
        before = driver.clear_interrupt
        driver.clear_interrupt = lambda: None  # type: ignore[method-assign]
        assert made.vm.call("f", elements) == 50
        driver.clear_interrupt = before  # type: ignore[method-assign]
        assert made.vm.call("g") == 1


# ---- as long as they take ---------------------------------------------------------
LONG = """\
private function strings(n) {
  let xs = []
  for i in 0..n { xs = append(xs, "key " + i * 7919 % 1000003) }
  xs
}
let names = strings(300000)
let xs = append(0..10000000, 1)
let ys = append(0..10000000, 1)
let text = repeat("abc,", 10000000)
let text_2 = text + "x"
private function sorts() { let r = 0 while true { r = length(sort(names)) } r }
private function compares() { let r = 0 while true { r = xs == ys } r }
private function compares_texts() { let r = 0 while true { r = text < text_2 } r }
private function prints() { let r = 0 while true { r = length(to_string(xs)) } r }
private function joins() { let r = 0 while true { r = length(join("", names)) } r }
private function replaces() { let r = 0 while true { r = replace(text, "a", "bb") } r }
private function splits() { let r = 0 while true { r = length(split(text, ",")) } r }
private function hashes() { let r = 0 while true { r = #{xs} } r }
private function copies() { let r = 0 while true { r = length(concat(xs, ys)) } r }
private function fills() { let r = 0 while true { r = append(0..10000000, 1) } r }
private function repeats() { let r = 0 while true { r = repeat("ab", 20000000) } r }
private function collects() { let r = 0 while true { r = unique(names) } r }
"""
LONG_FUNCTIONS = (
    *("sorts", "compares", "compares_texts", "prints", "joins", "replaces", "splits"),
    *("hashes", "copies", "fills", "repeats", "collects"),
)


def latency(vm: VM, name: str, delay: float) -> float:
    """Seconds from an interrupt by another thread to the error, the least of some."""
    least = 1e9
    for _round in range(8):
        timer = threading.Timer(delay, vm.interrupt)
        timer.start()
        moment = time.perf_counter() + delay
        error = error_of(vm.call, name)
        least = min(least, time.perf_counter() - moment)
        timer.join()
        assert error.kind == "Interrupted"
        # The native engine compiles on the spot, which is waited for; then the call
        # has not begun.
        if error.stack and least < 0.05:
            assert error.stack[-1].function == name
            break
    return least


@pytest.mark.timing
@pytest.mark.slow
@pytest.mark.native
@pytest.mark.parametrize("engine", ["compiled", "native"])
def test_how_soon_long_operations_are_stopped(engine: str) -> None:
    # A collection is waited for; with so much room there are few.
    with Machine(LONG, engine, {"limits.memory_mb": 4096}) as made:
        made.vm.run()
        for name in LONG_FUNCTIONS:
            for delay in (0.02, 0.11):
                assert latency(made.vm, name, delay) < GENEROUS_S, name


@pytest.mark.timing
@pytest.mark.native
def test_the_time_limit_ends_a_long_operation() -> None:
    text = "private function sorted(n) { let r = sort(append(0..n, 1)) length(r) }"
    with Machine(text, "compiled", {"limits.time_s": 0.1}) as made:
        assert made.vm.call("sorted", 100) == 101
        began = time.perf_counter()
        error = error_of(made.vm.call, "sorted", 5_000_000)
        assert error.message == "the program ran longer than limits.time_s (0.1 s)"
        assert 0.1 <= time.perf_counter() - began < 0.1 + GENEROUS_S
        assert made.vm.call("sorted", 100) == 101
