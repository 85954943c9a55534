"""The parser of declared functions and of the contracts before them."""

from __future__ import annotations

from fluentai_jit.errors import nearest
from fluentai_jit.graph.nodes import Block, Contract, Function, Let, Name
from fluentai_jit.syntax.cursor import GROUPED
from fluentai_jit.syntax.forms import FormParser
from fluentai_jit.syntax.operands import Unpacked

# The kinds of contract, and what stands in their parentheses.
CONTRACTS = {
    "requires": "condition",
    "ensures": "condition",
    "invariant": "condition",
    "pure": "condition",
    "contract": "name",
    "complexity": "string",
}


class FunctionParser(FormParser):
    """`@requires(x > 0) private function f(x: int) -> int { ... }`."""

    def contracts(self) -> list[Contract]:
        """Parse the contracts that stand here."""
        found: list[Contract] = []
        while self.token.kind == "@":
            found.append(self._contract())
        return found

    def _contract(self) -> Contract:
        start = self.advance().start
        token = self.token
        kind = self.word("a contract")
        content = CONTRACTS.get(kind)
        if content is None:
            close = nearest(kind, CONTRACTS)
            hint = f"did you mean `@{close}`?" if close else None
            self.fail(f"there is no contract `@{kind}`", token, hint)
        self.expect("(", f"`@{kind}`")
        argument = self.token
        condition = None
        if content == "condition":
            outer = self.context
            self.context = GROUPED
            condition = self.expression()
            self.context = outer
            text = self.span(argument.start).text
        elif argument.kind != content:
            self.fail(f"expected a {content} in `@{kind}`, found {argument.describe()}")
        else:
            text = str(self.advance().value)
        self.expect(")", f"the content of `@{kind}`")
        return self.add(Contract(self.span(start), kind, text, condition))

    def function(
        self, start: int, public: bool, contracts: list[Contract], in_trait: bool
    ) -> Function:
        """Parse a function from `async` or `function` on."""
        is_async = self.take("async")
        self.expect("function", "`async`" if is_async else "the visibility")
        if self.token.kind == "(":
            hint = "a function without a name is written `(x) => e`"
            self.fail("this function has no name", hint=hint)
        name = self.name("a function")
        type_params = self.type_parameters()
        if self.token.kind != "(":
            found = self.token.describe()
            self.fail(f"expected the parameters of `{name}`, found {found}")
        params, unpacked = self.parameters()
        return_type = self.optional_type("->")
        effects = self._effects()
        body = None
        if self.token.kind == "{" or not in_trait:
            body = self._function_body(name, unpacked)
        fields = (name, params, body, return_type, public, is_async)
        span = self.span(start)
        return self.add(Function(span, *fields, contracts, effects, type_params))

    def _effects(self) -> list[str]:
        """Parse `.with(IO, State)`, if it stands here."""
        effects: list[str] = []
        if self.token.kind == "." and self.peek().value == "with":
            self.advance()
            self.advance()
            self.expect("(", "`.with`")
            while self.token.kind != ")":
                effects.append(self.capitalised("an effect"))
                self.take(",")
            self.advance()
        return effects

    def _function_body(self, name: str, unpacked: Unpacked) -> Block:
        if self.token.kind in ("=", "=>"):
            hint = f"write `function {name}(...) {{ e }}`, or `let {name} = (...) => e`"
            self.fail("the body of a function stands in braces", hint=hint)
        loops, self.loops = self.loops, 0
        self.functions += 1
        body = self.block(f"the head of `{name}`")
        self.functions -= 1
        self.loops = loops
        for parameter, pattern in reversed(unpacked):
            value = self.add(Name(parameter.span, parameter.name))
            let = self.add(Let(parameter.span, pattern, value, False))
            body.items.insert(0, let)
        return body
