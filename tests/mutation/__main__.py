"""Mutants of the package, and which test programs catch them.

`python -m tests.mutation --count 100 --seed 0` makes that many changes of one token,
each in a copy of the package, and runs the test programs on the plain and the emitted
engine until one fails. Those that no program catches are printed: either no behaviour
depends on them, or a program is missing.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .mutations import PACKAGE, Mutation, chosen

_ROOT = PACKAGE.parent
# For all programs of one mutant.
_SECONDS = 300.0
_TOPICS = {
    "text": ["printing", "strings"], "render": ["printing"], "sink": ["printing"],
    "search": ["strings"], "characters": ["strings"], "tables": ["maps", "sets"],
    "keys": ["maps", "sets"], "sorting": ["listlibrary", "callbacks"],
    "versions": ["lists", "maps"], "places": ["lists", "maps", "arrays"],
    "scalars": ["library"], "arithmetic": ["operators"], "patterns": ["match"],
    "number_text": ["printing", "literals"], "number_parse": ["strings"],
    "activation": ["functions", "tail_calls"], "unwinding": ["throwing", "errors"],
    "equality": ["hashing", "lists"], "control": ["loops", "branches"],
    "calls": ["functions", "arguments"], "conditions": ["branches"],
    "structure": ["loops"], "flow": ["loops"], "fold": ["operators", "limits"],
    "comparison": ["operators"], "access": ["operators", "lists"],
}  # fmt: skip


def survives(mutation: Mutation) -> tuple[bool, str]:
    """Whether all programs pass with it; and what caught it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PACKAGE, copy / PACKAGE.name, ignore=ignored)
        (copy / "tests").symlink_to(_ROOT / "tests")
        path = copy / PACKAGE.name / mutation.file
        path.write_text(mutation.applied(path.read_text(encoding="utf-8")), "utf-8")
        stem = path.stem
        command = [sys.executable, "-m", "tests.mutation.programs"]
        command += _TOPICS.get(stem, [stem])
        environment = {**os.environ, "PYTHONPATH": folder}
        try:
            done = subprocess.run(
                command,
                cwd=copy,
                env=environment,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return False, "it takes too long"
    if done.returncode == 0:
        return True, ""
    last = done.stdout.strip() or done.stderr.strip()
    return False, re.split(r"\n", last)[-1] if last else f"exit {done.returncode}"


def main() -> int:
    """Try them; 1 where fewer are caught than wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-least", type=float, default=0.9, help="share caught")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of those to try")
    arguments = parser.parse_args()
    mutations = chosen(arguments.count, arguments.seed)
    numbers = range(len(mutations)) if arguments.only is None else arguments.only
    caught = 0
    for number in numbers:
        mutation = mutations[number]
        began = time.monotonic()
        survived, by = survives(mutation)
        caught += not survived
        seconds = time.monotonic() - began
        what = "SURVIVED" if survived else f"by {by}"
        print(f"{number:3} {seconds:5.1f} s  {mutation}  {what}", flush=True)
    print(f"{caught} of {len(numbers)} caught")
    return 0 if caught >= arguments.at_least * len(numbers) else 1


if __name__ == "__main__":
    sys.exit(main())
