"""Programs of unusual size and shape."""

import time

import pytest

from fluentai_jit.bytecode.compiler import compile_graph
from fluentai_jit.bytecode.verifier import verify
from fluentai_jit.errors import FluentError, Source
from fluentai_jit.syntax.parser import parse
from tests.bytecode.listings import errors_of, image_of, run


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("let a = 1\nprintln(a" + " + a" * 5000 + ")", "5001"),
        ("println(1" + " + 1" * 5000 + ")", "5001"),
        ("let a = true\nprintln(a" + " && a" * 5000 + ")", "true"),
        ("let a = false\nif a" + " || a && a" * 5000 + " { } else { println(1) }", "1"),
        ("let a = 1\n" + "a = a + 1\n" * 10_000 + "println(a)", "10001"),
        ("let a = 1\n" + "let a = a + 1\n" * 10_000 + "println(a)", "10001"),
        (
            "let a = 7\nprintln(if a == 0 { 1 }"
            + " else if a == 1 { 2 }" * 5000
            + " else { 3 })",
            "3",
        ),
        ("let x = 0\nprintln(x + { x = 1; x" + " + x" * 3000 + " })", "3001"),
    ],
    ids=["sum", "folded sum", "and", "or", "block", "lets", "else if", "assigning sum"],
)
def test_long_chains_do_not_exhaust_the_stack(text: str, printed: str) -> None:
    assert run(text) == printed


@pytest.mark.parametrize(
    ("before", "innermost", "after"),
    [
        ("f(", "a", ")"),
        ("if a { ", "1", " }"),
        ("{ ", "1", " }"),
        ("match a { _ => ", "1", " }"),
        ("!", "a", ""),
        ("x => ", "x", ""),
        ("a = ", "1", ""),
        ("2 ** ", "a", ""),
    ],
)
def test_deep_nesting_compiles(before: str, innermost: str, after: str) -> None:
    nested = before * 150 + innermost + after * 150
    image = image_of(f"let a = 1\nfunction f(x) {{ x }}\n{nested}")
    assert image.chunks


def test_a_longer_pipeline_than_python_can_follow_is_an_error() -> None:
    text = "let a = 1\nfunction f(x) { x }\na" + " |> f" * 3000
    assert errors_of(text) == ["6 SyntaxError: this is nested too deeply"]
    with pytest.raises(FluentError) as caught:
        compile_graph(parse(Source("<test>", text)))
    error = caught.value
    assert error.span is not None
    assert (error.span.text, error.hint) == ("f", "give parts of it a name")


def test_a_function_with_too_many_variables_is_too_large() -> None:
    lets = "\n".join(f"let v{i} = {i}" for i in range(251))
    assert errors_of(f"function f() {{ {lets}\nv0 }}") == [
        "1 NotSupported: function too large: f needs more than 250 registers"
    ]
    fewer = lets.replace("let v250 = 250", "")
    assert not errors_of(f"function f() {{ {fewer}\nv0 }}")


def test_a_call_with_too_many_arguments_is_too_large() -> None:
    args = ", ".join(["1"] * 300)
    [error] = errors_of(f"let f = 1\nf({args})")
    assert "<main> needs more than 250 registers" in error


FUNCTION = """
function fib{0}(n) {{
  if (n < 2) {{ n }} else {{ fib{0}(n - 1) + fib{0}(n - 2) }}
}}
function collatz{0}(limit) {{
  let best = 0
  let steps = 0
  for i in 1..limit {{
    let n = i
    let count = 0
    while n != 1 {{
      if n % 2 == 0 {{ n = n / 2 }} else {{ n = 3 * n + 1 }}
      count += 1
    }}
    if count > steps {{
      steps = count
      best = i
    }}
  }}
  match best {{ 0 => nil, n when n > 9 && n < 99 => n * 2, _ => best }}
}}
let x{0} = fib{0}(10) + collatz{0}(20) * 3 - 4
"""


@pytest.mark.timing
def test_a_hundred_lines_take_less_than_ten_milliseconds() -> None:
    graph = parse(Source("test.flc", "".join(FUNCTION.format(i) for i in range(5))))
    assert graph.source.text.count("\n") >= 100
    best = 1.0
    for _ in range(5):
        start = time.process_time()
        verify(compile_graph(graph))
        best = min(best, time.process_time() - start)
    assert best < 0.010


@pytest.mark.timing
def test_verification_takes_time_in_proportion_to_the_code() -> None:
    image = image_of("".join(FUNCTION.format(i) for i in range(400)))
    start = time.process_time()
    verify(image)
    # Ten microseconds an instruction; measured 7.
    assert time.process_time() - start < len(image.code) * 20e-6
