"""The parser of control structures: if, loops, match, try, let, return and kin."""

from __future__ import annotations

from fluentai_jit.errors import Source
from fluentai_jit.graph.nodes import (
    Arm,
    Assign,
    Block,
    Break,
    CatchClause,
    Continue,
    Expr,
    For,
    If,
    Let,
    Match,
    NamePattern,
    Pattern,
    Return,
    Throw,
    Try,
    While,
)
from fluentai_jit.syntax.cursor import ELEMENTS, GROUPED, NO_LAMBDA, NO_STRUCT
from fluentai_jit.syntax.operands import OperandParser
from fluentai_jit.syntax.tokens import Token

_NOT_SUPPORTED = (
    "async",
    "await",
    "spawn",
    "promise",
    "receive",
    "become",
    "perform",
    "handle",
)


class FormParser(OperandParser):
    """Operands that begin with a keyword."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        super().__init__(source, tokens)
        self.operands |= dict.fromkeys(_NOT_SUPPORTED, self._unsupported) | {
            "if": self._if,
            "while": self._while,
            "for": self._for,
            "match": self._match,
            "try": self._try,
            "let": self._let,
            "return": self._return,
            "break": self._break,
            "continue": self._break,
            "throw": self._throw,
        }

    def _unsupported(self) -> Expr:
        self.fail_unsupported(f"`{self.token.kind}`", self.token)

    # ---- if and loops

    def _head(self, keyword: str) -> Expr:
        """Parse the expression between a keyword and its braces."""
        outer = self.context
        self.context = GROUPED | NO_STRUCT
        head = self.expression()
        self.context = outer
        if isinstance(head, Assign) and keyword in ("if", "while"):
            hint = "equality is written `==`"
            self.fail_at(
                head.span, f"an assignment as the condition of `{keyword}`", hint
            )
        return head

    def _if(self) -> Expr:
        clauses: list[tuple[int, Expr, Block]] = []
        otherwise: Expr | None = None
        # A loop, for a chain of `else if` may be longer than the nesting can be deep.
        while True:
            start = self.advance().start
            condition = self._head("if")
            clauses.append((start, condition, self.block("the condition of `if`")))
            if not self.take("else"):
                break
            if self.token.kind != "if":
                otherwise = self.block("`else`")
                break
        for start, condition, then in reversed(clauses):
            otherwise = self.add(If(self.span(start), condition, then, otherwise))
        assert otherwise is not None
        return otherwise

    def _body(self, owner: str) -> Block:
        self.loops += 1
        body = self.block(owner)
        self.loops -= 1
        return body

    def _while(self) -> Expr:
        start = self.advance().start
        condition = self._head("while")
        body = self._body("the condition of `while`")
        return self.add(While(self.span(start), condition, body))

    def _for(self) -> Expr:
        start = self.advance().start
        opener = self.token
        if opener.kind == "(" and self.tokens[opener.partner + 1].kind != "in":
            hint = "write `for x in xs { }`, and to count `for i in 0..n { }`"
            self.fail("the head of `for` has no parentheses", hint=hint)
        pattern = self._binding_pattern("in")
        if self.token.kind != "in":
            found = self.token.describe()
            hint = "write `for x in xs { }`"
            self.fail(f"expected `in` after the pattern, found {found}", hint=hint)
        self.advance()
        iterable = self._head("for")
        body = self._body("the head of `for`")
        return self.add(For(self.span(start), pattern, iterable, body))

    def _break(self) -> Expr:
        token = self.advance()
        if self.loops == 0:
            self.fail(f"`{token.kind}` outside of a loop", token)
        node = Break if token.kind == "break" else Continue
        return self.add(node(self.token_span(token)))

    def _return(self) -> Expr:
        token = self.advance()
        if self.functions == 0:
            self.fail("`return` outside of a function", token)
        value = None
        if not self.token.newline and self.token.kind in self.operands:
            value = self.expression()
        return self.add(Return(self.span(token.start), value))

    def _throw(self) -> Expr:
        start = self.advance().start
        value = self.expression()
        return self.add(Throw(self.span(start), value))

    # ---- match

    def _match(self) -> Expr:
        token = self.advance()
        subject = self._head("match")
        self.expect("{", "what is matched")
        outer = self.context
        self.context = ELEMENTS
        arms: list[Arm] = []
        while self.token.kind != "}":
            arms.append(self._arm())
            self.take(",")
        if not arms:
            self.fail("a match needs at least one arm", token)
        self.advance()
        self.context = outer
        return self.add(Match(self.span(token.start), subject, arms))

    def _arm(self) -> Arm:
        token = self.token
        if token.kind == ";":
            self.fail("`;` between the arms of a match", hint="arms end with commas")
        pattern = self.whole_pattern()
        guard = self._guard()
        if self.token.kind != "=>":
            found = self.token.describe()
            is_case = token.kind == "name" and token.value == "case"
            hint = "an arm has no `case`: `pattern => e`" if is_case else None
            self.fail(f"expected `=>` after the pattern, found {found}", hint=hint)
        self.advance()
        body = self.expression()
        return self.add(Arm(self.span(token.start), pattern, guard, body))

    def _guard(self) -> Expr | None:
        if not (self.take("when") or self.take("if")):
            return None
        outer = self.context
        self.context |= NO_LAMBDA
        guard = self.expression()
        self.context = outer
        return guard

    def fluent_match(self, subject: Expr, start: int) -> Match:
        outer = self.context
        self.context = ELEMENTS
        opener = self.advance()
        self.advance()
        self.advance()
        arms: list[Arm] = []
        while self.token.kind == "." and self.peek().value == "case":
            self.advance()
            case = self.advance()
            self.expect("(", "`case`")
            pattern = self.whole_pattern()
            guard = self._guard()
            self.take(",")
            body = self.expression()
            self.take(",")
            self.expect(")", "the result of the case")
            arms.append(self.add(Arm(self.span(case.start), pattern, guard, body)))
        self.context = outer
        for kind in (".", "get", "(", ")"):
            if not (self.token.kind == kind or (kind == "get" and self.at_word("get"))):
                self.fail("this match is not complete", opener, "it ends with `.get()`")
            self.advance()
        return self.add(Match(self.span(start), subject, arms))

    # ---- try

    def _try(self) -> Expr:
        token = self.advance()
        body = self.block("`try`")
        catches: list[CatchClause] = []
        while self.token.kind == "catch":
            catches.append(self._catch())
        final = self.block("`finally`") if self.take("finally") else None
        if not catches and final is None:
            hint = "write `try { } catch (e) { }`"
            self.fail("a `try` without `catch` and `finally`", token, hint)
        return self.add(Try(self.span(token.start), body, catches, final))

    def _catch(self) -> CatchClause:
        start = self.advance().start
        pattern = guard = None
        if self.take("("):
            pattern = self.whole_pattern()
            guard = self._guard()
            self.expect(")", "the pattern of `catch`")
        elif self.token.kind != "{":
            hint = "write `catch (e) { }`"
            self.fail("the pattern of `catch` stands in parentheses", hint=hint)
        body = self.block("`catch`")
        return self.add(CatchClause(self.span(start), pattern, guard, body))

    # ---- let

    def _let(self) -> Expr:
        """`let x = e; body`, where no item can stand."""
        token = self.advance()
        pattern, value, recursive = self.binding()
        if self.token.kind != ";":
            hint = "write `let x = e; body`, or put the items in braces"
            self.fail("this `let` has no body", token, hint)
        self.advance()
        body = self.expression()
        return self.add(Let(self.span(token.start), pattern, value, recursive, body))

    def binding(self) -> tuple[Pattern, Expr, bool]:
        """Parse what follows `let`: pattern, type, `=`, value; is it `rec`?"""
        recursive = self.at_word("rec") and self.peek().kind == "name"
        if recursive or (
            self.at_word("mut") and self.peek().kind in ("name", "[", "{")
        ):
            self.advance()
        begun = self.token
        pattern = self._binding_pattern("=", ":")
        if recursive and not isinstance(pattern, NamePattern):
            self.fail("`let rec` binds a single name", begun)
        pattern_type = self.optional_type(":")
        if pattern_type is not None:
            pattern.metadata.type_info = pattern_type
        if self.token.kind != "=":
            found = self.token.describe()
            hint = "a variable has a value from the start: `let x = nil`"
            self.fail(f"expected `=` in the `let`, found {found}", hint=hint)
        self.advance()
        return pattern, self.expression(), recursive

    def _binding_pattern(self, *ends: str) -> Pattern:
        """A pattern; a single name is a variable even with a capital letter."""
        token = self.token
        if token.kind == "name" and token.value != "_" and self.peek().kind in ends:
            self.advance()
            return self.add(NamePattern(self.token_span(token), token.value))
        return self.whole_pattern()
