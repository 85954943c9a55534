"""Functions, contracts, declared types, type annotations."""

from __future__ import annotations

import pytest

from fluentai_jit.graph.nodes import (
    Block,
    Contract,
    Function,
    Let,
    Param,
    TypeExpr,
    walk,
)
from tests.syntax.parsing import error_of, graph_of, shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("function f() {}", "(Function f [] body=(Block []) [] [] [])"),
        ("private function f() {}", "(Function f [] body=(Block []) [] [] [])"),
        ("public function f() {}", "(Function f [] body=(Block []) public [] [] [])"),
        ("async function f() {}", "(Function f [] body=(Block []) is_async [] [] [])"),
        (
            "public async function f() {}",
            "(Function f [] body=(Block []) public is_async [] [] [])",
        ),
        (
            "function f(a: int = 1, ...r: List<int>) -> (int, T) { a }",
            "(Function f [(Param a default=1 type_ann=int) (Param r rest"
            " type_ann=List<int>)] body=(Block [a]) return_type=(int, T) [] [] [])",
        ),
        (
            "function f() -> int .with(IO, State) {}",
            "(Function f [] body=(Block []) return_type=int [] [IO State] [])",
        ),
        ("function f().with(IO) {}", "(Function f [] body=(Block []) [] [IO] [])"),
        (
            "function f<T, U>(x: T) -> U {}",
            "(Function f [(Param x type_ann=T)] body=(Block []) return_type=U [] [] [T"
            " U])",
        ),
        ("{ function f() {} }", "(Block [(Function f [] body=(Block []) [] [] [])])"),
    ],
)
def test_functions(text: str, expected: str) -> None:
    assert shape(text) == expected


def test_a_pattern_as_parameter_is_taken_apart_first() -> None:
    (item,) = graph_of("function f([a, b], {c}) { a }").root.items
    assert isinstance(item, Function)
    assert isinstance(item.body, Block)
    first, second, last = item.body.items
    assert isinstance(first, Let)
    assert isinstance(second, Let)
    assert shape("function f([a]) { a }") == (
        "(Function f [(Param $0)] body=(Block [(Let (ListPattern [a]) $0) a]) [] [] [])"
    )
    assert last.span.text == "a"


def test_contracts_keep_the_source_of_their_conditions() -> None:
    text = """
    @requires(x > 0  && f(x))
    @ensures(result == (x)) @invariant(x) @pure(true)
    @contract(sorting) @complexity("O(n)")
    public function f(x) { x }
    """
    (item,) = graph_of(text).root.items
    assert isinstance(item, Function)
    assert item.public
    found = [(each.kind, each.text, each.condition is None) for each in item.contracts]
    assert found == [
        ("requires", "x > 0  && f(x)", False),
        ("ensures", "result == (x)", False),
        ("invariant", "x", False),
        ("pure", "true", False),
        ("contract", "sorting", True),
        ("complexity", "O(n)", True),
    ]


def test_contracts_before_a_let_belong_to_its_lambda() -> None:
    (item,) = graph_of("@requires(x > 0) let f = x => x").root.items
    (contract,) = [each for each in walk(item) if isinstance(each, Contract)]
    assert isinstance(item, Let)
    assert item.value.span.text == "x => x"
    assert contract.text == "x > 0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("struct P {}", "(StructDecl P [] [])"),
        (
            "public struct P { x: int, y: T = 1, z }",
            "(StructDecl P [(FieldDecl x type_ann=int) (FieldDecl y type_ann=T"
            " default=1) (FieldDecl z)] public [])",
        ),
        (
            "struct P<T> { x: T\n y: T }",
            "(StructDecl P [(FieldDecl x type_ann=T) (FieldDecl y type_ann=T)] [T])",
        ),
        (
            "enum E { A, B(int, T) C { f: T = 1 } }",
            "(EnumDecl E [(Variant A [] []) (Variant B [int T] []) (Variant C []"
            " [(FieldDecl f type_ann=T default=1)])] [])",
        ),
        ("enum E { B(radius: float) }", "(EnumDecl E [(Variant B [float] [])] [])"),
        ("public enum E<T> { A }", "(EnumDecl E [(Variant A [] [])] public [T])"),
        (
            "trait T { private function f(self) -> int; function g(self) { 1 } }",
            "(TraitDecl T [(Function f [(Param self)] return_type=int [] [] [])"
            " (Function g [(Param self)] body=(Block [1]) [] [] [])] [])",
        ),
        (
            "P as T { public function f(self) { self.x } }",
            "(ImplDecl P T [(Function f [(Param self)] body=(Block [(Member self x)])"
            " public [] [] [])])",
        ),
        ("Box<A, B<C>> as Show<X> { }", "(ImplDecl Box Show [])"),
        ("type A = (int) -> int", "(TypeAlias A (int) -> int [])"),
        ("public type A<T> = List<T>", "(TypeAlias A List<T> public [T])"),
        ("let type = 1; type", "(Let type 1) ; type"),
        ("P < a", "(Binary < P a)"),
    ],
)
def test_declared_types(text: str, expected: str) -> None:
    assert shape(text) == expected


