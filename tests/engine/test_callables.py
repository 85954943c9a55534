"""Functions of Python in programs, and functions of programs in Python."""

from __future__ import annotations

import gc
import io
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import fluentai_jit as fj
from fluentai_jit.engine.heap import Heap
from tests.engine.machines import Machine, error_of
from tests.engines import ENGINES, QUICK_ENGINES, make_vm, program_of


@pytest.fixture(params=QUICK_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def add(a: Any, b: Any = 1) -> Any:
    return a + b


def run(text: str, engine: str = "plain", **functions: Callable[..., object]) -> object:
    """The value of a program that is given functions."""
    with Machine(text, engine, functions=functions) as machine:
        return machine.vm.run()


def output(text: str, engine: str = "plain", **functions: Callable[..., object]) -> str:
    with Machine(text, engine, functions=functions) as machine:
        machine.vm.run()
        return machine.output


# ---- calls ------------------------------------------------------------------------
@pytest.mark.parametrize("name", ENGINES)
def test_a_function_is_called_in_a_loop(name: str) -> None:
    text = "let s = 0 for i in 0..300 { s = add(s, i) } s"
    assert run(text, name, add=add) == sum(range(300))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("add(1)", 2),
        ("add(1, 2)", 3),
        ("1.add(2)", 3),
        ("1 |> add(2)", 3),
        ("1 + add(add(2, 3), 4) * 2", 19),
        ("let f = add; f(1, 1)", 2),
        ("[1, 2].map(add)", [2, 3]),
        ("{f: add}.f(1, 2)", None),
        ("(if true { add } else { nil })(1, 2)", 3),
        ("private function f(x) { add(x, 2) } f(40)", 42),
        ("private function f(x) { add(x, 2) } 1 + f(40)", 43),
        ("private function f(g) { g(1, 2) } f(add)", 3),
        ("(() => add(1, 2))()", 3),
        ("try { add(1, 2) } finally { add(3, 4) }", 3),
        ("curry(pair)(1)(2)", [1, 2]),
        ("type_of(add)", "function"),
        ("is_function(add)", True),
        ("add == add", True),
        ("let f = add; f == add", True),
        ("add == pair", False),
        ("private function f() { 1 } add == f", False),
        ("let add = 3; add", 3),
        ("private function add(a) { a * 10 } add(4)", 40),
        ("private function f() { add } let g = f(); g(1)", 2),
        ('f"{add}"', "<function add>"),
        ('"" + [add]', "[<function add>]"),
        ("to_string(add)", "<function add>"),
    ],
)
def test_a_function_of_python_is_a_function(
    text: str, value: object, engine: str
) -> None:
    if text.startswith("{f"):
        text, value = f"let m = {text[: text.index('}') + 1]}; m.f(1, 2)", 3
    assert run(text, engine, add=add, pair=lambda a, b: [a, b]) == value


def test_it_is_printed_by_its_name(engine: str) -> None:
    text = "println(add) println([add, named])"
    printed = "<function add>\n[<function add>, <function named>]\n"
    assert output(text, engine, add=add, named=lambda: 1) == printed


def test_it_wins_over_the_library() -> None:
    assert run("length([1])", length=lambda values: "mine") == "mine"


def test_a_user_binding_anywhere_at_the_top_wins() -> None:
    assert run("private function f() { g() } let g = () => 2; f()", g=lambda: 1) == 2


def test_it_cannot_be_assigned() -> None:
    error = error_of(fj.compile, "add = 3", ["add"])
    assert error.kind == "AssignmentError"
    assert error.message == "cannot assign to the host function 'add'"


def test_a_misspelled_name_is_told_the_right_one() -> None:
    with Machine("fetchh(1)", functions={"fetch": add}) as machine:
        assert "fetch" in error_of(machine.vm.run).message


