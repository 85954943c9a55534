"""Errors that are caught, and what of them native code must not be blamed for."""

from collections import Counter

import pytest

from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from tests.engines import ENGINES, Outcome, execute, make_vm, program_of

STEADY = ("emitted", "native")


def events(vm: VM, kind: str) -> list[dict[str, object]]:
    assert vm.jit is not None
    return [event for event in vm.jit.log.events if event["event"] == kind]


ERROR_EACH_TIME = """
private function safe(n, d) { try { n / d } catch (e) { 0 - 1 } }
private function sum(count) {
  let total = 0
  for i in 0..count { total += safe(i, i % 2) }
  total
}
"""


@pytest.mark.parametrize("engine", STEADY)
def test_errors_that_are_caught_retire_nothing(engine: str) -> None:
    config = {"jit.deoptimisation_limit": 3}
    with make_vm(program_of(ERROR_EACH_TIME), engine, config) as vm:
        assert vm.call("sum", 100) == sum(i for i in range(100) if i % 2) - 50
        assert events(vm, "retire") == []


THROW_EACH_TIME = """
private function sum(count) {
  let total = 0
  for i in 0..count {
    try { if i % 2 == 0 { throw i }; total += 1 } catch (e) { total += e }
  }
  total
}
"""


@pytest.mark.parametrize("engine", STEADY)
def test_a_throw_is_no_deoptimisation(engine: str) -> None:
    with make_vm(program_of(THROW_EACH_TIME), engine) as vm:
        assert vm.call("sum", 100) == 50 + sum(range(0, 100, 2))
        assert events(vm, "deoptimise") == []
        assert events(vm, "retire") == []
        assert len(events(vm, "install")) <= 2


GUARD_AND_ERROR = """
private function f(x, y) {
  let a = x
  try {
    a = a + x
    a = a / y
    a = a + 1000
  } catch (e) { a = a * 2 }
  a
}
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_leaving_in_the_middle_of_a_try_keeps_what_its_handler_reads(
    engine: str,
) -> None:
    with make_vm(program_of(GUARD_AND_ERROR), engine) as vm:
        for _ in range(5):
            assert vm.call("f", 3, 2) == 1003
            assert vm.call("f", 3, 0) == 12
        assert vm.call("f", 1.5, 0.5) == 1006.0
        assert vm.call("f", 1.5, 0) == 6.0
        assert vm.call("f", 2, 0.0) == 8


@pytest.mark.parametrize("engine", STEADY)
def test_guards_that_fail_beside_errors_still_retire(engine: str) -> None:
    text = """
    let source = 1
    private function read(n) { try { source + 1 / n } catch (e) { 7 } }
    private function set(x) { source = x }
    """
    config = {"jit.deoptimisation_limit": 2}
    with make_vm(program_of(text), engine, config) as vm:
        vm.run()
        vm.call("read", 1)
        vm.call("set", 0.5)
        for _ in range(6):
            assert vm.call("read", 1) == 1.5
            assert vm.call("read", 0) == 7
        assert len(events(vm, "retire")) == 1


HANDLER_IN_THE_CALLER = """
private function low(n) { if n == 0 { throw "zero" }; 100 / (n - 5) + low(n - 1) }
private function middle(n) { let kept = n * 2; low(n) + kept }
private function high(n) {
  let before = n + 1
  let r = try { middle(n) } catch ("zero") { "zero" } catch (e) { before }
  [before, r]
}
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_handlers_in_callers_of_native_code(engine: str) -> None:
    with make_vm(program_of(HANDLER_IN_THE_CALLER), engine) as vm:
        for _ in range(10):
            assert vm.call("high", 3) == [4, "zero"]
            assert vm.call("high", 7) == [8, 8]


def outcomes(text: str, calls: list[tuple[str, tuple[object, ...]]]) -> list[Outcome]:
    return [execute(program_of(text), engine, calls=calls) for engine in ENGINES]


COUNTED = """
private function check(n) { if n % 3 == 0 { throw n }; 60 / (n % 4) }
private function each(count) {
  let caught = []
  for i in 0..count {
    try { check(i) } catch (0) { } catch (e if type_of(e) == "int") {
      if e > 20 { break }
      caught = push(caught, e)
    } catch (e) { if i == 16 { continue } } finally { caught = push(caught, i) }
  }
  length(caught)
}
"""


def test_counts_and_fuel_are_the_same_on_every_engine() -> None:
    calls: list[tuple[str, tuple[object, ...]]] = [("each", (n,)) for n in (5, 30, 60)]
    found = outcomes(COUNTED, calls)
    assert all(each == found[0] for each in found)
    errors = dict(found[0].counts)["check"].errors
    assert (
        errors
        == Counter(
            n % 3 == 0 or n % 4 == 0 for limit in (5, 22, 22) for n in range(limit)
        )[True]
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_an_error_leaves_the_calls_that_it_passes(engine: str) -> None:
    text = """
    private function inner() { throw 1 }
    private function outer() { inner() + 1 }
    private function top() { try { outer() } catch (e) { e } }
    top()
    """
    found = dict(execute(program_of(text), engine).counts)
    assert [found[name].errors for name in ("inner", "outer", "top")] == [1, 1, 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_thrown_value_comes_with_the_exception(engine: str) -> None:
    text = "private function f(x) { throw x }"
    with make_vm(program_of(text), engine) as vm:
        for value in (1, "a", [1, [2.5]], None, True):
            with pytest.raises(FluentError) as caught:
                vm.call("f", value)
            assert caught.value.kind == "RuntimeError"
            assert caught.value.thrown
            assert caught.value.value == value


@pytest.mark.parametrize("engine", ENGINES)
def test_an_error_value_is_an_exception_object_in_python(engine: str) -> None:
    text = """
    private function fails() { 1 / 0 }
    private function f() { try { fails() } catch (e) { e } }
    private function again(e) { throw e }
    """
    with make_vm(program_of(text), engine) as vm:
        error = vm.call("f")
        assert isinstance(error, FluentError)
        assert (error.kind, error.message) == (
            "DivisionByZero",
            "division by zero in 1 / 0",
        )
        assert [entry.function for entry in error.stack] == ["fails", "f"]
        with pytest.raises(FluentError) as caught:
            vm.call("again", error)
        assert caught.value.kind == "DivisionByZero"
        assert caught.value.message == error.message
