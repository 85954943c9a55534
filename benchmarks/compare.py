"""`compare`: the virtual machine against LuaJIT and CPython.

Each run is a process of its own; a round runs every engine once on every program.
The time is processor time taken inside the program, after a warm-up: what starting
costs, and what compiling costs, is measured apart.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .figures import geometric_mean, table
from .processes import fresh, output_of, store
from .suite import BY_NAME, TARGETS, Benchmark

# (name of benchmark, name of engine) -> seconds, one a run
Times = dict[tuple[str, str], list[float]]
# Runs a benchmark: (benchmark, size, store) -> (answer, seconds)
Runner = Callable[[Benchmark, int, str], tuple[str, float]]

# Calls of the full size until one compiles nothing.
MOST_CALLS = 10

RATIOS = (
    ("tier 1 / luajit -joff", "tier 1", "luajit -joff"),
    ("tier 2 / luajit", "tier 2", "luajit"),
    ("python / tier 2", "python", "tier 2"),
)


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that runs the programs; `command` is None for the machine itself."""

    name: str
    run: Runner
    command: str | None = None

    @property
    def installed(self) -> bool:
        """Whether it can be run here."""
        return self.command is None or shutil.which(self.command) is not None


def _machine(tier: int) -> Runner:
    def run(benchmark: Benchmark, size: int, folder: str) -> tuple[str, float]:
        answer, seconds = fresh(
            timed, name=benchmark.name, size=size, tier=tier, folder=folder
        )
        return answer, seconds

    return run


def timed(name: str, size: int, tier: int, folder: str) -> tuple[str, float]:
    """One call of a program's function, warmed up, in this process."""
    from .machine import machine, warm_up

    benchmark = BY_NAME[name]
    with machine(name, tier, folder) as vm:
        warm_up(vm, benchmark.function, benchmark.small)
        # The full size may heat what the small one did not.
        for _ in range(MOST_CALLS):
            before = 0 if vm.jit is None else len(vm.jit.log.events)
            began = time.process_time()
            answer = vm.call(benchmark.function, size)
            seconds = time.process_time() - began
            if vm.jit is None or len(vm.jit.log.events) == before:
                return str(answer), seconds
    raise RuntimeError(f"{name}({size}) goes on compiling")


def peer(command: Sequence[str], suffix: str) -> Runner:
    """Runs the programs of another language; they time themselves."""

    def run(benchmark: Benchmark, size: int, folder: str) -> tuple[str, float]:
        path = str(benchmark.path(suffix))
        printed = output_of([*command, path, str(size), str(benchmark.small)])
        answer, seconds = printed.split()
        return answer, float(seconds)

    return run


ENGINES = (
    Engine("tier 1", _machine(1)),
    Engine("tier 2", _machine(2)),
    Engine("luajit -joff", peer(["luajit", "-joff"], ".lua"), "luajit"),
    Engine("luajit", peer(["luajit"], ".lua"), "luajit"),
    Engine("python", peer([sys.executable], ".py")),
)


def measure(
    benchmarks: Sequence[Benchmark], engines: Sequence[Engine], runs: int, quick: bool
) -> Times:
    """Seconds of every benchmark on every engine. Raises WrongAnswer, Failed."""
    times: Times = {}
    with store(None) as folder:
        for _round in range(runs):
            for benchmark in benchmarks:
                size = benchmark.small if quick else benchmark.size
                for engine in engines:
                    answer, seconds = engine.run(benchmark, size, folder)
                    benchmark.check(size, answer)
                    times.setdefault((benchmark.name, engine.name), []).append(seconds)
    return times


def medians(times: Times) -> dict[tuple[str, str], float]:
    """The median of the runs, at least a clock's tick."""
    return {key: max(statistics.median(row), 1e-6) for key, row in times.items()}


def ratios(times: Times) -> dict[str, dict[str, float]]:
    """By name of the ratio and benchmark; the mean under "targets" and "all"."""
    middle = medians(times)
    result: dict[str, dict[str, float]] = {}
    for name, above, below in RATIOS:
        row = {
            benchmark: middle[benchmark, above] / middle[benchmark, below]
            for benchmark, engine in times
            if engine == above and (benchmark, below) in times
        }
        if not row:
            continue
        result[name] = row
        targets = [row[target] for target in TARGETS if target in row]
        every = geometric_mean(list(row.values()))
        row["all"] = every
        if targets:
            row["targets"] = geometric_mean(targets)
    return result


def report(times: Times) -> str:
    """Tables of the medians in ms and of the ratios."""
    middle = medians(times)
    names = list(dict.fromkeys(benchmark for benchmark, _engine in times))
    engines = list(dict.fromkeys(engine for _benchmark, engine in times))
    rows = [
        [name, *(f"{middle[name, engine] * 1e3:.1f}" for engine in engines)]
        for name in names
    ]
    shown = [table(["median ms", *engines], rows)]
    found = ratios(times)
    heads = list(found)
    lines = [[name, *(f"{found[head][name]:.2f}" for head in heads)] for name in names]
    for name, label in (("targets", f"mean of {len(TARGETS)}"), ("all", "mean of all")):
        if all(name in found[head] for head in heads):
            lines.append([label, *(f"{found[head][name]:.2f}" for head in heads)])
    if heads:
        shown.append(table(["ratio", *heads], lines))
    return "\n\n".join(shown)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `compare`."""
    parser.add_argument("--runs", type=int, default=15, help="processes of each kind")
    parser.add_argument("--programs", nargs="+", choices=BY_NAME, default=[*BY_NAME])
    parser.add_argument("--json", type=Path, help="write every time to this file")
    parser.add_argument("--quick", action="store_true", help="small sizes, one run")


def main(options: argparse.Namespace) -> None:
    """Measure and print. Raises WrongAnswer, Failed."""
    benchmarks = [BY_NAME[name] for name in options.programs]
    engines = [engine for engine in ENGINES if engine.installed]
    for engine in ENGINES:
        if not engine.installed:
            print(f"{engine.name} is not installed: left out")
    runs = 1 if options.quick else options.runs
    times = measure(benchmarks, engines, runs, options.quick)
    print(report(times))
    if options.json is not None:
        options.json.write_text(json.dumps(encoded(times, runs), indent=1) + "\n")


def encoded(times: Times, runs: int) -> dict[str, object]:
    """Everything that was measured, for a file."""
    seconds: dict[str, dict[str, list[float]]] = {}
    for (benchmark, engine), row in times.items():
        seconds.setdefault(benchmark, {})[engine] = row
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "runs": runs,
        "seconds": seconds,
        "ratios": ratios(times),
    }
