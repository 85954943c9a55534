"""Tagged values, structs and flexible functions between Python and programs."""

import copy
from collections.abc import Iterator

import pytest

from fluentai_jit import VM, FluentError, FunctionValue, Tagged, compile

_SOURCE = """
struct Point { x: int, y: int = 2 }
enum Shape { Empty, Circle(float) }
public function same(v) { v }
public function make(x, y = x + 1, ...more) { [x, y, more] }
public function sum(p) { match p { Point { x, y } => x + y, Some(n) => n, Empty => 0 } }
public function closing(k) { (a, b = k, ...c) => [a, b, c, k] }
Point { x: 1 }
"""


@pytest.fixture
def vm() -> Iterator[VM]:
    with VM(compile(_SOURCE), engine="plain") as machine:
        yield machine


def test_struct_is_a_frozen_object(vm: VM) -> None:
    point = vm.run()
    assert isinstance(point, Tagged)
    assert point == Tagged("Point", (1, 2), ("x", "y"))
    assert (point.x, point.y) == (1, 2)
    assert repr(point) == "Point(x=1, y=2)"
    with pytest.raises(AttributeError, match="Point has no field 'z'"):
        _ = point.z
    with pytest.raises(AttributeError):
        point.fields = ()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        point.x = 5  # type: ignore[attr-defined]
    assert copy.deepcopy(point) == point


def test_values_go_both_ways(vm: VM) -> None:
    for value in (
        Tagged("Some", (1,)),
        Tagged("None_"),
        Tagged("Circle", (2.5,)),
        Tagged("New", (1, [Tagged("Some", ("a",))]), ("a", "b")),
        [Tagged("Empty"), {"k": Tagged("Some", (None,))}],
    ):
        assert vm.call("same", value) == value


def test_names_of_the_program_are_meant(vm: VM) -> None:
    assert vm.call("sum", Tagged("Point", (3, 4))) == 7
    assert vm.call("sum", Tagged("Point", (3, 4), ("x", "y"))) == 7
    assert vm.call("sum", Tagged("Some", (5,))) == 5
    assert vm.call("sum", Tagged("Empty")) == 0
    named = vm.call("same", Tagged("Point", (3, 4)))
    assert isinstance(named, Tagged)
    assert named.names == ("x", "y")


def test_in_a_set(vm: VM) -> None:
    values = {Tagged("Some", (1,)), Tagged("Some", (2,)), Tagged("Empty")}
    assert vm.call("same", values) == values


def test_deeply_nested(vm: VM) -> None:
    value: Tagged = Tagged("End")
    for _ in range(3000):
        value = Tagged("Node", (value,))
    found = vm.call("same", value)
    for _ in range(3000):
        assert isinstance(found, Tagged)
        found = found.fields[0]
    assert found == Tagged("End")


def test_calls_with_defaults_and_rest(vm: VM) -> None:
    assert vm.call("make", 1) == [1, 2, []]
    assert vm.call("make", 1, 5, 6, [7]) == [1, 5, [6, [7]]]
    function = vm.call("closing", 9)
    assert isinstance(function, FunctionValue)
    assert vm.call_value(function, 1) == [1, 9, [], 9]
    assert vm.call_value(function, 1, 2, 3) == [1, 2, [3], 9]
    with pytest.raises(FluentError, match="make expects at least 1 argument, got 0"):
        vm.call("make")


def test_names_must_fit_the_fields() -> None:
    with pytest.raises(ValueError, match="P has two fields of one name"):
        Tagged("P", (1, 2), ("x", "x"))
    with pytest.raises(ValueError, match="P has 1 fields and 2 names"):
        Tagged("P", (1,), ("a", "b"))
