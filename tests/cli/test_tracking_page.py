"""docs/tracking.md: its commands work as they stand there."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

from fluentai_jit.settings import SETTINGS, Choice
from tests.cli.conftest import CommandLine

TEXT = (Path(__file__).parents[2] / "docs" / "tracking.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.S)
    assert found is not None
    return found[1]


def test_the_commands_work(command: CommandLine) -> None:
    command.write("program.flc", "private function f(n) { n + 1 }\nf(1)\n")
    lines = block("sh").splitlines()
    assert len(lines) == 3
    for line in lines:
        words = shlex.split(line)
        assert words[:3] == ["python", "-m", "fluentai_jit"]
        status, _out, err = command(*words[3:])
        assert (status, "error:" in err) == (0, False)


def test_the_python_works() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(block("python"), "docs/tracking.md", "exec"), {})
    assert out.getvalue() == "1 sampled 1 1.0\n2 sampled 2 1.0\n"


def test_every_mode_and_setting_is_told() -> None:
    setting = SETTINGS["tracking.mode"]
    assert isinstance(setting, Choice)
    for mode in setting.choices:
        assert f"| `{mode}` |" in TEXT
    for name in SETTINGS:
        if name.startswith("tracking."):
            assert f"`{name}`" in TEXT or f"{name}=" in TEXT
