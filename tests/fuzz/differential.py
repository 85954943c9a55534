"""Whether the engines agree on a case, in everything that a run shows."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from fluentai_jit.engine.program import Program
from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from tests.engines import Outcome, make_vm, observe, program_of

from .generator import Case

# Sees each VM before and after its run: for coverage.
Watch = Callable[[str, VM, bool], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two engines disagree, or one breaks."""

    case: Case
    engines: tuple[str, str]
    first: Outcome | str  # a string is the traceback of a Python error
    second: Outcome | str

    def __str__(self) -> str:
        lines = [f"seed {self.case.seed}: {' and '.join(self.engines)} differ"]
        if isinstance(self.first, Outcome) and isinstance(self.second, Outcome):
            for name in Outcome.__slots__:
                left, right = getattr(self.first, name), getattr(self.second, name)
                if left != right:
                    lines.append(f"{name}:\n  {left!r}\n  {right!r}")
        else:
            lines += [str(self.first), str(self.second)]
        settings = f"args {self.case.args}, calls {self.case.calls}"
        return "\n".join([*lines, settings, str(self.case.config), self.case.text])


def compiled(case: Case) -> Program | None:
    """The program of a case, or None where it has an error before it runs."""
    try:
        return program_of(case.text, f"seed_{case.seed}")
    except FluentError:
        return None


def outcome_of(
    case: Case, program: Program, engine: str, watch: Watch | None = None
) -> Outcome | str:
    """What a case does on an engine; a traceback where the engine breaks."""
    import io

    stdout = io.StringIO()
    try:
        with make_vm(program, engine, case.config, stdout, case.args) as vm:
            if watch is not None:
                watch(engine, vm, False)
            outcome = observe(vm, stdout, case.calls)
            if watch is not None:
                watch(engine, vm, True)
            return outcome
    except Exception:
        return traceback.format_exc()


def _compared(
    case: Case, program: Program, engines: Sequence[str], watch: Watch | None
) -> tuple[Outcome | str, Difference | None]:
    first = outcome_of(case, program, engines[0], watch)
    for engine in engines[1:]:
        second = outcome_of(case, program, engine, watch)
        if first != second or isinstance(second, str):
            return first, Difference(case, (engines[0], engine), first, second)
    return first, None


def limited(case: Case, fuel: int) -> Case:
    """The case with an instruction limit somewhere before its end."""
    limit = random.Random(case.seed).randint(1, max(1, fuel))
    return replace(case, config={**case.config, "limits.instructions": limit})


def difference(
    case: Case,
    program: Program,
    engines: Sequence[str],
    watch: Watch | None = None,
    with_limit: bool = False,
) -> Difference | None:
    """The first disagreement with the first engine, if there is any."""
    first, found = _compared(case, program, engines, watch)
    if found is None and with_limit and isinstance(first, Outcome):
        found = _compared(limited(case, first.fuel), program, engines, watch)[1]
    return found
