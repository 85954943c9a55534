"""The parser of operators, calls and access: what binds how tightly."""

from __future__ import annotations

from typing import NoReturn

from fluentai_jit.errors import Span
from fluentai_jit.graph.nodes import (
    Assign,
    Binary,
    Call,
    Define,
    Expr,
    Index,
    IntLiteral,
    Logical,
    Match,
    Member,
    MethodCall,
    Name,
    Range,
    Spread,
    Unary,
)
from fluentai_jit.syntax.cursor import BINDING, ELEMENTS, GROUPED, MAX_DEPTH
from fluentai_jit.syntax.lexer import MAX_INT, OUT_OF_RANGE, RANGE_HINT
from fluentai_jit.syntax.patterns import PatternParser
from fluentai_jit.syntax.tokens import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# How tightly operators bind: the loosest is 0.
ASSIGNMENT, PIPE, OR, AND, EQUALITY, COMPARISON, RANGE, SUM, PRODUCT = range(9)
POWER, PREFIX, POSTFIX = range(9, 12)

_ASSIGNMENTS = {
    "=": None,
    "+=": "+",
    "-=": "-",
    "*=": "*",
    "/=": "/",
    "%=": "%",
    "**=": "**",
}
_BINARY = {
    "==": EQUALITY,
    "!=": EQUALITY,
    "<": COMPARISON,
    "<=": COMPARISON,
    ">": COMPARISON,
    ">=": COMPARISON,
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "%": PRODUCT,
    "**": POWER,
}
_ACCESS = {"(": POSTFIX, "[": POSTFIX, ".": POSTFIX, ".?": POSTFIX}
BINDING_POWERS = (
    dict.fromkeys(_ASSIGNMENTS, ASSIGNMENT)
    | {":=": ASSIGNMENT, "|>": PIPE, "||": OR, "&&": AND, "..": RANGE, "..=": RANGE}
    | _BINARY
    | _ACCESS
)
# A line that begins with one of these goes on with the line before it, or does not.
_LINE_STARTS = frozenset(("(", "[", "-", "*"))


