"""The Python API: values both ways, calls, errors, several VMs, the end of one."""

from __future__ import annotations

import enum
import io
import math
import threading
from pathlib import Path
from typing import Any

import pytest

import fluentai_jit as fj
from fluentai_jit.core.tags import MAX_INT, MIN_INT
from tests.engine.machines import Machine, error_of
from tests.engines import QUICK_ENGINES, make_vm, program_of, store_folder

TEXT = """
private function same(x) { x }
private function twice(f, x) { f(f(x)) }
private function pair(a, b) { a - b }
private function none() { 7 }
private function halve(x) { 10 / x }
private function shout(x) { println(x) x }
let counter = 0
private function count() { counter += 1 counter }
x => x + 1
"""


@pytest.fixture(params=QUICK_ENGINES)
def machine(request: pytest.FixtureRequest) -> Machine:
    return Machine(TEXT, request.param)


# ---- values ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "value",
    [
        *(0, 1, -1, MAX_INT, MIN_INT, True, False, None),
        *(0.0, -0.0, 1.5, 5e-324, math.inf, -math.inf),
        *("", "a", "ä", "日本語", "😀 text", "a\0b", "\n", "x" * 1000),
    ],
    ids=repr,
)
def test_a_value_comes_back_as_it_was(machine: Machine, value: object) -> None:
    with machine:
        result = machine.vm.call("same", value)
    assert type(result) is type(value)
    assert result == value
    assert repr(result) == repr(value)


def test_nan_comes_back_as_nan(machine: Machine) -> None:
    with machine:
        result = machine.vm.call("same", math.nan)
    assert isinstance(result, float)
    assert math.isnan(result)


def test_subclasses_are_what_they_are_made_of(machine: Machine) -> None:
    class Colour(enum.IntEnum):
        RED = 3

    with machine:
        assert machine.vm.call("same", Colour.RED) == 3
        assert type(machine.vm.call("same", Colour.RED)) is int


def test_a_function_goes_out_and_in(machine: Machine) -> None:
    with machine:
        function = machine.vm.run()
        assert isinstance(function, fj.FunctionValue)
        assert repr(function) == "<function <lambda>>"
        assert machine.vm.call_value(function, 41) == 42
        assert machine.vm.call("twice", function, 5) == 7


@pytest.mark.parametrize("value", [MAX_INT + 1, MIN_INT - 1, 10**30])
def test_an_int_beyond_64_bits_is_refused(machine: Machine, value: int) -> None:
    with machine:
        error = error_of(machine.vm.call, "same", value)
    assert error.kind == "HostError"
    assert error.message == f"int {value} does not fit in 64 bits"


@pytest.mark.parametrize("value", [b"x", 1j, object(), [1, b""]])
def test_what_has_no_counterpart_is_refused(machine: Machine, value: object) -> None:
    with machine:
        error = error_of(machine.vm.call, "same", value)
        assert machine.vm.call("same", 1) == 1
    assert error.kind == "HostError"
    name = type(value[1] if isinstance(value, list) else value).__name__
    assert error.message == f"a Python {name} has no FLC counterpart yet"


def test_lists_go_both_ways(machine: Machine) -> None:
    value = [1, [2.5, "x" * 100], (), None, [[]]]
    with machine:
        assert machine.vm.call("same", value) == [1, [2.5, "x" * 100], [], None, [[]]]


@pytest.mark.parametrize(
    "function",
    [
        fj.FunctionValue("same", 2),
        fj.FunctionValue("nowhere", 1),
        fj.FunctionValue("same", 1 << 40),
        fj.FunctionValue("same", -8),
    ],
    ids=str,
)
def test_the_function_of_another_program_is_refused(
    machine: Machine, function: fj.FunctionValue
) -> None:
    with machine:
        passed = error_of(machine.vm.call, "same", function)
        called = error_of(machine.vm.call_value, function, 1)
    assert passed.kind == called.kind == "HostError"
    assert "is not of this program" in passed.message


def test_args_are_strings() -> None:
    program = program_of("println(args()) args()")
    stdout = io.StringIO()
    with make_vm(program, "plain", {}, stdout, ("a", "ü b", "")) as vm:
        assert vm.run() == ["a", "ü b", ""]
    assert stdout.getvalue() == '["a", "ü b", ""]\n'


