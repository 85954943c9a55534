"""`compare`: the virtual machine against LuaJIT and CPython.

Each run is a process of its own; a round runs every engine once on every program.
The time is processor time taken inside the program, after a warm-up: what starting
costs, and what compiling costs, is measured apart.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

from .engines import LUAJIT, LUAJIT_OFF, PYTHON, TIER_1, TIER_2, Engine, present
from .figures import geometric_mean, table
from .processes import store
from .suite import BY_NAME, SCALARS, TARGETS, Benchmark

# (name of benchmark, name of engine) -> seconds, one a run
Times = dict[tuple[str, str], list[float]]

RATIOS = (
    ("tier 1 / luajit -joff", "tier 1", "luajit -joff"),
    ("tier 2 / luajit", "tier 2", "luajit"),
    ("python / tier 2", "python", "tier 2"),
)


ENGINES: tuple[Engine, ...] = (TIER_1, TIER_2, LUAJIT_OFF, LUAJIT, PYTHON)


def measure(
    benchmarks: Sequence[Benchmark],
    engines: Sequence[Engine],
    runs: int,
    quick: bool,
    folder: str,
) -> Times:
    """Seconds of every benchmark on every engine. Raises WrongAnswer, Failed."""
    times: Times = {}
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
    parser.add_argument("--programs", nargs="+", choices=BY_NAME, default=SCALARS)
    parser.add_argument("--json", type=Path, help="write every time to this file")
    parser.add_argument("--quick", action="store_true", help="small sizes, one run")


def main(options: argparse.Namespace) -> None:
    """Measure and print. Raises WrongAnswer, Failed."""
    benchmarks = [BY_NAME[name] for name in options.programs]
    runs = 1 if options.quick else options.runs
    with store(None) as folder:
        times = measure(benchmarks, present(ENGINES), runs, options.quick, folder)
    print(report(times))
    if options.json is not None:
        options.json.write_text(json.dumps(encoded(times, runs), indent=1) + "\n")


def encoded(times: Times, runs: int) -> dict[str, object]:
    """Everything that was measured, for a file."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "runs": runs,
        "seconds": nested(times),
        "ratios": ratios(times),
    }


def nested(times: Times) -> dict[str, dict[str, list[float]]]:
    """Times by program and then by engine, for a file."""
    found: dict[str, dict[str, list[float]]] = {}
    for (benchmark, engine), row in times.items():
        found.setdefault(benchmark, {})[engine] = row
    return found
