"""Arrays and NumPy arrays: one and the same memory."""

import gc
import time
import weakref
from typing import Any

import numpy as np
import pytest

from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from tests.engines import ENGINES, make_vm, program_of

TEXT = """
private function put(a, i, x) { a[i] = x }
private function put_at(m, i, j, x) { m[i, j] = x }
private function get(a, i) { a[i] }
private function made(n) { let a = zeros(n); a[0] = 1; a }
private function same(a) { a }
private function whole(n) { array(n, 7) }
private function grid() { let m = zeros(2, 3); m[1, 2] = 5; m }
private function kinds(a) { [type_of(a), shape(a), a] }
private function churn(n) { for i in 0..n { zeros(100000) } }
let kept = nil
private function keep(a) { kept = a }
private function kept_item(i) { kept[i] }
"""


def vm_of(engine: str, **config: Any) -> VM:
    vm = make_vm(program_of(TEXT), engine, config)
    vm.run()
    return vm


@pytest.mark.parametrize("engine", ENGINES)
def test_the_program_writes_into_a_numpy_array(engine: str) -> None:
    floats, ints = np.zeros(4), np.arange(4)
    with vm_of(engine) as vm:
        for index in range(4):
            vm.call("put", floats, index, index + 0.5)
            vm.call("put", ints, index, -index)
        assert vm.call("get", floats, 2) == 2.5
        assert type(vm.call("get", ints, 2)) is int
        ints[2] = 99
        assert vm.call("get", ints, 2) == 99
    assert floats.tolist() == [0.5, 1.5, 2.5, 3.5]
    assert ints.tolist() == [0, -1, 99, -3]


@pytest.mark.parametrize("engine", ENGINES)
def test_two_dimensions(engine: str) -> None:
    matrix = np.zeros((3, 2))
    with vm_of(engine) as vm:
        vm.call("put_at", matrix, 2, 1, 4)
        kinds: Any = vm.call("kinds", matrix)
        assert kinds[:2] == ["array", [3, 2]]
        made = vm.call("grid")
    assert matrix.tolist() == [[0, 0], [0, 0], [0, 4]]
    assert isinstance(made, np.ndarray)
    assert made.tolist() == [[0, 0, 0], [0, 0, 5]]


def test_what_comes_back_is_the_array_itself() -> None:
    values = np.ones(3)
    with vm_of("compiled") as vm:
        assert vm.call("same", values) is values
        kinds: Any = vm.call("kinds", values)
        assert kinds[2] is values


def test_an_array_of_the_program_is_shared_and_outlives_it() -> None:
    with vm_of("compiled") as vm:
        made: Any = vm.call("made", 3)
        assert made.dtype == np.float64
        vm.call("put", made, 2, 8)
        assert made.tolist() == [1, 0, 8]
        whole: Any = vm.call("whole", 2)
        assert whole.dtype == np.int64
        vm.call("churn", 200)
        made[1] = 6
    assert made.tolist() == [1, 6, 8]
    assert whole.tolist() == [7, 7]


def test_an_empty_array() -> None:
    with vm_of("compiled") as vm:
        for values in (np.zeros(0), np.zeros(0, np.int64), np.zeros((0, 3))):
            back: Any = vm.call("same", values)
            assert back.shape == values.shape
            assert back.dtype == values.dtype
            with pytest.raises(FluentError, match=r"out of range|two indices"):
                vm.call("get", values, 0)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.zeros(2, np.float32), "its dtype is float32, not int64 or float64"),
        (np.zeros(2, np.uint64), "its dtype is uint64, not int64 or float64"),
        (np.zeros(2, bool), "its dtype is bool, not int64 or float64"),
        (np.array(["a"]), "its dtype is <U1, not int64 or float64"),
        (np.zeros(2, ">f8"), "its dtype is >f8, not int64 or float64"),
        (np.zeros((1, 1, 1)), "it has 3 dimensions, not 1 or 2"),
        (np.zeros(()), "it has 0 dimensions, not 1 or 2"),
        (np.zeros(4)[::2], "its items are not contiguous in row-major order"),
        (np.zeros((2, 3)).T, "its items are not contiguous in row-major order"),
        (np.frombuffer(bytes(16)), "it is read-only"),
    ],
)
def test_numpy_arrays_that_cannot_be_passed(values: Any, reason: str) -> None:
    with vm_of("compiled") as vm, pytest.raises(FluentError) as caught:
        vm.call("same", values)
    assert caught.value.kind == "HostError"
    assert caught.value.message == f"a NumPy array cannot be passed: {reason}"


