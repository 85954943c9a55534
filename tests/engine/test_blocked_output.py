"""Output that nobody takes: a program still ends, and what is taken is whole."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

import fluentai_jit as fj
from tests.engine.machines import error_of
from tests.engines import QUICK_ENGINES, make_vm, program_of

ENDLESS = "let i = 0\nwhile true { println(i) }\n"
WIDE = "\u00e9\u4e2d\U0001f600"
# More than a pipe takes, printed at once.
MUCH = 'print(repeat("x", 120000))\n'
ALL_AT_THE_END = {"output.buffer_kb": 1024}
FOREVER = "while true { 1 }\n"
MANY = f'for i in 0..30000 {{ print("{WIDE}") println(i) }}\n'


@pytest.fixture
def pipe() -> Iterator[tuple[int, TextIO]]:
    """The end to read from, and a stream that writes to the other."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        yield reader, stream
        # What the stream may still hold has a reader no more.
        os.close(reader)


@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_the_time_limit_ends_it(engine: str, pipe: tuple[int, TextIO]) -> None:
    config = {"limits.time_s": 0.3}
    with make_vm(program_of(ENDLESS), engine, config, pipe[1]) as vm:
        began = time.monotonic()
        error = error_of(vm.run)
    assert time.monotonic() - began < 3
    assert error.kind == "ResourceLimitExceeded"
    assert "limits.time_s (0.3 s)" in error.message
    assert error.span is not None
    assert error.span.line == 2


@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_an_interrupt_ends_it(engine: str, pipe: tuple[int, TextIO]) -> None:
    config = {"tracking.mode": "counts"}
    with make_vm(program_of(ENDLESS), engine, config, pipe[1]) as vm:
        # Twice: what is left over waits, too.
        timers = [threading.Timer(at, vm.interrupt) for at in (0.5, 1.0)]
        for timer in timers:
            timer.start()
        error = error_of(vm.run)
        for timer in timers:
            timer.cancel()
        stats = vm.get_all_usage_stats()
        assert stats is not None
        # It is no error of the program.
        assert sum(row.error_count for row in stats.values()) == 0
    assert error.kind == "Interrupted"


def test_a_slow_reader_gets_everything(pipe: tuple[int, TextIO]) -> None:
    received: list[bytes] = []

    def read() -> None:
        while not (received and received[-1].endswith(b"29999\n")):
            received.append(os.read(pipe[0], 5000))
            time.sleep(0.0005)

    reader = threading.Thread(target=read)
    reader.start()
    with make_vm(program_of(MANY), "compiled", None, pipe[1]) as vm:
        vm.run()
    reader.join(20)
    expected = "".join(f"{WIDE}{i}\n" for i in range(30000))
    assert b"".join(received).decode() == expected


@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_the_time_limit_holds_for_the_output_of_a_program_that_ended(
    engine: str, pipe: tuple[int, TextIO]
) -> None:
    config = {"limits.time_s": 0.3, **ALL_AT_THE_END}
    with make_vm(program_of(MUCH), engine, config, pipe[1]) as vm:
        began = time.monotonic()
        error = error_of(vm.run)
    assert time.monotonic() - began < 5
    assert "limits.time_s (0.3 s)" in error.message


@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_a_late_reader_gets_what_was_printed_before_the_limit(
    engine: str, pipe: tuple[int, TextIO]
) -> None:
    received = bytearray()

    def read() -> None:
        time.sleep(0.3)
        while len(received) < 120000:
            received.extend(os.read(pipe[0], 5000))

    reader = threading.Thread(target=read)
    reader.start()
    config = {"limits.instructions": 20_000, **ALL_AT_THE_END}
    with make_vm(program_of(MUCH + FOREVER), engine, config, pipe[1]) as vm:
        error = error_of(vm.run)
    reader.join(20)
    assert error.kind == "ResourceLimitExceeded"
    assert received == b"x" * 120000


@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_an_error_of_the_program_stays_what_is_reported(
    engine: str, pipe: tuple[int, TextIO]
) -> None:
    program = program_of(MUCH + "1 / 0\n")
    with make_vm(program, engine, ALL_AT_THE_END, pipe[1]) as vm:

        def interrupt() -> None:
            # Something to read: the program has ended, and its output is written.
            select.select([pipe[0]], [], [], 20)
            vm.interrupt()

        interrupting = threading.Thread(target=interrupt)
        interrupting.start()
        error = error_of(vm.run)
        interrupting.join(20)
    assert error.kind == "DivisionByZero"


def test_a_stream_that_is_closed_is_named() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w", encoding="utf-8")
    stream.close()
    error = error_of(fj.VM, fj.compile("1"), {"jit.mode": "off"}, stream)
    assert (error.kind, error.message) == ("HostError", "stdout is closed")


# ---- the command ----------------------------------------------------------------
def test_ctrl_c_ends_the_command_and_writes_the_report(tmp_path: Path) -> None:
    (tmp_path / "a.flc").write_text(ENDLESS)
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "fluentai_jit", "run", "a.flc"]
    settings = ["--jit", "off", "--report-to", "r.json"]
    child = subprocess.Popen(
        [*command, *settings],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(fj.__file__).parents[1])},
    )
    os.close(writer)
    # It has filled the pipe when nothing more can be read than fits into one.
    assert select.select([reader], [], [], 60)[0]
    time.sleep(1)
    end = time.monotonic() + 20
    while child.poll() is None and time.monotonic() < end:
        # The first one ends the program, another what is still to be written.
        child.send_signal(signal.SIGINT)
        time.sleep(0.3)
    assert child.wait(20) == 130
    assert child.stderr is not None
    with child.stderr as stderr:
        assert "error[Interrupted]" in stderr.read()
    os.close(reader)
    assert '"ended": "Interrupted"' in (tmp_path / "r.json").read_text()
