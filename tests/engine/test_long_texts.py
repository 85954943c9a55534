"""Messages quote a long text in part."""

from __future__ import annotations

import pytest

from tests.engine.machines import Machine, error_of

TEXT = (
    "private function int(x) { to_int(x) }\nprivate function float(x) { to_float(x) }"
)


@pytest.mark.parametrize(
    ("name", "text", "kind", "message"),
    [
        ("int", "x" * 60, "ArithmeticError", f'"{"x" * 60}" is not the text of an int'),
        ("int", "x" * 61, "ArithmeticError", f'"{"x" * 57}..." is not the text of an '),
        ("int", "x" * 10**6, "ArithmeticError", f'"{"x" * 57}..." is not the text of '),
        (
            "int",
            "7" * 5000,
            "IntegerOverflow",
            f"{'7' * 57}... does not fit in 64 bits",
        ),
        ("int", "-9223372036854775809", "IntegerOverflow", "-9223372036854775809 does"),
        ("float", "x" * 10**6, "ArithmeticError", f'"{"x" * 57}..." is not the text '),
    ],
)
def test_what_is_no_number(name: str, text: str, kind: str, message: str) -> None:
    with Machine(TEXT) as machine:
        error = error_of(machine.vm.call, name, text)
    assert error.kind == kind
    assert error.message.startswith(message)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-9223372036854775808", -(2**63)),
        ("+9223372036854775807", 2**63 - 1),
        (" 0042\n", 42),
        ("-0", 0),
        ("0" * 5000 + "1", 1),
    ],
)
def test_what_is_a_number(text: str, number: int) -> None:
    with Machine(TEXT) as machine:
        assert machine.vm.call("int", text) == number


@pytest.mark.parametrize("text", ["", "-", "+ 1", "--1", "1_0", "\uff15", "1.0", "0x1"])
def test_other_spellings_are_none(text: str) -> None:
    with Machine(TEXT) as machine:
        assert error_of(machine.vm.call, "int", text).kind == "ArithmeticError"


def test_a_name_of_a_function() -> None:
    with Machine(TEXT) as machine:
        error = error_of(machine.vm.call, "f" * 10**6)
    assert error.message == f"the program has no function '{'f' * 56}..."
