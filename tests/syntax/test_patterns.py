"""Patterns, in match arms and wherever else they stand."""

from __future__ import annotations

import pytest

from tests.syntax.parsing import error_of, shape


def pattern_shape(pattern: str) -> str:
    shown = shape(f"match x {{ {pattern} => 0 }}")
    return shown.removeprefix("(Match x [(Arm ").removesuffix(" 0)])")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("_", "_"),
        ("x", "x"),
        ("_x", "_x"),
        ("1", "(LiteralPattern 1)"),
        ("-1", "(LiteralPattern -1)"),
        ("-9223372036854775808", "(LiteralPattern -9223372036854775808)"),
        ("-1.5", "(LiteralPattern -1.5)"),
        ('"s"', '(LiteralPattern "s")'),
        ("true", "(LiteralPattern true)"),
        ("nil", "(LiteralPattern nil)"),
        ("'s", "(LiteralPattern 's)"),
        ("1..10", "(RangePattern 1 10)"),
        ("-1..=1", "(RangePattern -1 1 closed)"),
        ("-2..-1", "(RangePattern -2 -1)"),
        ("0.5..1.5", "(RangePattern 0.5 1.5)"),
        ("None", "(ConstructorPattern None)"),
        ("Some(x)", "(ConstructorPattern Some args=[x])"),
        ("Unit()", "(ConstructorPattern Unit args=[])"),
        ("Cons(h t)", "(ConstructorPattern Cons args=[h t])"),
        ("Shape.Circle(r)", "(ConstructorPattern Shape.Circle args=[r])"),
        ("Color.Red", "(ConstructorPattern Color.Red)"),
        (
            "P { x: 1, y }",
            "(StructPattern P [(StructPatternField x (LiteralPattern 1))"
            " (StructPatternField y y)])",
        ),
        ("S.C { r }", "(StructPattern S.C [(StructPatternField r r)])"),
        ("P {}", "(StructPattern P [])"),
        ("[]", "(ListPattern [])"),
        ("[a, b]", "(ListPattern [a b])"),
        ("[a b,]", "(ListPattern [a b])"),
        ("[a, ...rest]", "(ListPattern [a] rest=rest)"),
        ("[...]", "(ListPattern [] rest=_)"),
        ("[a, ..._,]", "(ListPattern [a] rest=_)"),
        ("{}", "(MapPattern [])"),
        ('{"k": p}', '(MapPattern [(MapPatternEntry "k" p)])'),
        ("{x, y}", '(MapPattern [(MapPatternEntry "x" x) (MapPatternEntry "y" y)])'),
        ("{type: t}", '(MapPattern [(MapPatternEntry "type" t)])'),
        ("{if: t}", '(MapPattern [(MapPatternEntry "if" t)])'),
        (
            "{1: a, 's: b, true: c}",
            "(MapPattern [(MapPatternEntry 1 a) (MapPatternEntry 's b)"
            " (MapPatternEntry true c)])",
        ),
        (
            "1 | 2 | 3",
            "(OrPattern [(LiteralPattern 1) (LiteralPattern 2) (LiteralPattern 3)])",
        ),
        ("p as q", "(AliasPattern p q)"),
        (
            "1 as a | 2 as a",
            "(OrPattern [(AliasPattern (LiteralPattern 1) a) (AliasPattern"
            " (LiteralPattern 2) a)])",
        ),
        (
            "(1 | 2) as a",
            "(AliasPattern (OrPattern [(LiteralPattern 1) (LiteralPattern 2)]) a)",
        ),
        ("((x))", "x"),
        (
            "Some([{k: A(1 | 2)}, ...])",
            "(ConstructorPattern Some args=[(ListPattern [(MapPattern"
            ' [(MapPatternEntry "k" (ConstructorPattern A args=[(OrPattern'
            " [(LiteralPattern 1) (LiteralPattern 2)])]))])] rest=_)])",
        ),
    ],
)
def test_patterns(pattern: str, expected: str) -> None:
    assert pattern_shape(pattern) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("match x { a when a > 1 => 2 }", "(Match x [(Arm a guard=(Binary > a 1) 2)])"),
        ("match x { a if a > 1 => 2 }", "(Match x [(Arm a guard=(Binary > a 1) 2)])"),
        ("match x { a when (b) => 2 }", "(Match x [(Arm a guard=b 2)])"),
        (
            "match x { a when b => c => d }",
            "(Match x [(Arm a guard=b (Lambda [(Param c)] d))])",
        ),
        (
            "match x { a when a.any(y => y) => 2 }",
            "(Match x [(Arm a guard=(MethodCall a any [(Lambda [(Param y)] y)]) 2)])",
        ),
        (
            "match x { a when ((y) => y)(1) => 2 }",
            "(Match x [(Arm a guard=(Call (Lambda [(Param y)] y) [1]) 2)])",
        ),
    ],
)
def test_the_arrow_after_a_guard_is_the_arms(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let X = 1", "(Let X 1)"),
        ("let X: int = 1", "(Let X 1)"),
        ("for X in xs {}", "(For X xs (Block []))"),
        (
            "let Some(X) = 1",
            "(Let (ConstructorPattern Some args=[(ConstructorPattern X)]) 1)",
        ),
        ("let [a, ...r] = xs", "(Let (ListPattern [a] rest=r) xs)"),
        (
            "let {x, y} = m",
            '(Let (MapPattern [(MapPatternEntry "x" x) (MapPatternEntry "y" y)]) m)',
        ),
        ("let _ = f()", "(Let _ (Call f []))"),
        ("for [k, v] in m {}", "(For (ListPattern [k v]) m (Block []))"),
        ("for (x) in m {}", "(For x m (Block []))"),
        (
            "for P { x } in ps {}",
            "(For (StructPattern P [(StructPatternField x x)]) ps (Block []))",
        ),
    ],
)
def test_a_single_name_is_bound_even_with_a_capital(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("[a, a]", "`a` is bound twice in one pattern"),
        ("{a, k: [a]}", "`a` is bound twice in one pattern"),
        ("[a] as a", "`a` is bound twice in one pattern"),
        ("a | 1", "`a` is not bound on both sides of `|`"),
        ("[1 | b]", "`b` is not bound on both sides of `|`"),
        ("(a, b)", "expected `)`, found `,`"),
        ("f(x)", "a pattern calls no function"),
        ("Some(...x)", "`...` collects the rest of a list pattern only"),
        ("[...x, y]", "the rest `...` comes last in a list pattern"),
        ("{a, ...r}", "`...` cannot stand in a pattern in braces"),
        ("{if}", "expected `:` after the keyword `if`"),
        ('f"a"', "an f-string cannot be a pattern"),
        ('"a".."b"', "a range in a pattern is between numbers"),
        ("1..x", "expected a number, found `x`"),
        ("if", "expected a pattern, found the keyword `if`"),
        ("a as if", "`if` is a keyword and cannot be the name of a variable"),
        ("A.b", "the name of a constructor begins with a capital letter"),
        ("1 + 2", "expected `=>` after the pattern, found `+`"),
        ("case 1", "expected `=>` after the pattern, found a number"),
    ],
)
def test_what_is_no_pattern(pattern: str, message: str) -> None:
    assert error_of(f"match x {{ {pattern} => 0 }}").message == message


def test_alternatives_may_bind_the_same_names_in_any_order() -> None:
    assert pattern_shape("A(x, y) | B(y, x)").startswith("(OrPattern")
    assert pattern_shape("[_, _]") == "(ListPattern [_ _])"
