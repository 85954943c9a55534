"""Control structures, let, and both forms of match."""

from __future__ import annotations

import pytest

from fluentai_jit.graph.nodes import Let
from tests.syntax.parsing import error_of, graph_of, shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if c { 1 }", "(If c (Block [1]))"),
        ("if (c) { 1 } else { 2 }", "(If c (Block [1]) otherwise=(Block [2]))"),
        (
            "if a { 1 } else if b { 2 } else { 3 }",
            "(If a (Block [1]) otherwise=(If b (Block [2]) otherwise=(Block [3])))",
        ),
        ("if a { 1 }\nelse { 2 }", "(If a (Block [1]) otherwise=(Block [2]))"),
        ("if (a) + (b) { }", "(If (Binary + a b) (Block []))"),
        ("if (x = f()) > 1 { }", "(If (Binary > (Assign x (Call f [])) 1) (Block []))"),
        (
            "x = if a { 1 } else { 2 }",
            "(Assign x (If a (Block [1]) otherwise=(Block [2])))",
        ),
        (
            "while x < 3 { x += 1 }",
            "(While (Binary < x 3) (Block [(Assign x 1 operator=+)]))",
        ),
        ("for x in xs { x }", "(For x xs (Block [x]))"),
        ("for i in 0..n { i }", "(For i (Range 0 n) (Block [i]))"),
        ("for x in {a: 1} { }", '(For x (MapLiteral [(MapEntry "a" 1)]) (Block []))'),
        ("for x in xs { break; continue }", "(For x xs (Block [(Break) (Continue)]))"),
        ("throw 1 + 2", "(Throw (Binary + 1 2))"),
        ("a || throw b", "(Logical || a (Throw b))"),
    ],
)
def test_if_loops_and_throw(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return", "(Return)"),
        ("return 1", "(Return value=1)"),
        ("return\n1", "(Return) 1"),
        ("return -1", "(Return value=(Unary - 1))"),
        ("return; 1", "(Return) 1"),
        ("return if a { 1 }", "(Return value=(If a (Block [1])))"),
        ("return x => x", "(Return value=(Lambda [(Param x)] x))"),
        ("a || return b", "(Logical || a (Return value=b))"),
        (
            "match a { 0 => return, _ => return 1 }",
            "(Match a [(Arm (LiteralPattern 0) (Return)) (Arm _ (Return value=1))])",
        ),
    ],
)
def test_return_takes_an_expression_on_its_line(body: str, expected: str) -> None:
    assert shape(f"() => {{ {body} }}") == f"(Lambda [] (Block [{expected}]))"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("break", "`break` outside of a loop"),
        ("continue", "`continue` outside of a loop"),
        ("for x in xs { f(() => break) }", "`break` outside of a loop"),
        ("while c { function f() { continue } }", "`continue` outside of a loop"),
        ("return 1", "`return` outside of a function"),
        ("while c { } break", "`break` outside of a loop"),
        ("function f() { } return", "`return` outside of a function"),
    ],
)
def test_jumps_need_what_they_leave(text: str, message: str) -> None:
    assert error_of(text).message == message


