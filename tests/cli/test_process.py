"""The command as a process of its own: what it imports, streams and encoding."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import fluentai_jit

ROOT = Path(fluentai_jit.__file__).parents[1]


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


def imported(code: str, environment: dict[str, str], cwd: Path) -> set[str]:
    """Top-level modules, and those of this package, that a program has imported."""
    command = [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment, cwd=cwd
    )
    return set(done.stdout.splitlines()[-1].split())


HEAVY = {"numpy", "numba", "rich", "msgspec"}


def test_help_imports_nothing_heavy(
    environment: dict[str, str], tmp_path: Path
) -> None:
    code = "from fluentai_jit.cli import main; assert main(['--help']) == 0"
    modules = imported(code, environment, tmp_path)
    assert "click" in modules
    assert not modules & HEAVY
    assert not modules & {"llvmlite", "fluentai_jit.engine.vm"}


def test_a_program_imports_neither_the_report_nor_the_compiler(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "a.flc").write_text("println(1)\n")
    code = "from fluentai_jit.cli import main; assert main(['run', 'a.flc']) == 0"
    modules = imported(code, environment, tmp_path)
    assert "fluentai_jit.engine.vm" in modules
    assert not modules & HEAVY


def test_the_package_imports_nothing_until_a_name_is_used(
    environment: dict[str, str], tmp_path: Path
) -> None:
    code = "import sys; before = set(sys.modules)\nimport fluentai_jit as fj\n"
    code += "assert set(sys.modules) - before == {'fluentai_jit'}\n"
    code += "assert fj.run('1 + 2', engine='plain') == 3"
    assert "fluentai_jit.engine.vm" in imported(code, environment, tmp_path)


def test_output_is_utf_8_in_every_locale(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "a.flc").write_text('println("é€😀")\n1 + true\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "fluentai_jit", "run", "a.flc", "--report"],
        capture_output=True,
        env=environment,
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert done.stdout == "é€😀\n".encode()
    assert "--> a.flc:2:1" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_stream_that_was_closed_before_the_start(
    environment: dict[str, str], tmp_path: Path, closed: str
) -> None:
    (tmp_path / "a.flc").write_text("println(1)\n")
    number = {"stdout": 1, "stderr": 2}[closed]
    done = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f'exec "$0" -m fluentai_jit run a.flc {number}>&-',
            sys.executable,
        ],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    expected = (1, "") if closed == "stdout" else (0, "1\n")
    assert (done.returncode, done.stdout) == expected
    assert "Traceback" not in done.stderr
