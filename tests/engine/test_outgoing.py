"""Values that a program gives to Python: how large, how long, and who may stop it."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from typing import Any

import numpy
import pytest

import fluentai_jit as fj
from tests.engines import make_vm, program_of

DOUBLED = """
private function shared(times) { let x = [1] for _ in 0..times { x = [x, x] } x }
private function numbers(n) { 0..n }
private function thrown(times) { throw shared(times) }
private function far(n) { throw 0..n }
private function given(f, n) { f(0..n) }
private function one() { 1 }
"""


def machine(**config: Any) -> fj.VM:
    settings = {key.replace("__", "."): value for key, value in config.items()}
    vm = make_vm(program_of(DOUBLED), "compiled", settings)
    vm.run()
    return vm


def refused(call: Any, *arguments: object) -> fj.FluentError:
    with pytest.raises(fj.FluentError) as caught:
        call(*arguments)
    return caught.value


@pytest.mark.parametrize(("name", "size"), [("numbers", 4 * 10**9), ("shared", 60)])
def test_what_is_too_large_for_python_is_a_limit_by_name(name: str, size: int) -> None:
    with machine(limits__memory_mb=16) as vm:
        error = refused(vm.call, name, size)
        assert error.kind == "ResourceLimitExceeded"
        assert error.message == (
            "as a Python value this is larger than limits.memory_mb (16 MiB)"
        )
        assert vm.call("one") == 1


def test_what_the_memory_has_room_for_is_given() -> None:
    with machine(limits__memory_mb=16) as vm:
        assert vm.call("numbers", 1_000_000) == list(range(1_000_000))
        assert str(vm.call("shared", 15)).count("1") == 2**15


def test_a_host_function_is_given_no_more_than_that() -> None:
    got: list[object] = []
    with machine(limits__memory_mb=16) as vm:
        error = refused(vm.call, "given", got.append, 4 * 10**9)
        assert error.kind == "ResourceLimitExceeded"
        assert error.stack[0].function == "given"
        assert not got
        vm.call("given", got.append, 2)
        assert got == [[0, 1]]


@pytest.mark.parametrize(("name", "size"), [("far", 4 * 10**9), ("thrown", 60)])
def test_a_thrown_value_that_is_too_large_is_shown(name: str, size: int) -> None:
    with machine() as vm:
        error = refused(vm.call, name, size)
        assert (error.kind, error.thrown, error.value) == ("RuntimeError", True, None)
        assert error.message.startswith("[")
        assert len(error.message) == 400


def test_a_thrown_value_is_shown_though_its_time_is_over() -> None:
    with machine(limits__time_s=0.1) as vm:
        error = refused(vm.call, "thrown", 60)
        assert (error.kind, error.thrown, error.value) == ("RuntimeError", True, None)
        assert error.span is not None


def test_the_time_limit_holds_while_python_takes_a_value() -> None:
    with machine(limits__time_s=0.2, limits__memory_mb=4096) as vm:
        began = time.perf_counter()
        error = refused(vm.call, "shared", 60)
        assert error.message == "the program ran longer than limits.time_s (0.2 s)"
        assert time.perf_counter() - began < 5
        assert vm.call("one") == 1


def test_an_interrupt_ends_it() -> None:
    with machine(limits__memory_mb=4096) as vm:
        timer = threading.Timer(0.2, vm.interrupt)
        timer.start()
        assert refused(vm.call, "numbers", 10**8).kind == "Interrupted"
        timer.join()
        assert vm.call("one") == 1


def test_a_key_that_python_cannot_hold_is_refused() -> None:
    text = "private function f() { group_by([1, 2], x => [x]) }"
    with make_vm(program_of(text), "compiled") as vm:
        vm.run()
        error = refused(vm.call, "f")
        assert error.kind == "HostError"
        assert error.message.startswith("a list, map or set that is a key of a map")


class Mute(Exception):
    """An exception without a text."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_an_exception_without_a_text_is_an_error_like_others() -> None:
    text = """
    private function f(h) {
      let seen = 0
      try { h() } catch (e) { seen += 1 } finally { seen += 10 }
      seen
    }
    private function g(h) { h() }
    """

    def fails() -> None:
        raise Mute

    with make_vm(program_of(text), "compiled") as vm:
        vm.run()
        assert vm.call("f", fails) == 11
        error = refused(vm.call, "g", fails)
        assert error.message == "fails raised Mute"
        assert isinstance(error.__cause__, Mute)


def test_a_masked_array_is_refused() -> None:
    values = numpy.ma.array([1, 2, 3], mask=[False, True, False])
    with make_vm(program_of("private function f(a) { sum(a) }"), "compiled") as vm:
        vm.run()
        error = refused(vm.call, "f", values)
        assert "it has a mask" in error.message


def test_a_function_is_equal_to_itself_after_a_round_trip() -> None:
    text = "private function adder(n) { x => x + n } private function same(f) { f }"
    with make_vm(program_of(text), "compiled") as vm:
        vm.run()
        one, two = vm.call("adder", 1), vm.call("adder", 1)
        assert vm.call("same", one) == one
        assert {one, vm.call("same", one)} == {one}
        assert one != two


def test_a_closed_machine_keeps_no_functions() -> None:
    def given() -> None:
        """A function of the host."""

    gone = weakref.ref(given)
    functions = {"f": given}
    program = program_of("let g = f", functions=functions)
    vm = make_vm(program, "compiled", functions=functions)
    vm.run()
    vm.close()
    del functions, given
    gc.collect()
    assert gone() is None


def test_a_closed_machine_keeps_no_values() -> None:
    text = 'let x = "ab" for _ in 0..23 { x = x + x } length(x)'
    with make_vm(program_of(text), "compiled") as vm:
        vm.run()
        heap = vm.state.heap
        assert heap.used_bytes() > 16_000_000
    assert heap.used_bytes() < 1_000_000
