"""Where an item, an element or an arm ends and the next begins."""

from __future__ import annotations

import pytest

from tests.syntax.parsing import error_of, graph_of, shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("1 2", "1 ; 2"),
        ("a b", "a ; b"),
        ("a; b;; c;", "a ; b ; c"),
        ("let x = 1 let y = 2", "(Let x 1) ; (Let y 2)"),
        ("a\n+ b", "(Binary + a b)"),
        ("a\n|> f", "(Call f [a])"),
        ("a +\nb", "(Binary + a b)"),
        ("x\n= 1", "(Assign x 1)"),
        ("x =>\nx", "(Lambda [(Param x)] x)"),
    ],
)
def test_newlines_only_separate_tokens(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n(b)", "(Call a [b])"),
        ("a\n[b]", "(Index a b)"),
        ("a\n.b", "(Member a b)"),
        ("a\n.b()\n.c()", "(MethodCall (MethodCall a b []) c [])"),
        ("a\n- b", "(Binary - a b)"),
        ("a\n* b", "(Binary * a b)"),
        ("a.b\n(c)", "(MethodCall a b [c])"),
        ("let x = a\n-b", "(Let x (Binary - a b))"),
        ("a;\n(b)", "a ; b"),
        ("a;\n-b", "a ; (Unary - b)"),
    ],
)
def test_a_line_that_begins_with_an_access_or_minus_continues(
    text: str, expected: str
) -> None:
    assert shape(text) == expected


BRACED = [
    "if c { 1 }",
    "if c { 1 } else { 2 }",
    "while c { 1 }",
    "for x in xs { 1 }",
    "match x { _ => 1 }",
    "try { 1 } catch { 2 }",
    "{ 1 }",
    "{ a: 1 }",
]


@pytest.mark.parametrize("item", BRACED)
@pytest.mark.parametrize(
    "following", ["(a)", "[a]", "-a", "b", "let y = 1", "function f() { }"]
)
@pytest.mark.parametrize("gap", [" ", "\n"])
def test_an_item_that_ends_with_a_brace_is_complete(
    item: str, following: str, gap: str
) -> None:
    assert shape(item + gap + following) == f"{shape(item)} ; {shape(following)}"


@pytest.mark.parametrize("item", BRACED)
def test_it_goes_on_after_access_pipe_or_operator_on_the_line(item: str) -> None:
    alone = shape(item)
    assert shape(f"{item}.m()") == f"(MethodCall {alone} m [])"
    assert shape(f"{item}.?m()") == f"(MethodCall {alone} m [] optional)"
    assert shape(f"{item} |> f") == f"(Call f [{alone}])"
    assert shape(f"{item} + 1 - 2") == f"(Binary - (Binary + {alone} 1) 2)"
    assert shape(f"{item}..2") == f"(Range {alone} 2)"
    assert shape(f"{item}.m()\n(1)") == f"(Call (MethodCall {alone} m []) [1])"


@pytest.mark.parametrize("item", BRACED)
def test_in_parentheses_it_is_an_operand_like_any_other(item: str) -> None:
    assert shape(f"({item})[0]") == f"(Index {shape(item)} 0)"
    assert shape(f"({item})\n- 1") == f"(Binary - {shape(item)} 1)"


@pytest.mark.parametrize("continuing", [".m()", "|> f", "+ 1"])
def test_on_the_next_line_it_does_not_go_on(continuing: str) -> None:
    error = error_of(f"if c {{ 1 }}\n{continuing}")
    assert error.message.startswith("expected an expression, found")
    assert error.span is not None
    assert error.span.line == 2