def test_a_loop_in_a_lambda_in_a_loop_has_its_own_break() -> None:
    text = "for x in xs { f(() => { for y in x { break } }); break }"
    assert shape(text).count("(Break)") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "match x { 1 => a, _ => b }",
            "(Match x [(Arm (LiteralPattern 1) a) (Arm _ b)])",
        ),
        (
            "match x { 1 => a _ => b, }",
            "(Match x [(Arm (LiteralPattern 1) a) (Arm _ b)])",
        ),
        ("match (x) { _ => { 1 } }", "(Match x [(Arm _ (Block [1]))])"),
        ("match x { _ => let y = 1; y, }", "(Match x [(Arm _ (Let y 1 body=y))])"),
        ("x.match().case(_, 1).get()", "(Match x [(Arm _ 1)])"),
        (
            "x.match()\n .case(Some(y) when y > 1, y)\n .case(a | a if a, 2,)\n"
            " .get().z",
            "(Member (Match x [(Arm (ConstructorPattern Some args=[y]) guard=(Binary >"
            " y 1) y) (Arm (OrPattern [a a]) guard=a 2)]) z)",
        ),
        ("x.match().case([] 1).get()", "(Match x [(Arm (ListPattern []) 1)])"),
        ("x.match()", "(MethodCall x match [])"),
        ("x.match(1).case(2)", "(MethodCall (MethodCall x match [1]) case [2])"),
        ("x.match().other()", "(MethodCall (MethodCall x match []) other [])"),
    ],
)
def test_match(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "try { 1 } catch (e) { 2 }",
            "(Try (Block [1]) [(CatchClause pattern=e (Block [2]))])",
        ),
        (
            "try { 1 }\ncatch { 2 }\nfinally { 3 }",
            "(Try (Block [1]) [(CatchClause (Block [2]))] final=(Block [3]))",
        ),
        ("try {} finally {}", "(Try (Block []) [] final=(Block []))"),
        (
            "try {} catch (1 | 2) {} catch (Error { kind }) {}",
            "(Try (Block []) [(CatchClause pattern=(OrPattern [(LiteralPattern 1)"
            " (LiteralPattern 2)]) (Block [])) (CatchClause pattern=(StructPattern"
            " Error [(StructPatternField kind kind)]) (Block []))])",
        ),
    ],
)
def test_try(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let x = 1", "(Let x 1)"),
        ("let mut x = 1", "(Let x 1)"),
        ("let mut = 1", "(Let mut 1)"),
        ("let mut [a] = 1", "(Let (ListPattern [a]) 1)"),
        (
            "let rec f = x => f(x)",
            "(Let f (Lambda [(Param x)] (Call f [x])) recursive)",
        ),
        ("let rec = 1", "(Let rec 1)"),
        ("let x = 1; x", "(Let x 1) ; x"),
        ("(let x = 1; x)", "(Let x 1 body=x)"),
        (
            "f(let x = 1; let y = 2; x + y)",
            "(Call f [(Let x 1 body=(Let y 2 body=(Binary + x y)))])",
        ),
        ("let f = a => let b = a; b", "(Let f (Lambda [(Param a)] (Let b a body=b)))"),
        ("const X = 1", "(Const X 1)"),
        ("private let x = 1", "(Let x 1)"),
        ("public let x = 1", "(Let x 1 public)"),
        ("public const X = 1", "(Const X 1 public)"),
    ],
)
def test_let_and_const(text: str, expected: str) -> None:
    assert shape(text) == expected


def test_the_type_of_a_binding_is_metadata() -> None:
    (let, const) = graph_of("let x: List<int> = 1; const C: int = 2").root.items
    assert isinstance(let, Let)
    assert let.pattern.metadata.type_info is not None
    assert let.pattern.metadata.type_info.text == "List<int>"
    assert const.metadata.type_info is not None
    assert const.metadata.type_info.name == "int"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("if x = 1 { }", "an assignment as the condition of `if`"),
        ("while (x = 1) { }", "an assignment as the condition of `while`"),
        ("if x print(x)", "expected `{` after the condition of `if`, found `print`"),
        ("if x { } else 1", "expected `{` after `else`, found a number"),
        ("for (x in xs) { }", "the head of `for` has no parentheses"),
        ("for (let i = 0; i < 3; i += 1) { }", "the head of `for` has no parentheses"),
        ("for x of xs { }", "expected `in` after the pattern, found `of`"),
        ("match x { }", "a match needs at least one arm"),
        ("match x { 1 => 2; 3 => 4 }", "`;` between the arms of a match"),
        ("match x 1", "expected `{` after what is matched, found a number"),
        ("x.match().case(_, 1)", "this match is not complete"),
        ("try { }", "a `try` without `catch` and `finally`"),
        ("try { } catch e { }", "the pattern of `catch` stands in parentheses"),
        ("try { } finally { } catch { }", "`catch` stands on its own"),
        ("let x", "expected `=` in the `let`, found the end of the file"),
        ("let if = 1", "expected a pattern, found the keyword `if`"),
        ("let rec [a] = 1", "expected `=` in the `let`, found `[`"),
        ("let rec Some(f) = 1", "`let rec` binds a single name"),
        ("const = 1", "expected the name of a constant, found `=`"),
        ("else { }", "`else` stands on its own"),
        ("throw", "expected an expression, found the end of the file"),
    ],
)
def test_incomplete_forms(text: str, message: str) -> None:
    assert error_of(text).message == message
