"""What the settings and `--version` import, since every start pays for it."""

import subprocess
import sys
from pathlib import Path

import pytest

import fluentai_jit


def python(*arguments: str, cwd: Path | None = None) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=cwd, timeout=60
    )
    return done.stdout


def imported_by(statement: str) -> set[str]:
    """Modules that the statement imports, beyond those of a bare start."""
    program = (
        # Every start has `os`, by way of `site`, which is left out here.
        "import os, sys; sys.path.append(sys.argv[1]); bare = set(sys.modules)\n"
        f"{statement}\nprint(*(set(sys.modules) - bare))"
    )
    root = str(Path(fluentai_jit.__file__).parents[1])
    # Isolated, so that no .pth file of this environment imports something first.
    return set(python("-I", "-S", "-c", program, root).split())


def test_version_is_answered_before_anything_is_imported() -> None:
    loaded = imported_by(
        "sys.argv[1:] = ['--version']\nfrom fluentai_jit.__main__ import main\nmain()"
    )
    assert loaded - {"fluentai-jit", fluentai_jit.__version__} == {
        "fluentai_jit",
        "fluentai_jit.__main__",
        "fluentai_jit.interrupts",
    }


def test_version_is_one_line() -> None:
    line = f"fluentai-jit {fluentai_jit.__version__}\n"
    assert python("-m", "fluentai_jit", "--version") == line


@pytest.mark.parametrize(
    "module", ["tomllib", "platformdirs", "pathlib", "dataclasses", "inspect"]
)
def test_defaults_import_nothing_slow(module: str) -> None:
    assert module not in imported_by("from fluentai_jit.config import Config; Config()")


def test_toml_is_not_imported_without_a_file(tmp_path: Path) -> None:
    loaded = imported_by(
        "import os\n"
        "from fluentai_jit import config\n"
        "next(config._project_entries('/proc'), None)\n"
        "config.Config().replace(jit__mode='off')"
    )
    assert "fluentai_jit.config" in loaded
    assert "tomllib" not in loaded
