"""Compiling beside the program: what becomes of it when the other side misbehaves."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fluentai_jit.jit import process as process_module
from fluentai_jit.jit.artifacts import Artifacts
from fluentai_jit.jit.process import (
    CompileProcess,
    ProcessBackend,
    ProcessOptions,
    shared,
)
from tests.jit.machines import Jitted

OPTIONS = ProcessOptions(store="", store_mb=1, idle_s=30, unit_s=60, memory_mb=1024)
TEXT = """
private function add(a, b) { a + b }
private function loop(n) { let s = 0 for i in 0..n { s = s + i } s }
"""
# What a stand-in of the compile process begins with.
_HEAD = """
import base64, json, os, sys, time
def reply(request, **fields):
    answer = {"id": request["id"], "error": None, "ms": 1.0, "object": "QQ==", **fields}
    return json.dumps(answer).encode() + b"\\n"
def send(data):
    os.write(1, data)
requests = map(json.loads, sys.stdin)
"""

Stand = Callable[[str], CompileProcess]
_names = itertools.count()


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """Makes a compile process that runs the given Python instead."""
    started: list[CompileProcess] = []

    def make(program: str) -> CompileProcess:
        script = tmp_path / "stand_in"
        script.write_text(f"#!{sys.executable} -S\n{_HEAD}{textwrap.dedent(program)}")
        script.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(script))
        started.append(CompileProcess(OPTIONS))
        return started[-1]

    yield make
    for each in [*started, *process_module._shared.values()]:
        if each._process is not None:
            each._process.kill()
        each._drop()
    process_module._shared.clear()
    for ending in process_module._ending:
        ending.kill()
        ending.wait()
    process_module._ending.clear()


def asked(process: CompileProcess, count: int = 1, size: int = 10) -> list[Any]:
    """Ask so many times; the answers arrive in the list."""
    answers: list[Any] = []
    for _index in range(count):
        # The same request twice would be answered at once.
        request = {"kind": "unit", "name": next(_names), "source": "x" * size}
        process.ask(request, answers.append)
    return answers


def pid_of(process: CompileProcess) -> int:
    assert process._process is not None
    return process._process.pid


# ---- answers --------------------------------------------------------------------
def test_answers_come_to_who_asked(stand_in: Stand) -> None:
    process = stand_in("for r in requests: send(reply(r, ms=r['id']))")
    first, rest = asked(process), asked(process, 3)
    process.wait(10)
    assert [answer["ms"] for answer in first + rest] == [1, 2, 3, 4]
    assert not process.busy


def test_answers_out_of_order_and_in_pieces(stand_in: Stand) -> None:
    process = stand_in("""
        pending = [next(requests) for _ in range(3)]
        data = b"".join(reply(r, ms=r["id"]) for r in reversed(pending))
        for start in range(0, len(data), 7):
            send(data[start:start + 7])
            time.sleep(0.001)
        sys.stdin.read()
    """)
    answers = asked(process, 3)
    process.wait(10)
    assert [answer["ms"] for answer in answers] == [3, 2, 1]


@pytest.mark.timing
def test_large_requests_and_answers_block_nobody(stand_in: Stand) -> None:
    process = stand_in("""
        time.sleep(2)
        for r in requests: send(reply(r, object="A" * len(r["source"])))
    """)
    began = time.perf_counter()
    answers = asked(process, 5, 1 << 20)
    assert time.perf_counter() - began < 1.8
    process.wait(20)
    assert [len(answer["object"]) for answer in answers] == [1 << 20] * 5


def test_what_is_no_answer_is_passed_over(stand_in: Stand) -> None:
    process = stand_in("""
        for r in requests:
            send(b"debugging output\\n[1, 2]\\n7\\nnull\\n{}\\n\\xff\\n")
            send(b'{"id": 12345}\\n{"id": [1]}\\n')
            send(reply(r))
    """)
    answers = asked(process, 2)
    process.wait(10)
    assert [answer["error"] for answer in answers] == [None, None]


# ---- ends -----------------------------------------------------------------------
@pytest.mark.parametrize(
    "program",
    [
        "sys.exit(3)",
        "os.kill(os.getpid(), 9)",
        "next(requests); os.kill(os.getpid(), 9)",
        "r = next(requests); send(reply(r)[:20]); os.kill(os.getpid(), 9)",
        "os.close(1); time.sleep(60)",
    ],
)
def test_a_process_that_dies_fails_what_it_had_to_do(
    stand_in: Stand, program: str
) -> None:
    process = stand_in(program)
    answers = asked(process, 3)
    process.wait(10)
    assert [answer["error"] for answer in answers] == ["the compile process ended"] * 3
    assert not process.busy


def test_another_one_is_started_for_the_next_request(stand_in: Stand) -> None:
    process = stand_in("r = next(requests); send(reply(r, ms=os.getpid()))")
    pids = []
    for _round in range(3):
        (answer,) = _finished(process)
        assert answer["error"] is None
        pids.append(answer["ms"])
        # It is gone by itself, as an idle one is.
        os.waitid(os.P_PID, pid_of(process), os.WEXITED | os.WNOWAIT)
    assert len(set(pids)) == 3


def _finished(process: CompileProcess) -> list[Any]:
    answers = asked(process)
    process.wait(10)
    return answers


def test_a_running_process_is_used_again(stand_in: Stand) -> None:
    process = stand_in("for r in requests: send(reply(r, ms=os.getpid()))")
    answers = [_finished(process)[0]["ms"] for _round in range(3)]
    assert len(set(answers)) == 1


def test_nothing_is_started_before_it_is_needed(stand_in: Stand) -> None:
    process = stand_in("sys.exit(0)")
    process.poll()
    process.wait(0.01)
    process.close()
    assert process._process is None


@pytest.mark.timing
def test_closing_sends_what_was_asked_and_waits_for_nothing(
    stand_in: Stand, tmp_path: Path
) -> None:
    path = tmp_path / "received"
    process = stand_in(f"""
        for r in requests:
            time.sleep(0.6)
            with open({str(path)!r}, "a") as file:
                file.write(str(len(r["source"])) + "\\n")
    """)
    answers = [*asked(process), *asked(process, 1, 1000), *asked(process, 1, 200)]
    began = time.perf_counter()
    process.close()
    assert time.perf_counter() - began < 1.6
    # What was asked for is done, though nobody waits for it.
    end = time.monotonic() + 10
    while not (path.exists() and path.read_text() == "10\n1000\n200\n"):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert answers == []


def test_closing_an_idle_process_ends_it(stand_in: Stand) -> None:
    process = stand_in("for r in requests: send(reply(r))")
    _finished(process)
    child = process._process
    assert child is not None
    process.close()
    assert child.wait(10) == 0


def test_vms_with_the_same_options_share_a_process(stand_in: Stand) -> None:
    stand_in("for r in requests: send(reply(r, ms=os.getpid()))")
    first, second = shared(OPTIONS), shared(OPTIONS)
    assert first is second
    assert shared(replace(OPTIONS, store_mb=2)) is not first
    before = _finished(first)[0]["ms"]
    child = first._process
    assert child is not None
    first.close()
    # The other VM goes on with it.
    assert _finished(second)[0]["ms"] == before
    second.close()
    assert child.pid == before
    assert child.wait(10) == 0


def test_a_busy_process_is_left_for_the_next_vm(stand_in: Stand) -> None:
    stand_in("for r in requests: time.sleep(0.3); send(reply(r, ms=os.getpid()))")
    pids = set()
    for _vm in range(5):
        process = shared(OPTIONS)
        process.ask({"kind": "unit", "source": "x"}, lambda _reply: None)
        pids.add(pid_of(process))
        process.close()
    assert len(pids) == 1
    process = shared(OPTIONS)
    assert _finished(process)[0]["ms"] in pids
    process.close()


def test_what_two_ask_for_is_compiled_once(stand_in: Stand) -> None:
    process = stand_in("""
        for count, r in enumerate(requests):
            time.sleep(0.2)
            send(reply(r, ms=count))
    """)
    request = {"kind": "unit", "source": "x"}
    answers: list[Any] = []
    for _vm in range(3):
        process.ask(request, answers.append)
    process.ask({**request, "source": "y"}, answers.append)
    process.wait(10)
    assert [answer["ms"] for answer in answers] == [0, 0, 0, 1]
    # Asked again after the answer, it is compiled again.
    process.ask(request, answers.append)
    process.wait(10)
    assert answers[-1]["ms"] == 2


def test_only_the_unit_at_which_a_process_dies_fails(stand_in: Stand) -> None:
    process = stand_in("""
        for r in requests:
            if r["source"] == "deadly":
                os.kill(os.getpid(), 9)
            send(reply(r))
    """)
    answers: list[Any] = []
    for source in ("a", "deadly", "b", "c"):
        process.ask({"kind": "unit", "source": source}, answers.append)
    process.wait(10)
    ended = "the compile process ended"
    assert [answer["error"] for answer in answers] == [None, ended, None, None]


def test_a_child_of_fork_has_a_process_of_its_own(
    stand_in: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("for r in requests: send(reply(r))")
    parent = shared(OPTIONS)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    child = shared(OPTIONS)
    assert child is not parent
    child.close()
    parent.close()


def test_an_interpreter_that_is_not_there_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    process = CompileProcess(OPTIONS)
    with pytest.raises(OSError, match="/nowhere/python"):
        process.start()
    backend = ProcessBackend(process, Artifacts(None), 2)
    backend.prepare()
    with Jitted(TEXT, backend, jit__call_threshold=1, jit__gain_factor=0) as vm:  # type: ignore[arg-type]
        assert vm.call("add", 1, 2) == 3
        node = vm.node("add")
    assert node.refusal == "compiler_failed"
    assert node.detail.startswith("the compile process cannot be started: ")


# ---- signals, folders, arguments ------------------------------------------------
def test_it_has_a_session_of_its_own(stand_in: Stand) -> None:
    process = stand_in(
        "ids = [os.getsid(0), os.getpgrp(), os.getpid()]\n"
        "for r in requests: send(reply(r, ms=ids))"
    )
    (answer,) = _finished(process)
    session, group, pid = answer["ms"]
    # So Ctrl-C, which goes to the terminal's group, does not reach it.
    assert session == group == pid != os.getsid(0)


def test_it_is_told_its_options_and_its_parent(stand_in: Stand) -> None:
    process = stand_in("for r in requests: send(reply(r, ms=sys.argv))")
    (answer,) = _finished(process)
    _script, *flags, options = answer["ms"]
    assert flags == ["-P", "-m", "fluentai_jit.jit.server"]
    assert json.loads(options) == {
        "store": "",
        "store_mb": 1,
        "idle_s": 30,
        "unit_s": 60,
        "memory_mb": 1024,
        "parent": os.getpid(),
    }


# ---- a program beside it --------------------------------------------------------
def test_a_program_goes_on_when_its_compiler_is_killed(stand_in: Stand) -> None:
    process = stand_in("next(requests); time.sleep(60)")
    backend = ProcessBackend(process, Artifacts(None), 2)
    with Jitted(TEXT, backend, jit__call_threshold=3, jit__gain_factor=0) as vm:  # type: ignore[arg-type]
        for n in range(5):
            assert vm.call("add", n, 1) == n + 1
        assert vm.node("add").pending
        os.kill(pid_of(process), signal.SIGKILL)
        end = time.monotonic() + 10
        while vm.node("add").pending and time.monotonic() < end:
            assert vm.call("loop", 400) == 79800
        assert vm.node("add").refusal == "compiler_failed"
        assert vm.node("add").detail == "the compile process ended"
        assert vm.node("add").factor >= 2
        assert vm.call("add", 4, 5) == 9
