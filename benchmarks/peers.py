"""`peers`: every program in every language that is installed.

Two measurements, apart: calls of a program's function in a process that is warm
(processor time), and whole processes at a small size, from start to end (wall time).
A round of either goes over every program and engine in turn. No answer, no time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from .compare import Times, measure, medians, nested
from .engines import ENGINES, TIER_2, Engine, present
from .figures import geometric_mean, table
from .processes import environment, output_of, store
from .startup import start
from .suite import BENCHMARKS, BY_NAME, Benchmark

BEGIN = "<!-- Made by `python -m benchmarks peers --write FILE`. -->"
END = "<!-- End of what is made. -->"


def check(benchmarks: Sequence[Benchmark], engines: Sequence[Engine], at: str) -> None:
    """Run every program once and look at its answer. Raises WrongAnswer, Failed."""
    for benchmark in benchmarks:
        for engine in engines:
            command = engine.command(benchmark, benchmark.small, at)
            printed = output_of(command, FLUENTAI_JIT_STORE_PATH=at)
            benchmark.check(benchmark.small, printed.strip())


def starts(
    benchmarks: Sequence[Benchmark], engines: Sequence[Engine], runs: int, at: str
) -> Times:
    """Wall seconds of whole processes at the small size, whose answers were checked."""
    variables = {**environment(), "FLUENTAI_JIT_STORE_PATH": at}
    times: Times = {}
    for _round in range(runs):
        for benchmark in benchmarks:
            for engine in engines:
                command = engine.command(benchmark, benchmark.small, at)
                taken = start(command, variables).wall / 1e3
                times.setdefault((benchmark.name, engine.name), []).append(taken)
    return times


def in_ms(times: Times) -> tuple[list[str], list[list[str]]]:
    """Head and rows: medians in ms, to three digits or the tenth."""
    middle = medians(times)
    names = list(dict.fromkeys(benchmark for benchmark, _engine in times))
    engines = list(dict.fromkeys(engine for _benchmark, engine in times))
    rows = [
        [name, *(_digits(middle[name, engine] * 1e3) for engine in engines)]
        for name in names
    ]
    return ["ms", *engines], rows


def _digits(ms: float) -> str:
    return f"{ms:.2f}" if ms < 10 else f"{ms:.1f}" if ms < 100 else f"{ms:.0f}"


def against(times: Times, below: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows: how many times as long as one engine the others take."""
    middle = medians(times)
    names = list(dict.fromkeys(benchmark for benchmark, _engine in times))
    engines = [
        engine
        for engine in dict.fromkeys(engine for _benchmark, engine in times)
        if engine != below
    ]
    ratios = {
        engine: [middle[name, engine] / middle[name, below] for name in names]
        for engine in engines
    }
    rows = [
        [name, *(f"{ratios[engine][index]:.2f}" for engine in engines)]
        for index, name in enumerate(names)
    ]
    means = [f"{geometric_mean(ratios[engine]):.2f}" for engine in engines]
    return [f"times {below}", *engines], [*rows, ["geometric mean", *means]]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table as it stands in a document."""
    marks = ["---", *("--:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, marks, *rows))


def written(page: str, made: str) -> str:
    """The page with what is made put in place of what was there.

    Raises ValueError where the page does not say where.
    """
    before, found, rest = page.partition(BEGIN)
    _old, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"there are no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def section(engines: Sequence[Engine], steady: Times, started: Times, runs: int) -> str:
    """What is written into the document."""
    versions = [f"* {engine.name}: {engine.version()}" for engine in engines]
    parts = [
        f"Measured on {date.today()}, {processor()}, {platform.system()}; medians of "
        f"{runs} processes each. The system's load at the end was "
        f"{os.getloadavg()[0]:.1f}; on a machine that does nothing else it is 1.",
        "\n".join(versions),
        "### A call, once warm",
        markdown(*in_ms(steady)),
    ]
    if any(engine == TIER_2.name for _name, engine in steady):
        parts += [
            "How many times as long as tier 2 the others take (above 1: tier 2 is "
            "faster):",
            markdown(*against(steady, TIER_2.name)),
        ]
    parts += ["### A whole process, at a small size", markdown(*in_ms(started))]
    return "\n\n".join(parts)


def processor() -> str:
    """The model of the processor, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = [line.split(":", 1)[1] for line in lines if line.startswith("model name")]
    if not named:
        return platform.machine()
    return f"{named[0].strip()} ({len(named)} cores)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `peers`."""
    names = [engine.name for engine in ENGINES]
    parser.add_argument("--runs", type=int, default=3, help="processes of each kind")
    parser.add_argument("--programs", nargs="+", choices=BY_NAME, default=[*BY_NAME])
    parser.add_argument("--engines", nargs="+", choices=names, default=names)
    parser.add_argument("--json", type=Path, help="write every time to this file")
    parser.add_argument("--write", type=Path, help="put the tables into this document")
    parser.add_argument("--quick", action="store_true", help="small sizes, one run")


def main(options: argparse.Namespace) -> None:
    """Measure and print. Raises WrongAnswer, Failed, ValueError, OSError."""
    benchmarks = [one for one in BENCHMARKS if one.name in options.programs]
    engines = present([one for one in ENGINES if one.name in options.engines])
    runs = 1 if options.quick else options.runs
    if options.write is not None:
        # That it has a place for the tables is looked at before minutes of measuring.
        written(options.write.read_text(encoding="utf-8"), "")
    with store(None) as at:
        check(benchmarks, engines, at)
        steady = measure(benchmarks, engines, runs, options.quick, at)
        started = starts(benchmarks, engines, runs, at)
    print(table(*in_ms(steady)))
    if any(engine == TIER_2.name for _name, engine in steady):
        print("\n" + table(*against(steady, TIER_2.name)))
    print("\nwhole processes\n" + table(*in_ms(started)))
    if options.json is not None:
        found = {
            "processor": processor(),
            "versions": {engine.name: engine.version() for engine in engines},
            "steady": nested(steady),
            "start": nested(started),
        }
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    if options.write is not None:
        page = options.write.read_text(encoding="utf-8")
        made = section(engines, steady, started, runs)
        options.write.write_text(written(page, made), encoding="utf-8")
