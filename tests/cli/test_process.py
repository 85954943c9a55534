"""The command as a process of its own: what it imports, streams and encoding."""

import subprocess
import sys
from pathlib import Path

import pytest

NO_KERNEL = (
    "fluentai-jit: this machine has no compiled interpreter: running in plain Python\n"
)


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
    message = "error: cannot write the output: stdout is closed\n"
    expected = (1, "", message) if closed == "stdout" else (0, "1\n", "")
    told = done.stderr.removeprefix(NO_KERNEL)
    assert (done.returncode, done.stdout, told) == expected


def test_a_report_for_a_closed_stderr_fails(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "a.flc").write_text("println(1)\n")
    command = 'exec "$0" -m fluentai_jit run a.flc --report 2>&-'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (1, "1\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("--help",),
        ("run", "--help"),
        ("config",),
        ("disasm", "a.flc"),
        ("explain", "a.flc", "f", "--tags", "int"),
        ("explain", "a.flc", "f", "--show-output", "--set", "jit.mode=off"),
        ("run", "a.flc"),
    ],
    ids=" ".join,
)
def test_stdout_on_a_full_device_is_one_message(
    environment: dict[str, str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    unbuffered: str,
) -> None:
    (tmp_path / "a.flc").write_text("private function f(x) { x }\nprintln(f(1))\n")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "fluentai_jit", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment | {"PYTHONUNBUFFERED": unbuffered},
            cwd=tmp_path,
        )
    message = "error: cannot write the output: No space left on device\n"
    assert (done.returncode, done.stderr.removeprefix(NO_KERNEL)) == (1, message)


def test_wrong_usage_has_its_status_where_stderr_is_full(
    environment: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "fluentai_jit", "rnu"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stderr=full, env=environment, cwd=tmp_path)
    assert done.returncode == 2


PARTS = '(printf "println("; sleep 0.05; echo "7)")'


@pytest.mark.parametrize(
    "line",
    [
        f'{PARTS} | "$0" -m fluentai_jit run -',
        f'{PARTS} | "$0" -m fluentai_jit run /dev/stdin',
        f'mkfifo fifo; {PARTS} > fifo & exec "$0" -m fluentai_jit run fifo',
    ],
    ids=["-", "/dev/stdin", "fifo"],
)
def test_a_program_can_come_from_a_pipe(
    environment: dict[str, str], tmp_path: Path, line: str
) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", line, sys.executable],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (0, "7\n")
