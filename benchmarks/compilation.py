"""`compile`: what compiling costs, and what the program beside it notices.

Units are compiled as always, in a compile process that is warm after the first of
them. The stages are those of the same units, compiled once more in one process.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .figures import spread, table
from .generated import CALLEE, functions
from .processes import fresh, store
from .stages import kernel_stages, unit_stages
from .suite import BY_NAME
from .tail import long_call

if TYPE_CHECKING:
    from fluentai_jit.engine.vm import VM
    from fluentai_jit.memory.words import Words

# Functions are compiled in their third call, however many there are.
EAGER = {"jit.call_threshold": 2, "jit.gain_factor": 0, "compile.grace_s": 1000}
PATIENCE_S = 60.0
# About 0.8 s in tier 1.
SHORT_RUN = ("self_tail", 45 * 10**6)
INTERPRETED_NS = 16


# ---- in the measuring process ------------------------------------------------
def _installed(vm: VM) -> list[dict[str, Any]]:
    """Events of units of the generated functions, not of what they call."""
    assert vm.jit is not None
    rows = [row for row in vm.jit.log.events if row["event"] == "install"]
    return [row for row in rows if row["function"] != CALLEE]


def _until_native(vm: VM, name: str) -> None:
    """Call a function until it has code. Raises RuntimeError when that fails."""
    assert vm.jit is not None
    end = time.monotonic() + PATIENCE_S
    before = len(_installed(vm))
    while len(_installed(vm)) == before:
        if time.monotonic() > end:
            raise RuntimeError(f"{name} was not compiled in {PATIENCE_S:.0f} s")
        # The loop runs no round: a hot loop would ask for a unit of its own.
        vm.call(name, 0, 5, 7)
        vm.jit.poll()
        time.sleep(0.001)


def warm_units(count: int, instructions: int, folder: str) -> dict[str, Any]:
    """Milliseconds that units take in the compile process, the first one apart."""
    from fluentai_jit.engine.program import compile
    from fluentai_jit.engine.vm import VM

    program = compile(functions(count + 1, instructions))
    with VM(program, config={"store.path": folder, **EAGER}) as vm:
        vm.run()
        waited = []
        for index in range(count + 1):
            began = time.perf_counter()
            _until_native(vm, f"f{index}")
            waited.append((time.perf_counter() - began) * 1e3)
        compiled = [row["ms_compile"] for row in _installed(vm)]
        length = next(c.length for c in program.image.chunks if c.name == "f0")
    return {
        "instructions": length,
        "first_ms": waited[0],
        "compile_ms": compiled[-count:],
        "waited_ms": waited[1:],
    }


class Watched:
    """A kernel that notes its longest run, and the longest time between two."""

    def __init__(self, vm: VM) -> None:
        self._kernel = vm.driver.kernel
        self.tier = self._kernel.tier
        self.longest_run = 0.0
        self.longest_gap = 0.0
        self._ended: float | None = None

    def run(self, context: Words) -> int:
        """Run the kernel."""
        began = time.perf_counter()
        if self._ended is not None:
            self.longest_gap = max(self.longest_gap, began - self._ended)
        status = self._kernel.run(context)
        self._ended = time.perf_counter()
        self.longest_run = max(self.longest_run, self._ended - began)
        return status

    def collect(self, context: Words) -> int:
        """Collect garbage."""
        return self._kernel.collect(context)

    def throw(self, context: Words) -> int:
        """Throw what the driver wants thrown."""
        return self._kernel.throw(context)

    def take_stack(self, context: Words) -> int:
        """Add the time since the last stack to the functions of this one."""
        return self._kernel.take_stack(context)

    def unwind(self, context: Words) -> int:
        """End timed activations."""
        return self._kernel.unwind(context)


def pauses(units: int, instructions: int, mode: str, folder: str) -> dict[str, Any]:
    """Longest pauses in ms of a program that runs while its units are compiled."""
    from fluentai_jit.engine.program import compile
    from fluentai_jit.engine.vm import VM

    calls = " + ".join(f"f{index}(40, i, 3)" for index in range(units))
    text = functions(units, instructions) + (
        "private function busy(n) {\n    let i = 0\n    let total = 0\n"
        f"    while i < n {{ total = ({calls}) % 1000\n i += 1 }}\n    total\n}}\n"
    )
    config = {"store.path": folder, "jit.mode": mode}
    with VM(compile(text), config=config) as vm:
        vm.run()
        watched = Watched(vm)
        vm.driver.use_kernel(watched)
        end = time.monotonic() + PATIENCE_S
        done = False
        while not done and time.monotonic() < end:
            vm.call("busy", 2000)
            done = vm.jit is None or len(_installed(vm)) >= units
    if not done:
        raise RuntimeError("the units were not compiled in time")
    return {"gap_ms": watched.longest_gap * 1e3, "run_ms": watched.longest_run * 1e3}


# ---- the measurements --------------------------------------------------------
def unit_costs(options: argparse.Namespace) -> dict[str, Any]:
    """The cost of units of `--instructions`."""
    with store(None) as folder:
        found: dict[str, Any] = fresh(
            warm_units,
            count=options.units,
            instructions=options.instructions,
            folder=folder,
        )
        stages = fresh(
            unit_stages,
            count=options.units,
            instructions=options.instructions,
            folder=folder,
        )
    print(f"a function of {found['instructions']} instructions, warm compile process")
    print(f"  compiled in ms: {spread(found['compile_ms'], 0)}")
    print(f"  until it is installed: {spread(found['waited_ms'], 0)}")
    print(f"  the first, with the start of the process: {found['first_ms']:.0f}\n")
    print(_stages("unit, stages", stages) + "\n")
    return {**found, "stages": stages}


def kernel_cost(options: argparse.Namespace) -> dict[str, Any]:
    """The cost of the kernel on a machine without a store."""
    runs: list[dict[str, float]] = []
    wall = []
    for _run in range(options.runs):
        began = time.perf_counter()
        runs.append(fresh(kernel_stages))
        wall.append(time.perf_counter() - began)
    print(f"kernel cold, whole process in s: {spread(wall)}\n")
    stages = {name: [run[name] for run in runs] for name in runs[0]}
    print(_stages("kernel, stages", stages) + "\n")
    return {"wall_s": wall, "stages": stages}


def _stages(name: str, stages: dict[str, list[float]]) -> str:
    middle = {stage: statistics.median(row) for stage, row in stages.items()}
    whole = sum(middle.values())
    rows = [
        [stage, f"{value:.1f}", f"{value / whole * 100:.0f}"]
        for stage, value in middle.items()
    ]
    return table([name, "median ms", "%"], [*rows, ["sum", f"{whole:.1f}", "100"]])


def pause_costs(options: argparse.Namespace) -> dict[str, Any]:
    """The pauses of a program beside whose run units are compiled."""
    found: dict[str, list[dict[str, float]]] = {"off": [], "auto": []}
    for _run in range(options.runs):
        with store(None) as folder:
            for mode, row in found.items():
                row.append(
                    fresh(
                        pauses,
                        units=options.units,
                        instructions=options.instructions,
                        mode=mode,
                        folder=folder,
                    )
                )
    rows = [
        [
            f"jit.mode {mode}",
            spread([run["gap_ms"] for run in row]),
            spread([run["run_ms"] for run in row]),
        ]
        for mode, row in found.items()
    ]
    print(table(["longest pause, ms", "between slices", "one slice"], rows) + "\n")
    return dict(found)


def short_runs(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Runs of a program of 0.8 s, each begun when the one before has ended."""
    name, iterations = SHORT_RUN
    if options.quick:
        iterations //= 10
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as temporary, store(Path(temporary) / "s") as at:
        for _run in range(3):
            run = fresh(
                long_call, name=name, iterations=iterations, mode="auto", folder=at
            )
            BY_NAME[name].check(iterations, run["answer"])
            runs.append(run)
    seconds = iterations * INTERPRETED_NS / 1e9
    head = [f"{name}, about {seconds:.1f} s interpreted", "s", "native from s on"]
    rows = [
        [f"run {number}", f"{run['seconds']:.3f}", _native(run)]
        for number, run in enumerate(runs, 1)
    ]
    print(table(head, rows))
    return runs


def _native(run: dict[str, Any]) -> str:
    return "never" if run["native_s"] is None else f"{run['native_s']:.3f}"


PARTS = {
    "unit": unit_costs,
    "kernel": kernel_cost,
    "pause": pause_costs,
    "short": short_runs,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `compile`."""
    parser.add_argument("--instructions", type=int, default=100)
    parser.add_argument("--units", type=int, default=8, help="functions to compile")
    parser.add_argument("--runs", type=int, default=5, help="runs of kernel and pause")
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="one small unit, one run")


def main(options: argparse.Namespace) -> None:
    """Measure and print. Raises WrongAnswer, Failed."""
    if options.quick:
        options.units = options.runs = 1
        options.instructions = 30
    chosen = [options.part] if options.part else list(PARTS)
    found = {name: PARTS[name](options) for name in chosen}
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
