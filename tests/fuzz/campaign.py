"""Many cases in a row: what failed, how fast it went, what was reached."""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field

from fluentai_jit.engine.heap import Heap
from fluentai_jit.engine.vm import VM

from .coverage import Coverage
from .differential import compiled, difference
from .generator import Case, case_of
from .operations import disagreement
from .shrink import shrunk
from .tried import tries_disagreement
from .value_steps import values_disagreement

# One case of so many runs a second time, with an instruction limit before its end.
_LIMITED = 4
# By turns; that of scalar operations is tried each time.
_MODELS = (values_disagreement, tries_disagreement)


@dataclass(slots=True)
class Campaign:
    """Cases of consecutive seeds on the same engines, the first the reference.

    With `stress` the other engines collect before every allocation.
    """

    engines: Sequence[str]
    coverage: Coverage | None = None
    shrink_seconds: float = 60.0
    most_failures: int = 3
    stress: bool = False
    programs: int = 0
    not_compiled: int = 0
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def run(self, first: int, count: int) -> None:
        """Try `count` seeds, or fewer where enough of them fail."""
        began = time.monotonic()
        for seed in range(first, first + count):
            self._try(seed)
            if len(self.failures) >= self.most_failures:
                break
        self.seconds = time.monotonic() - began

    def _try(self, seed: int) -> None:
        wrong = disagreement(seed) or _MODELS[seed % 2](seed)
        if wrong is not None:
            self.failures.append(f"seed {seed}: {wrong}")
            return
        case = case_of(seed)
        try:
            program = compiled(case)
        except Exception:
            broken = traceback.format_exc()
            self.failures.append(f"seed {seed}: it breaks the compiler\n{broken}")
            return
        if program is None:
            self.not_compiled += 1
            return
        self.programs += 1
        limited = seed % _LIMITED == 0
        found = difference(case, program, self.engines, self._watch, limited)
        if found is not None:
            self.failures.append(self._explained(found.case, str(found)))

    def _watch(self, engine: str, vm: VM, after: bool) -> None:
        if self.coverage is not None:
            self.coverage.watch(engine, vm, after)
        self._use_heap(engine, vm, after)

    def _use_heap(self, engine: str, vm: VM, after: bool) -> None:
        if self.stress and engine != self.engines[0] and not after:
            vm.driver.heap = Heap(vm.state, stress=True)

    def _explained(self, case: Case, text: str) -> str:
        if not self.shrink_seconds:
            return text
        small = shrunk(case, self._fails, self.shrink_seconds)
        program = compiled(small)
        if program is None:
            return text
        return str(difference(small, program, self.engines, self._use_heap))

    def _fails(self, case: Case) -> bool:
        try:
            program = compiled(case)
        except Exception:
            # Another fault than the one that is looked at.
            return False
        return (
            program is not None
            and difference(case, program, self.engines, self._use_heap) is not None
        )

    def summary(self) -> str:
        """One line."""
        rate = self.programs / self.seconds if self.seconds else 0.0
        return (
            f"{self.programs} programs on {', '.join(self.engines)}: "
            f"{len(self.failures)} failures, {self.not_compiled} not compiled, "
            f"{self.seconds:.0f} s, {rate:.1f} programs/s"
        )
