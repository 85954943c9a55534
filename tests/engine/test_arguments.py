"""Arguments of the Python API: wrong ones by name, and scalars of NumPy as numbers."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

import fluentai_jit as fj
from tests.engine.machines import Machine, error_of
from tests.engines import make_vm, program_of

PROGRAM = program_of("private function same(x) { x }\nprintln(args())")
RUN: Any = fj.run


def new(**arguments: Any) -> fj.VM:
    """A VM that would be of tier 0 alone."""
    return fj.VM(**{"program": PROGRAM, "config": fj.Config(), **arguments})


@pytest.fixture
def vm() -> Iterator[fj.VM]:
    with make_vm(PROGRAM, "plain") as made:
        yield made


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"program": "text"}, "program must be a Program, as fluentai_jit.compile "),
        ({"config": 3}, "config must be a Config or a mapping of settings, not int"),
        ({"config": "x.toml"}, "config must be a Config or a mapping of settings, "),
        ({"stdout": 3}, "stdout must be a text stream, not int"),
        ({"stdout": Path("x")}, "stdout must be a text stream, not PosixPath"),
        ({"stdout": io.BytesIO()}, "stdout must be a text stream, not BytesIO"),
        ({"args": "ab"}, "args must be a sequence of str, not a single str"),
        ({"args": ["a", 2]}, "args[1] must be a str, not int"),
        ({"args": b"ab"}, "args[0] must be a str, not int"),
        ({"args": {"a": "b"}}, "args must be a sequence of str, not dict"),
        ({"args": None}, "args must be a sequence of str, not NoneType"),
        ({"engine": None}, "engine must be a str, not NoneType"),
        ({"engine": []}, "engine must be a str, not list"),
        ({"events": 3}, "events must be a str or a pathlib.Path, not int"),
    ],
)
def test_a_vm_names_an_argument_of_a_wrong_type(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        new(**arguments)
    assert str(caught.value).startswith(message)


def test_a_binary_file_is_no_stdout() -> None:
    with tempfile.NamedTemporaryFile() as file, pytest.raises(TypeError, match="text"):
        new(stdout=file)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda vm: vm.call(3), "name must be a str, not int"),
        (lambda vm: vm.call([]), "name must be a str, not list"),
        (lambda vm: vm.call_value(3, 3), "function must be a FunctionValue, as "),
        (lambda vm: vm.get_usage_stats("fib"), "node_id must be an int, not str"),
        (lambda vm: vm.register_chunk_mapping("a", 1), "chunk_id must be an int, "),
        (lambda vm: vm.register_chunk_mapping(1.0, 1), "chunk_id must be an int, "),
        (lambda vm: vm.register_chunk_mapping(1, "a"), "node_id must be an int, "),
        (lambda vm: vm.write(3), "text must be a str, not int"),
        (lambda vm: vm.program.function(3), "name must be a str, not int"),
        (lambda vm: RUN(3), "source must be a str or a pathlib.Path, not int"),
        (lambda vm: RUN(b"1"), "source must be a str or a pathlib.Path, not bytes"),
    ],
)
def test_a_method_names_an_argument_of_a_wrong_type(
    vm: fj.VM, action: Callable[[Any], object], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        action(vm)
    assert str(caught.value).startswith(message)
    assert vm.call("same", 1) == 1


def test_an_unknown_engine_is_told_which_there_are() -> None:
    error = error_of(lambda: new(engine="foo"))
    assert error.kind == "ConfigError"
    assert error.message == (
        "engine must be auto, plain, compiled, emitted, native or churn, not 'foo'"
    )


@pytest.mark.parametrize("chunk", ["a", 1.0, None])
def test_a_function_value_without_a_chunk_is_refused(vm: fj.VM, chunk: Any) -> None:
    function = fj.FunctionValue("same", chunk)
    assert error_of(vm.call_value, function, 1).kind == "HostError"


# ---- files ----------------------------------------------------------------------
def test_events_go_to_a_path_or_its_text(tmp_path: Path) -> None:
    for events in (tmp_path / "a", str(tmp_path / "b")):
        config = {"jit.mode": "off", "store.enabled": False, "compile.mode": "none"}
        fj.VM(PROGRAM, config, engine="plain", events=events).close()
        assert Path(events).read_text() == ""


@pytest.mark.parametrize("name", ["missing/events", "a\0b"])
def test_events_that_cannot_be_written_are_named(tmp_path: Path, name: str) -> None:
    path = f"{tmp_path}/{name}"
    error = error_of(lambda: new(engine="plain", events=path))
    assert error.kind == "FileError"
    assert error.message.startswith(f"cannot write the events to {path}: ")


def test_a_name_that_no_file_can_have_is_an_error_of_the_file() -> None:
    error = error_of(fj.compile, Path("a\0b"))
    assert error.kind == "FileError"
    assert error.message.startswith("cannot read a\0b: ")


# ---- characters -----------------------------------------------------------------
def test_half_a_surrogate_pair_is_no_program() -> None:
    error = error_of(fj.compile, '1\nprintln("\ud800")')
    assert error.kind == "SyntaxError"
    assert error.message == "U+D800 is not a Unicode character"
    assert error.span is not None
    assert (error.span.line, error.span.column) == (2, 10)


def test_a_stream_that_cannot_encode_is_an_error_of_the_host() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "ascii")
    program = program_of('print("a") print("é")')
    with fj.VM(program, fj.Config(), stdout=stream, engine="plain") as vm:
        error = error_of(vm.run)
    assert error.kind == "HostError"
    assert error.message == "stdout cannot encode U+00E9 in ascii"


# ---- numbers --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (numpy.int64(-3), -3),
        (numpy.uint8(200), 200),
        (numpy.float64(1.5), 1.5),
        (numpy.float32(0.5), 0.5),
        (numpy.bool_(True), True),
        (numpy.bool_(False), False),
    ],
    ids=lambda value: f"{type(value).__name__} {value}",
)
def test_scalars_of_numpy_are_numbers(
    vm: fj.VM, given: object, expected: object
) -> None:
    found = vm.call("same", given)
    assert (type(found), found) == (type(expected), expected)


def test_a_scalar_beyond_64_bits_is_refused(vm: fj.VM) -> None:
    error = error_of(vm.call, "same", numpy.uint64(2**64 - 1))
    assert error.message == f"int {2**64 - 1} does not fit in 64 bits"


@pytest.mark.parametrize("value", [numpy.complex128(1), numpy.timedelta64(3, "ns")])
def test_what_of_numpy_is_no_number_is_refused(vm: fj.VM, value: object) -> None:
    error = error_of(vm.call, "same", value)
    name = type(value).__name__
    assert error.message == f"a Python {name} has no FLC counterpart yet"


def test_numbers_do_not_import_numpy() -> None:
    code = """
