"""What README.md and docs/tracking.md tell people to run, runs."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT, CommandLine
from tests.engines import QUICK_ENGINES, execute, program_of, store_folder

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(name: str, language: str) -> list[str]:
    """The blocks of a page in one language."""
    page = (ROOT / name).read_text(encoding="utf-8")
    return [text for found, text in _BLOCK.findall(page) if found == language]


def test_the_first_command_of_the_readme_runs_a_program() -> None:
    install, run = blocks("README.md", "sh")[0].strip().split(" && ")
    assert install == "pip install ."
    program, *arguments = shlex.split(run)
    assert program == "fluentai-jit"
    settings = {"FLUENTAI_JIT_STORE_PATH": store_folder(), "COLUMNS": "120"}
    done = subprocess.run(
        [sys.executable, "-m", "fluentai_jit", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "longest below the limit: 837799 in steps: 524\n"
    assert re.search(r"^steps .* 2  native", done.stderr, re.MULTILINE), done.stderr


PRINTED = ("111\n", "Circle(1.0): 3.14\nBox(2.0, 3.0): 6.0\nno shape: Box(-1.0, 1.0)\n")


@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_the_programs_of_the_readme_run(engine: str) -> None:
    texts = blocks("README.md", "")
    found = [execute(program_of(text), engine) for text in texts]
    assert tuple(each.output for each in found) == PRINTED
    assert all("error" not in each.results[0] for each in found)


def test_the_commands_for_tracking_run(command: CommandLine) -> None:
    command.write("program.flc", "private function f(n) { n + 1 }\nprintln(f(1))\n")
    (shell,) = blocks("docs/tracking.md", "sh")
    ended = []
    for line in shell.splitlines():
        python, minus_m, module, *arguments = shlex.split(line)
        assert (python, minus_m, module) == ("python", "-m", "fluentai_jit")
        ended.append(command(*arguments))
    assert [each.status for each in ended] == [0, 0, 0]
    assert "times are sampled" in ended[0].err
    profile = json.loads(command.read("run.json"))
    rows = {row["name"]: row for row in profile["functions"]}
    assert (rows["f"]["calls"], rows["f"]["timed"]) == (1, 1)
    assert "f" in ended[2].out


def test_the_python_of_the_page_on_tracking_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLUENTAI_JIT_JIT_MODE", "off")
    monkeypatch.setenv("FLUENTAI_JIT_COMPILE_MODE", "none")
    (text,) = blocks("docs/tracking.md", "python")
    exec(compile(text, "tracking.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert "2 sampled 2 1.0" in lines