# ---- calls ----------------------------------------------------------------------
def test_an_unknown_function_is_named_with_a_hint(machine: Machine) -> None:
    with machine:
        error = error_of(machine.vm.call, "sam")
    assert error.kind == "UnknownIdentifier"
    assert error.message == "the program has no function 'sam'"
    assert error.hint == "did you mean 'same'?"


@pytest.mark.parametrize("name", ["", "<main>", "<lambda>", "counter", "sin", "x"])
def test_only_functions_of_the_program_are_called(machine: Machine, name: str) -> None:
    with machine:
        machine.vm.run()
        assert error_of(machine.vm.call, name).kind == "UnknownIdentifier"


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("same", (), "same expects 1 argument, got 0"),
        ("same", (1, 2), "same expects 1 argument, got 2"),
        ("pair", (1,), "pair expects 2 arguments, got 1"),
        ("none", (1,), "none expects 0 arguments, got 1"),
    ],
)
def test_a_wrong_number_of_arguments(
    machine: Machine, name: str, given: tuple[int, ...], message: str
) -> None:
    with machine:
        error = error_of(machine.vm.call, name, *given)
    assert (error.kind, error.message) == ("ArityError", message)


def test_arguments_are_in_order(machine: Machine) -> None:
    with machine:
        assert machine.vm.call("pair", 10, 3) == 7
        assert machine.vm.call("none") == 7


def test_an_error_has_kind_message_span_and_stack(machine: Machine) -> None:
    with machine:
        for _round in range(3):
            error = error_of(machine.vm.call, "halve", 0)
            assert error.kind == "DivisionByZero"
            assert error.message == "division by zero in 10 / 0"
            assert error.span is not None
            assert (error.span.line, error.span.text) == (6, "10 / x")
            assert [entry.function for entry in error.stack] == ["halve"]
            assert machine.vm.call("halve", 2) == 5


def test_globals_live_as_long_as_the_vm(machine: Machine) -> None:
    with machine:
        error = error_of(machine.vm.call, "count")
        assert error.message == "counter is used before its let"
        machine.vm.run()
        assert [machine.vm.call("count") for _round in range(3)] == [1, 2, 3]
        machine.vm.run()
        assert machine.vm.call("count") == 1


# ---- compiling ------------------------------------------------------------------
def test_a_source_that_is_neither_text_nor_path_is_named() -> None:
    source: Any = 3
    with pytest.raises(TypeError, match=r"a str or a pathlib\.Path, not int"):
        fj.compile(source)


def test_a_program_is_compiled_from_text_or_a_path(tmp_path: Path) -> None:
    path = tmp_path / "program.flc"
    path.write_text("1 + 2")
    config = {"store.path": store_folder(), "jit.mode": "off", "compile.mode": "none"}
    for program in (fj.compile("1 + 2"), fj.compile(path)):
        with fj.VM(program, config, engine="plain") as vm:
            assert vm.run() == 3
    error = error_of(fj.compile, tmp_path / "missing.flc")
    assert error.kind == "FileError"
    assert error_of(fj.compile, "1 +").kind == "SyntaxError"


def test_what_compiles_does_not_depend_on_how_deep_the_caller_is() -> None:
    def below(levels: int) -> int:
        if levels:
            return below(levels - 1)
        nested = "(" * 190 + "1" + ")" * 190
        assert fj.run(nested) == 1
        with pytest.raises(fj.FluentError, match="unknown name 'nope'"):
            fj.run("nope")
        with pytest.raises(fj.FluentError, match="nested too deeply"):
            fj.compile("a" + " |> f" * 3000)
        chain = "private function f(x) { x + 1 } 0" + " |> f" * 140
        value = fj.run(chain, engine="plain")
        assert isinstance(value, int)
        return value

    depths = (0, 500, 800)
    assert [below(levels) for levels in depths] == [140] * len(depths)


def test_run_compiles_runs_and_closes() -> None:
    stdout = io.StringIO()
    config = {"store.path": store_folder(), "jit.mode": "off"}
    assert fj.run("println(1) 2", config=config, stdout=stdout, engine="plain") == 2
    assert stdout.getvalue() == "1\n"


def test_everything_public_is_there() -> None:
    assert {name for name in fj.__all__ if not hasattr(fj, name)} == set()
    assert set(fj.__all__) <= set(dir(fj))
    with pytest.raises(AttributeError, match="no attribute 'Vm'"):
        _ = fj.Vm


