"""Values that Python gives to a program: how large, how long, and who may stop it."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.machines import Machine, error_of

TEXT = """
private function same(x) { x }
private function count(x) { length(x) }
private function taken() { length(back(0)) }
private function guarded() { try { taken() } catch (e) { e.kind } }
private function one() { 1 }
"""
# So many ints, as a range that is no list of the program's.
MANY = range(0, 2 * 10**7, 2)


class Given:
    """A machine whose `back` gives what the test wants."""

    def __init__(self, **config: object) -> None:
        self.back: Callable[[], object] = lambda: None
        settings = {name.replace("__", "."): value for name, value in config.items()}
        functions = {"back": lambda _x: self.back()}
        self.machine = Machine(TEXT, "plain", settings, functions)
        self.vm = self.machine.vm
        self.vm.run()


TOO_LARGE = [
    MANY,
    range(0, 10**12, 2),
    range(0, 10**30, 2),
    range(10**30, 0, -1),
    [range(0, 10**12, 2)] * 3,
    ["x" * 10**8],
]


@pytest.mark.parametrize("value", TOO_LARGE, ids=range(len(TOO_LARGE)))
def test_what_is_too_large_for_the_heap_is_refused_at_once(value: object) -> None:
    given = Given(limits__memory_mb=16)
    with given.machine:
        began = time.perf_counter()
        error = error_of(given.vm.call, "same", value)
        assert error.kind == "ResourceLimitExceeded"
        assert "limits.memory_mb (16 MiB)" in error.message
        given.back = lambda: value
        error = error_of(given.vm.call, "guarded")
        assert error.kind == "ResourceLimitExceeded"
        assert error.stack[0].function == "taken"
        assert time.perf_counter() - began < 5
        assert given.vm.call("one") == 1


def test_a_range_of_ints_that_do_not_fit_is_refused() -> None:
    given = Given()
    with given.machine:
        for value in (range(2**63 - 4, 2**63 + 4, 2), range(-(2**64), 0, 2**62)):
            error = error_of(given.vm.call, "same", value)
            assert error.kind == "HostError"
            assert error.message.endswith("does not fit in 64 bits")
        for value in (range(10**30, 10**30 - 4, 2), range(0, -5, 10**30)):
            assert given.vm.call("same", value) == []
        assert given.vm.call("same", range(9, 0, -4)) == [9, 5, 1]


def endless() -> Any:
    """A list of lists that takes seconds to convert, and little memory."""
    part = [1] * 10
    return [part] * 10**6


def test_the_time_limit_holds_while_a_program_takes_a_value() -> None:
    given = Given(limits__time_s=0.2, limits__memory_mb=4096)
    value = endless()
    with given.machine:
        for name in ("same", "guarded"):
            given.back = lambda: value
            began = time.perf_counter()
            arguments = (value,) if name == "same" else ()
            error = error_of(given.vm.call, name, *arguments)
            assert error.message == "the program ran longer than limits.time_s (0.2 s)"
            assert time.perf_counter() - began < 5
        assert given.vm.call("one") == 1


def test_an_interrupt_ends_it() -> None:
    given = Given(limits__memory_mb=4096)
    value = endless()
    with given.machine:
        timer = threading.Timer(0.2, given.vm.interrupt)
        timer.start()
        assert error_of(given.vm.call, "same", value).kind == "Interrupted"
        timer.join()
        assert given.vm.call("one") == 1


def test_the_time_of_an_earlier_call_is_not_of_the_next_ones_arguments() -> None:
    given = Given(limits__time_s=1.0)
    with given.machine:
        assert given.vm.call("one") == 1
        time.sleep(1.1)
        assert given.vm.call("count", [1] * (1 << 15)) == 1 << 15


def test_parts_of_all_kinds_are_counted() -> None:
    given = Given(limits__memory_mb=64)
    kinds = itertools.cycle(["text é", 1.5, None, {"k": [1]}, (1, 2), {3, 4}, True])
    value = [next(kinds) for _ in range(40_000)]
    with given.machine:
        assert given.vm.call("count", value) == 40_000
        assert given.vm.call("same", value[:7]) == [
            *("text é", 1.5, None, {"k": [1]}, [1, 2], {3, 4}, True)
        ]
