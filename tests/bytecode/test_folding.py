"""What is computed while the program is compiled, and what is left to run time."""

import pytest

from tests.bytecode.listings import listing, mnemonics, run


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 + 3 * 4", "14"),
        ("-(7 / 2)", "-3"),
        ("-7 % 3", "-1"),
        ("2 ** 10 - 24", "1000"),
        ("2 ** -1", "0.5"),
        ("1 < 2 == true", "true"),
        ("1 == 1.0", "true"),
        ("!(1 > 2)", "true"),
        ("true && 5", "5"),
        ("false && 1 / 0 == 0", "false"),
        ("2 * pi", "6.283185307179586"),
        ("nil == false", "false"),
    ],
)
def test_constants_are_folded(expression: str, value: str) -> None:
    load, result = listing(f"function f() {{ {expression} }}", "f").splitlines()
    assert load.split(" := ")[1] == value
    assert result.endswith("RETURN return R0")


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("1 / 0", "DivisionByZero: division by zero in 1 / 0"),
        ("1.5 % 0.0", "DivisionByZero: division by zero in 1.5 % 0.0"),
        (
            "9223372036854775807 + 1",
            "IntegerOverflow: integer overflow in 9223372036854775807 + 1",
        ),
        ("1 + nil", "TypeError: cannot add int 1 and nil"),
        ("!0", "TypeError: '!' takes a bool, got int 0"),
        ("1 && true", "TypeError: '&&' takes bools, got int 1"),
    ],
)
def test_what_fails_is_left_to_run_time(expression: str, error: str) -> None:
    assert run(f"println(1)\n{expression}") == f"1 {error}"


def test_the_part_of_a_chain_that_is_constant_is_folded() -> None:
    text = listing("function f(x) { 1 + 2 + x + 3 + 4 }", "f")
    assert text.splitlines()[:4] == [
        "3 LOAD R1 := 3",
        "4 ADD R1 := R1 + R0",
        "5 ADD_INT R1 := R1 + 3",
        "6 ADD_INT R1 := R1 + 4",
    ]


def test_an_int_that_fits_goes_into_the_instruction() -> None:
    text = "function f(x) { let y = x - 8388607; y * -8388608; y + 8388608 }"
    assert mnemonics(text, "f") == ["SUB_INT", "MUL_INT", "LOAD_CONST", "ADD", "RETURN"]


def test_a_compared_int_that_fits_goes_into_the_jump() -> None:
    text = "function f(x) { if x < 32767 { 1 } else if x < 32768 { 2 } else { 3 } }"
    assert (
        listing(text, "f").splitlines()[0] == "3 UNLESS_LT_INT if not R0 < 32767 goto 6"
    )
    assert mnemonics(text, "f").count("UNLESS_LT") == 1


def test_a_constant_left_operand_stays_on_the_left() -> None:
    assert run("function f(x) { 5 - x }\nf(nil)") == (
        "TypeError: cannot subtract nil from int 5"
    )


def test_branches_on_literals_are_pruned() -> None:
    text = "function f() { if 1 < 2 { println(1) } else { println(2) } }"
    assert mnemonics(text, "f") == ["LOAD", "NATIVE_CALL", "RETURN"]
    assert mnemonics("function f() { while false { println(1) } }", "f") == [
        *("LOAD", "RETURN")
    ]


def test_a_constant_of_the_top_level_is_a_literal_in_functions() -> None:
    text = "const N = 2 * 50\nfunction f(x) { x * N }\nprintln(f(3))"
    assert listing(text, "f").splitlines()[0].endswith("MUL_INT R1 := R0 * 100")
    assert run(text) == "300"


def test_equal_constants_share_their_place() -> None:
    text = 'println("a"); println("a"); println(1.5); println(3.0 / 2.0)'
    assert run(text) == "a a 1.5 1.5"
    places = {
        line.split(" := ")[1] for line in listing(text).splitlines() if "LOAD" in line
    }
    assert places == {'"a"', "1.5", "nil"} - {"nil"}