# ---- several VMs ----------------------------------------------------------------
@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_two_vms_of_one_program_share_nothing(engine: str) -> None:
    program = program_of(TEXT)
    with make_vm(program, engine) as one, make_vm(program, engine) as two:
        one.run()
        two.run()
        assert [one.call("count") for _round in range(4)] == [1, 2, 3, 4]
        assert two.call("count") == 1
        stats = [vm.get_all_usage_stats() for vm in (one, two)]
        counts = [
            row.execution_count
            for rows in stats
            if rows is not None
            for node, row in rows.items()
            if node == program.image.chunks[7].node_id
        ]
    assert counts == [4, 1]


def test_vms_run_in_threads_of_their_own() -> None:
    program = program_of(
        "private function sum(n) { let s = 0 for i in 0..n { s += i } s }"
    )
    found: dict[int, object] = {}

    def work(number: int) -> None:
        with make_vm(program, QUICK_ENGINES[number % 3]) as vm:
            for _round in range(5):
                found[number] = vm.call("sum", 200 + number)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: sum(range(200 + n)) for n in range(6)}


class Stream(io.StringIO):
    """A stream that calls back when something is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.actions: list[object] = []
        self.results: list[object] = []

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        while self.actions:
            action = self.actions.pop()
            assert callable(action)
            try:
                self.results.append(action())
            except fj.FluentError as error:
                self.results.append(f"{error.kind}: {error.message}")
        return super().write(text)


@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_a_vm_is_called_from_its_own_output(engine: str) -> None:
    stream = Stream()
    with make_vm(program_of(TEXT), engine, {}, stream) as vm:
        stream.actions.append(lambda: vm.call("shout", "inner"))
        stream.actions.append(lambda: vm.call("pair", 5, 2))
        stream.actions.append(lambda: vm.call("halve", 0))
        assert vm.call("shout", "outer") == "outer"
        assert vm.call("pair", 1, 2) == -1
    assert stream.results == ["DivisionByZero: division by zero in 10 / 0", 3, "inner"]
    assert sorted(stream.getvalue().split()) == ["inner", "outer"]


def test_a_second_thread_gets_a_clear_error() -> None:
    stream = Stream()
    results: list[str] = []
    with make_vm(program_of(TEXT), "plain", {}, stream) as vm:

        def elsewhere() -> None:
            thread = threading.Thread(
                target=lambda: results.append(error_of(vm.call, "none").message)
            )
            thread.start()
            thread.join()

        stream.actions.append(elsewhere)
        assert vm.call("shout", 1) == 1
        # The VM is free again, for any thread.
        thread = threading.Thread(target=lambda: results.append(str(vm.call("none"))))
        thread.start()
        thread.join()
    assert results == ["this VM is running in another thread", "7"]


# ---- the end --------------------------------------------------------------------
def test_closing_twice_is_closing() -> None:
    machine = Machine(TEXT)
    machine.vm.call("shout", 1)
    machine.vm.close()
    machine.vm.close()
    assert machine.output == "1\n"


def test_a_closed_vm_says_so(machine: Machine) -> None:
    machine.vm.close()
    for action in (machine.vm.run, lambda: machine.vm.call("none")):
        error = error_of(action)
        assert (error.kind, error.message) == ("HostError", "this VM is closed")


def test_a_running_vm_is_not_closed() -> None:
    stream = Stream()
    with make_vm(program_of(TEXT), "plain", {}, stream) as vm:
        stream.actions.append(vm.close)
        assert vm.call("shout", 1) == 1
        assert vm.call("none") == 7
    assert stream.results == ["HostError: this VM is running and cannot be closed"]


@pytest.mark.parametrize("status", [0, 1, 255])
def test_exit_is_an_exception_with_the_status(machine: Machine, status: int) -> None:
    with Machine(f"print(1) exit({status}) print(2)", machine.vm.engine.value) as other:
        with pytest.raises(fj.Exit) as caught:
            other.vm.run()
        assert caught.value.status == status
        assert other.output == "1"
        with pytest.raises(fj.Exit):
            other.vm.run()
    machine.vm.close()


@pytest.mark.parametrize("value", ["256", "-1", '"a"', "1.0", "nil"])
def test_exit_takes_a_status(value: str) -> None:
    with Machine(f"exit({value})") as machine:
        error = error_of(machine.vm.run)
    assert error.kind == "TypeError"
    assert error.message == "exit takes an int from 0 to 255"
    assert error.span is not None
