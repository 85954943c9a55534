"""Names, literals, collections, lambdas, struct literals."""

from __future__ import annotations

import pytest

from fluentai_jit.graph.nodes import Lambda, Let, Param, walk
from tests.syntax.parsing import error_of, graph_of, shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", "x"),
        ("self", "self"),
        ("1 1.5 1e5", "1 ; 1.5 ; 100000.0"),
        ("true false nil", "true ; false ; nil"),
        ('"a\\n"', '"a\\n"'),
        ("'to-do", "'to-do"),
        ('f"a{x}b{y + 1}"', '(FString ["a" x "b" (Binary + y 1)])'),
        ('f""', "(FString [])"),
        ('f"{x}"', "(FString [x])"),
        ('f"{"a" + f"{x}"}"', '(FString [(Binary + "a" (FString [x]))])'),
        ('f"{{}}{ {} }"', '(FString ["{}" (MapLiteral [])])'),
        ("$(x + 1).print()", "(Printable (Binary + x 1))"),
        ("((x))", "x"),
    ],
)
def test_names_and_literals(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", "(ListLiteral [])"),
        ("[1, 2, 3]", "(ListLiteral [1 2 3])"),
        ("[1 2,3,]", "(ListLiteral [1 2 3])"),
        ("[a, ...xs, b]", "(ListLiteral [a (Spread xs) b])"),
        ("#{}", "(SetLiteral [])"),
        ("#{a, ...b}", "(SetLiteral [a (Spread b)])"),
        ("[...a + b]", "(ListLiteral [(Spread (Binary + a b))])"),
    ],
)
def test_lists_and_sets(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", "(MapLiteral [])"),
        ('{"k": 1}', '(MapLiteral [(MapEntry "k" 1)])'),
        ("{name: 1}", '(MapLiteral [(MapEntry "name" 1)])'),
        ("{match: 1}", '(MapLiteral [(MapEntry "match" 1)])'),
        ("{1: 1, -2: 2}", "(MapLiteral [(MapEntry 1 1) (MapEntry -2 2)])"),
        ("{-2: 2}", "(MapLiteral [(MapEntry -2 2)])"),
        ("{true: 1}", "(MapLiteral [(MapEntry true 1)])"),
        ("{'s: 1}", "(MapLiteral [(MapEntry 's 1)])"),
        ('{f"a{x}": 1}', '(MapLiteral [(MapEntry (FString ["a" x]) 1)])'),
        ("{[k + 1]: 1}", "(MapLiteral [(MapEntry (Binary + k 1) 1)])"),
        ("{...m}", "(MapLiteral [(Spread m)])"),
        (
            '{"a": 1 ...m b: 2,}',
            '(MapLiteral [(MapEntry "a" 1) (Spread m) (MapEntry "b" 2)])',
        ),
        ("{a: {}}", '(MapLiteral [(MapEntry "a" (MapLiteral []))])'),
    ],
)
def test_braces_that_are_maps(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ x }", "(Block [x])"),
        ("{ 1; 2 }", "(Block [1 2])"),
        ("{ [k] }", "(Block [(ListLiteral [k])])"),
        ("{ x := 1 }", "(Block [(Define x 1)])"),
        ("{ {} }", "(Block [(MapLiteral [])])"),
        ("{ let x = 1 }", "(Block [(Let x 1)])"),
        ("{ ; }", "(Block [])"),
    ],
)
def test_braces_that_are_blocks(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if c { }", "(If c (Block []))"),
        ("while c {}", "(While c (Block []))"),
        ("x => {}", "(Lambda [(Param x)] (MapLiteral []))"),
        ("match x { _ => {} }", "(Match x [(Arm _ (MapLiteral []))])"),
        ("{}", "(MapLiteral [])"),
    ],
)
def test_empty_braces_are_a_block_where_one_is_demanded(
    text: str, expected: str
) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x => x", "(Lambda [(Param x)] x)"),
        ("() => 1", "(Lambda [] 1)"),
        ("(a, b) => a", "(Lambda [(Param a) (Param b)] a)"),
        ("(a b) => a", "(Lambda [(Param a) (Param b)] a)"),
        ("_ => 1", "(Lambda [(Param _)] 1)"),
        ("(_, _) => 1", "(Lambda [(Param _) (Param _)] 1)"),
        ("(a = 1, b = a) => b", "(Lambda [(Param a default=1) (Param b default=a)] b)"),
        ("(a, ...r) => r", "(Lambda [(Param a) (Param r rest)] r)"),
        (
            "(a: int, f: (T) -> T) => a",
            "(Lambda [(Param a type_ann=int) (Param f type_ann=(T) -> T)] a)",
        ),
        ("(a: int) -> int => a", "(Lambda [(Param a type_ann=int)] a return_type=int)"),
        ("(self) => self", "(Lambda [(Param self)] self)"),
        ("x => y => x", "(Lambda [(Param x)] (Lambda [(Param y)] x))"),
        ("x => { x }", "(Lambda [(Param x)] (Block [x]))"),
        ("x => y = x |> f", "(Lambda [(Param x)] (Assign y (Call f [x])))"),
        ("1 + x => x + 2", "(Binary + 1 (Lambda [(Param x)] (Binary + x 2)))"),
        ("f(x => x, y)", "(Call f [(Lambda [(Param x)] x) y])"),
        ("x => let y = x; y", "(Lambda [(Param x)] (Let y x body=y))"),
    ],
)
def test_lambdas_extend_as_far_right_as_possible(text: str, expected: str) -> None:
    assert shape(text) == expected


