"""The real compile process, from an empty store to a start without Numba."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from fluentai_jit.config import Config
from fluentai_jit.engine.program import compile_source
from fluentai_jit.engine.setup import FluentWarning, artifacts_of
from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import Source
from fluentai_jit.jit import process as process_module
from fluentai_jit.jit.process import CompileProcess, ProcessOptions
from fluentai_jit.native import keys
from fluentai_jit.native.store import Store
from tests.engines import store_folder

pytestmark = [pytest.mark.native, pytest.mark.slow]

TEXT = "private function f(n) { let s = 0 for i in 0..n { s = (s + i * i) % 1000 } s }"
SETTINGS = {"jit.call_threshold": 2, "jit.gain_factor": 0.0}
SECOND = """
import json, sys, time
from pathlib import Path
import fluentai_jit as fj
text, store, settings = sys.argv[1:]
vm = fj.VM(fj.compile(text), {**json.loads(settings), "store.path": store})
vm.enable_usage_tracking()
tier = vm.driver.kernel.tier
values = set()
end = time.monotonic() + 30
while time.monotonic() < end and (1, None) not in vm.jit.slots.installed:
    values.add(vm.call("f", 20000))
values.add(vm.call("f", 20000))
assert (1, None) in vm.jit.slots.installed
vm.close()
print(json.dumps([tier, sorted(values), "numba" in sys.modules]))
"""


def reaped() -> None:
    """Wait for compile processes that have nothing left to do."""
    for ending in process_module._ending:
        ending.wait(60)
    process_module._ending.clear()


def test_kernel_and_units_arrive_and_are_there_the_next_time(tmp_path: Path) -> None:
    store = tmp_path / "store"
    config = Config().replace({**SETTINGS, "store.path": str(store)})
    program = compile_source(Source("<string>", TEXT))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        vm = VM(program, config, stdout=io.StringIO())
    # A unit is made to count or not to: the second process wants the one that does.
    vm.enable_usage_tracking()
    assert [row.category for row in caught] == [FluentWarning]
    assert vm.driver.kernel.tier == 0
    expected = vm.call("f", 500)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert vm.call("f", 500) == expected
        if vm.driver.kernel.tier == 1 and (1, None) in vm.jit.slots.installed:  # type: ignore[union-attr]
            break
        time.sleep(0.01)
    assert vm.driver.kernel.tier == 1
    assert vm.call("f", 500) == expected
    assert vm.jit is not None
    assert (1, None) in vm.jit.slots.installed
    vm.close()
    reaped()
    arguments = [TEXT, str(store), json.dumps(SETTINGS)]
    done = subprocess.run(
        [sys.executable, "-c", SECOND, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    value = 0
    for i in range(20000):
        value = (value + i * i) % 1000
    assert json.loads(done.stdout) == [1, [value], False]
    assert done.stderr == ""


@pytest.fixture
def warm(tmp_path: Path) -> ProcessOptions:
    """Options with a store that has the semantic functions, and no kernel."""
    folder = tmp_path / "store"
    store = Store(folder, 64 << 20, lambda _message: None)
    config = Config().replace({"store.path": store_folder()})
    store.put(keys.semantics_key(), artifacts_of(config).semantics())
    store.close()
    return ProcessOptions(str(folder), 64, idle_s=30, unit_s=60, memory_mb=2048)


def test_a_bad_request_fails_alone(
    warm: ProcessOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A program's folder must not be imported from.
    for name in ("json", "base64", "numba", "fluentai_jit"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(tmp_path)
    process = CompileProcess(warm)
    answers: list[dict[str, object]] = []
    rest = {"kind": "unit", "name": "u", "table": 1, "level": 0}
    good = "@entry\ndef enter(ctx, base, frame):\n    return INT, 42, OK\n"
    process.ask({**rest, "source": "this is no Python"}, answers.append)
    process.ask({**rest, "source": good}, answers.append)
    assert process._process is not None
    pid = process._process.pid
    # Ctrl-C goes to the group of the terminal, which is not its own.
    assert os.getpgid(pid) != os.getpgid(0)
    process.wait(60)
    bad, fine = answers
    assert str(bad["error"]).startswith("SyntaxError: ")
    assert fine["error"] is None
    assert os.getpriority(os.PRIO_PROCESS, pid) >= 10
    process.close()
    reaped()


def test_a_unit_that_takes_too_long_ends_the_process(
    warm: ProcessOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ProcessOptions(warm.store, 64, 30, unit_s=0.1, memory_mb=2048)
    process = CompileProcess(options)
    answers: list[dict[str, object]] = []
    # Executing a source is part of lowering it.
    endless = {"kind": "unit", "name": "u", "table": 1, "level": 0}
    process.ask({**endless, "source": "while True: pass"}, answers.append)
    process.wait(60)
    assert [answer["error"] for answer in answers] == ["the compile process ended"]
    assert {each.wait(10) for each in process_module._ending} <= {-signal.SIGALRM}
    reaped()
    process.close()


def test_an_idle_process_ends_by_itself(warm: ProcessOptions) -> None:
    options = ProcessOptions(warm.store, 64, idle_s=0.1, unit_s=60, memory_mb=2048)
    process = CompileProcess(options)
    process.start()
    assert process._process is not None
    assert process._process.wait(60) == 0
    process.close()
    reaped()
