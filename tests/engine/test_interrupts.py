"""Ctrl-C and `interrupt()`: the program stops soon, and the VM goes on."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from tests.engine.machines import Machine, error_of
from tests.engines import QUICK_ENGINES, make_vm, program_of

LOOPS = """
private function spin(n) { let i = 0 while i < n { i = i + 1 } i }
private function tail(n) { if n == 0 { 0 } else { tail(n - 1) } }
private function even(n) { if n == 0 { 0 } else { odd(n - 1) } }
private function odd(n) { if n == 0 { 0 } else { even(n - 1) } }
private function calls(n) { let x = 1 for i in 0..n { x = leaf(x) } x }
private function leaf(n) { n * 3 % 1000 }
private function deep(n) { if n == 0 { 0 } else { deep(n - 1) + deep(n - 1) } }
private function none() { 7 }
"""
# A short argument, with which everything is compiled, and one as good as endless.
ENDLESS = {
    "spin": (200, 1 << 60),
    "tail": (200, 1 << 60),
    "even": (200, 1 << 60),
    "calls": (200, 1 << 60),
    "deep": (8, 60),
}
COMPILING = [
    pytest.param("compiled", marks=pytest.mark.native),
    pytest.param("native", marks=pytest.mark.native),
]
# From the signal to the error; the machine that tests may be busy with others.
LATENCY_S = 0.1


@contextmanager
def in_a_while(
    action: Callable[[], None], seconds: float = 0.05
) -> Iterator[list[float]]:
    """Do something from another thread; gives the time when it was done."""
    done: list[float] = []

    def work() -> None:
        done.append(time.perf_counter())
        action()

    timer = threading.Timer(seconds, work)
    timer.start()
    try:
        yield done
    finally:
        timer.join()


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def interrupted(vm: VM, name: str, by: Callable[[], None]) -> float:
    """Interrupt a call; seconds from then to the error."""
    with in_a_while(by) as pressed:
        error = error_of(vm.call, name, ENDLESS[name][1])
        latency = time.perf_counter() - pressed[0]
    assert error.kind == "Interrupted"
    assert error.message == "the program was interrupted"
    assert error.stack[-1].function in (name, "odd")
    # It goes on as if nothing had been.
    assert vm.call("none") == 7
    return latency


def assert_interrupted(vm: VM, name: str, by: Callable[[], None]) -> None:
    for _round in range(3):
        vm.call(name, ENDLESS[name][0])
    for _round in range(8):
        # Compiling on the spot, as the native engine does, is waited for.
        if interrupted(vm, name, by) < LATENCY_S:
            return
    raise AssertionError(f"an interrupt took longer than {LATENCY_S} s")


@pytest.mark.parametrize("engine", [*QUICK_ENGINES, *COMPILING])
@pytest.mark.parametrize("name", ENDLESS)
def test_ctrl_c_ends_an_endless_program(engine: str, name: str) -> None:
    with Machine(LOOPS, engine) as machine:
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert_interrupted(machine.vm, name, press_ctrl_c)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("engine", [*QUICK_ENGINES, *COMPILING])
def test_interrupt_is_called_from_any_thread(engine: str) -> None:
    with Machine(LOOPS, engine) as machine:
        for name in ("spin", "deep"):
            assert_interrupted(machine.vm, name, machine.vm.interrupt)


@pytest.mark.timing
@pytest.mark.native
def test_the_latency_of_an_interrupt_is_short() -> None:
    latencies = []
    with Machine(LOOPS, "native") as machine:
        for name in ENDLESS:
            machine.vm.call(name, ENDLESS[name][0])
            for _round in range(3):
                latencies.append(interrupted(machine.vm, name, machine.vm.interrupt))
    # The rest is what the scheduler adds where other work is going on.
    assert sorted(latencies)[len(latencies) // 2] < 0.02


def test_a_run_in_another_thread_is_interrupted_too() -> None:
    with Machine(LOOPS) as machine:
        found: list[str] = []
        thread = threading.Thread(
            target=lambda: found.append(error_of(machine.vm.call, "deep", 60).kind)
        )
        thread.start()
        while machine.vm._depth == 0:
            time.sleep(0.001)
        machine.vm.interrupt()
        thread.join(10)
    assert found == ["Interrupted"]


def test_one_vm_is_interrupted_and_not_the_other() -> None:
    with Machine(LOOPS) as one, Machine(LOOPS) as two:
        assert_interrupted(one.vm, "spin", one.vm.interrupt)
        assert two.vm.call("none") == 7


# ---- handlers -------------------------------------------------------------------
def test_a_handler_of_the_embedder_stays() -> None:
    pressed: list[int] = []

    def own(number: int, _frame: object) -> None:
        pressed.append(number)
        machine.vm.interrupt()

    before = signal.signal(signal.SIGINT, own)
    try:
        with Machine(LOOPS) as machine:
            assert_interrupted(machine.vm, "spin", press_ctrl_c)
            assert signal.getsignal(signal.SIGINT) is own
    finally:
        signal.signal(signal.SIGINT, before)
    assert pressed == [signal.SIGINT]


def test_the_handler_is_restored_after_an_error() -> None:
    with Machine("private function f(x) { 1 / x }") as machine:
        error_of(machine.vm.call, "f", 0)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


class PressingStream(io.StringIO):
    """Ctrl-C arrives while something is written to it."""

    def write(self, text: str) -> int:
        signal.raise_signal(signal.SIGINT)
        return super().write(text)


def test_ctrl_c_while_the_last_output_is_written_is_not_lost() -> None:
    stream = PressingStream()
    with make_vm(program_of("println(1) 2"), "plain", {}, stream) as vm:
        error = error_of(vm.run)
    assert error.kind == "Interrupted"
    assert stream.getvalue() == "1\n"


def test_an_error_is_told_rather_than_a_late_ctrl_c() -> None:
    stream = PressingStream()
    with make_vm(program_of("print(1) 1 / 0"), "plain", {}, stream) as vm:
        assert error_of(vm.run).kind == "DivisionByZero"
        assert error_of(vm.run).kind == "DivisionByZero"


def test_an_interrupt_without_a_run_is_not_kept_for_the_next() -> None:
    with Machine(LOOPS) as machine:
        machine.vm.interrupt()
        assert machine.vm.call("none") == 7


def test_an_interrupt_goes_through_nested_runs() -> None:
    class Calling(io.StringIO):
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            if text == "go\n":
                with in_a_while(press_ctrl_c):
                    vm.call("deep", 60)
            return super().write(text)

    text = LOOPS + 'private function outer() { println(none()) println("go") deep(60) }'
    with make_vm(program_of(text), "plain", {}, Calling()) as vm:
        with pytest.raises(FluentError) as caught:
            vm.call("outer")
        assert caught.value.kind == "Interrupted"
        assert vm.call("none") == 7