@pytest.mark.parametrize(
    ("function", "count", "message"),
    [
        (lambda: 1, 1, "f expects 0 arguments, got 1"),
        (lambda a: 1, 0, "f expects 1 argument, got 0"),
        (lambda a, b=1: 1, 3, "f expects 1 or 2 arguments, got 3"),
        (lambda a, *rest: 1, 0, "f expects at least 1 argument, got 0"),
    ],
)
def test_a_wrong_number_of_arguments(
    function: Any, count: int, message: str, engine: str
) -> None:
    text = f"try {{ f({', '.join('1' * count)}) }} catch (e) {{ [e.kind, e.message] }}"
    assert run(text, engine, f=function) == ["ArityError", message]


def test_any_number_of_arguments() -> None:
    assert run("f(1, 2, 3)", f=lambda *values: list(values)) == [1, 2, 3]
    assert run("f(3, 5)", f=max) == 5


# ---- as values ----------------------------------------------------------------------
TEXT = """
private function same(x) { x }
private function call(f, x) { f(x) }
private function equal(a, b) { a == b }
let kept = nil
private function keep(f) { kept = f nil }
private function use_it(x) { kept(x) }
private function inc(x) { x + 1 }
private function adder(n) { x => x + n }
private function text(x) { to_string(x) }
private function churn(n) { let xs = [] for i in 0..n { xs = [i, xs] } nil }
"""


@pytest.fixture
def machine(engine: str) -> Machine:
    return Machine(TEXT, engine)


def test_a_callable_comes_back_as_the_same_object(machine: Machine) -> None:
    class Callable_:
        def __call__(self, x: int) -> int:
            return x * 3

    thing = Callable_()
    with machine:
        for value in (add, thing, len, int, "x".upper):
            assert machine.vm.call("same", value) is value
        assert machine.vm.call("same", [add, {"f": add}]) == [add, {"f": add}]
        assert machine.vm.call("call", thing, 5) == 15
        assert machine.vm.call("text", thing) == "<function Callable_>"
        assert machine.vm.call("text", [len]) == "[<function len>]"


def test_two_callables_are_equal_if_they_are_one(machine: Machine) -> None:
    with machine:
        assert machine.vm.call("equal", add, add) is True
        assert machine.vm.call("equal", add, lambda a: a) is False


@pytest.mark.parametrize("stress", [False, True])
def test_a_kept_callable_lives_until_it_is_dropped(
    machine: Machine, stress: bool
) -> None:
    def triple(x: int) -> int:
        return 3 * x

    alive = weakref.ref(triple)
    with machine:
        machine.vm.run()
        if stress:
            machine.vm.driver.heap = Heap(machine.vm.state, stress=True)
        machine.vm.call("keep", triple)
        del triple
        machine.vm.driver.heap.collect(machine.vm.driver.kernel)
        gc.collect()
        assert alive() is not None
        assert machine.vm.call("use_it", 14) == 42
        machine.vm.call("keep", None)
        machine.vm.driver.heap.collect(machine.vm.driver.kernel)
        gc.collect()
        assert alive() is None
        assert len(machine.vm.state.functions) == 0


def test_its_identity_outlasts_collections(machine: Machine) -> None:
    with machine:
        machine.vm.run()
        machine.vm.call("keep", add)
        machine.vm.driver.heap.collect(machine.vm.driver.kernel)
        assert machine.vm.call("equal", machine.vm.call("same", add), add) is True
        machine.vm.call("keep", [add])
        machine.vm.driver.heap.collect(machine.vm.driver.kernel)
        assert len(machine.vm.state.functions) == 1


def test_many_short_lived_callables_take_no_memory(machine: Machine) -> None:
    with machine:
        for number in range(300):
            assert machine.vm.call("call", lambda x, n=number: x + n, 1) == 1 + number
        machine.vm.driver.heap.collect(machine.vm.driver.kernel)
        assert len(machine.vm.state.functions) == 0


