"""The position in the tokens, and what every part of the parser does with it."""

from __future__ import annotations

from typing import NoReturn

from fluentai_jit.errors import NOT_SUPPORTED, SYNTAX_ERROR, FluentError, Source, Span
from fluentai_jit.graph.nodes import Block, Graph
from fluentai_jit.syntax.lexer import MAX_ERRORS
from fluentai_jit.syntax.tokens import KEYWORDS, Token

# Levels of true nesting. A level is at most three Python frames here, and the later
# stages, which recurse over the graph too, keep below Python's limit of 1000.
MAX_DEPTH = 200

# What surrounds an expression decides where it ends; see `Cursor.context`.
ITEM = 0
# Elements without commas: `(`, `[` or `-` after a newline begins a new one.
ELEMENTS = 1
# The value of a `let` or `const` item: the same, once a `}` has ended the line.
BINDING = 2
# Something that can only end at a bracket.
GROUPED = 4
# In the head of if, while, for and match: `Name {` is no struct literal.
NO_STRUCT = 8
# In a guard: `=>` belongs to the arm.
NO_LAMBDA = 16


class TooManyErrorsError(Exception):
    """Ends the parsing when as many errors as are reported have been found."""


class Cursor:
    """Walks over the tokens of one source.

    `context` is a set of the flags above. `loops` and `functions` count what is
    around the position, for `break` and `return`.
    """

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.index = 0
        self.token = tokens[0]
        self.graph = Graph(source)
        self.add = self.graph.add
        self.errors: list[FluentError] = []
        self.context = ITEM
        self.depth = 0
        self.loops = 0
        self.functions = 0

    def block(self, owner: str) -> Block:
        """Parse a block where the grammar demands one."""
        raise NotImplementedError

    # ---- tokens

    def advance(self) -> Token:
        """Step over the current token and give it."""
        token = self.token
        self.index += 1
        self.token = self.tokens[self.index]
        return token

    def peek(self, distance: int = 1) -> Token:
        """The token so far ahead; the last one when there are not so many."""
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def take(self, kind: str) -> bool:
        """Step over the current token if it is of that kind."""
        if self.token.kind == kind:
            self.advance()
            return True
        return False

    def expect(self, kind: str, after: str) -> Token:
        """Step over a token of that kind, or fail."""
        if self.token.kind != kind:
            found = self.token.describe()
            self.fail(f"expected `{kind}` after {after}, found {found}")
        return self.advance()

    def at_word(self, word: str) -> bool:
        """Whether the current token is a name of that text."""
        return self.token.kind == "name" and self.token.value == word

    def at_any_word(self) -> bool:
        """Whether the current token is a name or a keyword."""
        return self.token.kind == "name" or self.token.kind in KEYWORDS

    def name(self, what: str) -> str:
        """Step over a name that is no keyword, or fail; `what` says what it names."""
        token = self.token
        if token.kind == "name":
            self.advance()
            return str(token.value)
        if token.kind in KEYWORDS:
            self.fail(
                f"`{token.kind}` is a keyword and cannot be the name of {what}",
                hint="choose another name",
            )
        self.fail(f"expected the name of {what}, found {token.describe()}")

    def capitalised(self, what: str) -> str:
        """Step over the name of a type or constructor, or fail."""
        token = self.token
        name = self.name(what)
        if not name[0].isupper():
            self.fail(f"the name of {what} begins with a capital letter", token)
        return name

    def word(self, what: str) -> str:
        """Step over a name or keyword, where any word may stand."""
        if not self.at_any_word():
            self.fail(f"expected the name of {what}, found {self.token.describe()}")
        return str(self.advance().value)

    # ---- spans and errors

    def span(self, start: int) -> Span:
        """From an offset to the end of the token before the current one."""
        return Span(self.source, start, self.tokens[self.index - 1].end)

    def token_span(self, token: Token) -> Span:
        return Span(self.source, token.start, token.end)

    def error(
        self, message: str, token: Token | None = None, hint: str | None = None
    ) -> FluentError:
        """A syntax error at the token, the current one if none is given."""
        token = token or self.token
        if token.kind == "error":
            # The lexer has said what is wrong; `record` drops what it knows.
            reported: FluentError = token.value
            return reported
        span = self.token_span(token)
        if token.kind == "end" and self.index > 0:
            # Not on the empty line after the last one.
            last = self.tokens[self.index - 1].end
            span = Span(self.source, last, last)
        return FluentError(SYNTAX_ERROR, message, span, hint=hint)

    def fail(
        self, message: str, token: Token | None = None, hint: str | None = None
    ) -> NoReturn:
        """Raise a syntax error at the token, the current one if none is given."""
        raise self.error(message, token, hint)

    def fail_at(self, span: Span, message: str, hint: str | None = None) -> NoReturn:
        """Raise a syntax error about what has been parsed already."""
        raise FluentError(SYNTAX_ERROR, message, span, hint=hint)

    def fail_unsupported(self, what: str, token: Token) -> NoReturn:
        """Raise an error for a form of the language that the VM does not run yet."""
        message = f"{what} is not supported yet"
        raise FluentError(NOT_SUPPORTED, message, self.token_span(token))

    def record(self, error: FluentError) -> None:
        """Keep an error, to go on parsing after it."""
        if error not in self.errors:
            self.errors.append(error)
        if len(self.errors) >= MAX_ERRORS:
            raise TooManyErrorsError

    def enter(self) -> None:
        """Count a level of nesting, or fail."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.too_deep()

    def too_deep(self) -> FluentError:
        """The error that the nesting has to end at the current token."""
        hint = f"the limit is {MAX_DEPTH} levels; give parts of it a name"
        return self.error("this is nested too deeply", hint=hint)
