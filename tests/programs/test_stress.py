"""Programs whose values are in the heap, with a collection before every allocation.

There is never more room than one allocation needs, so a value that some root kind
or live mask forgets is gone at once. Long operations are also told to stop, here and
there, and executed again.
"""

import io
import itertools
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest

from fluentai_jit.engine.heap import Heap
from tests.engines import Outcome, make_vm, observe, program_of
from tests.programs.expectations import Expectations, expectations_of
from tests.stops import looking_often

ROOT = Path(__file__).parent
SMALL = (
    *("callbacks", "closures", "hashing", "lists", "maps", "printing", "ranges"),
    *("sets", "strings", "symbols", "throwing"),
    *("destructuring", "enums", "parameters", "patterns", "structs", "tagged"),
)
# The collector goes over many values each time: these take longer in plain Python.
DEEP = ("tagged/nested_deep.flc", "printing/deeper_than_any_stack.flc")
# What allocates too much for a collector that runs as plain Python.
LARGE = ("collector",)


def programs(folders: tuple[str, ...]) -> list[str]:
    """The programs of these folders that do not run into the memory limit."""
    paths = (path for folder in folders for path in (ROOT / folder).glob("*.flc"))
    return sorted(
        str(path.relative_to(ROOT))
        for path in paths
        if not (expected(path).error or "").startswith("ResourceLimit")
    )


@cache
def expected(path: Path) -> Expectations:
    return expectations_of(path)


class Stops:
    """The clock of operations that look at it at every step, in plain Python.

    Now and then it is beyond every time limit. Then it is not for twice as many looks
    as before, so that each operation comes to its end.
    """

    def __init__(self) -> None:
        self.count = 0
        self._gaps = itertools.cycle((1, 2, 3, 5, 8, 13, 21, 34))
        self._looks = 0
        self._next = 1

    def now(self) -> int:
        """Nanoseconds."""
        self._looks += 1
        if self._looks < self._next:
            return 0
        self.count += 1
        self._next = 2 * self._looks + next(self._gaps)
        self._looks = 0
        return 1 << 62


def outcome(
    name: str, engine: str, stress: bool, stopped: bool = False
) -> tuple[Outcome, int]:
    """What a program does, and how often it collected.

    It is told to stop now and then where `stopped` says so, and is no program that
    tests the limit of time.
    """
    wanted = expected(ROOT / name)
    stdout = io.StringIO()
    program = program_of(wanted.text, name)
    config = {"limits.time_s": 10**9, **wanted.config} if stopped else wanted.config
    with make_vm(program, engine, config, stdout, wanted.args) as vm:
        if stress:
            vm.driver.heap = Heap(vm.state, stress=True)
        with looking_often(Stops().now) if stopped else nullcontext():
            return observe(vm, stdout), vm.driver.heap.collections.count


@cache
def usual(name: str) -> Outcome:
    return outcome(name, "compiled", False)[0]


CASES = [
    (name, engine)
    for folders, engines in (
        (SMALL, ("plain", "compiled", "emitted", "native")),
        (LARGE, ("compiled", "native")),
    )
    for name in programs(folders)
    for engine in engines
]


@pytest.mark.parametrize(("name", "engine"), CASES)
def test_collecting_all_the_time_changes_nothing(name: str, engine: str) -> None:
    assert outcome(name, engine, True)[0] == usual(name)


@pytest.mark.parametrize("name", [*itertools.filterfalse(DEEP.count, programs(SMALL))])
def test_stopping_now_and_then_changes_nothing(name: str) -> None:
    assert outcome(name, "plain", True, True)[0] == usual(name)


def test_operations_are_stopped() -> None:
    clock = Stops()
    program = program_of('join(map(x => f"<{x}>", 1..=100), ", ")')
    config = {"limits.time_s": 10**9}
    with make_vm(program, "plain", config) as vm, looking_often(clock.now):
        assert vm.run() == ", ".join(f"<{x}>" for x in range(1, 101))
    assert clock.count > 3


@pytest.mark.parametrize("name", programs(LARGE))
def test_every_allocation_collects(name: str) -> None:
    assert outcome(name, "compiled", True)[1] > 20
