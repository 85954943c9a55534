"""Which variable a name means, and when using it is an error."""

import pytest

from tests.bytecode.listings import errors_of, listing, mnemonics, run


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        # sequential scopes
        ("let x = 1; { let x = x + 1; println(x) }; println(x)", "2 1"),
        ("let x = 1; let x = x + 1; println(x)", "2"),
        ("function f(x) { let x = x * 2; let x = x + 1; x }\nprintln(f(3))", "7"),
        # a function sees the last declaration before it, else the first after it
        ("let x = 1\nlet f = () => x\nlet x = 2\nprintln(f())", "1"),
        ("function f() { x }\nlet x = 1\nlet x = 2\nprintln(f())", "1"),
        # functions see each other whatever their order
        ("println(f(4))\nfunction f(n) { g(n) }\nfunction g(n) { n + 1 }", "5"),
        (
            "function f() { function a() { b() } function b() { 7 } a() }\n"
            "println(f())",
            "7",
        ),
        # a lambda after `=` sees itself
        ("let f = n => if n == 0 { 0 } else { n + f(n - 1) }\nprintln(f(4))", "10"),
        (
            "function h() { let rec f = n => if n == 0 { 7 } else { g(n - 1) }\n"
            "let rec g = n => f(n); f(5) }\nprintln(h())",
            "7",
        ),
        # the user's binding wins over the library's, from its let on
        ('let length = length("abc"); println(length)', "3"),
        ("println(e); let e = 5; println(e)", "2.718281828459045 5"),
        ("let min = (a, b) => a * b; println(min(3, 4)); println(3.min(4))", "12 12"),
        # methods are functions of their receiver
        ("function twice(x) { x * 2 }\nprintln(4.twice())", "8"),
        ("println(16.sqrt()); println(7 |> min(5))", "4.0 5"),
        ("function f(g) { 3.g() }\nprintln(f(x => x + 1))", "4"),
        # library functions are values
        ("let f = sqrt; println(f(16)); println(f)", "4.0 <function sqrt>"),
        # definitions by `:=`
        ("x := 3; x := x + 1; println(x)", "4"),
        (
            "let x = 1; function f() { x := 5; y := 6; y }\nprintln(f()); println(x)",
            "6 5",
        ),
        ("function f() { let a = 1; { a := 2; b := 3 }; a }\nprintln(f())", "2"),
    ],
)
def test_a_name_means(text: str, printed: str) -> None:
    assert run(text) == printed


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (
            "println(1)\nx + 1\nlet x = 3",
            "1 UnknownIdentifier: x is used before its let",
        ),
        (
            "function f() { y }\nf()\nlet y = 3",
            "UnknownIdentifier: y is used before its let",
        ),
        (
            "function f() { y = 4 }\nf()\nlet y = 3",
            "UnknownIdentifier: y is used before its let",
        ),
        (
            "let f = () => g()\nf()\nlet g = () => 1",
            "UnknownIdentifier: g is used before its let",
        ),
        ("let x = x", "UnknownIdentifier: x is used before its let"),
        ("x = 3", "UnknownIdentifier: unknown name 'x'"),
        ("println(1)\nx = println(2)", "1 2 UnknownIdentifier: unknown name 'x'"),
        ("x += println(2)", "UnknownIdentifier: unknown name 'x'"),
        (
            "let flor = 1; floar(println(2))",
            "UnknownIdentifier: unknown name 'floar', did you mean 'flor'?",
        ),
        ("if true { y := 3 }; y", "UnknownIdentifier: unknown name 'y'"),
        (
            "3.sqrd(println(2))",
            "UnknownIdentifier: unknown name 'sqrd', did you mean 'sqrt'?",
        ),
        (
            "println(9).qqq()",
            "9 UnknownIdentifier: unknown name 'qqq'",
        ),
    ],
)
def test_an_unknown_name_fails_when_it_is_reached(text: str, outcome: str) -> None:
    assert run(text) == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (
            "function f(a) { a }\nf(println(1), println(2))",
            "1 2 ArityError: f expects 1 argument, got 2",
        ),
        (
            "function f(a, b) { a }\nlet g = f; g(1)",
            "ArityError: f expects 2 arguments, got 1",
        ),
        ("sqrt()", "ArityError: sqrt expects 1 argument, got 0"),
        ("3.println(4)", "ArityError: println expects 1 argument, got 2"),
        ("let x = 3; x(println(1))", "1 TypeError: cannot call int 3"),
        ("pi(1)", "TypeError: cannot call float 3.141592653589793"),
        ("3.pi()", "TypeError: cannot call float 3.141592653589793"),
    ],
)
def test_a_wrong_call_fails_after_its_arguments(text: str, outcome: str) -> None:
    assert run(text) == outcome


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("sqrt = 3", ["1 AssignmentError: cannot assign to the library name 'sqrt'"]),
        ("const N = 4; N += 5", ["14 AssignmentError: cannot assign to the const 'N'"]),
        (
            "function f() { 1 } f = 3",
            ["20 AssignmentError: cannot assign to the function 'f'"],
        ),
        (
            "function f() { 1 } function f() { 2 }",
            ["20 SyntaxError: there are two functions 'f' in this block"],
        ),
        (
            "let s = {x: 1}; 1..2; Some(1); json_parse(s)",
            [
                "32 NotSupported: the library function 'json_parse' is not"
                " supported yet",
            ],
        ),
        (
            "function f(x) { function g() { h() } function h() { x } g() }",
            [
                "32 NotSupported: using 'h', which captures variables, before it "
                "is not supported yet"
            ],
        ),
        (
            "@ensures(result > 0) function f() { 1 }",
            ["1 NotSupported: the contract @ensures is not supported yet"],
        ),
        (
            "println(y := 3)",
            [
                "9 NotSupported: a definition by `:=` inside an expression "
                "is not supported yet"
            ],
        ),
    ],
)
def test_compile_errors_are_reported_together(text: str, errors: list[str]) -> None:
    assert errors_of(text) == errors


