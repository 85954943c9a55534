"""`counting`: what it costs to count calls or to time them, and not to.

ns a call: the slope of time over calls with tracking on, less that with tracking
off; `--mode full` times each call, `--mode sampled` some. Both are measured in one
process, alternating, with the same interpreter at the same addresses; native code is
made for one or the other. A process start gives one figure.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .figures import slope, spread, table
from .processes import fresh, store
from .suite import BENCHMARKS
from .suite import BY_NAME as BENCHMARK

if TYPE_CHECKING:
    from fluentai_jit.engine.vm import VM

TIERS = (1, 2)


@dataclass(frozen=True, slots=True)
class Counted:
    """A program whose calls are counted; `sizes` make 10^6, 10^7 and 10^8 calls.

    The greatest of the `quick` ones warms up.
    """

    name: str
    function: str
    quick: tuple[int, ...]
    sizes: tuple[int, ...]


PROGRAMS = (
    Counted("fib", "fib", (12, 20), (28, 33, 38)),
    Counted("mutual_tail", "is_even", (10**4, 10**5), (10**6, 10**7, 10**8)),
    Counted("loop_calls", "loop_calls", (10**4, 10**5), (10**6, 10**7, 10**8)),
)
BY_NAME = {program.name: program for program in PROGRAMS}
MODES = ("off", "counts", "sampled", "full")
FUNCTIONS = 10_000


# ---- in the measuring process ------------------------------------------------
def _count(vm: VM) -> int:
    stats = (vm.get_all_usage_stats() or {}).values()
    return sum(row.execution_count for row in stats)


def slopes(
    name: str,
    tier: int,
    sizes: list[int],
    repeats: int,
    folder: str,
    mode: str = "counts",
) -> tuple[float, float]:
    """ns a call with tracking off and on; the best of `repeats` at each size.

    Raises RuntimeError where two equal calls were not counted alike.
    """
    from .machine import machine, warm_up

    program = BY_NAME[name]
    points: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    with machine(name, tier, folder) as off, machine(name, tier, folder) as counted:
        counted.enable_usage_tracking(mode)
        off.driver.use_kernel(counted.driver.kernel)
        vms = {False: off, True: counted}
        for vm in vms.values():
            warm_up(vm, program.function, program.quick[-1])
            warm_up(vm, program.function, sizes[0])
        for size in sizes:
            seconds: dict[bool, list[float]] = {False: [], True: []}
            before = _count(counted)
            for _ in range(repeats):
                for on, vm in vms.items():
                    began = time.process_time()
                    vm.call(program.function, size)
                    seconds[on].append(time.process_time() - began)
            calls, rest = divmod(_count(counted) - before, repeats)
            if rest:
                raise RuntimeError(f"{name}({size}) is not always counted alike")
            for on in (False, True):
                points[on].append((calls, min(seconds[on])))
    return slope(points[False]) * 1e9, slope(points[True]) * 1e9


def seconds_off(name: str, tier: int, size: int, folder: str) -> float:
    """Time of a call with tracking off, in seconds; the better of two."""
    from .machine import machine, warm_up

    program = BY_NAME[name]
    times = []
    with machine(name, tier, folder) as vm:
        warm_up(vm, program.function, program.quick[-1])
        for _ in range(2):
            began = time.process_time()
            vm.call(program.function, size)
            times.append(time.process_time() - began)
    return min(times)


def bytes_per_function(functions: int, folder: str) -> float:
    """Memory that tracking takes for a function, after each was called once.

    Python's objects and the resident part of the array of counters.
    """
    import tracemalloc

    from fluentai_jit.engine.program import compile
    from fluentai_jit.engine.vm import VM

    text = "".join(
        f"private function f{index}(x) {{ x }}\nf{index}({index})\n"
        for index in range(functions)
    )
    with VM(compile(text), config={"store.path": folder, "jit.mode": "off"}) as vm:
        vm.run()
        tracemalloc.start()
        vm.enable_usage_tracking()
        vm.run()
        objects, _peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert vm.state.counters is not None
        return (objects + vm.state.counters.used_bytes()) / functions


def build(folders: list[str], folded: bool) -> None:
    """Fill stores with kernels, the flag folded away or not."""
    from .folded import build_stores

    build_stores(folders, folded)


# ---- in the process that compares --------------------------------------------
def cost_of_counting(options: argparse.Namespace, folder: str) -> dict[str, object]:
    """ns a call for every program and tier, one figure for each process start."""
    found: dict[str, object] = {}
    rows = []
    kinds = [(program, tier) for tier in TIERS for program in PROGRAMS]
    pairs: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for _start in range(options.starts):
        for program, tier in kinds:
            pair = fresh(
                slopes,
                name=program.name,
                tier=tier,
                sizes=program.quick if options.quick else program.sizes,
                repeats=options.repeats,
                folder=folder,
                mode=options.mode,
            )
            pairs.setdefault((program.name, tier), []).append((pair[0], pair[1]))
    for (name, tier), measured in pairs.items():
        off = [pair[0] for pair in measured]
        on = [pair[1] for pair in measured]
        cost = [pair[1] - pair[0] for pair in measured]
        rows.append([f"{name}, tier {tier}", spread(off), spread(on), spread(cost)])
        found[f"{name}, tier {tier}"] = {"off": off, "on": on, "cost": cost}
    print(table(["ns a call", "off", "on", options.mode], rows))
    return found


def seconds_by_mode(
    name: str, tier: int, size: int, repeats: int, folder: str
) -> dict[str, float]:
    """The least seconds of a call in each mode, measured by turns in one process."""
    from .machine import machine, warm_up

    program = BENCHMARK[name]
    with ExitStack() as stack:
        vms = {}
        for mode in MODES:
            vm = stack.enter_context(machine(name, tier, folder))
            if mode != "off":
                vm.enable_usage_tracking(mode)
            vms[mode] = vm
            vm.driver.use_kernel(vms["off"].driver.kernel)
            warm_up(vm, program.function, program.small)
            warm_up(vm, program.function, size)
        seconds: dict[str, list[float]] = {mode: [] for mode in MODES}
        for _ in range(repeats):
            for mode, vm in vms.items():
                began = time.process_time()
                vm.call(program.function, size)
                seconds[mode].append(time.process_time() - began)
    return {mode: min(times) for mode, times in seconds.items()}


def cost_of_modes(options: argparse.Namespace, folder: str) -> dict[str, object]:
    """How much longer every program takes in each mode than when nothing is tracked."""
    found: dict[str, object] = {}
    rows = []
    logs: dict[tuple[int, str], list[float]] = {}
    for tier in TIERS:
        for program in BENCHMARKS:
            measured: dict[str, list[float]] = {mode: [] for mode in MODES[1:]}
            for _start in range(options.starts):
                seconds = fresh(
                    seconds_by_mode,
                    name=program.name,
                    tier=tier,
                    size=program.small if options.quick else program.size,
                    repeats=options.repeats,
                    folder=folder,
                )
                for mode, ratios in measured.items():
                    ratios.append(seconds[mode] / seconds["off"])
            label = f"{program.name}, tier {tier}"
            found[label] = measured
            rows.append([label, *(spread(each, 3) for each in measured.values())])
            for mode, ratios in measured.items():
                median = math.log(statistics.median(ratios))
                logs.setdefault((tier, mode), []).append(median)
    for tier in TIERS:
        means = [math.exp(statistics.mean(logs[tier, mode])) for mode in MODES[1:]]
        rows.append([f"geometric mean, tier {tier}", *(f"{m:.3f}" for m in means)])
    print(table(["time over that with tracking off", *MODES[1:]], rows))
    return found


def cost_of_flag(options: argparse.Namespace) -> dict[str, object]:
    """Seconds with tracking off of builds with the flag and builds without."""
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as temporary:
        builds = {
            label: [
                str(Path(temporary) / f"{label}-{i}") for i in range(options.builds)
            ]
            for label in ("tested", "folded")
        }
        for label, folders in builds.items():
            fresh(build, folders=folders, folded=label == "folded")
        rows = []
        for tier in TIERS:
            for program in PROGRAMS:
                times = _times_of_builds(program, tier, builds, options)
                rows.append(_compared(f"{program.name}, tier {tier}", times))
                found[rows[-1][0]] = times
    head = ["ms, tracking off", "flag tested", "folded away", "difference %"]
    print(table([*head, "within the spread"], rows))
    return found


def _times_of_builds(
    program: Counted,
    tier: int,
    builds: dict[str, list[str]],
    options: argparse.Namespace,
) -> dict[str, list[float]]:
    """The median time of each build in ms, starts interleaved."""
    size = (program.quick if options.quick else program.sizes)[1]
    times: dict[str, list[float]] = {}
    for _start in range(options.starts):
        for folders in builds.values():
            for folder in folders:
                seconds = fresh(
                    seconds_off, name=program.name, tier=tier, size=size, folder=folder
                )
                times.setdefault(folder, []).append(seconds * 1e3)
    return {
        label: [statistics.median(times[folder]) for folder in folders]
        for label, folders in builds.items()
    }


def _compared(name: str, times: dict[str, list[float]]) -> list[str]:
    tested, folded = times["tested"], times["folded"]
    difference = statistics.median(tested) / statistics.median(folded) - 1
    # Builds that differ in layout alone: no difference below theirs means anything.
    equal = max(max(row) / min(row) - 1 for row in (tested, folded))
    verdict = "yes" if abs(difference) <= equal else "no"
    return [
        name,
        spread(tested, 1),
        spread(folded, 1),
        f"{difference * 100:+.1f}",
        f"{verdict}, {equal * 100:.1f} %",
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `counting`."""
    parser.add_argument("--starts", type=int, default=10, help="process starts")
    parser.add_argument("--repeats", type=int, default=3, help="calls of each size")
    parser.add_argument("--builds", type=int, default=4, help="kernels of each kind")
    parser.add_argument("--part", choices=("counting", "modes", "flag", "memory"))
    parser.add_argument(
        "--mode", choices=("counts", "sampled", "full"), default="counts"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="small sizes, one start")


def main(options: argparse.Namespace) -> None:
    """Measure and print. Raises Failed."""
    if options.quick:
        options.starts = options.builds = options.repeats = 1
    found: dict[str, object] = {}
    with store(None) as folder:
        if options.part in (None, "counting"):
            found["counting"] = cost_of_counting(options, folder)
        if options.part in (None, "modes"):
            found["modes"] = cost_of_modes(options, folder)
        if options.part in (None, "memory"):
            count = 100 if options.quick else FUNCTIONS
            found["bytes"] = fresh(bytes_per_function, functions=count, folder=folder)
            print(f"tracking takes {found['bytes']:.0f} bytes a function")
    if options.part in (None, "flag"):
        found["flag"] = cost_of_flag(options)
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
