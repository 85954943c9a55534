"""The JIT of a VM: from heat to a unit in its slot, and out of it again."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from fluentai_jit.errors import FluentError
from fluentai_jit.jit.backends import PlainResult
from fluentai_jit.jit.refusals import Refused
from fluentai_jit.jit.slots import Slots
from fluentai_jit.kernel.records import COLD
from tests.jit.machines import FakeBackend, Jitted

TEXT = """
private function add(a, b) { a + b }
private function other(a) { a * 2 }
private function loop(n) { let s = 0 for i in 0..n { s = s + i } s }
private function divide(a, b) { a / b }
private function four(a, b, c, d) { a + b + c + d }
"""
# Compile as soon as anything is hot.
KEEN: dict[str, Any] = {"jit__call_threshold": 10, "jit__gain_factor": 0}
# Never worth it.
RELUCTANT: dict[str, Any] = {
    "jit__call_threshold": 10,
    "jit__gain_factor": 1e6,
    "jit__time_threshold_ms": 1e9,
}


def test_a_function_is_compiled_at_its_threshold() -> None:
    with Jitted(TEXT, FakeBackend(), **KEEN) as vm:
        for n in range(9):
            vm.call("add", n, 1)
        assert vm.names() == []
        assert vm.call("add", 9, 1) == 10
        assert vm.names() == ["hot", "compile"]
        ((_ticket, unit),) = vm.backend.requests
        assert (unit.name, unit.guards) == ("add", ("int", "int"))


def test_it_is_asked_for_once_while_it_is_compiled() -> None:
    with Jitted(TEXT, FakeBackend(), **KEEN) as vm:
        for n in range(200):
            vm.call("add", n, 1)
        assert vm.node("add").pending
        assert vm.names() == ["hot", "compile"]


def test_it_is_installed_at_the_end_of_a_slice() -> None:
    with Jitted(TEXT, FakeBackend(), **KEEN) as vm:
        for n in range(10):
            vm.call("add", n, 1)
        vm.backend.finish(milliseconds=12.5)
        vm.call("loop", 5000)
        (event,) = vm.events("install")
        assert event["function"] == "add"
        assert event["ms_compile"] == 12.5
        node = vm.node("add")
        assert not node.pending
        assert node.compile_ms == vm.jit.compile_ms == 12.5
        assert node.key in vm.jit.slots.installed
        before = vm.vm.get_usage_stats(vm.vm.program.image.chunks[1].node_id)
        assert vm.call("add", 20, 1) == 21
        after = vm.vm.get_usage_stats(vm.vm.program.image.chunks[1].node_id)
        assert before is not None
        assert after is not None
        assert after.native_count == before.native_count + 1


def test_a_loop_is_compiled_for_itself() -> None:
    with Jitted(TEXT, FakeBackend(), jit__back_edge_weight=1.0, **KEEN) as vm:
        assert vm.call("loop", 30) == 435
        ((_ticket, unit),) = vm.backend.requests
        (event,) = vm.events("compile")
        assert event["loop_line"] == 4
        assert event["guards"] == list(unit.guards)
        assert vm.jit.node((3, 0)).pending


def test_what_does_not_pay_waits_twice_as_long_each_time() -> None:
    with Jitted(TEXT, FakeBackend(), **RELUCTANT) as vm:
        hot = []
        for n in range(330):
            seen = len(vm.events("hot"))
            vm.call("add", n, 1)
            if len(vm.events("hot")) > seen:
                hot.append(n)
        assert [b - a for a, b in itertools.pairwise(hot)] == [19, 39, 79, 159]
        assert vm.node("add").refusal == "no_gain"
        assert vm.node("add").factor == 32
        assert vm.backend.prepared == len(hot)
        assert not vm.backend.requests


def test_what_is_stored_costs_nothing_and_is_taken_early() -> None:
    settings = {**RELUCTANT, "jit__gain_factor": 1000}
    with Jitted(TEXT, FakeBackend(in_store=True), **settings) as vm:
        for n in range(3000):
            vm.call("add", n, 1)
        # Searched when the search pays, and no earlier.
        assert vm.backend.looked_up == ["add"]
        assert vm.node("add").factor > 1
        assert vm.names()[-2:] == ["compile", "install"]


def test_the_store_is_searched_once() -> None:
    with Jitted(TEXT, FakeBackend(), **RELUCTANT) as vm:
        for n in range(6000):
            vm.call("add", n, 1)
        assert vm.backend.looked_up == ["add"]
        assert not vm.backend.requests


def test_a_failed_compilation_is_a_refusal_and_backs_off() -> None:
    with Jitted(TEXT, FakeBackend(), **KEEN) as vm:
        for n in range(10):
            vm.call("add", n, 1)
        vm.backend.finish(error="out of memory")
        vm.call("loop", 5000)
        node = vm.node("add")
        assert (node.refusal, node.detail) == ("compiler_failed", "out of memory")
        assert node.factor == 2
        (event,) = vm.events("refuse")
        assert "out of memory" in event["reason"]
        for n in range(30):
            vm.call("add", n, 1)
        assert len(vm.events("compile")) == 3  # add twice, and the loop
        assert vm.node("add").pending


def test_what_cannot_be_linked_is_a_refusal() -> None:
    class Unlinkable(PlainResult):
        def install(self, *_arguments: object) -> None:
            raise RuntimeError("the object is not loaded: it imports system")

    with Jitted(TEXT, FakeBackend(), **KEEN) as vm:
        for n in range(10):
            vm.call("add", n, 1)
        ticket, _unit = vm.backend.requests.pop()
        vm.backend.results.append((ticket, Unlinkable()))
        vm.call("loop", 5000)
        node = vm.node("add")
        assert node.refusal == "compiler_failed"
        assert "it imports system" in node.detail
        assert node.compile_ms is None
        assert not vm.jit.slots.installed


def test_compile_time_beyond_the_budget_is_refused_for_now() -> None:
    budget = {"compile__grace_s": 1, "compile__max_share": 0}
    with Jitted(TEXT, FakeBackend(), **KEEN, **budget) as vm:
        for n in range(10):
            vm.call("add", n, 1)
        vm.backend.finish(milliseconds=1001.0)
        vm.jit.poll()
        for n in range(10):
            vm.call("other", n)
        assert vm.node("other").refusal == "busy"
        assert vm.node("other").factor == 2
        vm.jit.thresholds = replace(vm.jit.thresholds, grace_s=2.0)
        for n in range(20):
            vm.call("other", n)
        assert vm.node("other").pending


def test_a_share_of_the_programs_own_time_is_allowed() -> None:
    budget = {"compile__grace_s": 0, "compile__max_share": 1000}
    with Jitted(TEXT, FakeBackend(), **KEEN, **budget) as vm:
        vm.jit.compile_ms = 100.0
        for n in range(10):
            vm.call("add", n, 1)
        assert vm.node("add").pending


# ---- leaving --------------------------------------------------------------------
def installed(**settings: Any) -> Jitted:
    """A VM in which what is hot is native at once."""
    return Jitted(TEXT, FakeBackend(immediate=True), **{**KEEN, **settings})


def test_other_types_deoptimise_and_are_told() -> None:
    with installed() as vm:
        for n in range(20):
            vm.call("add", n, 1)
        assert vm.call("add", 1.5, 2) == 3.5
        (event,) = vm.events("deoptimise")
        assert event["function"] == "add"
        assert event["reason"] == "entry_guard"
        assert event["pc"] == 0
        assert event["types"] == "R0 float, R1 int"
        ((site, entry),) = vm.node("add").exits.items()
        assert site[1] == entry.reason == "entry_guard"
        assert entry.count == 1


def test_too_many_exits_retire_the_unit_and_make_it_anew() -> None:
    with installed(jit__deoptimisation_limit=5) as vm:
        for n in range(20):
            vm.call("add", n, 1)
        for n in range(6):
            assert vm.call("add", n + 0.5, 1) == n + 1.5
        (event,) = vm.events("retire")
        assert event["round"] == 1
        assert not vm.jit.slots.installed
        for n in range(20):
            assert vm.call("add", n + 0.5, 1) == n + 1.5
        assert vm.events("compile")[-1]["guards"] == ["any", "int"]
        assert len(vm.events("deoptimise")) == 6
        assert vm.call("add", 3, 4) == 7


def test_a_node_that_stays_unstable_is_left_alone() -> None:
    settings = {"jit__deoptimisation_limit": 2, "jit__respecialise_limit": 2}
    with installed(**settings) as vm:
        # Each round another parameter turns out to be no int.
        arguments: list[float] = [1, 2, 3, 4]
        for position in range(4):
            for _round in range(20):
                assert vm.call("four", *arguments) == sum(arguments)
            arguments[position] += 0.5
        node = vm.node("four")
        rounds = [event["round"] for event in vm.events("retire")]
        assert rounds == [1, 2, 3]
        assert node.refusal == "unstable"
        guards = [event["guards"].count("any") for event in vm.events("compile")]
        assert guards == [0, 1, 2]
        view, at = vm.jit._heat_cell(node.key)
        assert COLD - 1_000_000 < view[at] <= COLD
        for _round in range(100):
            vm.call("four", *arguments)
        assert len(vm.events("compile")) == 3


def test_errors_of_the_program_are_no_wrong_guesses() -> None:
    with installed(jit__deoptimisation_limit=5) as vm:
        for n in range(20):
            vm.call("divide", n, 1)
        for n in range(50):
            with pytest.raises(FluentError, match="division by zero"):
                vm.call("divide", n, 0)
        assert vm.node("divide").key in vm.jit.slots.installed
        assert not vm.events("retire")
        (entry,) = vm.node("divide").exits.values()
        assert (entry.reason, entry.count) == ("division_by_zero", 50)


# ---- limits ---------------------------------------------------------------------
@pytest.mark.parametrize("limit", [0, 1, 2, 3])
def test_so_many_units_are_compiled_and_no_more(limit: int) -> None:
    backend = FakeBackend(immediate=True)
    with Jitted(TEXT, backend, jit__limit=limit, **KEEN) as vm:
        for n in range(1, 50):
            for name, *args in (("add", n, 1), ("other", n), ("divide", n, n)):
                vm.call(name, *args)
        assert len(vm.events("compile")) == len(vm.events("install")) == limit
        assert vm.jit.compiles == limit
        refused = vm.events("refuse")
        assert len(refused) == 3 - limit
        assert {row["reason"] for row in refused} <= {str(Refused("limit"))}


def test_every_event_has_its_time_and_its_function() -> None:
    with installed(jit__deoptimisation_limit=1) as vm:
        for n in range(20):
            vm.call("add", n, 1)
        for n in range(4):
            vm.call("add", 0.5, n)
        times = [row["ms"] for row in vm.jit.log.events]
        assert times == sorted(times)
        assert all(row["function"] == "add" for row in vm.jit.log.events)
        assert vm.names()[:3] == ["hot", "compile", "install"]
        assert set(vm.names()) >= {"deoptimise", "retire"}


def test_closing_empties_every_slot() -> None:
    vm = installed()
    for n in range(20):
        vm.call("add", n, 1)
    slots: Slots = vm.jit.slots
    assert slots.installed
    vm.vm.close()
    assert not slots.installed
    assert vm.backend.closed
