"""Specialising in a thread: everything asked for arrives, and no thread stays."""

import gc
import threading
import weakref
from typing import Any

import pytest

from fluentai_jit.core.tags import INT
from fluentai_jit.jit.background import Background
from fluentai_jit.jit.observed import Observed
from fluentai_jit.jit.refusals import Refused
from fluentai_jit.jit.unit import Request, Unit, UnitLimits
from tests.engines import program_of
from tests.jit.machines import FakeBackend, Jitted

TEXT = "private function add(a, b) { a + b }\nprivate function far() { args() }"
LIMITS = UnitLimits(100, 0)
KEEN: dict[str, Any] = {"jit__call_threshold": 3, "jit__gain_factor": 0}


def request(chunk: int, arity: int) -> Request:
    return Request(chunk, None, (INT,) * arity, Observed([0] * 100))


def test_units_and_refusals_arrive_in_order() -> None:
    background = Background(program_of(TEXT).image)
    for ticket in range(20):
        background.submit(ticket, request(1, 2), LIMITS)
    background.submit(20, request(2, 0), LIMITS)
    background.submit(21, request(99, 0), LIMITS)
    background.finish()
    outcomes = background.finished()
    assert [ticket for ticket, _outcome in outcomes] == list(range(22))
    assert all(isinstance(outcome, Unit) for _ticket, outcome in outcomes[:20])
    assert isinstance(outcomes[20][1], Refused)
    assert isinstance(outcomes[21][1], IndexError)
    assert background.finished() == []


def test_it_works_again_after_it_was_idle() -> None:
    background = Background(program_of(TEXT).image)
    for ticket in range(3):
        background.submit(ticket, request(1, 2), LIMITS)
        background.finish()
    assert [ticket for ticket, _outcome in background.finished()] == [0, 1, 2]


def test_no_thread_stays_behind() -> None:
    before = threading.active_count()
    background = Background(program_of(TEXT).image)
    background.submit(1, request(1, 2), LIMITS)
    background.finish()
    gone = weakref.ref(background)
    del background
    gc.collect()
    assert gone() is None
    assert threading.active_count() == before


def test_a_failure_of_the_specialiser_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_arguments: object) -> Unit:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("fluentai_jit.jit.unit.specialise", broken)
    with Jitted(TEXT, FakeBackend(), **KEEN) as vm:
        for n in range(5):
            assert vm.call("add", n, 1) == n + 1
        assert vm.node("add").refusal == "compiler_failed"
        assert vm.node("add").detail == "ZeroDivisionError: planted"


def test_where_no_thread_can_start_nothing_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    with Jitted(TEXT, FakeBackend(), **KEEN) as vm:
        for n in range(5):
            assert vm.call("add", n, 1) == n + 1
        assert vm.node("add").detail == "RuntimeError: can't start new thread"


def test_closing_hands_on_what_is_still_specialised() -> None:
    backend = FakeBackend()
    with Jitted(TEXT, backend, **KEEN) as vm:
        for n in range(3):
            vm.vm.call("add", n, 1)
        vm.jit.close()
    assert [unit.name for _ticket, unit in backend.requests] == ["add"]
