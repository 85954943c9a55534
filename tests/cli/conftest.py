"""The command line in this process, on engines that compile nothing, and the
environment of commands that are processes of their own."""

import functools
import io
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import fluentai_jit
from fluentai_jit.cli import main
from fluentai_jit.engine.vm import VM

ROOT = Path(fluentai_jit.__file__).parents[1]


class Ended(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


class CommandLine:
    """A working folder with programs in it, and commands run there."""

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.use("plain")

    def use(self, engine: str) -> None:
        """Run programs on this engine from now on."""
        machine = functools.partial(VM, engine=engine)
        self._monkeypatch.setattr("fluentai_jit.engine.vm.VM", machine)

    def write(self, name: str, content: str | bytes) -> str:
        """Make a file; its name from here."""
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return name

    def read(self, name: str) -> str:
        """The text of a file."""
        return (self.folder / name).read_text(encoding="utf-8")

    def report(self, name: str) -> dict[str, Any]:
        """A report that was saved as JSON."""
        content: dict[str, Any] = json.loads(self.read(name))
        return content

    def stdin(self, data: bytes) -> None:
        """What commands read from stdin."""
        stream = io.TextIOWrapper(io.BytesIO(data))
        self._monkeypatch.setattr(sys, "stdin", stream)

    def __call__(self, *arguments: str) -> Ended:
        status = main(arguments)
        out, err = self._capsys.readouterr()
        return Ended(status, out, err)


@pytest.fixture
def command(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CommandLine:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("FLUENTAI_JIT_STORE_ENABLED", "false")
    monkeypatch.delenv("COLUMNS", raising=False)
    return CommandLine(folder, monkeypatch, capsys)


@pytest.fixture
def fib(command: CommandLine) -> str:
    """The name of a program whose `fib` is called 177 times, and `unused` never."""
    return command.write(
        "fib.flc",
        "private function fib(n) {\n"
        "    if (n < 2) { n } else { fib(n - 1) + fib(n - 2) }\n"
        "}\n"
        "private function unused(x) { x }\n"
        "println(fib(10))\n",
    )


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Tier 0 alone, in a locale without UTF-8."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONPATH": str(ROOT),
        "XDG_CONFIG_HOME": str(tmp_path),
        "FLUENTAI_JIT_COMPILE_MODE": "none",
        "FLUENTAI_JIT_STORE_ENABLED": "false",
    }
