"""Programs whose values are in the heap, with a collection before every allocation.

There is never more room than one allocation needs, so a value that some root kind
or live mask forgets is gone at once.
"""

import io
from functools import cache
from pathlib import Path

import pytest

from fluentai_jit.engine.heap import Heap
from tests.engines import Outcome, make_vm, observe, program_of
from tests.programs.expectations import Expectations, expectations_of

ROOT = Path(__file__).parent
SMALL = (
    *("callbacks", "closures", "hashing", "lists", "maps", "printing", "ranges"),
    *("sets", "strings", "symbols", "throwing"),
    *("destructuring", "enums", "parameters", "patterns", "structs", "tagged"),
)
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


def outcome(name: str, engine: str, stress: bool) -> tuple[Outcome, int]:
    """What a program does, and how often it collected."""
    wanted = expected(ROOT / name)
    stdout = io.StringIO()
    program = program_of(wanted.text, name)
    with make_vm(program, engine, wanted.config, stdout, wanted.args) as vm:
        if stress:
            vm.driver.heap = Heap(vm.state, stress=True)
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


@pytest.mark.parametrize("name", programs(LARGE))
def test_every_allocation_collects(name: str) -> None:
    assert outcome(name, "compiled", True)[1] > 20
