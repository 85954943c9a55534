"""`startup`: what starting costs beyond bare Python, and where it goes.

Commands are started in turn; what is compared are the medians of their wall and
processor times. The parts of a start are timed in processes of their own.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from .figures import table
from .processes import ROOT, Failed, environment, fresh, store

HELLO = 'println("Hello, world!")\n'
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \| +(\S+)")


class Start(NamedTuple):
    """Milliseconds from start to end of one process."""

    wall: float
    processor: float


def commands(hello: str) -> dict[str, list[str]]:
    """What is started, by the name in the table."""
    module = [sys.executable, "-m", "fluentai_jit"]
    return {
        "bare Python": [sys.executable, "-c", "pass"],
        "--version": [*module, "--version"],
        "hello world": [*module, "run", hello],
    }


def start(command: Sequence[str], variables: dict[str, str]) -> Start:
    """Run a command to its end. Raises Failed unless it goes well and in silence."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.read().decode()
    # A warning would mean that the kernel was not in the store.
    if status != 0 or said:
        raise Failed(f"{' '.join(command)} ended with status {status}: {said.strip()}")
    return Start(wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3)


# ---- parts of a start --------------------------------------------------------
def phases(path: str, folder: str) -> dict[str, float]:
    """Milliseconds of each step of running a program, in this process."""
    marks = [("begin", time.perf_counter())]

    def mark(name: str) -> None:
        marks.append((name, time.perf_counter()))

    from fluentai_jit import cli  # noqa: F401

    mark("import the command line")
    from fluentai_jit.engine.program import compile
    from fluentai_jit.engine.vm import VM

    mark("import the machine")
    program = compile(Path(path))
    mark("compile the program")
    vm = VM(program, config={"store.path": folder}, stdout=io.StringIO())
    mark("make the machine, load the kernel")
    vm.run()
    mark("run")
    vm.close()
    mark("close")
    return {
        name: (at - before) * 1e3 for (_name, before), (name, at) in pairwise(marks)
    }


def imports(command: Sequence[str], variables: dict[str, str]) -> dict[str, float]:
    """Milliseconds that each package's modules take to import, themselves alone."""
    timed = [command[0], "-X", "importtime", *command[1:]]
    done = subprocess.run(
        timed, capture_output=True, text=True, env=variables, cwd=ROOT, check=True
    )
    packages: defaultdict[str, float] = defaultdict(float)
    for line in done.stderr.splitlines():
        found = _IMPORT.match(line)
        if found is not None:
            packages[package_of(found[2])] += int(found[1]) / 1e3
    return dict(packages)


def package_of(module: str) -> str:
    """A module's row: its top package, this project's folders apart."""
    parts = module.split(".")
    own = parts[0] == "fluentai_jit"
    if not own and parts[0] in sys.stdlib_module_names:
        return "standard library"
    return ".".join(parts[:2] if own else parts[:1])


# ---- the measurement ---------------------------------------------------------
def measure(runs: int, folder: str, hello: str) -> dict[str, list[Start]]:
    """Starts of every command, in turn."""
    variables = {**environment(), "FLUENTAI_JIT_STORE_PATH": folder}
    found: dict[str, list[Start]] = defaultdict(list)
    for _run in range(runs):
        for name, command in commands(hello).items():
            found[name].append(start(command, variables))
    return dict(found)


def report(found: dict[str, list[Start]]) -> str:
    """Medians, and what is above bare Python."""
    middle = {
        name: Start(*(statistics.median(column) for column in zip(*row, strict=True)))
        for name, row in found.items()
    }
    bare = middle["bare Python"]
    rows = [
        [
            name,
            f"{row.wall:.1f}",
            f"{row.wall - bare.wall:.1f}",
            f"{row.processor:.1f}",
            f"{row.processor - bare.processor:.1f}",
        ]
        for name, row in middle.items()
    ]
    head = ["median ms", "wall", "beyond bare", "processor", "beyond bare"]
    return table(head, rows)


def where(runs: int, folder: str, hello: str) -> tuple[str, dict[str, object]]:
    """Tables of the steps of a start, and of what is imported."""
    variables = {**environment(), "FLUENTAI_JIT_STORE_PATH": folder}
    command = commands(hello)["hello world"]
    steps: defaultdict[str, list[float]] = defaultdict(list)
    packages: defaultdict[str, list[float]] = defaultdict(list)
    bare = imports(commands(hello)["bare Python"], variables)
    for _run in range(runs):
        for name, value in fresh(phases, path=hello, folder=folder).items():
            steps[name].append(value)
        for name, value in imports(command, variables).items():
            packages[name].append(value - bare.get(name, 0.0))
    step = {name: statistics.median(row) for name, row in steps.items()}
    package = {name: statistics.median(row) for name, row in packages.items()}
    package = dict(sorted(package.items(), key=lambda item: -item[1]))
    tables = [
        table([head, "ms"], [[name, f"{value:.1f}"] for name, value in part.items()])
        for head, part in (("step", step), ("imports beyond bare", package))
    ]
    return "\n\n".join(tables), {"steps": step, "imports": package}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `startup`."""
    parser.add_argument("--runs", type=int, default=21, help="starts of each command")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="two starts")


def main(options: argparse.Namespace) -> None:
    """Measure and print. Raises Failed."""
    runs = 2 if options.quick else options.runs
    with store(None) as folder, tempfile.TemporaryDirectory() as temporary:
        hello = str(Path(temporary) / "hello.flc")
        Path(hello).write_text(HELLO)
        found = measure(runs, folder, hello)
        print(report(found))
        shown, parts = where(min(runs, 7), folder, hello)
        print("\n" + shown)
    if options.json is not None:
        options.json.write_text(json.dumps({"starts": found, **parts}, indent=1) + "\n")
