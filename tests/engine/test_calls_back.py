"""Programs and Python that call each other: errors, depth, several VMs, threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

import fluentai_jit as fj
from tests.engine.machines import Machine, error_of
from tests.engines import QUICK_ENGINES


@pytest.fixture(params=QUICK_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


TEXT = """
private function inc(x) { x + 1 }
private function fail() { throw {"code": 7} }
private function divide(a, b) { a / b }
private function outer(x) { 1 + back(x) }
private function guarded() { try { back(0) } catch (e) { e.kind } }
private function finally_too() {
  try { back(0) } finally { println("last") }
}
private function down(n) { if n == 0 { 0 } else { 1 + back(n - 1) } }
private function forever(n) { 1 + back(n + 1) }
private function safe(n) { try { forever(n) } catch (e) { e.kind } }
private function tail(n) { back(n) }
private function adder(n) { x => x + n }
private function deep(n) { if n == 0 { back(0) } else { 0 + deep(n - 1) } }
private function safe_deep(n) { try { deep(n) } catch (e) { e.kind } }
private function loop() { while true { } }
"""


class Calls:
    """A machine whose `back` is set by the test."""

    def __init__(self, engine: str, **config: object) -> None:
        self.back: Callable[[Any], object] = lambda x: x
        given = {"back": lambda x: self.back(x)}
        settings = {name.replace("__", "."): value for name, value in config.items()}
        self.machine = Machine(TEXT, engine, settings, given)
        self.vm = self.machine.vm
        self.vm.run()


# ---- exceptions ------------------------------------------------------------------
def raising(error: BaseException) -> Callable[[Any], object]:
    def back(_x: object) -> object:
        raise error

    return back


def test_an_exception_is_a_host_error_with_its_cause(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        cause = ValueError("no such user")
        calls.back = raising(cause)
        error = error_of(calls.vm.call, "outer", 1)
        assert error.kind == "HostError"
        assert error.message == "back raised ValueError: no such user"
        assert error.__cause__ is cause
        assert [entry.function for entry in error.stack] == ["outer"]
        assert error.span is not None
        assert error.span.text == "back(x)"
        assert calls.vm.call("guarded") == "HostError"
        assert error_of(calls.vm.call, "finally_too").__cause__ is cause
        assert calls.machine.output == "last\n"
        calls.back = lambda x: x
        assert calls.vm.call("outer", 1) == 2


def test_an_exception_without_a_text(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        calls.back = raising(KeyError())
        assert error_of(calls.vm.call, "outer", 1).message == "back raised KeyError"
        calls.back = raising(ValueError("x" * 1000))
        assert len(error_of(calls.vm.call, "outer", 1).message) < 450


def test_an_error_of_the_language_goes_on_as_it_is(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        mine = fj.FluentError("KeyError", "mine")
        calls.back = raising(mine)
        assert error_of(calls.vm.call, "outer", 1) is mine
        assert calls.vm.call("guarded") == "KeyError"


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_these_pass_through(kind: type[BaseException], engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        calls.back = raising(kind())
        for name, given in (("outer", (1,)), ("guarded", ()), ("finally_too", ())):
            with pytest.raises(kind):
                calls.vm.call(name, *given)
        assert calls.machine.output == ""
        assert calls.vm.call("inc", 1) == 2


def test_exit_in_a_call_back_ends_the_program(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        calls.back = raising(fj.Exit(3))
        with pytest.raises(fj.Exit) as caught:
            calls.vm.call("guarded")
        assert caught.value.status == 3


def test_an_error_goes_through_nested_calls(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        calls.back = lambda x: calls.vm.call("fail")
        error = error_of(calls.vm.call, "outer", 1)
        assert error.thrown
        assert error.value == {"code": 7}
        calls.back = lambda x: calls.vm.call("divide", 1, 0)
        assert calls.vm.call("guarded") == "DivisionByZero"
        calls.back = lambda x: error_of(calls.vm.call, "fail").kind
        assert calls.vm.call("tail", 1) == "RuntimeError"


# ---- depth --------------------------------------------------------------------------
def test_they_call_each_other(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        calls.back = lambda n: calls.vm.call("down", n)
        assert calls.vm.call("down", 25) == 25
        calls.back = lambda n: 0 if n == 0 else calls.vm.call("tail", n - 1)
        assert calls.vm.call("tail", 25) == 0


def test_too_deep_is_a_stack_overflow(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        calls.back = lambda n: calls.vm.call("forever", n)
        error = error_of(calls.vm.call, "forever", 0)
        assert error.kind == "StackOverflow"
        assert "program and Python nest too deeply" in error.message
        assert calls.vm.call("safe", 0) == "StackOverflow"
        assert calls.vm.call("inc", 1) == 2


def test_the_depth_counts_all_activations(engine: str) -> None:
    calls = Calls(engine, limits__depth=12)
    with calls.machine:
        calls.back = lambda n: calls.vm.call("forever", n)
        error = error_of(calls.vm.call, "forever", 0)
        assert error.kind == "StackOverflow"
        assert "limits.depth (12)" in error.message
        assert calls.vm.call("inc", 1) == 2


def test_a_closure_that_is_too_deep_is_a_stack_overflow(engine: str) -> None:
    calls = Calls(engine, limits__depth=10)
    with calls.machine:
        adder: Any = calls.vm.call("adder", 1)
        assert adder(1) == 2
        calls.back = adder
        # Two activations are left for what Python calls, the stub and its callee.
        assert calls.vm.call("deep", 7) == 1
        assert error_of(calls.vm.call, "deep", 8).kind == "StackOverflow"
        assert calls.vm.call("safe_deep", 8) == "StackOverflow"
        assert calls.vm.call("deep", 7) == 1


def test_a_closure_that_may_use_nothing_is_a_limit(engine: str) -> None:
    text = "private function adder(n) { x => x + n } adder(1)"
    with Machine(text, engine) as machine:
        adder: Any = machine.vm.run()
        assert adder(1) == 2
        machine.vm.driver.limits.instructions = 1
        assert error_of(adder, 1).kind == "ResourceLimitExceeded"


def test_the_limits_are_those_of_the_outermost_call(engine: str) -> None:
    calls = Calls(engine, limits__instructions=20_000)
    with calls.machine:
        calls.back = lambda n: calls.vm.call("loop")
        error = error_of(calls.vm.call, "guarded")
        assert error.kind == "ResourceLimitExceeded"
        assert calls.vm.call("inc", 1) == 2


# ---- several VMs --------------------------------------------------------------------
def test_a_program_calls_another_through_python(engine: str) -> None:
    one, two = Calls(engine), Calls("plain")
    with one.machine, two.machine:
        one.back = lambda x: two.vm.call("inc", x)
        assert one.vm.call("outer", [1].pop()) == 3
        one.back = lambda x: two.vm.call("divide", 1, 0)
        assert one.vm.call("guarded") == "DivisionByZero"
        one.back = lambda x: two.vm.call("outer", x)
        two.back = lambda x: one.vm.call("inc", x)
        assert one.vm.call("outer", 1) == 4


# ---- threads ------------------------------------------------------------------------
def in_thread(action: Callable[[], object]) -> object:
    """What an action gives in another thread, or the error that it ends in."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(action())
        except fj.FluentError as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    return found[0]


def test_a_vm_runs_in_another_thread(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        assert in_thread(lambda: calls.vm.call("inc", 1)) == 2
        assert calls.vm.call("inc", 2) == 3


def test_a_second_thread_is_refused_while_the_vm_runs(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        calls.back = lambda x: str(in_thread(lambda: calls.vm.call("inc", 1)))
        text = "HostError: this VM is running in another thread"
        assert calls.vm.call("tail", 1) == text
        function: Any = fj.FunctionValue("inc", 1, vm=calls.vm)
        calls.back = lambda x: str(in_thread(lambda: function(1)))
        assert calls.vm.call("tail", 1) == text


def test_closing_in_a_host_function_is_refused(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:
        calls.back = lambda x: calls.vm.close()
        message = "this VM is running and cannot be closed"
        assert error_of(calls.vm.call, "tail", 1).message == message


def test_an_interrupt_in_a_host_function_ends_the_program(engine: str) -> None:
    calls = Calls(engine)
    with calls.machine:

        def back(_x: object) -> object:
            calls.vm.interrupt()
            return calls.vm.call("loop")

        calls.back = back
        assert error_of(calls.vm.call, "guarded").kind == "Interrupted"
        assert calls.vm.call("inc", 1) == 2
