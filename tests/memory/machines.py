"""Programs run for what they leave in the heap."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from fluentai_jit.core.layout import HEAP_START, HEAP_TOP
from fluentai_jit.engine.heap import Heap
from fluentai_jit.engine.vm import VM
from tests.engines import make_vm, program_of


class Recording(Heap):
    """Collects before every allocation, and notes what was live each time."""

    def __init__(self, vm: VM) -> None:
        super().__init__(vm.state, stress=True)
        self.live: list[int] = []

    def _make_room(self, live: int) -> None:
        self.live.append(live)
        super()._make_room(live)


@contextmanager
def machine(text: str, engine: str = "compiled", memory_mb: int = 256) -> Iterator[VM]:
    """A VM whose program has run."""
    config = {"limits.memory_mb": memory_mb}
    with make_vm(program_of(text), engine, config, io.StringIO()) as vm:
        vm.run()
        yield vm


def live_sizes(text: str, engine: str = "compiled") -> list[int]:
    """Words that were live at each allocation of a program."""
    with make_vm(program_of(text), engine) as vm:
        heap = Recording(vm)
        vm.driver.heap = heap
        vm.run()
        return heap.live


def words_in_use(vm: VM) -> int:
    """Words allocated since the last collection, and what that one left."""
    context = vm.state.context.view
    return int(context[HEAP_TOP] - context[HEAP_START])


def live_words(vm: VM) -> int:
    """Words that a collection keeps now."""
    before = vm.driver.heap.collections.copied
    vm.driver.heap.collect(vm.driver.kernel)
    return vm.driver.heap.collections.copied - before


def allocated(text: str) -> int:
    """Words that a program allocates, which must not come to a collection."""
    with machine(text) as vm:
        assert vm.driver.heap.collections.count == 0
        return words_in_use(vm)