def test_a_let_that_is_always_one_function_is_called_directly() -> None:
    text = "let f = x => x + 1\nlet g = x => f(x) * 2\nprintln(g(1))"
    assert "GET_GLOBAL" not in mnemonics(text) + mnemonics(text, "g")
    assert run(text) == "4"


def test_a_let_that_may_be_used_before_it_ran_is_looked_up() -> None:
    text = "function f() { g(1) }\nprintln(f())\nlet g = x => x"
    assert mnemonics(text, "f")[0] == "GET_GLOBAL"
    after = "function f() { g(1) }\nlet g = x => x\nprintln(f())"
    assert "GET_GLOBAL" not in mnemonics(after, "f")


def test_reaching_a_function_through_another_counts_as_use() -> None:
    text = "function f() { N }\nlet g = () => f\ng()\nlet N = 1"
    assert mnemonics(text, "f")[0] == "GET_GLOBAL"


def test_an_assigned_function_variable_is_called_by_its_value() -> None:
    text = "let f = x => x\nf = x => x + 1\nprintln(f(1))"
    assert run(text) == "2"
    assert "CALL" in mnemonics(text)


def test_a_captured_literal_needs_no_capture() -> None:
    assert (
        run("function f() { let k = 3; let g = x => x * k; g(5) }\nprintln(f())")
        == "15"
    )


def test_of_many_top_level_variables_the_ones_in_loops_keep_registers() -> None:
    lets = "\n".join(f"let v{i} = {i}" for i in range(300))
    text = f"{lets}\nfor i in 0..3 {{ v299 += i }}\nprintln(v299); println(v298)"
    assert run(text) == "302 298"
    assert "GET_GLOBAL R129 := v298\n" in listing(text)
    assert "v299" not in listing(text)
