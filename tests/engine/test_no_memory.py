"""A VM for which there is not enough memory is refused, and says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import fluentai_jit as fj
from fluentai_jit.jit.artifacts import Artifacts
from fluentai_jit.memory.words import Words
from tests.engine.machines import error_of
from tests.engines import program_of

PROGRAM = program_of("1 + 1")
LITTLE = 150_000  # KiB; Python takes 50, the least heap of a VM 160 MiB


def limited(arguments: list[str], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run Python with less address space than a VM needs."""
    shell = f'ulimit -v {LITTLE}; exec "$0" "$@"'
    command = ["sh", "-c", shell, sys.executable, *arguments]
    root = str(Path(fj.__file__).parents[1])
    environment = {"PYTHONPATH": root, "XDG_CONFIG_HOME": str(tmp_path)}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_the_command_says_so_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "a.flc"
    file.write_text("println(1)")
    done = limited(["-m", "fluentai_jit", "run", str(file)], tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert first == (
        "error[ResourceLimitExceeded]: not enough memory for a VM with "
        "limits.depth (10000): cannot reserve 160.0 MiB"
    )
    assert "`ulimit -v`" in second


def test_python_gets_a_fluent_error(tmp_path: Path) -> None:
    code = """
import fluentai_jit as fj
try: fj.run("1", engine="plain")
except fj.FluentError as error: print(error.kind)
"""
    assert limited(["-c", code], tmp_path).stdout == "ResourceLimitExceeded\n"


def test_memory_that_ends_without_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(words: Words, count: int) -> None:
        raise MemoryError

    monkeypatch.setattr(Words, "__init__", refuse)
    error = error_of(lambda: fj.VM(PROGRAM, fj.Config(), engine="plain"))
    assert error.message == (
        "not enough memory for a VM with limits.depth (10000): there is none left"
    )


def test_memory_that_ends_anywhere_in_a_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fluentai_jit import cli

    def refuse(*_arguments: object, **_more: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cli.commands, "main", refuse)
    assert cli.main(["config"]) == 1
    assert capsys.readouterr().err == "error: there is not enough memory\n"


def test_no_room_for_llvm_is_an_error_of_the_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(artifacts: Artifacts) -> None:
        raise OSError("Could not find/load 'libllvmlite.so'. This could mean much.")

    monkeypatch.setattr(Artifacts, "stored_kernel", refuse)
    config = fj.Config().replace(compile__mode="none", store__enabled=False)
    error = error_of(fj.VM, PROGRAM, config)
    assert error.kind == "HostError"
    assert (
        error.message == "LLVM cannot be loaded: Could not find/load 'libllvmlite.so'"
    )
