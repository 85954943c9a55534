"""Fresh processes to measure in, and the store that they share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


class Failed(Exception):
    """A measured process did not end well."""


def environment() -> dict[str, str]:
    """The environment of every measured process: this tree, none of its settings.

    Python keeps compiled modules, as it does for an installed package.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FLUENTAI_JIT_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return {**kept, "PYTHONPATH": str(ROOT)}


def output_of(command: Sequence[str], **variables: str) -> str:
    """What a command prints. Raises Failed with its complaint if it fails."""
    settings = {**environment(), **variables}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=settings
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise Failed(f"{' '.join(command[:6])}: {lines[-1]}")
    return done.stdout


def fresh(function: Callable[..., Any], **arguments: Any) -> Any:
    """The result of a function of this package in a process of its own, by JSON.

    Raises Failed where the function raised.
    """
    command = [sys.executable, "-m", "benchmarks.child", function.__module__]
    return json.loads(
        output_of([*command, function.__qualname__, json.dumps(arguments)])
    )


@contextmanager
def store(folder: Path | None) -> Iterator[str]:
    """A store with the compiled kernel in it: this folder, or a temporary one."""
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as temporary:
        path = str(folder or Path(temporary) / "store")
        fresh(fill, folder=path)
        yield path


def fill(folder: str) -> None:
    """Compile the kernel into a store that has none."""
    from fluentai_jit.engine.program import compile
    from fluentai_jit.engine.vm import VM

    config = {"store.path": folder}
    with VM(compile("nil"), config=config, engine="compiled") as vm:
        vm.run()
