"""`tail`: a call that becomes native while it runs, against the interpreter.

One call makes `--iterations` tail calls of itself, or rounds of a loop, compiled
beside the program. Its speed is taken from the slices of the driver, from two
seconds on, or from the first native code on where that comes earlier. The
interpreter's speed is that of fewer iterations.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .figures import table
from .processes import Failed, fresh, store
from .suite import BY_NAME

if TYPE_CHECKING:
    from fluentai_jit.engine.vm import VM

PROGRAMS = ("self_tail", "while_loop", "collatz")
SKIPPED_S = 2.0


@dataclass(frozen=True, slots=True)
class Call:
    """What one long call did; times in seconds from its beginning.

    `native_s` and `native_from` tell when the first native code was installed and
    which part of the work, 0 to 1, was done by then; None where none was.
    `rate` is iterations a second after what is left out.
    """

    answer: str
    seconds: float
    counted: int
    native_s: float | None
    native_from: float | None
    rate: float


class Progress:
    """Notes at each slice how much fuel is spent, and when code was installed."""

    def __init__(self, vm: VM) -> None:
        self._vm = vm
        self._began = time.perf_counter()
        self._spent = vm.driver.fuel_used
        self.native: tuple[float, int] | None = None
        self.skipped = (0.0, 0)
        vm.driver.at_slice = self.note

    def now(self) -> tuple[float, int]:
        """(seconds, fuel) since the beginning."""
        spent = self._vm.driver.fuel_used - self._spent
        return time.perf_counter() - self._began, spent

    def note(self) -> None:
        """Called by the driver between slices."""
        jit = self._vm.jit
        if jit is None or self.native is not None:
            return
        now = self.now()
        if jit.slots.installed:
            self.native = now
        if now[0] <= SKIPPED_S:
            self.skipped = now


def long_call(name: str, iterations: int, mode: str, folder: str) -> dict[str, object]:
    """One call in this process, with the JIT in the given mode."""
    from .machine import machine

    with machine(name, 2, folder, jit__mode=mode) as vm:
        # Counting is on: the counts show that it was one call throughout.
        vm.enable_usage_tracking()
        progress = Progress(vm)
        answer = vm.call(BY_NAME[name].function, iterations)
        seconds, fuel = progress.now()
        stats = (vm.get_all_usage_stats() or {}).values()
        counted = sum(row.tail_iterations + row.back_edges for row in stats)
        after_s, after = seconds - progress.skipped[0], fuel - progress.skipped[1]
    native = progress.native
    call = Call(
        answer=str(answer),
        seconds=seconds,
        counted=counted,
        native_s=None if native is None else native[0],
        native_from=None if native is None else native[1] / fuel,
        rate=iterations * (after / fuel) / after_s,
    )
    return asdict(call)


def measure(name: str, iterations: int, mode: str, folder: str) -> Call:
    """A long call in a fresh process.

    Raises WrongAnswer, and Failed where the iterations were not all counted, or
    where the call was to turn native and did not.
    """
    call = Call(
        **fresh(long_call, name=name, iterations=iterations, mode=mode, folder=folder)
    )
    BY_NAME[name].check(iterations, call.answer)
    if call.counted != iterations:
        raise Failed(f"{name}: {call.counted} of {iterations} iterations were counted")
    if mode == "off":
        return call
    if call.native_from is None or not 0 < call.native_from < 1:
        raise Failed(f"{name} did not turn native in the middle of its call")
    return call


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `tail`."""
    parser.add_argument("--iterations", type=int, default=10**9)
    parser.add_argument(
        "--interpreted",
        type=int,
        default=10**8,
        help="iterations to take the interpreter's speed from",
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument(
        "--quick", action="store_true", help="10^7 iterations, compiled on the spot"
    )


def main(options: argparse.Namespace) -> None:
    """Measure and print. Raises WrongAnswer, Failed."""
    mode, many, few = "auto", options.iterations, options.interpreted
    if options.quick:
        mode, many, few = "sync", 10**7, 10**7
    rows, found = [], {}
    with store(None) as folder:
        for name in PROGRAMS:
            interpreted = measure(name, few, "off", folder)
            compiled = measure(name, many, mode, folder)
            found[name] = {"off": asdict(interpreted), mode: asdict(compiled)}
            rows.append(_row(name, interpreted, compiled))
    head = ["", "off ns", "native ns", "times", "native at s", "after %", "whole s"]
    print(table(head, rows))
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def _row(name: str, interpreted: Call, compiled: Call) -> list[str]:
    assert compiled.native_s is not None
    assert compiled.native_from is not None
    return [
        name,
        f"{1e9 / interpreted.rate:.2f}",
        f"{1e9 / compiled.rate:.2f}",
        f"{compiled.rate / interpreted.rate:.1f}",
        f"{compiled.native_s:.2f}",
        f"{compiled.native_from * 100:.1f}",
        f"{compiled.seconds:.2f}",
    ]
