"""The parser of patterns."""

from __future__ import annotations

from typing import NoReturn

from fluentai_jit.graph.nodes import (
    AliasPattern,
    BoolLiteral,
    ConstructorPattern,
    Expr,
    FloatLiteral,
    IntLiteral,
    ListPattern,
    LiteralPattern,
    MapPattern,
    MapPatternEntry,
    NamePattern,
    NilLiteral,
    OrPattern,
    Pattern,
    RangePattern,
    StringLiteral,
    StructPattern,
    StructPatternField,
    SymbolLiteral,
    WildcardPattern,
    children,
)
from fluentai_jit.syntax.lexer import MAX_INT, OUT_OF_RANGE, RANGE_HINT
from fluentai_jit.syntax.tokens import KEYWORDS, Token
from fluentai_jit.syntax.types import TypeParser

_LITERALS = frozenset(("string", "symbol", "true", "false", "nil"))
_LIST_HINT = "there are no tuples; a list pattern is `[a, b]`"


class PatternParser(TypeParser):
    """Patterns of match arms, lets, loops and catch clauses; also plain literals."""

    def whole_pattern(self) -> Pattern:
        """Parse a pattern and check the names that it binds."""
        pattern = self.pattern()
        if not isinstance(pattern, NamePattern | WildcardPattern | LiteralPattern):
            self.bound_names(pattern)
        return pattern

    def pattern(self) -> Pattern:
        """Parse alternatives `p | q`."""
        self.enter()
        start = self.token.start
        pattern = self._alias_pattern()
        if self.token.kind == "|":
            alternatives = [pattern]
            while self.take("|"):
                alternatives.append(self._alias_pattern())
            pattern = self.add(OrPattern(self.span(start), alternatives))
        self.depth -= 1
        return pattern

    def literal(self) -> Expr:
        """Parse a literal that is no number."""
        token = self.advance()
        span = self.token_span(token)
        match token.kind:
            case "string":
                return self.add(StringLiteral(span, token.value))
            case "symbol":
                return self.add(SymbolLiteral(span, token.value))
            case "nil":
                return self.add(NilLiteral(span))
        return self.add(BoolLiteral(span, token.kind == "true"))

    def number(self) -> Expr:
        """Parse a number, or with a sign before it a negative one."""
        start = self.token.start
        negative = self.take("-")
        token = self.token
        if token.kind not in ("int", "float"):
            self.fail(f"expected a number, found {token.describe()}")
        self.advance()
        value = -token.value if negative else token.value
        if token.kind == "float":
            return self.add(FloatLiteral(self.span(start), value))
        if value > MAX_INT:
            self.fail(OUT_OF_RANGE, token, RANGE_HINT)
        return self.add(IntLiteral(self.span(start), value))

    def _alias_pattern(self) -> Pattern:
        start = self.token.start
        pattern = self._primary_pattern()
        if self.at_word("as"):
            self.advance()
            name = self.name("a variable")
            pattern = self.add(AliasPattern(self.span(start), pattern, name))
        return pattern

    def _primary_pattern(self) -> Pattern:
        token = self.token
        match token.kind:
            case "name":
                return self._named_pattern()
            case "int" | "float" | "-":
                return self._number_pattern()
            case "[":
                return self._list_pattern()
            case "{":
                return self._map_pattern()
            case "(":
                return self._parenthesised_pattern()
            case "fstring":
                hint = 'bind a name and compare in a guard: `x when x == f"..."`'
                self.fail("an f-string cannot be a pattern", hint=hint)
        if token.kind in _LITERALS:
            value = self.literal()
            if self.token.kind in ("..", "..="):
                self.fail("a range in a pattern is between numbers")
            return self.add(LiteralPattern(value.span, value))
        message = f"expected a pattern, found {token.describe()}"
        if token.kind in KEYWORDS:
            self.fail(message, hint="a keyword cannot be bound; choose another name")
        self.fail(message)

    def _number_pattern(self) -> Pattern:
        start = self.number()
        if self.token.kind not in ("..", "..="):
            return self.add(LiteralPattern(start.span, start))
        closed = self.advance().kind == "..="
        end = self.number()
        return self.add(RangePattern(start.span.to(end.span), start, end, closed))

    def _named_pattern(self) -> Pattern:
        token = self.advance()
        name = str(token.value)
        if name == "_":
            return self.add(WildcardPattern(self.token_span(token)))
        if not name[0].isupper():
            if self.token.kind == "(":
                hint = "the name of a constructor begins with a capital letter"
                self.fail("a pattern calls no function", token, hint)
            return self.add(NamePattern(self.token_span(token), name))
        while self.token.kind == ".":
            self.advance()
            name += "." + self.capitalised("a constructor")
        if self.token.kind == "(":
            args = self._pattern_list(")")
            if self.token.kind == "...":
                self.fail("`...` collects the rest of a list pattern only")
            self.advance()
            return self.add(ConstructorPattern(self.span(token.start), name, args))
        if self.token.kind == "{":
            fields = self._struct_pattern_fields()
            return self.add(StructPattern(self.span(token.start), name, fields))
        return self.add(ConstructorPattern(self.span(token.start), name, None))

    def _pattern_list(self, closer: str) -> list[Pattern]:
        """Parse patterns up to the closing bracket or `...`; commas are optional."""
        self.advance()
        patterns: list[Pattern] = []
        while self.token.kind not in (closer, "..."):
            patterns.append(self.pattern())
            self.take(",")
        return patterns

    def _list_pattern(self) -> Pattern:
        start = self.token.start
        items = self._pattern_list("]")
        rest: Pattern | None = None
        if self.token.kind == "...":
            dots = self.advance()
            if self.token.kind == "name":
                rest = self._named_pattern()
            else:
                rest = self.add(WildcardPattern(self.token_span(dots)))
            self.take(",")
            if self.token.kind != "]":
                self.fail("the rest `...` comes last in a list pattern", dots)
        self.advance()
        return self.add(ListPattern(self.span(start), items, rest))

    def _parenthesised_pattern(self) -> Pattern:
        self.advance()
        pattern = self.pattern()
        if self.token.kind != ")":
            hint = _LIST_HINT if self.token.kind == "," else None
            self.fail(f"expected `)`, found {self.token.describe()}", hint=hint)
        self.advance()
        return pattern

    def _struct_pattern_fields(self) -> list[StructPatternField]:
        self.advance()
        fields: list[StructPatternField] = []
        while self.token.kind != "}":
            self._reject_map_rest()
            token = self.token
            name = self.word("a field")
            pattern = self._field_pattern(token)
            fields.append(
                self.add(StructPatternField(self.span(token.start), name, pattern))
            )
            self.take(",")
        self.advance()
        return fields

    def _map_pattern(self) -> Pattern:
        start = self.advance().start
        entries: list[MapPatternEntry] = []
        while self.token.kind != "}":
            self._reject_map_rest()
            token = self.token
            pattern: Pattern
            if token.kind in _LITERALS and self.peek().kind == ":":
                key = self.literal()
                self.advance()
                pattern = self.pattern()
            elif token.kind in ("int", "float", "-"):
                key = self.number()
                self.expect(":", "the key")
                pattern = self.pattern()
            else:
                span = self.token_span(token)
                key = self.add(StringLiteral(span, self.word("a key")))
                pattern = self._field_pattern(token)
            entry = MapPatternEntry(self.span(token.start), key, pattern)
            entries.append(self.add(entry))
            self.take(",")
        self.advance()
        return self.add(MapPattern(self.span(start), entries))

    def _field_pattern(self, token: Token) -> Pattern:
        """The pattern after a field or key; the name itself binds when it is alone."""
        if self.take(":"):
            return self.pattern()
        if token.kind != "name":
            self.fail(f"expected `:` after {token.describe()}")
        return self.add(NamePattern(self.token_span(token), token.value))

    def _reject_map_rest(self) -> None:
        if self.token.kind in ("...", ".."):
            hint = "a pattern in braces matches what has more keys as well"
            self.fail("`...` cannot stand in a pattern in braces", hint=hint)

    def bound_names(self, pattern: Pattern) -> set[str]:
        """The names that a pattern binds; fails where one is bound twice."""
        if isinstance(pattern, NamePattern):
            return {pattern.name}
        names: set[str] = set()
        if isinstance(pattern, OrPattern):
            return self._names_of_alternatives(pattern)
        for child in children(pattern):
            if isinstance(child, StructPatternField | MapPatternEntry):
                child = child.pattern
            if isinstance(child, Pattern):
                found = self.bound_names(child)
                if found & names:
                    self._fail_bound_twice(sorted(found & names)[0], child)
                names |= found
        if isinstance(pattern, AliasPattern):
            if pattern.name in names:
                self._fail_bound_twice(pattern.name, pattern)
            names.add(pattern.name)
        return names

    def _names_of_alternatives(self, pattern: OrPattern) -> set[str]:
        first = self.bound_names(pattern.alternatives[0])
        for alternative in pattern.alternatives[1:]:
            uneven = first ^ self.bound_names(alternative)
            if uneven:
                message = f"`{sorted(uneven)[0]}` is not bound on both sides of `|`"
                hint = "whichever side matches, the same names have to be bound"
                self.fail_at(alternative.span, message, hint)
        return first

    def _fail_bound_twice(self, name: str, pattern: Pattern) -> NoReturn:
        hint = f"bind another name and compare in a guard: `when {name} == ...`"
        self.fail_at(pattern.span, f"`{name}` is bound twice in one pattern", hint)
