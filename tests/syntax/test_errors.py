"""Syntax errors: all of a source, each once, at its place, with a hint."""

from __future__ import annotations

import pytest

from fluentai_jit.errors import FluentError, Source
from fluentai_jit.graph.nodes import walk
from fluentai_jit.graph.printer import dump, outline
from fluentai_jit.syntax.cursor import MAX_DEPTH
from fluentai_jit.syntax.lexer import MAX_ERRORS
from fluentai_jit.syntax.parser import parse
from tests.syntax.parsing import error_of, errors_of, graph_of, shape


def test_every_broken_item_is_reported_once() -> None:
    text = """
    let a = = 1
    private function f(x) {
      let y = %x
      let z = 1 +* 2
      print(z)
    }
    let b = 2
    if x = 3 { }
    """
    assert errors_of(text) == [
        "2:13 expected an expression, found `=`",
        "4:15 expected an expression, found `%`",
        "5:18 expected an expression, found `*`",
        "9:8 an assignment as the condition of `if`",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "let x = [1, 2\n  3 + ]\n  .map(f)\n  |> g\nlet y = 1",
        "function f( {\n} )\nx",
        "let = if a {\n 1\n} else {\n 2\n}\nx",
        "struct P {\n x: int,\n x: int,\n}\nx",
        "match x {\n 1 = 2,\n 3 => 4,\n}\nx",
        "let f = x => {\n let y = \n}\nx",
        "f(x => {\n let = 1\n print(x)\n}, 2)",
        "else {\n 1\n}\nx",
        "use a::b::{x, y as z}\nx",
        "x \u00e9 y\nz",
        'let s = "\\q" + 1',
    ],
)
def test_one_mistake_is_one_error(text: str) -> None:
    assert len(errors_of(text)) == 1


def test_after_an_error_the_next_line_is_parsed_again() -> None:
    assert errors_of("x = 1 +\nlet = 2\n} y") == ["3:1 `}` closes nothing"]
    assert errors_of("let = 1; let = 2\nlet = 3") == [
        "1:5 expected a pattern, found `=`",
        "1:14 expected a pattern, found `=`",
        "2:5 expected a pattern, found `=`",
    ]


def test_at_most_so_many_errors_are_reported() -> None:
    assert len(errors_of("let = 1\n" * 100)) == MAX_ERRORS
    assert len(errors_of("(" * 100)) == MAX_ERRORS
    assert len(errors_of(")" * 100)) == MAX_ERRORS
    assert len(errors_of("?\nlet = 1\n" * 15)) == MAX_ERRORS


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("f(1, [2, 3)", "1:6 `[` is not closed by `]`"),
        ("f(", "1:2 `(` is not closed by `)`"),
        ("#{1, 2", "1:1 `#{` is not closed by `}`"),
        ("if a { b } }", "1:12 `}` closes nothing"),
        ('f"a{(b}"', "1:5 `(` is not closed by `)`"),
    ],
)
def test_brackets_that_do_not_match(text: str, error: str) -> None:
    assert errors_of(text) == [error]


def test_without_matching_brackets_nothing_else_is_guessed() -> None:
    assert errors_of("let = 1\n(}\nlet = 2") == [
        "2:1 `(` is not closed by `)`",
        "2:2 `}` closes nothing",
    ]


def test_a_missing_brace_is_suspected_where_indentation_disagrees() -> None:
    text = "function f() {\n  if a {\n    b\n}\nfunction g() {\n}\n"
    error = error_of(text)
    assert errors_of(text) == ["1:14 `{` is not closed by `}`"]
    assert error.hint is not None
    assert "the `}` at 4:1 is not aligned with its `{` at 2:8" in error.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x === 1", "equality is written `==`"),
        ("if x = 1 { }", "equality is written `==`"),
        ("x++", "`x += 1`"),
        ("a & b", "`&&`"),
        ("a | b", "`||`"),
        ("'a'", "double quotes"),
        ('"\\q"', "the escapes are"),
        ("9223372036854775808", "an int is from -9223372036854775808"),
        ("-9223372036854775808.abs()", "parentheses"),
        ("let if = 1", "choose another name"),
        ("else { }", "after the block of an `if`"),
        ("if a { }\n.b()", "on the same line"),
        ("match x { case 1 => 2 }", "no `case`"),
        ("for (let i = 0; i < 9; i += 1) { }", "`for i in 0..n { }`"),
        ("(1, 2)", "a list is `[a, b]`"),
        ("let {x} = m; {x, y}", "a map is written `{x: x, y: y}`"),
        ("if p == P { x: 1 } { }", "needs parentheses"),
        ("f() = 1", "a place is a variable"),
        ("@requre(x) function f() { }", "did you mean `@requires`?"),
        ("let x", "`let x = nil`"),
        ("x.?y", "`x.?y()`"),
        ("function (x) { x }", "`(x) => e`"),
        ("function f(x) => x", "`let f = (...) => e`"),
        ("let f = function(x) { x }", "`x => e`"),
        ("$(x)", "`$(x).print()`"),
        ("try { }", "catch (e)"),
        ("match x { [a, a] => 1 }", "`when a == ...`"),
        ('f"a}"', "`}}`"),
        ('f"a{b', "`{{`"),
        ("1__0", "between two digits"),
    ],
)
def test_hints(text: str, hint: str) -> None:
    error = error_of(text)
    assert error.hint is not None
    assert hint in error.hint


