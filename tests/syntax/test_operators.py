"""How tightly operators bind, and what they become."""

from __future__ import annotations

import pytest

from tests.syntax.parsing import error_of, graph_of, shape

# From the loosest to the tightest; `=` and `|>` are tested by what they become.
LEVELS = [["||"], ["&&"], ["==", "!="], ["<", ">", "<=", ">="], [".."], ["+", "-"]]
LEVELS += [["*", "/", "%"], ["**"]]
PAIRS = [
    (loose, tight)
    for index, level in enumerate(LEVELS)
    for loose in level
    for tighter in LEVELS[index + 1 :]
    for tight in tighter
]


def node(operator: str, left: str, right: str) -> str:
    if operator == "..":
        return f"(Range {left} {right})"
    kind = "Logical" if operator in ("&&", "||") else "Binary"
    return f"({kind} {operator} {left} {right})"


@pytest.mark.parametrize(("loose", "tight"), PAIRS)
def test_precedence(loose: str, tight: str) -> None:
    assert shape(f"a {loose} b {tight} c") == node(loose, "a", node(tight, "b", "c"))
    assert shape(f"a {tight} b {loose} c") == node(loose, node(tight, "a", "b"), "c")


@pytest.mark.parametrize(
    "operator", [each for level in LEVELS for each in level if each not in ("..", "**")]
)
def test_most_operators_group_from_the_left(operator: str) -> None:
    grouped = node(operator, node(operator, "a", "b"), "c")
    assert shape(f"a {operator} b {operator} c") == grouped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a ** b ** c", "(Binary ** a (Binary ** b c))"),
        ("-a ** b", "(Binary ** (Unary - a) b)"),
        ("a ** -b", "(Binary ** a (Unary - b))"),
        ("!a == b", "(Binary == (Unary ! a) b)"),
        ("!-!a", "(Unary ! (Unary - (Unary ! a)))"),
        ("-a.b", "(Unary - (Member a b))"),
        ("-a(b)[c]", "(Unary - (Index (Call a [b]) c))"),
        ("(a + b) * c", "(Binary * (Binary + a b) c)"),
        ("a..=b + 1", "(Range a (Binary + b 1) closed)"),
        ("(a..b)..c", "(Range (Range a b) c)"),
    ],
)
def test_powers_prefixes_ranges(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-9223372036854775808", "-9223372036854775808"),
        ("- 0x8000_0000_0000_0000", "-9223372036854775808"),
        ("1 - -9223372036854775808", "(Binary - 1 -9223372036854775808)"),
        ("-9223372036854775808 ** 1", "(Binary ** -9223372036854775808 1)"),
        ("-5", "(Unary - 5)"),
    ],
)
def test_the_least_int_is_a_literal(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "9223372036854775808",
        "1 - 9223372036854775808",
        "-(9223372036854775808)",
        "-9223372036854775808.abs()",
        "match x { 9223372036854775808 => 1 }",
    ],
)
def test_its_amount_is_no_int_elsewhere(text: str) -> None:
    error = error_of(text)
    assert error.message == "this integer is out of range"
    assert error.span is not None
    assert error.span.text == "9223372036854775808"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = y = 1", "(Assign x (Assign y 1))"),
        ("x.f = 1", "(Assign (Member x f) 1)"),
        ("x[i].f[j, k] = 1", "(Assign (Index (Member (Index x i) f) j column=k) 1)"),
        ("self.n = 1", "(Assign (Member self n) 1)"),
        ("x = a |> f", "(Assign x (Call f [a]))"),
        ("x := 1", "(Define x 1)"),
        ("x.f := 1", "(Assign (Member x f) 1)"),
        ("x := y = 1", "(Define x (Assign y 1))"),
        ("f(x = 1)", "(Call f [(Assign x 1)])"),
    ],
)
def test_assignment(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "%", "**"])
def test_assignment_with_an_operator(operator: str) -> None:
    expected = f"(Assign (Index xs 0) 1 operator={operator})"
    assert shape(f"xs[0] {operator}= 1") == expected


@pytest.mark.parametrize(
    "place", ["f()", "1", "a + b", "f().x", "x.f().y", "[a]", "-x", "(a || b)"]
)
def test_only_places_are_assigned_to(place: str) -> None:
    error = error_of(f"{place} = 1")
    assert error.message == "`=` needs a place to assign to"
    assert error.span is not None
    assert error.span.text == place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x |> f", "(Call f [x])"),
        ("x |> f(a, b)", "(Call f [x a b])"),
        ("x |> f() |> g(1)", "(Call g [(Call f [x]) 1])"),
        ("x |> (f(a))", "(Call (Call f [a]) [x])"),
        ("x |> f(a)(b)", "(Call (Call f [a]) [x b])"),
        ("x |> m.f", "(Call (Member m f) [x])"),
        ("x |> m.f(a)", "(MethodCall m f [x a])"),
        (
            "x |> y => y + 1 |> f",
            "(Call (Lambda [(Param y)] (Call f [(Binary + y 1)])) [x])",
        ),
        ("x |> (y => y) |> f", "(Call f [(Call (Lambda [(Param y)] y) [x])])"),
        ("a || b |> f", "(Call f [(Logical || a b)])"),
        ("x |> Some", "(Call Some [x])"),
    ],
)
def test_pipe(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f()", "(Call f [])"),
        ("f(a, b,)", "(Call f [a b])"),
        ("f(a b)", "(Call f [a b])"),
        ("f(...xs, 1)", "(Call f [(Spread xs) 1])"),
        ("f(a)(b)", "(Call (Call f [a]) [b])"),
        ("x.m(a)", "(MethodCall x m [a])"),
        ("x.?m(a)", "(MethodCall x m [a] optional)"),
        ("x.y.z", "(Member (Member x y) z)"),
        ("(x.m)(a)", "(Call (Member x m) [a])"),
        ("x[1]", "(Index x 1)"),
        ("x[i, j]", "(Index x i column=j)"),
        ("x[1..3]", "(Index x (Range 1 3))"),
        ("1.abs()", "(MethodCall 1 abs [])"),
        (
            "ch.receive().type.match",
            "(Member (Member (MethodCall ch receive []) type) match)",
        ),
        ("Some(1)", "(Call Some [1])"),
        ("Color.Red", "(Member Color Red)"),
        ("Shape.Circle(1)", "(MethodCall Shape Circle [1])"),
        ("p.await()", "(MethodCall p await [])"),
        ("Promise.all([a])", "(MethodCall Promise all [(ListLiteral [a])])"),
    ],
)
def test_calls_and_access(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("x + (a * (b))", "x + (a * (b))"),
        ("(a) + b", "(a) + b"),
        ("(f)(x)[1].y", "(f)(x)[1].y"),
        ("x |> f(a)", "x |> f(a)"),
        ("x.m = (1)", "x.m = (1)"),
        ("-(x)", "-(x)"),
    ],
)
def test_spans_cover_the_parentheses_of_operands(text: str, span: str) -> None:
    (item,) = graph_of(f"  {text} ;").root.items
    assert item.span.text == span
