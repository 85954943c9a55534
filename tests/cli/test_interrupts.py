"""Ctrl-C from the first moment of a command to its last, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fluentai_jit import interrupts
from tests.engines import make_vm, program_of, store_folder

MESSAGE = interrupts.MESSAGE
COMMAND = "from fluentai_jit.__main__ import main; sys.exit(main())"
# Ctrl-C comes when a module is about to be imported.
PRESS_AT_IMPORT = """\
import signal, sys
class Pressing:
    def find_spec(self, name, *_rest):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Pressing())
"""
# And here when the report is about to be written.
PRESS_AT_REPORT = """\
import signal, sys
from fluentai_jit.cli import target
replace = target._replace
def pressing(path, data):
    signal.raise_signal(signal.SIGINT)
    replace(path, data)
target._replace = pressing
"""
SPOKEN = 'println("' + "x" * 1100 + '")\n'
# One comparison after the other, of which each takes about half a second.
COMPARES = (
    """
let xs = append(0..5000000, 1)
let ys = append(0..5000000, 1)
"""
    + SPOKEN
    + "while true { xs == ys && sort(xs) == ys }\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.flc").write_text("println(1)\n")
    (tmp_path / "endless.flc").write_text(SPOKEN + "while true { }\n")
    (tmp_path / "compares.flc").write_text(COMPARES)
    (tmp_path / "r.json").write_text("before")
    return tmp_path


def ended(
    preparation: str, arguments: list[str], environment: dict[str, str], folder: Path
) -> tuple[int, str, str]:
    """Status, stdout and stderr of a command behind some preparation."""
    code = f"{preparation}\nsys.argv[1:] = {arguments}\n{COMMAND}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
    )
    return done.returncode, done.stdout, done.stderr


def started(
    arguments: list[str], environment: dict[str, str], folder: Path
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "fluentai_jit", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder,
    )


def untouched(folder: Path) -> bool:
    """Whether the report is the one before, and nothing lies beside it."""
    names = {path.name for path in folder.iterdir()}
    others = {"a.flc", "endless.flc", "compares.flc", "r.json", "fifo"}
    return names <= others and (folder / "r.json").read_text() == "before"


@pytest.mark.parametrize(
    "module", ["signal", "click", "fluentai_jit.cli.run", "fluentai_jit.engine.vm"]
)
def test_while_the_command_is_imported(
    environment: dict[str, str], folder: Path, module: str
) -> None:
    preparation = PRESS_AT_IMPORT.format(module=module)
    if module == "signal":
        # Python itself has it in C, so that nothing need be imported to press.
        preparation = preparation.replace("import signal", "import _signal as signal")
    arguments = ["run", "a.flc", "--report-to", "r.json"]
    assert ended(preparation, arguments, environment, folder) == (130, "", MESSAGE)
    assert untouched(folder)


@pytest.mark.native
def test_while_the_interpreter_is_compiled(
    environment: dict[str, str], folder: Path
) -> None:
    preparation = PRESS_AT_IMPORT.format(module="numba.core.typing.templates")
    arguments = ["run", "a.flc", "--report-to", "r.json", "--jit", "sync"]
    assert ended(preparation, arguments, environment, folder) == (130, "", MESSAGE)
    assert untouched(folder)


def test_while_the_program_is_read(environment: dict[str, str], folder: Path) -> None:
    os.mkfifo(folder / "fifo")
    process = started(["run", "fifo", "--report-to", "r.json"], environment, folder)
    # Opened once the command has opened it, too.
    with open(folder / "fifo", "wb"):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", MESSAGE)
    assert untouched(folder)


def test_twice_while_the_program_runs(
    environment: dict[str, str], folder: Path
) -> None:
    arguments = ["run", "endless.flc", "--set", "output.buffer_kb=1"]
    process = started([*arguments, "--report-to", "r.json"], environment, folder)
    assert process.stdout is not None
    process.stdout.read(1000)
    process.send_signal(signal.SIGINT)
    time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "error[Interrupted]: the program was interrupted\n" in err
    assert "Traceback" not in err
    report = json.loads((folder / "r.json").read_text())
    assert report["totals"]["ended"] == "Interrupted"


@pytest.mark.timing
@pytest.mark.native
def test_in_the_middle_of_a_long_operation(
    environment: dict[str, str], folder: Path
) -> None:
    with make_vm(program_of("1"), "compiled"):
        stored = {"FLUENTAI_JIT_STORE_PATH": store_folder()}
    environment = {**environment, **stored, "FLUENTAI_JIT_STORE_ENABLED": "true"}
    arguments = ["run", "compares.flc", "--set", "output.buffer_kb=1"]
    latencies = []
    for _round in range(4):
        process = started(arguments, environment, folder)
        assert process.stdout is not None
        process.stdout.read(1000)
        time.sleep(0.05)
        pressed = time.perf_counter()
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=60)
        latencies.append(time.perf_counter() - pressed)
        assert process.returncode == 130
        assert err.startswith("error[Interrupted]: the program was interrupted\n")
        assert "compares.flc:" in err
        # With the end of the process, on a machine that may be busy.
        if latencies[-1] < 0.5:
            return
    raise AssertionError(f"Ctrl-C took {latencies} s")


def test_while_the_report_is_written(environment: dict[str, str], folder: Path) -> None:
    arguments = ["run", "a.flc", "--report-to", "r.json"]
    status, out, _err = ended(PRESS_AT_REPORT, arguments, environment, folder)
    assert (status, out) == (0, "1\n")
    assert json.loads((folder / "r.json").read_text())["totals"]["ended"] is None


def test_a_later_press_ends_what_follows_the_program(
    environment: dict[str, str], folder: Path
) -> None:
    preparation = PRESS_AT_REPORT + "from fluentai_jit import interrupts\n"
    preparation += "interrupts._MEANT_BEFORE_S = 0\n"
    arguments = ["run", "a.flc", "--report-to", "r.json"]
    status, out, err = ended(preparation, arguments, environment, folder)
    assert (status, out) == (130, "1\n")
    assert err.endswith(MESSAGE)
    assert untouched(folder)


def test_what_the_shell_has_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        interrupts.take_over()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
