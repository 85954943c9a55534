"""Where compile time goes: stages of units and of the kernel.

All in milliseconds of processor time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .generated import functions

Stages = dict[str, list[float]]


class Clock:
    """Times stages; one timed within another is taken off it."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}
        self._inner = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of this block to a stage."""
        outer, self._inner = self._inner, 0.0
        began = time.process_time()
        try:
            yield
        finally:
            whole = (time.process_time() - began) * 1e3
            self.ms[name] = self.ms.get(name, 0.0) + whole - self._inner
            self._inner = outer + whole

    def watch(self, owner: Any, attribute: str, name: str) -> None:
        """Time every call of a function from now on."""
        function: Callable[..., Any] = getattr(owner, attribute)

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return function(*args, **kwargs)

        setattr(owner, attribute, timed)


def _watch_numba(clock: Clock) -> None:
    from numba.core import compiler, lowering, typed_passes

    clock.watch(compiler, "run_frontend", "Numba: bytecode to its IR")
    clock.watch(typed_passes, "type_inference_stage", "Numba: type inference")
    clock.watch(lowering.Lower, "lower", "Numba: lowering")


def _watch_llvm(clock: Clock) -> None:
    from fluentai_jit.native import objects

    clock.watch(objects, "link", "LLVM: parse and link")
    clock.watch(objects, "propagate", "LLVM: inline and propagate")
    clock.watch(objects, "optimise", "LLVM: standard passes")
    clock.watch(objects, "emit", "LLVM: emit")


def units_of(count: int, instructions: int) -> list[Any]:
    """Units of generated functions, specialised and not compiled."""
    from fluentai_jit.engine.program import compile
    from fluentai_jit.engine.vm import VM

    program = compile(functions(count, instructions))
    with VM(program, config={"jit.call_threshold": 1}, engine="emitted") as vm:
        vm.run()
        assert vm.jit is not None
        for index in range(count):
            vm.call(f"f{index}", 0, 5, 7)
        installed = vm.jit.slots.installed.values()
        return [row.unit for row in installed if row.unit.name.startswith("f")]


def unit_stages(count: int, instructions: int, folder: str) -> Stages:
    """Each stage of compiling units, one figure a unit, after one to warm up."""
    from pathlib import Path

    from fluentai_jit.jit.artifacts import Artifacts
    from fluentai_jit.jit.vocabulary import constants
    from fluentai_jit.native.store import Store
    from fluentai_jit.native.units import build_unit, lower_unit

    units = units_of(count + 1, instructions)
    semantics = Artifacts(Store(Path(folder), 1 << 28, print)).semantics()
    clock = Clock()
    _watch_numba(clock)
    _watch_llvm(clock)
    found: Stages = {}
    for index, unit in enumerate(units):
        clock.ms.clear()
        with clock.stage("lowering, the rest"):
            modules = lower_unit(unit.source, unit.name, len(unit.table), constants())
        with clock.stage("LLVM: the rest"):
            build_unit(modules, semantics, 2)
        if index > 0:
            for name, value in clock.ms.items():
                found.setdefault(name, []).append(value)
    return found


def kernel_stages() -> dict[str, float]:
    """Each stage of compiling the operations and the kernel from nothing."""
    clock = Clock()
    with clock.stage("import"):
        from fluentai_jit.kernel import build
    _watch_numba(clock)
    _watch_llvm(clock)
    with clock.stage("lowering, the rest"):
        build.build_kernel(build.build_semantics())
    return clock.ms