@pytest.mark.parametrize(
    "text",
    [
        "async { 1 }",
        "let x = await p",
        "spawn f()",
        "promise { 1 }",
        "select { ch.receive() as x => x }",
        "actor A { x: int }",
        "private actor A { }",
        "receive { 1 => 2 }",
        "become 1",
        "use a::b",
        "mod a;",
        "export { a }",
        "perform IO.print(1)",
        "handle { 1 } with { IO.print(x) => 1 }",
        "effect E { }",
        "macro m() { }",
        "surface S { }",
        "space x",
        "element E",
        "disturb x",
        "state_field x: int",
        'extern "C" { }',
    ],
)
def test_what_is_not_supported_says_so_at_its_word(text: str) -> None:
    error = error_of(text)
    assert error.kind == "NotSupported"
    assert error.related == ()
    assert error.span is not None
    assert error.message == f"`{error.span.text}` is not supported yet"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("space = 1", "(Assign space 1)"),
        ("extern + element", "(Binary + extern element)"),
        ("select(a)", "(Call select [a])"),
        ("if select { 1 }", "(If select (Block [1]))"),
        ("x.await().spawn.use", "(Member (Member (MethodCall x await []) spawn) use)"),
    ],
)
def test_the_same_words_as_names_are_supported(text: str, expected: str) -> None:
    assert shape(text) == expected


def test_syntax_errors_come_before_what_is_not_supported() -> None:
    error = error_of("async { 1 }\nlet = 2\nspawn x")
    assert error.kind == "SyntaxError"
    assert [each.kind for each in error.related] == ["NotSupported", "NotSupported"]


DEEP = 3_000
NESTED = {
    "parentheses": ("(", "1", ")"),
    "lists": ("[", "", "]"),
    "blocks": ("{", "1", "}"),
    "ifs": ("if a {", "", "}"),
    "calls": ("f(", "", ")"),
    "methods": ("a.f(", "", ")"),
    "lambdas": ("x => ", "x", ""),
    "prefixes": ("-", "x", ""),
    "powers": ("2 ** ", "x", ""),
    "assignments": ("x = ", "x", ""),
    "lets": ("(let x = 1; ", "x", ")"),
    "functions": ("function f() {", "", "}"),
    "matches": ("match x { 1 => ", "2", "}"),
    "f-strings": ('f"{', "1", '}"'),
}


@pytest.mark.parametrize("form", NESTED)
def test_deep_nesting_is_a_clear_error(form: str) -> None:
    opening, inner, closing = NESTED[form]
    error = error_of(opening * DEEP + inner + closing * DEEP)
    assert error.message == "this is nested too deeply"
    assert error.related == ()


def test_deep_patterns_and_types_are_clear_errors() -> None:
    pattern = "match x { " + "[" * DEEP + "]" * DEEP + " => 1 }"
    assert error_of(pattern).message == "this is nested too deeply"
    annotation = "let x: " + "List<" * DEEP + "int" + ">" * DEEP + " = 1"
    assert error_of(annotation).message == "this is nested too deeply"


def test_nesting_up_to_the_limit_is_parsed() -> None:
    levels = MAX_DEPTH - 1
    assert shape("(" * levels + "x" + ")" * levels) == "x"
    assert error_of("(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH).kind == "SyntaxError"


def test_little_room_on_the_stack_is_a_syntax_error_too() -> None:
    def descend(levels: int) -> FluentError:
        if levels:
            return descend(levels - 1)
        return error_of("(" * 190 + "x" + ")" * 190)

    assert descend(700).message == "this is nested too deeply"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1" + " + a" * 10_000, 20_002),
        ("x" + " |> f" * 5_000, 10_002),
        ("x" + ".f()" * 5_000, 5_002),
        ("x" + "[1](2)" * 2_000, 8_002),
        ("a" + " && a" * 5_000, 10_002),
        ("if a { }" + " else if a { }" * 2_000, 6_004),
        ("x = 1;" * 5_000, 15_001),
    ],
)
def test_long_chains_are_parsed_walked_and_printed(text: str, count: int) -> None:
    root = graph_of(text).root
    assert sum(1 for _ in walk(root)) == count
    assert dump(root).count("(") == dump(root).count(")")
    assert outline(root).count("\n") == count - 1


def test_the_source_is_named_in_the_error() -> None:
    with pytest.raises(FluentError, match=r"SyntaxError: .* \(a/b\.flc:1:8\)"):
        parse(Source("a/b.flc", "let x = "))
