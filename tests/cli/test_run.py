"""`fluentai-jit run`: output, exit statuses, arguments and settings."""

import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from fluentai_jit.interrupts import MESSAGE
from tests.cli.conftest import CommandLine


def test_output_goes_to_stdout_and_the_value_of_the_program_nowhere(
    command: CommandLine,
) -> None:
    name = command.write("a.flc", 'print("é ")\nprintln("€ 😀")\n42\n')
    assert command("run", name) == (0, "é € 😀\n", "")


def test_a_program_can_come_from_stdin(command: CommandLine) -> None:
    command.stdin(b"println(args()[0])")
    assert command("run", "-", "first") == (0, "first\n", "")


def test_arguments_that_look_like_options_follow_two_hyphens(
    command: CommandLine,
) -> None:
    name = command.write("a.flc", "println(args().length())\nprintln(args()[1])\n")
    assert command("run", name, "--jit", "off", "--", "x", "--jit").out == "2\n--jit\n"


@pytest.mark.parametrize("status", [0, 7, 255])
def test_exit_gives_its_status(command: CommandLine, status: int) -> None:
    name = command.write("a.flc", f"print(1)\nexit({status})\nprint(2)\n")
    assert command("run", name) == (status, "1", "")


def test_an_error_of_the_program_is_shown_with_its_place(command: CommandLine) -> None:
    name = command.write("a.flc", "println(1)\nprintln(1 + true)\n")
    status, out, err = command("run", name)
    assert (status, out) == (1, "1\n")
    assert err == (
        "error[TypeError]: cannot add int 1 and bool true\n"
        "  --> a.flc:2:9\n"
        "   |\n"
        " 2 | println(1 + true)\n"
        "   |         ^^^^^^^^\n"
        "   in <main> at a.flc:2:9\n"
    )


def test_every_syntax_error_is_shown(command: CommandLine) -> None:
    name = command.write("a.flc", "let = 3\nlet x = (1 + ; println(2\n")
    status, out, err = command("run", name, "--report-to", "report.json")
    assert (status, out) == (1, "")
    assert err.count("error[SyntaxError]") == 2
    assert err.endswith("\n2 errors\n")
    assert not (command.folder / "report.json").exists()


def test_a_limit_ends_the_program(command: CommandLine) -> None:
    name = command.write("a.flc", "while true { }\n")
    ended = command("run", name, "--set", "limits.instructions=1000")
    assert ended.status == 1
    assert ended.err.startswith(
        "error[ResourceLimitExceeded]: the program used up limi"
    )


def test_the_last_setting_of_a_key_wins_and_the_flag_of_its_own_over_it(
    command: CommandLine, fib: str
) -> None:
    command.use("auto")
    arguments = ("run", fib, "--set", "jit.mode=sync", "--jit", "off", "--report")
    # Without a store and a compile process there is tier 0 alone.
    ended = command(*arguments, "--set", "compile.mode=none")
    assert ended.out == "55\n"
    assert "off: the JIT was off" in ended.err
    assert ended.err.startswith(
        "fluentai-jit: this machine has no compiled interpreter"
    )


@pytest.mark.parametrize("option", ["--report-to", "--events"])
def test_the_program_is_not_overwritten(
    command: CommandLine, fib: str, option: str
) -> None:
    before = command.read(fib)
    ended = command("run", fib, option, f"../work/{fib}")
    assert ended.status == 2
    assert f"{option} is the program itself" in ended.err
    assert command.read(fib) == before


def test_events_are_json_lines(command: CommandLine, fib: str) -> None:
    command.use("emitted")
    settings = ("--set", "jit.call_threshold=10")
    assert command("run", fib, "--events", "events", *settings).status == 0
    lines = command.read("events").splitlines()
    assert [name for name in ("hot", "compile", "install") if name in lines[0]] == [
        "hot"
    ]
    assert '"event": "install"' in lines[-1]


def test_without_a_jit_the_file_of_events_is_empty(
    command: CommandLine, fib: str
) -> None:
    assert command("run", fib, "--events", "events").status == 0
    assert command.read("events") == ""


# ---- Ctrl-C and closed streams ------------------------------------------------------
@pytest.fixture
def own_interrupts() -> Iterator[None]:
    """Python's handler of Ctrl-C, which a test runner may have replaced."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("own_interrupts")
def test_an_interrupt_ends_with_130_and_the_report_is_written(
    command: CommandLine,
) -> None:
    name = command.write("a.flc", "while true { }\n")
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    ended = command("run", name, "--report-to", "report.json")
    timer.join()
    assert ended.status == 130
    assert ended.err.startswith("error[Interrupted]: the program was interrupted\n")
    report = command.report("report.json")
    assert report["totals"]["ended"] == "Interrupted"
    assert report["functions"][0]["back_edges"] > 0


@pytest.mark.usefixtures("own_interrupts")
def test_an_interrupt_before_the_program_is_told(
    command: CommandLine, fib: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressing(_file: str) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("fluentai_jit.cli.run.load_program", pressing)
    assert command("run", fib) == (130, "", f"\n{MESSAGE}")


def test_a_closed_stdout_ends_the_program_quietly(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = command.write(
        "a.flc", "let i = 0\nwhile i < 20000 { println(i); i = i + 1 }\n"
    )
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(sys, "stdout", os.fdopen(writer, "w"))
    assert main_status(command, "run", name) == (1, "")


def test_a_full_disk_is_one_message(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = command.write("a.flc", "println(1)\n")
    monkeypatch.setattr(sys, "stdout", open("/dev/full", "w"))  # noqa: SIM115
    message = "error: cannot write the output: No space left on device\n"
    assert main_status(command, "run", name) == (1, message)


def main_status(command: CommandLine, *arguments: str) -> tuple[int, str]:
    """Status and stderr of a command whose stdout is not the captured one."""
    stdout = sys.stdout
    try:
        ended = command(*arguments)
    finally:
        stdout.close()
    return ended.status, ended.err


def test_file_names_that_are_no_utf_8_can_be_printed(command: CommandLine) -> None:
    name = command.write("a.flc", "println(args()[0])\n")
    assert command("run", name, "a\udcff").out == "a\\udcff\n"