def test_under_stress_arguments_and_results_are_whole(engine: str) -> None:
    text = """
    private function build(n) { if n == 0 { [] } else { join([n, "x"], build(n - 1)) } }
    let kept = ["kept", [1, 2]]
    let found = build(8);
    [kept, found, join, apply(() => [join(1, [2])])]
    """
    functions: dict[str, Any] = {"join": lambda a, b: [a, *b], "apply": lambda f: f()}
    program = program_of(text, functions=functions)
    with make_vm(program, engine, functions=functions) as vm:
        vm.driver.heap = Heap(vm.state, stress=True)
        result: Any = vm.run()
    kept, found, join, applied = result
    assert kept == ["kept", [1, 2]]
    assert found == [[n, "x"] for n in range(8, 0, -1)]
    assert join is functions["join"]
    assert applied == [[1, 2]]


def test_what_it_gives_must_have_a_counterpart(engine: str) -> None:
    text = "try { f() } catch (e) { [e.kind, e.message] }"
    message = "the result of f: a Python complex has no FLC counterpart yet"
    assert run(text, engine, f=lambda: 1j) == ["HostError", message]


# ---- functions of the program in Python ---------------------------------------------
def test_a_function_value_is_callable(machine: Machine) -> None:
    with machine:
        machine.vm.run()
        inc = machine.vm.call("same", machine.vm.call("adder", 5))
        assert isinstance(inc, fj.FunctionValue)
        assert inc(1) == 6
        assert error_of(inc).kind == "ArityError"
        key: Any = machine.vm.call("adder", 0)
        assert sorted([3, -1, 2], key=key) == [-1, 2, 3]


def test_one_that_no_vm_gave_says_so() -> None:
    error = error_of(fj.FunctionValue("inc", 1), 1)
    assert error.message == "<function inc> was given by no VM"


def test_a_function_of_another_vm_is_refused(machine: Machine) -> None:
    with machine, Machine(TEXT) as other:
        inc: Any = other.vm.call("adder", 4)
        for action in (
            lambda: machine.vm.call_value(inc, 1),
            lambda: machine.vm.call("call", inc, 1),
        ):
            error = error_of(action)
            assert error.kind == "HostError"
            assert "is of another VM" in error.message
        # As a function of Python it is welcome.
        assert machine.vm.call("call", lambda x: inc(x), 1) == 5


# ---- which functions -----------------------------------------------------------------
def test_a_vm_wants_what_its_program_was_compiled_with() -> None:
    program = fj.compile("add(1)", ["add"])
    missing = error_of(fj.VM, program)
    assert missing.message == "the program needs functions['add'] of its host"
    extra = error_of(lambda: fj.VM(program, functions={"add": add, "sub": add}))
    assert extra.message == "the program was compiled without the function 'sub'"
    with pytest.raises(
        TypeError, match=r"functions\['add'\] must be callable, not int"
    ):
        fj.VM(program, functions={"add": 3})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="not a single str"):
        fj.compile("1", "add")
    for name in ("if", "a b", "", "ä"):
        assert "is not a name that a function can have" in str(
            error_of(fj.compile, "1", [name])
        )


def test_one_program_two_vms_two_functions() -> None:
    program = program_of("who()", functions=["who"])
    with (
        make_vm(program, "plain", functions={"who": lambda: "one"}) as one,
        make_vm(program, "plain", functions={"who": lambda: "two"}) as two,
    ):
        assert [one.run(), two.run(), one.run()] == ["one", "two", "one"]


def test_run_takes_functions() -> None:
    stdout = io.StringIO()
    settings: Any = {"engine": "plain"}
    given = {"add": add}
    value = fj.run("println(add(1)) add(2)", stdout=stdout, functions=given, **settings)
    assert (value, stdout.getvalue()) == (3, "2\n")


@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_what_was_printed_is_there_when_one_is_called(engine: str) -> None:
    seen = []
    stdout = io.StringIO()
    functions = {"ask": lambda: seen.append(stdout.getvalue())}
    text = (
        'print("name? ") ask() println(1) ask() ask() for i in 0..2 { print(i) ask() }'
    )
    program = program_of(text, functions=functions)
    with make_vm(program, engine, stdout=stdout, functions=functions) as vm:
        vm.run()
    start = "name? "
    assert seen == [start, *[f"{start}1\n"] * 2, f"{start}1\n0", f"{start}1\n01"]
