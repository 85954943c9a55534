"""Everything that runs the measured programs: this machine, and its peers."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .processes import Failed, fresh, output_of
from .suite import BY_NAME, Benchmark

DRIVERS = Path(__file__).parent / "drivers"

# As in drivers/: a time is the median of so many calls, or of those of a second.
MOST_CALLS, SECONDS = 7, 1.0
# Calls of the full size until one compiles nothing.
WARM_CALLS = 20


class Engine(Protocol):
    """Something that runs the programs of one language."""

    @property
    def name(self) -> str:
        """What its column is called."""

    @property
    def installed(self) -> bool:
        """Whether it can be run here."""

    def version(self) -> str:
        """What it calls itself, one line."""

    def run(self, benchmark: Benchmark, size: int, folder: str) -> tuple[str, float]:
        """Answer, and seconds of a call once calls take as long as they ever will."""

    def command(self, benchmark: Benchmark, size: int, folder: str) -> list[str]:
        """The command that runs the whole program and prints its answer."""


@dataclass(frozen=True, slots=True)
class Machine:
    """This virtual machine, without and with machine code of the program's own."""

    name: str
    tier: int
    installed: bool = True

    def version(self) -> str:
        """Its own version."""
        return output_of([sys.executable, "-m", "fluentai_jit", "--version"]).strip()

    def run(self, benchmark: Benchmark, size: int, folder: str) -> tuple[str, float]:
        """Time a program's function in a process of its own."""
        answer, seconds = fresh(
            timed, name=benchmark.name, size=size, tier=self.tier, folder=folder
        )
        return answer, seconds

    def command(self, benchmark: Benchmark, size: int, folder: str) -> list[str]:
        """As a user runs it; the store is named by the environment."""
        mode = "off" if self.tier == 1 else "auto"
        path = str(benchmark.path(".flc"))
        return [
            *(sys.executable, "-m", "fluentai_jit", "run", "--jit", mode),
            *(path, str(size)),
        ]


def timed(name: str, size: int, tier: int, folder: str) -> tuple[str, float]:
    """Calls of a program's function, warmed up, in this process."""
    from .machine import machine, settled, warm_up

    benchmark = BY_NAME[name]
    with machine(name, tier, folder) as vm:
        warm_up(vm, benchmark.function, benchmark.small)
        # The full size may heat what the small one did not.
        for _ in range(WARM_CALLS):
            if settled(vm, benchmark.function, size):
                break
        else:
            raise RuntimeError(f"{name}({size}) goes on compiling")
        times: list[float] = []
        while len(times) < MOST_CALLS and sum(times) < SECONDS:
            began = time.process_time()
            answer = vm.call(benchmark.function, size)
            times.append(time.process_time() - began)
    return str(answer), statistics.median(times)


@dataclass(frozen=True, slots=True)
class Peer:
    """A language that runs its files by a command."""

    name: str
    start: Sequence[str]
    suffix: str
    asked: str = "--version"

    @property
    def installed(self) -> bool:
        """Whether its command is there."""
        return shutil.which(self.start[0]) is not None

    def version(self) -> str:
        """The first line of what it says of itself; PyPy's second one."""
        lines = _said([self.start[0], self.asked])
        return next((line for line in lines if "PyPy" in line), lines[0]).strip("[]")

    def run(self, benchmark: Benchmark, size: int, folder: str) -> tuple[str, float]:
        """Time its function of the program by the language's driver."""
        driver = str(DRIVERS / ("timed" + self.suffix))
        path = str(benchmark.path(self.suffix))
        arguments = [benchmark.function, str(size), str(benchmark.small)]
        printed = output_of([*self.start, driver, path, *arguments])
        answer, seconds = printed.split()
        return answer, float(seconds)

    def command(self, benchmark: Benchmark, size: int, folder: str) -> list[str]:
        """Its file, run."""
        return [*self.start, str(benchmark.path(self.suffix)), str(size)]


@dataclass(frozen=True, slots=True)
class C:
    """The C compiler; what it made is kept in the folder of the store."""

    name: str = "C"
    compiler: str = "gcc"

    @property
    def installed(self) -> bool:
        """Whether there is a compiler."""
        return shutil.which(self.compiler) is not None

    def version(self) -> str:
        """The first line of what it says of itself."""
        return _said([self.compiler, "--version"])[0] + ", -O2"

    def built(self, benchmark: Benchmark, folder: str) -> str:
        """The program, compiled. Raises Failed where that fails."""
        target = Path(folder).with_name(f"{benchmark.name}.compiled")
        if not target.exists():
            sources = [str(benchmark.path(".c")), str(DRIVERS / "timed.c")]
            options = ["-O2", "-I", str(DRIVERS), "-o", str(target)]
            output_of([self.compiler, *options, *sources, "-lm"])
        return str(target)

    def run(self, benchmark: Benchmark, size: int, folder: str) -> tuple[str, float]:
        """Time its function of the program, which was compiled apart."""
        arguments = [benchmark.function, str(size), str(benchmark.small)]
        answer, seconds = output_of([self.built(benchmark, folder), *arguments]).split()
        return answer, float(seconds)

    def command(self, benchmark: Benchmark, size: int, folder: str) -> list[str]:
        """The compiled program."""
        return [self.built(benchmark, folder), str(size)]


def _said(command: Sequence[str]) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True)
    lines = (done.stdout + done.stderr).strip().splitlines()
    if not lines:
        raise Failed(f"{' '.join(command)} says nothing")
    return lines


TIER_1, TIER_2 = Machine("tier 1", 1), Machine("tier 2", 2)
LUAJIT = Peer("luajit", ["luajit"], ".lua", asked="-v")
LUAJIT_OFF = Peer("luajit -joff", ["luajit", "-joff"], ".lua", asked="-v")
PYTHON = Peer("python", [sys.executable], ".py")
ENGINES: tuple[Engine, ...] = (
    TIER_1,
    TIER_2,
    C(),
    LUAJIT,
    Peer("lua", ["lua5.4"], ".lua", asked="-v"),
    Peer("node", ["node"], ".js"),
    Peer("pypy", ["pypy3"], ".py"),
    PYTHON,
)


def present(engines: Sequence[Engine]) -> list[Engine]:
    """Those that are installed; the others are named on the terminal."""
    for engine in engines:
        if not engine.installed:
            print(f"{engine.name} is not installed: left out")
    return [engine for engine in engines if engine.installed]
