"""Operands keep the values they had when they were evaluated.

Variables are operands without a copy, so each of these once needs one.
"""

import pytest

from tests.bytecode.listings import mnemonics, run


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("let x = 1; println(x + (x = 5)); println(x)", "6 5"),
        ("let x = 1; println(x + { x += 1; x } + x)", "5"),
        ("let x = 1; println((x = 2) + (x = 3) * x)", "11"),
        ("let x = 9; println(x < (x = 3))", "false"),
        ("let x = 9; if x > (x = 3) { println(x) }", "3"),
        ("let x = 1; x += (x = 10); println(x)", "11"),
        ("let x = 1; x = x + (x = 10) + x; println(x)", "21"),
        ("let x = 1; println(x - if x == 1 { x = 7; 1 } else { 2 })", "0"),
        ("let x = 1; let y = { let z = x; x = 4; z + x }; println(y)", "5"),
        ("let x = 2; let f = (a, b, c) => a * b - c; println(f(x, x = 5, x))", "5"),
        ("let x = 2; println(x.min(x = 1)); println(x)", "1 1"),
        ("let x = 1; x = if x == 1 { x + 1 } else { x }; println(x)", "2"),
        ("let x = 5; x = { let x = 1; x + x } + x; println(x)", "7"),
        ("let xs = args(); println(length(xs) + { xs = 3; xs })", "3"),
    ],
)
def test_assignments_inside_expressions(body: str, printed: str) -> None:
    assert run(f"function f() {{ {body} }}\nf()") == printed
    assert run(body) == printed


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("let b = false; b = 2 > 1 && b; println(b)", "false"),
        ("let b = true; b = b && !b; println(b)", "false"),
        ("let b = false; b = b || !b; println(b)", "true"),
        ("let b = true; let c = (b = false) || b; println(c)", "false"),
        ("let n = 0; let b = n == 0 && { n = 5; n } ; println(b)", "5"),
    ],
)
def test_logical_operators_write_their_target_last(body: str, printed: str) -> None:
    assert run(f"function f() {{ {body} }}\nf()") == printed


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        # arms after a guard see the subject as it was
        (
            "let n = 5; match n { m when (n = 9) < m => println(1), 5 => println(n) }",
            "9",
        ),
        ("let n = 5; match n { m => { n = 9; println(m) } }", "5"),
        ("let n = 5; match n { m => { m = 9; println(n); println(m) } }", "5 9"),
        (
            "let n = 5; match n + 1 { m as k => { m += k; println(m); println(k) } }",
            "12 6",
        ),
        ("let n = 5; n = match n { 5 => n + n, _ => n }; println(n)", "10"),
        ("let n = match 3 { 1 | 2 => 0, 3 as a | 4 as a => a * 2 }; println(n)", "6"),
        ("println(match 2.5 { 1..2 => 1, 2..=2.5 => 2, _ => 3 })", "2"),
        ('println(match "b" { 1..3 => 1, "a" | "b" => 2 })', "2"),
        ("println(match 1.0 { 1 => true, _ => false })", "true"),
        (
            "println(match true { 1 => 1, true => 2 }); println(match 7 { 1 => 1 })",
            "2 nil",
        ),
        ("println(match -4 { -5..-3 => 1, _ => 2 })", "1"),
    ],
)
def test_match_tests_the_value_it_was_given(body: str, printed: str) -> None:
    assert run(f"function f() {{ {body} }}\nf()") == printed


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        (
            "let s = 0; for i in 0..4 { if i == 2 { continue }; s += i }; println(s)",
            "4",
        ),
        ("let s = 0; for i in 0..=3 { i = i * 10; s += i }; println(s)", "60"),
        ("for i in 3..3 { println(i) }; for i in 3..=3 { println(i) }", "3"),
        ("let n = 3; for i in 0..n { n = 1; println(i) }", "0 1 2"),
        (
            "for i in 0..3 { for j in 0..3 { if j == i { break }; println(j) } }",
            "0 0 1",
        ),
        ("let n = 0; while true { n += 1; if n > 4 { break } }; println(n)", "5"),
        (
            "let n = 0; while n < 3 { n += 1; if n == 2 { continue }; println(n) }",
            "1 3",
        ),
        ("let x = 1 + { let t = 2; while t < 9 { t *= t }; t }; println(x)", "17"),
        (
            "let f = n => { for i in 0..n { if i > 5 { return i } } }\nprintln(f(9))",
            "6",
        ),
        ("let x = for i in 0..2 { i }; println(x)", "nil"),
        (
            "for i in 9223372036854775806..=9223372036854775807 { println(i) }",
            "9223372036854775806 9223372036854775807",
        ),
        (
            "for i in 0..1.5 { i }",
            "TypeError: a range needs two ints, got int 0 and float 1.5",
        ),
    ],
)
def test_loops(body: str, printed: str) -> None:
    assert run(f"function f() {{ {body} }}\nf()") == printed
    assert run(body) == printed


def test_an_operand_is_copied_only_where_something_assigns_it() -> None:
    text = "function f(x, y) { x = 1; x + (y + 2) + x * (y = x) }"
    assert mnemonics(text, "f").count("MOVE") == 2  # y := x, and its value
    assert "MOVE" in mnemonics("function f(x) { x + (x = 2) }", "f")


def test_tail_calls_take_no_stack() -> None:
    text = """
        function even(n) { n == 0 || odd(n - 1) }
        function odd(n) { n != 0 && even(n - 1) }
        function count(n, sum) {
          match n { 0 => sum, _ => { let next = n - 1; next |> count(sum + n) } }
        }
        println(even(50001)); println(count(50000, 0))"""
    assert run(text) == "false 1250025000"