def test_a_misaligned_array() -> None:
    values = np.frombuffer(bytearray(17), np.int8)[1:].view(np.float64)
    with vm_of("compiled") as vm, pytest.raises(FluentError, match="aligned"):
        vm.call("same", values)


@pytest.mark.parametrize("engine", ["plain", "compiled"])
def test_memory_is_freed_when_the_program_drops_an_array(engine: str) -> None:
    class Values(np.ndarray[Any, Any]):
        """One that can be watched."""

    values = np.zeros(3).view(Values)
    watched = weakref.ref(values)
    with vm_of(engine) as vm:
        vm.call("keep", values)
        del values
        vm.call("churn", 200)
        gc.collect()
        assert watched() is not None
        assert vm.call("kept_item", 0) == 0.0
        vm.call("keep", None)
        vm.call("churn", 200)
        gc.collect()
        assert watched() is None
        assert vm.state.arrays.words < 100 * 100_000


def test_two_machines_share_an_array() -> None:
    values = np.zeros(3)
    part = values[:2]
    with vm_of("plain") as first:
        with vm_of("plain") as second:
            first.call("put", part, 0, 1)
            second.call("put", values, 2, 2)
            assert second.call("get", values, 0) == 1.0
        assert first.call("get", values, 2) == 2.0
        assert first.call("get", part, 0) == 1.0
    assert values.tolist() == [1, 0, 2]


@pytest.mark.parametrize("engine", ["plain", "compiled"])
def test_arrays_count_for_the_memory_limit(engine: str) -> None:
    text = """
    private function hoard(n) {
      let xs = []
      for i in 0..n { xs = append(xs, zeros(n)) }
    }
    private function huge() { zeros(10000000000) }
    private function wide() { zeros(1000000, 1000000) }
    """
    with make_vm(program_of(text), engine, {"limits.memory_mb": 16}) as vm:
        for function, arguments in (("hoard", (2000,)), ("huge", ()), ("wide", ())):
            with pytest.raises(FluentError, match=r"limits\.memory_mb") as caught:
                vm.call(function, *arguments)
            assert caught.value.kind == "ResourceLimitExceeded"
        # What the failed calls had is free again.
        vm.call("hoard", 500)


def test_empty_arrays_are_the_same_objects_too() -> None:
    with vm_of("plain") as vm:
        for values in (np.zeros(0), np.zeros((0, 3)), np.arange(0)):
            kinds: Any = vm.call("kinds", values)
            assert kinds == ["array", list(values.shape), values]
            assert kinds[2] is values
            assert vm.call("same", values) is values


def test_many_arrays_are_given_at_once() -> None:
    values = [np.full(1, index) for index in range(30_000)]
    with vm_of("plain") as vm:
        began = time.perf_counter()
        assert vm.call("same", values) == values
        assert time.perf_counter() - began < 10
        assert len(vm.state.arrays) == len(values)
        vm.call("churn", 200)
        assert len(vm.state.arrays) < 200
        assert vm.call("same", values[7]) is values[7]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_array_may_be_given_another_shape_and_type(engine: str) -> None:
    values = np.arange(4)
    with vm_of(engine) as vm:
        vm.call("keep", values)
        values.shape = (2, 2)
        kinds: Any = vm.call("kinds", values)
        assert (kinds[1], kinds[2] is values) == ([2, 2], True)
        vm.call("put_at", values, 1, 1, 9)
        values.shape = (4,)
        cast: Any = values
        cast.dtype = np.float64
        vm.call("put", values, 0, 0.5)
        assert vm.call("get", values, 0) == 0.5
        # What the program has kept is of the type that it was given as.
        assert vm.call("kept_item", 3) == 9
        cast.dtype = np.int64
    assert values.tolist() == [np.float64(0.5).view(np.int64), 1, 2, 9]