class OperatorParser(PatternParser):
    """Expressions, without the forms that an operand can have.

    `operands` says for the first token of an operand what parses it.
    """

    operands: dict[str, Callable[[], Expr]]

    def fail_operand(self) -> NoReturn:
        """Raise the error that no expression begins at the current token."""
        raise NotImplementedError

    def fluent_match(self, subject: Expr, start: int) -> Match:
        """Parse `.match().case(...).get()` after the subject."""
        raise NotImplementedError

    def expression(self, minimum: int = ASSIGNMENT) -> Expr:
        """Parse an expression of operators that bind at least that tightly."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.too_deep()
        first = self.token
        parse = self.operands.get(first.kind)
        if parse is None:
            self.fail_operand()
        left = self.continued(parse(), first, minimum)
        self.depth -= 1
        return left

    def continued(self, left: Expr, first: Token, minimum: int = ASSIGNMENT) -> Expr:
        """Parse what follows an operand; `first` is the operand's first token."""
        powers = BINDING_POWERS
        while True:
            token = self.token
            power = powers.get(token.kind, -1)
            if power < minimum or (
                token.newline
                and token.kind in _LINE_STARTS
                and self._begins_anew(token)
            ):
                return left
            if power == POSTFIX:
                left = self._accessed(left, first, token)
            elif token.kind in _BINARY:
                self.advance()
                # `**` alone is grouped from the right.
                right = self.expression(power if power == POWER else power + 1)
                left = self.add(Binary(self.span(first.start), token.kind, left, right))
            elif power == ASSIGNMENT:
                return self._assignment(left, first, token)
            elif power == PIPE:
                left = self._piped(left, first)
            elif power == RANGE:
                left = self._range(left, first)
            else:
                self.advance()
                right = self.expression(power + 1)
                span = self.span(first.start)
                left = self.add(Logical(span, token.kind, left, right))

    def _begins_anew(self, token: Token) -> bool:
        """Whether a `(`, `[`, `-` or `*` at the start of a line is not continuing."""
        if token.kind != "*":
            if self.context & ELEMENTS:
                return True
            if self.context & BINDING and self.tokens[self.index - 1].kind == "}":
                return True
        if not self.context & (ELEMENTS | GROUPED):
            self.graph.continued_lines.append(self.token_span(token))
        return False

    # ---- operators

    def negation(self) -> Expr:
        """Parse a prefix operator and its operand."""
        token = self.advance()
        number = self.token
        if token.kind == "-" and number.kind == "int" and number.value > MAX_INT:
            # The one int whose amount is no int; with an access it would be negated
            # after the access.
            if self.peek().kind in _ACCESS:
                self.fail(OUT_OF_RANGE, hint="put the number in parentheses")
            self.advance()
            return self.add(IntLiteral(self.span(token.start), -number.value))
        operand = self.expression(PREFIX)
        return self.add(Unary(self.span(token.start), token.kind, operand))

    def integer(self) -> Expr:
        """Parse an integer."""
        token = self.advance()
        if token.value > MAX_INT:
            self.fail(OUT_OF_RANGE, token, RANGE_HINT)
        return self.add(IntLiteral(self.token_span(token), token.value))

    def _range(self, left: Expr, first: Token) -> Expr:
        closed = self.advance().kind == "..="
        right = self.expression(SUM)
        if self.token.kind in ("..", "..="):
            self.fail("a range has two ends", hint="put the inner range in parentheses")
        return self.add(Range(self.span(first.start), left, right, closed))

    def _assignment(self, left: Expr, first: Token, operator: Token) -> Expr:
        self._check_place(left, first, operator)
        self.advance()
        value = self.expression(ASSIGNMENT)
        span = self.span(first.start)
        if operator.kind == ":=":
            if isinstance(left, Name):
                return self.add(Define(span, left.name, value))
            return self.add(Assign(span, left, value))
        return self.add(Assign(span, left, value, _ASSIGNMENTS[operator.kind]))

    def _check_place(self, target: Expr, first: Token, operator: Token) -> None:
        base = target
        while isinstance(base, Member | Index):
            base = base.object
        if not isinstance(base, Name):
            span = Span(self.source, first.start, self.tokens[self.index - 1].end)
            hint = "a place is a variable, and fields `.f` or indexes `[i]` of it"
            self.fail_at(span, f"`{operator.kind}` needs a place to assign to", hint)

    def _piped(self, left: Expr, first: Token) -> Expr:
        """`x |> f(a)` is `f(x, a)`, and `x |> f` is `f(x)`."""
        self.advance()
        begun = self.token
        right = self.expression(OR)
        span = self.span(first.start)
        # A call in parentheses is not completed but gives the function.
        whole = begun.kind == "(" and begun.partner == self.index - 1
        if isinstance(right, Call | MethodCall) and not whole:
            right.args.insert(0, left)
            right.span = span
            return right
        return self.add(Call(span, right, [left]))

    # ---- access

    def _accessed(self, left: Expr, first: Token, token: Token) -> Expr:
        """Parse one call, index or member after an expression."""
        if token.kind == "(":
            args = self.elements(")")
            return self.add(Call(self.span(first.start), left, args))
        if token.kind == "[":
            return self._indexed(left, first)
        self.advance()
        if self.token.kind == "match" and self._at_fluent_match():
            return self.fluent_match(left, first.start)
        name_token = self.token
        if not self.at_any_word():
            found = name_token.describe()
            self.fail(f"expected a name after `{token.kind}`, found {found}")
        name = str(self.advance().value)
        optional = token.kind == ".?"
        called = self.token.kind == "(" and not (
            self.token.newline and self._begins_anew(self.token)
        )
        if called:
            args = self.elements(")")
            span = self.span(first.start)
            return self.add(MethodCall(span, left, name, args, optional))
        if optional:
            hint = f"`x.?{name}()` gives nil if x is nil"
            self.fail("`.?` is for method calls", name_token, hint)
        return self.add(Member(self.span(first.start), left, name))

    def _at_fluent_match(self) -> bool:
        kinds = [self.peek(distance).kind for distance in (1, 2, 3)]
        return kinds == ["(", ")", "."] and self.peek(4).value == "case"

    def _indexed(self, left: Expr, first: Token) -> Expr:
        outer = self.context
        self.context = GROUPED
        opener = self.advance()
        if self.token.kind == "]":
            self.fail("expected an index between `[` and `]`", opener)
        index = self.expression()
        column = None
        if self.take(",") and self.token.kind != "]":
            column = self.expression()
            self.take(",")
        if self.token.kind != "]":
            found = self.token.describe()
            self.fail(f"expected `]` after the index, found {found}")
        self.advance()
        self.context = outer
        return self.add(Index(self.span(first.start), left, index, column))

    def elements(self, closer: str) -> list[Expr]:
        """Parse a bracket with expressions and `...spreads`; commas are optional."""
        outer = self.context
        self.context = ELEMENTS
        self.advance()
        found: list[Expr] = []
        while self.token.kind != closer:
            if self.token.kind == "...":
                found.append(self.spread())
            else:
                found.append(self.expression())
            if self.token.kind == ",":
                self.advance()
        self.advance()
        self.context = outer
        return found

    def spread(self) -> Spread:
        """Parse `...e`."""
        dots = self.advance()
        value = self.expression()
        return self.add(Spread(self.span(dots.start), value))