def test_a_pattern_as_parameter_is_taken_apart_in_the_body() -> None:
    (item,) = graph_of("(a, [b, {c}]) => b").root.items
    assert isinstance(item, Lambda)
    hidden = item.params[1].name
    assert not hidden.isidentifier()
    assert isinstance(item.body, Let)
    assert shape("(a, [b]) => b") == (
        "(Lambda [(Param a) (Param $1)] (Let (ListPattern [b]) $1 body=b))"
    )
    names = [each.name for each in walk(item) if isinstance(each, Param)]
    assert names == ["a", hidden]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Point { x: 1, y: 2 }",
            "(StructLiteral Point [(FieldInit x 1) (FieldInit y 2)])",
        ),
        ("Point {}", "(StructLiteral Point [])"),
        ("Shape.Circle { r: 1 }", "(StructLiteral Shape.Circle [(FieldInit r 1)])"),
        (
            "Point { type: 1 }.type",
            "(Member (StructLiteral Point [(FieldInit type 1)]) type)",
        ),
        ("Point { x }", "Point ; (Block [x])"),
        ("Point\n{ x: 1 }", 'Point ; (MapLiteral [(MapEntry "x" 1)])'),
        ("point { x: 1 }", 'point ; (MapLiteral [(MapEntry "x" 1)])'),
        ("if P { 1 }", "(If P (Block [1]))"),
        (
            "if (P { x: 1 }) { 1 }",
            "(If (StructLiteral P [(FieldInit x 1)]) (Block [1]))",
        ),
        ("for x in f(P {}) { }", "(For x (Call f [(StructLiteral P [])]) (Block []))"),
        ("match A { _ => P {} }", "(Match A [(Arm _ (StructLiteral P []))])"),
        ("while A.B {}", "(While (Member A B) (Block []))"),
    ],
)
def test_struct_literals_and_what_only_looks_like_one(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("_", "`_` has no value"),
        ("()", "there is nothing in these parentheses"),
        ("(1, 2)", "expected `)`, found `,`"),
        ('f"{}"', "this hole of the f-string is empty"),
        ('f"{x:2}"', "expected `}` after the expression, found `:`"),
        ("$(x)", "`$(...)` is not complete"),
        ("$x", "expected `(` after `$`, found `x`"),
        ("{a: 1, b}", "expected `:` after the key, found `}`"),
        ("{[a, b]: 1}", "a computed key is one expression in `[ ]`"),
        ("{a: 1, (b): 2}", "expected a key of the map, found `(`"),
        ("P { x: 1, x: 2 }", "the field `x` is given twice"),
        ("(a, a) => 1", "two parameters are named `a`"),
        ("(a, [a]) => 1", "two parameters are named `a`"),
        ("(...r, a) => 1", "a parameter cannot follow the rest parameter"),
        ("(...r = 1) => 1", "a rest parameter has no default"),
        (
            "(a = 1, b) => 1",
            "a parameter without default follows one that has a default",
        ),
        ("(1) => 1", "expected the name of a parameter, found a number"),
        ("(if) => 1", "`if` is a keyword and cannot be the name of a parameter"),
        ("x => let y = 1", "this `let` has no body"),
        ("x[]", "expected an index between `[` and `]`"),
        ("x[1, 2, 3]", "expected `]` after the index, found a number"),
        ("x.?y", "`.?` is for method calls"),
        ("x.1", "expected a name after `.`, found a number"),
        ("1..2..3", "a range has two ends"),
        ("...xs", "expected an expression, found `...`"),
    ],
)
def test_what_is_no_operand(text: str, message: str) -> None:
    assert error_of(text).message == message
