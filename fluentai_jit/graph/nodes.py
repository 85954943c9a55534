"""The nodes of the AST graph, one class for each form of the language."""

from __future__ import annotations

# Everything is importable from here, which `as` tells the type checker.
from fluentai_jit.graph.base import Declaration as Declaration
from fluentai_jit.graph.base import Expr as Expr
from fluentai_jit.graph.base import Graph as Graph
from fluentai_jit.graph.base import Node as Node
from fluentai_jit.graph.base import NodeId as NodeId
from fluentai_jit.graph.base import Pattern as Pattern
from fluentai_jit.graph.base import TypeExpr as TypeExpr
from fluentai_jit.graph.base import children as children
from fluentai_jit.graph.base import walk as walk
from fluentai_jit.graph.patterns import AliasPattern as AliasPattern
from fluentai_jit.graph.patterns import ConstructorPattern as ConstructorPattern
from fluentai_jit.graph.patterns import ListPattern as ListPattern
from fluentai_jit.graph.patterns import LiteralPattern as LiteralPattern
from fluentai_jit.graph.patterns import MapPattern as MapPattern
from fluentai_jit.graph.patterns import MapPatternEntry as MapPatternEntry
from fluentai_jit.graph.patterns import NamePattern as NamePattern
from fluentai_jit.graph.patterns import OrPattern as OrPattern
from fluentai_jit.graph.patterns import RangePattern as RangePattern
from fluentai_jit.graph.patterns import StructPattern as StructPattern
from fluentai_jit.graph.patterns import StructPatternField as StructPatternField
from fluentai_jit.graph.patterns import WildcardPattern as WildcardPattern

# ---- programs, bindings, functions


class Program(Node):
    items: list[Node]


class Block(Expr):
    """Its value is the last item's; nil if there is none or that is no expression."""

    items: list[Node]


class Let(Expr):
    """An item when `body` is None, else the expression `let x = e; body`.

    An annotated type is the `type_info` of the pattern's metadata.
    """

    pattern: Pattern
    value: Expr
    recursive: bool
    body: Expr | None = None
    public: bool = False


class Const(Declaration):
    name: str
    value: Expr
    public: bool


class Param(Node):
    name: str
    default: Expr | None = None
    rest: bool = False
    type_ann: TypeExpr | None = None


class Contract(Node):
    """`@kind(text)`, its text as in the source.

    `condition` is None for @contract (text: the name) and @complexity (the string).
    """

    kind: str
    text: str
    condition: Expr | None


class Function(Declaration):
    """A declared function; a signature in a trait has no body."""

    name: str
    params: list[Param]
    body: Block | None
    return_type: TypeExpr | None
    public: bool
    is_async: bool
    contracts: list[Contract]
    effects: list[str]
    type_params: list[str]


class Lambda(Expr):
    params: list[Param]
    body: Expr
    return_type: TypeExpr | None = None
    contracts: tuple[Contract, ...] = ()


class Return(Expr):
    value: Expr | None


# ---- names, literals, collections


class Name(Expr):
    name: str


class IntLiteral(Expr):
    value: int


class FloatLiteral(Expr):
    value: float


class StringLiteral(Expr):
    value: str


class BoolLiteral(Expr):
    value: bool


class NilLiteral(Expr):
    pass


class SymbolLiteral(Expr):
    """`'name`, without the quote."""

    name: str


class FString(Expr):
    """The texts, unescaped and none empty, and the expressions of the holes."""

    parts: list[str | Expr]


class ListLiteral(Expr):
    items: list[Expr]


class SetLiteral(Expr):
    items: list[Expr]


class MapEntry(Node):
    """`key: value`; a bare name as key is a StringLiteral here."""

    key: Expr
    value: Expr


class MapLiteral(Expr):
    entries: list[MapEntry | Spread]


class FieldInit(Node):
    name: str
    value: Expr


class StructLiteral(Expr):
    """`Name { f: 1 }`; the name may be dotted, `Shape.Circle`."""

    name: str
    fields: list[FieldInit]


class Spread(Expr):
    """`...value` among arguments or in a collection."""

    value: Expr


# ---- operations


class Unary(Expr):
    """`op` is "-" or "!"."""

    op: str
    operand: Expr


class Binary(Expr):
    """`op` is one of + - * / % ** == != < <= > >=."""

    op: str
    left: Expr
    right: Expr


class Logical(Expr):
    """`op` is "&&" or "||"."""

    op: str
    left: Expr
    right: Expr


class Range(Expr):
    start: Expr
    end: Expr
    closed: bool


class Assign(Expr):
    """`target = value`, or with an operator `target += value`.

    The target is a place: a Name, or Members and Indexes that end in one.
    """

    target: Expr
    value: Expr
    operator: str | None = None


class Define(Expr):
    """`name := value`."""

    name: str
    value: Expr


class Call(Expr):
    """`f(a)`, and also `a |> f`."""

    callee: Expr
    args: list[Expr]


class MethodCall(Expr):
    """`x.m(a)`, and when `optional` `x.?m(a)`."""

    receiver: Expr
    name: str
    args: list[Expr]
    optional: bool


class Member(Expr):
    object: Expr
    name: str


class Index(Expr):
    """`x[index]` or `x[index, column]`."""

    object: Expr
    index: Expr
    column: Expr | None = None


class Printable(Expr):
    """`$(value).print()`."""

    value: Expr


# ---- control


class If(Expr):
    """`otherwise` is a Block or, for `else if`, an If."""

    condition: Expr
    then: Block
    otherwise: Expr | None


class While(Expr):
    condition: Expr
    body: Block


class For(Expr):
    pattern: Pattern
    iterable: Expr
    body: Block


class Break(Expr):
    pass


class Continue(Expr):
    pass


class Arm(Node):
    pattern: Pattern
    guard: Expr | None
    body: Expr


class Match(Expr):
    """`match x { ... }`, and also `x.match().case(...).get()`."""

    subject: Expr
    arms: list[Arm]


class Throw(Expr):
    value: Expr


class CatchClause(Node):
    """`catch (pattern if guard) { }`; both may be missing."""

    pattern: Pattern | None
    guard: Expr | None
    body: Block


class Try(Expr):
    body: Block
    catches: list[CatchClause]
    final: Block | None


# ---- declarations of types


class FieldDecl(Node):
    name: str
    type_ann: TypeExpr | None
    default: Expr | None


class StructDecl(Declaration):
    name: str
    fields: list[FieldDecl]
    public: bool
    type_params: list[str]


class Variant(Node):
    """A constructor of an enum: `A`, `B(T)` with `types`, or `C { f: T }`."""

    name: str
    types: list[TypeExpr]
    fields: list[FieldDecl]


class EnumDecl(Declaration):
    name: str
    variants: list[Variant]
    public: bool
    type_params: list[str]


class TraitDecl(Declaration):
    name: str
    methods: list[Function]
    public: bool
    type_params: list[str]


class ImplDecl(Declaration):
    """`Type as Trait { methods }`."""

    type_name: str
    trait_name: str
    methods: list[Function]


class TypeAlias(Declaration):
    name: str
    type: TypeExpr
    public: bool
    type_params: list[str]
