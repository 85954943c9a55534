"""The nodes of patterns."""

from __future__ import annotations

from fluentai_jit.graph.base import Expr, Node, Pattern


class WildcardPattern(Pattern):
    pass


class NamePattern(Pattern):
    """A variable that is bound to the value."""

    name: str


class LiteralPattern(Pattern):
    """`value` is a literal node, the sign of a negative number included."""

    value: Expr


class ConstructorPattern(Pattern):
    """`Name(p, ...)`, or `Name` alone, which may also be a constant.

    The name may be dotted, `Shape.Circle`. `args` is None for the bare name.
    """

    name: str
    args: list[Pattern] | None


class StructPatternField(Node):
    name: str
    pattern: Pattern


class StructPattern(Pattern):
    """`Name { f: p }`; the name may be dotted."""

    name: str
    fields: list[StructPatternField]


class ListPattern(Pattern):
    """`[items, ...rest]`."""

    items: list[Pattern]
    rest: Pattern | None = None


class MapPatternEntry(Node):
    """`key` is a literal node; a bare name as key is a StringLiteral here."""

    key: Expr
    pattern: Pattern


class MapPattern(Pattern):
    entries: list[MapPatternEntry]


class RangePattern(Pattern):
    """`start` and `end` are number literals, signs included."""

    start: Expr
    end: Expr
    closed: bool


class OrPattern(Pattern):
    """`p | q | ...`; every alternative binds the same names."""

    alternatives: list[Pattern]


class AliasPattern(Pattern):
    """`pattern as name`."""

    pattern: Pattern
    name: str
