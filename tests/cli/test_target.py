"""Where a report goes: files are replaced as a whole, streams are written to."""

import errno
import os
import stat
import subprocess
import sys
import threading

import pytest

from tests.cli.conftest import CommandLine

HEAD = "fib.flc: wall time"


def names(command: CommandLine) -> set[str]:
    return {path.name for path in command.folder.iterdir()}


def failing(code: int) -> object:
    def fails(*_arguments: object) -> None:
        raise OSError(code, os.strerror(code))

    return fails


def test_a_file_is_replaced_and_keeps_its_mode(command: CommandLine, fib: str) -> None:
    path = command.folder / command.write("r", "before")
    path.chmod(0o640)
    with path.open() as reader:
        assert command("run", fib, "--report-to", "r") == (0, "55\n", "")
        assert reader.read() == "before"
    assert command.read("r").startswith(HEAD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(command) == {fib, "r"}


def test_a_link_stays_a_link(command: CommandLine, fib: str) -> None:
    for name in ("there", "missing"):
        (command.folder / f"to_{name}").symlink_to(name)
    command.write("there", "before")
    for name in ("there", "missing"):
        assert command("run", fib, "--report-to", f"to_{name}").status == 0
        assert (command.folder / f"to_{name}").is_symlink()
        assert command.read(name).startswith(HEAD)


def test_a_full_disk_leaves_the_report_before(
    command: CommandLine, fib: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.write("r", "before")
    monkeypatch.setattr(os, "replace", failing(errno.ENOSPC))
    message = "error: cannot write the report to r: No space left on device\n"
    assert command("run", fib, "--report-to", "r") == (1, "55\n", message)
    assert command.read("r") == "before"
    assert names(command) == {fib, "r"}


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY])
def test_a_file_that_cannot_be_replaced_is_overwritten(
    command: CommandLine, fib: str, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    command.write("r", "before" * 1000)
    monkeypatch.setattr(os, "replace", failing(code))
    assert command("run", fib, "--report-to", "r") == (0, "55\n", "")
    assert command.read("r").startswith(HEAD)
    assert "before" not in command.read("r")
    assert names(command) == {fib, "r"}


def test_a_fifo_is_written_to(command: CommandLine, fib: str) -> None:
    os.mkfifo(command.folder / "fifo")
    received: list[str] = []
    reader = threading.Thread(target=lambda: received.append(command.read("fifo")))
    reader.start()
    assert command("run", fib, "--report-to", "fifo") == (0, "55\n", "")
    reader.join()
    assert received[0].startswith(HEAD)
    assert names(command) == {fib, "fifo"}


@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_on_stdout_the_report_follows_the_output(
    command: CommandLine, fib: str, environment: dict[str, str], path: str
) -> None:
    with open(command.folder / "out", "wb") as out:
        arguments = ["run", fib, "--report-to", path]
        subprocess.run(
            [sys.executable, "-m", "fluentai_jit", *arguments],
            check=True,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=command.folder,
        )
    assert command.read("out").startswith(f"55\n{HEAD}")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "No such file or directory"),
        ("new/", "Is a directory"),
        ("fib.flc/r", "Not a directory"),
        ("n." * 150, "File name too long"),
        ("/dev/fd/999", "No such file or directory"),
    ],
)
def test_a_wrong_path_is_told_before_the_program_runs(
    command: CommandLine, fib: str, path: str, reason: str
) -> None:
    message = f"error[FileError]: cannot write the report to {path}: {reason}\n"
    assert command("run", fib, "--report-to", path) == (1, "", message)
    assert names(command) == {fib}