import sys, fluentai_jit as fj
class Three:
    def __index__(self): return 3
config = {"jit.mode": "off", "store.enabled": False}
vm = fj.VM(fj.compile("private function f(x) { x }"), config, engine="plain")
assert vm.call("f", Three()) == 3
try: vm.call("f", 1j)
except fj.FluentError: pass
assert "numpy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_closed_vm_says_so_to_everyone() -> None:
    vm = fj.VM(fj.compile("1"), {"jit.mode": "off"})
    vm.close()
    for action in (
        vm.run,
        vm.__enter__,
        vm.enable_usage_tracking,
        lambda: vm.write("lost"),
        lambda: vm.register_chunk_mapping(0, 1),
    ):
        error = error_of(action)
        assert (error.kind, error.message) == ("HostError", "this VM is closed")


def test_half_of_a_surrogate_pair_is_refused_where_it_comes_in() -> None:
    text = "private function same(x) { x }"
    with Machine(text) as machine:
        for action in (machine.vm.write, lambda x: machine.vm.call("same", x)):
            error = error_of(action, "a\ud800")
            assert error.message == "U+D800 is not a Unicode character"


def test_a_node_that_cannot_be_is_refused() -> None:
    with Machine("1") as machine:
        error = error_of(machine.vm.register_chunk_mapping, 0, -1)
        assert (error.kind, error.message) == ("HostError", "there is no node -1")


def test_a_limit_before_the_first_instruction_has_its_place() -> None:
    with Machine("\nlet a = 1", config={"limits.instructions": 1}) as machine:
        error = error_of(machine.vm.run)
        assert error.span is not None
        assert error.span.line == 2
