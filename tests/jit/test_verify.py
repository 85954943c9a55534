"""`jit.verify` finds native code that does something else than the interpreter."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from fluentai_jit.errors import FluentError
from fluentai_jit.jit import plain_units
from fluentai_jit.jit.unit import Unit
from tests.engine.machines import Machine, error_of
from tests.stops import looking_often

TEXT = """
private function fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
private function sum(n) { let s = 0 for i in 0..n { s = s + i } s }
private function mix(a, b) { if a < b { a * b - 1 } else { a / b } }
private function down(n) { if n == 0 { 0 } else { down(n - 1) } }
private function all(n) { fib(n) + sum(n * 10) + mix(n, 3) + mix(1, n) + down(n) }
"""
CONFIG = {"jit.verify": True}


def test_good_programs_pass() -> None:
    with Machine(TEXT, "emitted", CONFIG) as machine:
        expected = 55 + 4950 + 3 + 9 + 0
        assert [machine.vm.call("all", 10) for _round in range(3)] == [expected] * 3
        assert machine.vm.jit is not None
        assert machine.vm.jit.compiles >= 4


def test_errors_of_a_program_pass() -> None:
    with Machine(TEXT, "emitted", CONFIG) as machine:
        machine.vm.call("mix", 4, 2)
        for _round in range(3):
            with pytest.raises(FluentError, match="division by zero"):
                machine.vm.call("mix", 1, 0)
            with pytest.raises(FluentError, match="cannot compare"):
                machine.vm.call("mix", None, 0)


@pytest.mark.parametrize("name", ["spin", "compare"])
def test_to_be_stopped_is_no_difference(name: str) -> None:
    text = "private function spin() { let i = 0 while true { i += 1 } } "
    text += "let xs = append(0..50, 1) let ys = append(0..50, 1) "
    text += "private function same() { xs == ys } "
    text += "private function compare() { while true { same() } }"
    with looking_often(), Machine(text, "emitted", CONFIG) as machine:
        machine.vm.run()
        for round_number in range(12):
            delay = 0.03 + 0.0013 * round_number
            timer = threading.Timer(delay, machine.vm.interrupt)
            timer.start()
            assert error_of(machine.vm.call, name).kind == "Interrupted"
            timer.join()
    with Machine(text, "emitted", {**CONFIG, "limits.time_s": 0.2}) as machine:
        machine.vm.run()
        for _round in range(5):
            assert error_of(machine.vm.call, name).kind == "ResourceLimitExceeded"


# (text of the emitted source, what stands there instead)
FAULTS = {
    "another operation": ("op_add(", "op_subtract("),
    "another comparison": ("op_less(", "op_less_equal("),
    "a comparison the wrong way": ("v != 0", "v == 0"),
    "another constant": ("INT, 2)", "INT, 3)"),
    "a back-edge not counted": (" += 1\n", " += 0\n"),
    "a call that is not charged": (
        "begin_counted(ctx, frame, ",
        "begin_counted(ctx, frame, 1 + ",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = FAULTS[fault]
    real = plain_units.plain_entry
    planted = []

    def plain_entry(unit: Unit, table: list[int]) -> plain_units.PlainEntry:
        source = unit.source.replace(right, wrong, 1)
        planted.append(source != unit.source)
        return real(replace(unit, source=source), table)

    monkeypatch.setattr(plain_units, "plain_entry", plain_entry)
    with Machine(TEXT, "emitted", CONFIG) as machine:
        error = error_of(lambda: [machine.vm.call("all", 10) for _round in range(4)])
        assert any(planted)
    assert error.kind == "JitError"
    assert error.message.startswith("native code and interpreter differ: native ")
    assert "after the instructions from here on:" in error.message
    assert error.span is not None


def test_without_it_a_fault_goes_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = plain_units.plain_entry

    def plain_entry(unit: Unit, table: list[int]) -> plain_units.PlainEntry:
        entry = real(unit, table)

        def wrong(ctx: memoryview, base: int, frame: int) -> tuple[int, int, int]:
            tag, payload, status = entry(ctx, base, frame)
            return tag, payload + 1, status

        return wrong

    monkeypatch.setattr(plain_units, "plain_entry", plain_entry)
    with Machine(TEXT, "emitted") as machine:
        machine.vm.call("mix", 4, 2)
        assert machine.vm.call("mix", 4, 2) == 3
    with Machine(TEXT, "emitted", CONFIG) as machine:
        assert error_of(machine.vm.call, "mix", 4, 2).kind == "JitError"
