"""Whatever is wrong with a command: one clear message and the right exit status."""

import re

import pytest

from fluentai_jit import __version__
from fluentai_jit.cli import commands
from tests.cli.conftest import CommandLine


def test_a_missing_file(command: CommandLine) -> None:
    message = "error[FileError]: there is no file none.flc\n"
    assert command("run", "none.flc") == (1, "", message)


def test_a_folder(command: CommandLine) -> None:
    message = "error[FileError]: . is a folder, not a program\n"
    assert command("disasm", ".") == (1, "", message)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b'println("\xff")', "it is not UTF-8 text"), (b"1\0", "it holds binary data")],
)
def test_a_binary_file(command: CommandLine, content: bytes, reason: str) -> None:
    name = command.write("a.bin", content)
    message = f"error[FileError]: a.bin is no program: {reason}\n"
    assert command("explain", name, "f") == (1, "", message)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("run", "-"), "FileError]: cannot read stdin"),
        (("run", "/dev/zero"), "FileError]: cannot read /dev/zero"),
        (("report", "/dev/zero"), "FileError]: cannot read /dev/zero"),
        (
            ("config", "--config", "/dev/zero"),
            "ConfigError]: file /dev/zero: cannot be read",
        ),
    ],
)
def test_an_endless_file(
    command: CommandLine, arguments: tuple[str, ...], error: str
) -> None:
    command.stdin(bytes(1 << 26) + b"0")
    message = f"error[{error}: it is larger than 64 MiB\n"
    assert command(*arguments) == (1, "", message)


def test_a_closed_stdin(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    message = "error[FileError]: stdin is closed: there is no program to read\n"
    assert command("run", "-") == (1, "", message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument 'FILE'."),
        (("{fib}", "--bogus"), "No such option"),
        (("{fib}", "-5"), "No such option"),
        (
            ("{fib}", "--jit", "fast"),
            "Invalid value for '--jit': 'fast' is not one of 'auto', 'off', 'sync'.",
        ),
        (
            ("{fib}", "--report=html"),
            "Invalid value for '--report': 'html' is not one of 'table', 'json'.",
        ),
        (
            ("{fib}", "--set", "jit.mdoe=off"),
            "flag --set: unknown setting 'jit.mdoe'; did you mean jit.mode?",
        ),
        (
            ("{fib}", "--set", "jit.opt_level=9"),
            "flag --set: jit.opt_level must be an int from 0 to 3, not 9",
        ),
        (
            ("{fib}", "--set", "jit.mode"),
            "flag --set: needs KEY=VALUE, not 'jit.mode'",
        ),
        (
            ("{fib}", "--track", "off", "--report"),
            "--report needs --track counts, sampled or full.",
        ),
    ],
)
def test_wrong_usage_of_run(
    command: CommandLine, fib: str, arguments: tuple[str, ...], message: str
) -> None:
    status, out, err = command("run", *(each.format(fib=fib) for each in arguments))
    assert (status, out) == (2, "")
    assert err.startswith("Usage: fluentai-jit run [OPTIONS] FILE [ARGS]...\n")
    assert "\nError: " in err
    assert message in err


def test_an_unknown_option_of_run_may_be_meant_for_the_program(
    command: CommandLine, fib: str
) -> None:
    hint = "Arguments of the program that begin with '-' go after '--'.\n"
    assert command("run", fib, "-n").err.endswith(hint)
    assert hint not in command("disasm", fib, "-n").err


def test_a_command_that_is_none(command: CommandLine) -> None:
    ended = command("rnu")
    assert ended.status == 2
    assert "No such command 'rnu'" in ended.err


def test_no_command_at_all_shows_them(command: CommandLine) -> None:
    status, out, err = command()
    assert status == 2
    assert re.findall(r"^  (\w+)  ", out + err, re.M) == sorted(commands.commands)


def test_a_wrong_config_file(command: CommandLine, fib: str) -> None:
    name = command.write("wrong.toml", "[jit]\nmode = 'of'\n")
    status, out, err = command("run", fib, "--config", name)
    assert (status, out) == (1, "")
    assert err == (
        f"error[ConfigError]: file {command.folder / name}: "
        "jit.mode must be auto, off or sync, not 'of'\n"
    )


def test_a_missing_config_file(command: CommandLine, fib: str) -> None:
    status, _out, err = command("config", "--config", "none.toml")
    assert status == 1
    assert "none.toml: cannot be read: No such file or directory" in err


def test_a_wrong_variable(
    command: CommandLine, fib: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLUENTAI_JIT_JIT_MODE", "fast")
    status, out, err = command("run", fib)
    assert (status, out) == (1, "")
    assert err == (
        "error[ConfigError]: environment FLUENTAI_JIT_JIT_MODE: "
        "jit.mode must be auto, off or sync, not 'fast'\n"
    )


@pytest.mark.parametrize(
    ("option", "thing"), [("--report-to", "report"), ("--events", "events")]
)
@pytest.mark.parametrize(
    ("path", "reason"),
    [("none/x", "No such file or directory"), (".", "Is a directory")],
)
def test_a_path_that_cannot_be_written_is_told_before_the_program_runs(
    command: CommandLine, fib: str, option: str, thing: str, path: str, reason: str
) -> None:
    message = f"error[FileError]: cannot write the {thing} to {path}: {reason}\n"
    assert command("run", fib, option, path) == (1, "", message)


def test_help_and_version(command: CommandLine) -> None:
    assert command("--version").out == f"fluentai-jit {__version__}\n"
    status, out, _err = command("run", "-h")
    assert status == 0
    assert "--report-to PATH" in out