@pytest.mark.parametrize(
    "item",
    [
        "function f() { 1 }",
        "public function f() { 1 }",
        "struct P { x: int }",
        "enum E { A { x: int } }",
        "trait T { }",
        "P as T { }",
    ],
)
@pytest.mark.parametrize("following", ["(a)", "[a]", "-a"])
def test_a_declaration_is_complete_at_its_brace(item: str, following: str) -> None:
    assert shape(f"{item}\n{following}") == f"{shape(item)} ; {shape(following)}"
    assert shape(f"{item} {following}") == f"{shape(item)} ; {shape(following)}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let f = x => { x }\n(1)", "(Let f (Lambda [(Param x)] (Block [x]))) ; 1"),
        (
            "let m = {a: 1}\n[1]",
            '(Let m (MapLiteral [(MapEntry "a" 1)])) ; (ListLiteral [1])',
        ),
        ("const P = Q {}\n-1", "(Const P (StructLiteral Q [])) ; (Unary - 1)"),
        ("let m = {a: 1}[k]", '(Let m (Index (MapLiteral [(MapEntry "a" 1)]) k))'),
        (
            "let x = if c { 1 } else { 2 } - 3",
            "(Let x (Binary - (If c (Block [1]) otherwise=(Block [2])) 3))",
        ),
        (
            "let x = {a: 1}\n.m()",
            '(Let x (MethodCall (MapLiteral [(MapEntry "a" 1)]) m []))',
        ),
        (
            "let x = match y { _ => 1 }\n|> f",
            "(Let x (Call f [(Match y [(Arm _ 1)])]))",
        ),
        (
            "let f = g(x => { x })\n(1)",
            "(Let f (Call (Call g [(Lambda [(Param x)] (Block [x]))]) [1]))",
        ),
        ("x = {a: 1}\n[k]", '(Assign x (Index (MapLiteral [(MapEntry "a" 1)]) k))'),
    ],
)
def test_a_binding_that_a_brace_has_ended_is_complete_at_the_newline(
    text: str, expected: str
) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a\n(b)]", "(ListLiteral [a b])"),
        ("[a\n[b]]", "(ListLiteral [a (ListLiteral [b])])"),
        ("[a\n-b]", "(ListLiteral [a (Unary - b)])"),
        ("[a\n* b]", "(ListLiteral [(Binary * a b)])"),
        ("[a\n.b]", "(ListLiteral [(Member a b)])"),
        ("[a (b)]", "(ListLiteral [(Call a [b])])"),
        ("[a [b]]", "(ListLiteral [(Index a b)])"),
        ("[a -b]", "(ListLiteral [(Binary - a b)])"),
        ("[a.b\n(c)]", "(ListLiteral [(Member a b) c])"),
        ("f(a\n-b)", "(Call f [a (Unary - b)])"),
        ("#{a\n[b]}", "(SetLiteral [a (ListLiteral [b])])"),
        ("{k: a\n[j]: b}", '(MapLiteral [(MapEntry "k" a) (MapEntry j b)])'),
        ("{k: a\n-1: b}", '(MapLiteral [(MapEntry "k" a) (MapEntry -1 b)])'),
        ("[x => x\n-1]", "(ListLiteral [(Lambda [(Param x)] x) (Unary - 1)])"),
        ("f((a\n-b))", "(Call f [(Binary - a b)])"),
        ("f(a[i\n-1])", "(Call f [(Index a (Binary - i 1))])"),
        ("f({ a\n-b })", "(Call f [(Block [(Binary - a b)])])"),
        ("f(() => { a\n(b) })", "(Call f [(Lambda [] (Block [(Call a [b])]))])"),
    ],
)
def test_in_brackets_a_newline_begins_a_new_element(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("arms", "expected"),
    [
        ("1 => a\n(2) => b", "(Arm (LiteralPattern 1) a) (Arm (LiteralPattern 2) b)"),
        ("1 => a\n[] => b", "(Arm (LiteralPattern 1) a) (Arm (ListPattern []) b)"),
        ("1 => a\n-2 => b", "(Arm (LiteralPattern 1) a) (Arm (LiteralPattern -2) b)"),
        ("1 => a (2)\n_ => b", "(Arm (LiteralPattern 1) (Call a [2])) (Arm _ b)"),
        ("1 => { a } _ => b", "(Arm (LiteralPattern 1) (Block [a])) (Arm _ b)"),
        (
            "1 => if a { b } - 1",
            "(Arm (LiteralPattern 1) (Binary - (If a (Block [b])) 1))",
        ),
        ("1 => a\n.b _ => c", "(Arm (LiteralPattern 1) (Member a b)) (Arm _ c)"),
    ],
)
def test_between_arms_a_newline_begins_a_new_arm(arms: str, expected: str) -> None:
    assert shape(f"match x {{ {arms} }}") == f"(Match x [{expected}])"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a\n(b)", ["2:1"]),
        ("a\n[b]\n- c\n* d", ["2:1", "3:1", "4:1"]),
        ("{ a\n  (b) }", ["2:3"]),
        ("let x = a\n-b", ["2:1"]),
        ("a\n.b\n|> f\n+ c", []),
        ("(a\n- b)", []),
        ("[a\n* b]", []),
        ("if a\n- b { }", []),
        ("a - b", []),
        ("if a { }\n(b)", []),
    ],
)
def test_lines_that_continue_a_complete_line_are_noted(
    text: str, places: list[str]
) -> None:
    noted = graph_of(text).continued_lines
    assert [f"{span.line}:{span.column}" for span in noted] == places