def type_of(text: str) -> TypeExpr:
    graph = graph_of(f"(x: {text} = 1) => x")
    (param,) = [each for each in walk(graph.root) if isinstance(each, Param)]
    assert param.type_ann is not None
    return param.type_ann


def parts(found: TypeExpr) -> object:
    if not found.arguments:
        return found.name
    return (found.name, *[parts(each) for each in found.arguments])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("int", "int"),
        ("nil", "nil"),
        ("Point", "Point"),
        ("geometry.Point", "geometry.Point"),
        ("Shape.Circle", "Shape.Circle"),
        ("a::B", "a.B"),
        ("List<int>", ("List", "int")),
        ("Map<string, List<int>>", ("Map", "string", ("List", "int"))),
        ("(int)", "int"),
        ("(int, string)", ("()", "int", "string")),
        ("(int, T) -> U", ("->", "int", "T", "U")),
        ("(int) -> (int) -> int", ("->", "int", ("->", "int", "int"))),
        ("() -> nil", ("->", "nil")),
        ("()", "()"),
    ],
)
def test_type_annotations(text: str, expected: object) -> None:
    found = type_of(text)
    assert found.text == text
    assert parts(found) == expected


def test_type_arguments_may_touch_the_equals_sign() -> None:
    assert shape("let x: List<int>= 1") == "(Let x 1)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("function f { }", "expected the parameters of `f`, found `{`"),
        ("function (x) { }", "this function has no name"),
        ("function if() { }", "`if` is a keyword and cannot be the name of a function"),
        ("function f() = 1", "the body of a function stands in braces"),
        ("function f() 1", "expected `{` after the head of `f`, found a number"),
        ("function f() -> { }", "expected a type, found `{`"),
        (
            "function f().with(io) {}",
            "the name of an effect begins with a capital letter",
        ),
        ("private x", "expected a declaration after the keyword `private`, found `x`"),
        ("@requres(x) function f() {}", "there is no contract `@requres`"),
        (
            "@contract(1) function f() {}",
            "expected a name in `@contract`, found a number",
        ),
        ("@requires(x) struct P {}", "a contract belongs before a function"),
        ("@requires(x) let y = 1", "a contract belongs before a function"),
        ("@requires x function f() {}", "expected `(` after `@requires`, found `x`"),
        ("struct point {}", "the name of a struct begins with a capital letter"),
        ("struct P { x: int, x: int }", "two fields are named `x`"),
        ("struct P { function f() {} }", "a method cannot stand among the fields"),
        ("enum E { }", "the enum `E` has no constructors"),
        ("enum E { A, A }", "two constructors of E are named `A`"),
        ("enum E { a }", "the name of a constructor begins with a capital letter"),
        ("trait T { x }", "expected a function among the methods, found `x`"),
        ("trait T { function f(); function f(); }", "two methods are named `f`"),
        (
            "P as T { function f(self); }",
            "expected `{` after the head of `f`, found `;`",
        ),
        ("type a = int", "the name of a type begins with a capital letter"),
        ("type A", "expected `=` after `A`, found the end of the file"),
        ("let x: = 1", "expected a type, found `=`"),
        ("let x: List<int = 1", "expected `>` after the type arguments, found `=`"),
        (
            "function f() { 1 }; function = 1",
            "expected the name of a function, found `=`",
        ),
    ],
)
def test_incomplete_declarations(text: str, message: str) -> None:
    assert error_of(text).message == message
