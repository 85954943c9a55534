"""Running one program on any engine, and everything that a run shows.

Two engines agree on a program when their outcomes are equal.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TextIO

from fluentai_jit.config import Config
from fluentai_jit.core.tags import STRING
from fluentai_jit.engine.program import Program, compile_source
from fluentai_jit.engine.values import display
from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError, Source, render
from fluentai_jit.stdlib.host import Exit

ENGINES = ("plain", "compiled", "emitted", "native", "churn")
# Those that compile nothing with Numba, so that a run costs milliseconds.
QUICK_ENGINES = ("plain", "emitted", "churn")
SPECIALISING = ("emitted", "native", "churn")

Call = tuple[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Counts:
    """Counters of one function; which tier ran an activation may differ."""

    executions: int
    tail_iterations: int
    back_edges: int
    errors: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program did: the same in every engine.

    `results` has the value of the top level and of each call after it: a Python
    literal, a rendered error, or `exit 3`.
    """

    output: str
    results: tuple[str, ...]
    counts: tuple[tuple[str, Counts], ...]
    fuel: int
    globals: tuple[tuple[int, int | str], ...]

    def executions(self, name: str) -> int:
        """Activations of the function of that name."""
        return dict(self.counts)[name].executions


def program_of(
    text: str, name: str = "<test>", functions: Iterable[str] = ()
) -> Program:
    """Compile a program's text."""
    return compile_source(Source(name, text), tuple(functions))


@cache
def store_folder() -> str:
    """The store that the environment names, else one for this process alone."""
    named = os.environ.get("FLUENTAI_JIT_STORE_PATH")
    if named:
        return named
    folder = tempfile.mkdtemp(prefix="fluentai_jit_tests_")
    atexit.register(shutil.rmtree, folder)
    return folder


@cache
def _config(engine: str, settings: tuple[tuple[str, Any], ...]) -> Config:
    # Everything is compiled the first time it is called; in the churning engine
    # slices are short too, as that is when units are retired.
    config = Config().replace({"jit.call_threshold": 1, "store.path": store_folder()})
    if engine == "churn":
        config = config.replace({"vm.slice_us": 10})
    return config.replace(dict(settings))


def make_vm(
    program: Program,
    engine: str,
    config: Mapping[str, Any] | None = None,
    stdout: TextIO | None = None,
    args: Sequence[str] = (),
    functions: Mapping[str, Callable[..., object]] | None = None,
) -> VM:
    """A VM of that engine that specialises at once, and counts."""
    settings = tuple((config or {}).items())
    vm = VM(
        program,
        config=_config(engine, settings),
        stdout=stdout if stdout is not None else io.StringIO(),
        args=args,
        engine=engine,
        functions=functions,
    )
    vm.enable_usage_tracking()
    return vm


def counts_of(vm: VM) -> tuple[tuple[str, Counts], ...]:
    """Counters of every function, in the order of their chunks."""
    stats = vm.get_all_usage_stats()
    assert stats is not None
    rows = []
    for chunk in vm.program.image.chunks:
        row = stats[chunk.node_id]
        counts = Counts(
            row.execution_count, row.tail_iterations, row.back_edges, row.error_count
        )
        rows.append((chunk.name, counts))
    return tuple(rows)


def globals_of(vm: VM) -> tuple[tuple[int, int | str], ...]:
    """Tag and payload of every global, and the text of what is in the heap."""
    words = vm.state.globals.view[: 2 * len(vm.program.image.globals)]
    return tuple(
        (tag, payload if tag < STRING else display(vm.state, tag, payload, True))
        for tag, payload in zip(words[::2], words[1::2], strict=True)
    )


def result_of(vm: VM, call: Call | None) -> str:
    """The text of what the top level, or a call, gives."""
    try:
        value = vm.run() if call is None else vm.call(call[0], *call[1])
    except FluentError as error:
        return render(error)
    except Exit as left:
        return f"exit {left.status}"
    return repr(value)


def execute(
    program: Program,
    engine: str,
    config: Mapping[str, Any] | None = None,
    args: Sequence[str] = (),
    calls: Sequence[Call] = (),
) -> Outcome:
    """Run a program's top level and then `calls`, on one VM."""
    stdout = io.StringIO()
    with make_vm(program, engine, config, stdout, args) as vm:
        return observe(vm, stdout, calls)


def failed_units(vm: VM) -> list[str]:
    """Why units could not be compiled: never a fault of the program."""
    nodes = vm.jit.nodes.values() if vm.jit is not None else ()
    return [node.detail for node in nodes if node.refusal == "compiler_failed"]


def observe(vm: VM, stdout: io.StringIO, calls: Sequence[Call] = ()) -> Outcome:
    """Run a VM's program and then `calls`."""
    results = [result_of(vm, None)]
    results += [result_of(vm, call) for call in calls]
    assert failed_units(vm) == []
    return Outcome(
        output=stdout.getvalue(),
        results=tuple(results),
        counts=counts_of(vm),
        fuel=vm.driver.fuel_used,
        globals=globals_of(vm),
    )
