"""The parser of operands: names, literals, collections, lambdas, parentheses."""

from __future__ import annotations

from typing import NoReturn

from fluentai_jit.errors import Source
from fluentai_jit.graph.nodes import (
    Expr,
    FieldInit,
    FString,
    Lambda,
    Let,
    ListLiteral,
    MapEntry,
    MapLiteral,
    Name,
    Param,
    Pattern,
    Printable,
    SetLiteral,
    Spread,
    StringLiteral,
    StructLiteral,
)
from fluentai_jit.syntax.cursor import ELEMENTS, GROUPED, NO_LAMBDA, NO_STRUCT
from fluentai_jit.syntax.expressions import OperatorParser
from fluentai_jit.syntax.tokens import KEYWORDS, Token

# What may stand before the `:` of a map's first entry, as a single token.
_KEYS = KEYWORDS | {"name", "string", "int", "float", "symbol"}

_ON_ITS_OWN = {
    "else": "`else` belongs after the block of an `if`",
    "catch": "`catch` belongs after the block of a `try`",
    "finally": "`finally` belongs after the blocks of a `try`",
}
_LINE_HINT = "after the `}` that ends an item, it has to stand on the same line"
_OPERAND_HINTS = {
    "function": "a function without a name is written `x => e`",
    "...": "`...` spreads among arguments and in collections",
    "=>": "the parameters of a lambda are `x` or `(x, y)`",
    ".": _LINE_HINT,
    "|>": _LINE_HINT,
    "|": "`or` is written `||`",
    "->": "the result type of a lambda stands before its `=>`",
}

# The parameters that are patterns, with the pattern that each is taken apart by.
Unpacked = list[tuple[Param, Pattern]]


class OperandParser(OperatorParser):
    """Operands that are no control structure."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        super().__init__(source, tokens)
        literals = ("string", "symbol", "true", "false", "nil")
        self.operands = dict.fromkeys(literals, self.literal) | {
            "name": self._named,
            "self": self._named,
            "const": self._const,
            "int": self.integer,
            "float": self.number,
            "fstring": self._fstring,
            "-": self.negation,
            "!": self.negation,
            "(": self._parenthesised,
            "[": self._list,
            "#{": self._set,
            "{": self._braced,
            "$": self._printable,
        }

    def fail_operand(self) -> NoReturn:
        token = self.token
        if token.kind in _ON_ITS_OWN:
            hint = _ON_ITS_OWN[token.kind]
            self.fail(f"`{token.kind}` stands on its own", hint=hint)
        hint = _OPERAND_HINTS.get(token.kind, "") or self._typo_hint()
        found = token.describe()
        self.fail(f"expected an expression, found {found}", hint=hint or None)

    def _typo_hint(self) -> str:
        """What was probably meant, judged by the tokens before the current one."""
        kind = self.token.kind
        before = self.peek(-1).kind if self.index > 0 else ""
        if kind == "=" and before in ("==", "!=", "="):
            return "equality is written `==`, its opposite `!=`"
        if kind == before == "+":
            return "`x++` is written `x += 1`"
        if kind == "," and before == "name" and self.peek(-2).kind == "{":
            return "`{x, y}` is a pattern; a map is written `{x: x, y: y}`"
        if kind == ":" and self.peek(-2).kind == "{":
            return "a map or struct literal needs parentheses around it here"
        return ""

    # ---- names and structs

    def _named(self) -> Expr:
        token = self.advance()
        follows = self.token.kind
        if follows == "=>" and not self.context & NO_LAMBDA:
            parameter = self.add(Param(self.token_span(token), token.value))
            return self._lambda(token, [parameter], [])
        name: str = token.value
        if follows in ("{", ".") and name[0].isupper():
            dotted = self._struct_name(name)
            if dotted is not None:
                return self._struct(token, dotted)
        if name == "_":
            self.fail("`_` has no value", token, "it is a pattern for any value")
        if name == "select" and follows == "{" and self._opens_here(self.token):
            self.fail_unsupported("`select`", token)
        return self.add(Name(self.token_span(token), name))

    def _const(self) -> Expr:
        """The library function, whose name is a keyword only where an item begins."""
        return self.add(Name(self.token_span(self.advance()), "const"))

    def _opens_here(self, brace: Token) -> bool:
        return not brace.newline and not self.context & NO_STRUCT

    def _struct_name(self, name: str) -> str | None:
        """The whole name, `Shape.Circle`, if a struct literal stands here."""
        ahead = 0
        while (
            self.peek(ahead).kind == "."
            and self.peek(ahead + 1).kind == "name"
            and self.peek(ahead + 1).value[0].isupper()
        ):
            name += "." + self.peek(ahead + 1).value
            ahead += 2
        brace = self.peek(ahead)
        if brace.kind != "{" or not self._opens_here(brace):
            return None
        inside = self.peek(ahead + 1).kind
        named = inside == "name" or inside in KEYWORDS
        if inside == "}" or (named and self.peek(ahead + 2).kind == ":"):
            return name
        return None

    def _struct(self, first: Token, name: str) -> Expr:
        while self.token.kind != "{":
            self.advance()
        self.advance()
        outer = self.context
        self.context = ELEMENTS
        fields: list[FieldInit] = []
        names: set[str] = set()
        while self.token.kind != "}":
            token = self.token
            field = self.word("a field")
            if field in names:
                self.fail(f"the field `{field}` is given twice", token)
            names.add(field)
            self.expect(":", f"the field `{field}`")
            value = self.expression()
            fields.append(self.add(FieldInit(self.span(token.start), field, value)))
            self.take(",")
        self.advance()
        self.context = outer
        return self.add(StructLiteral(self.span(first.start), name, fields))

    # ---- texts and collections

    def _fstring(self) -> Expr:
        start = self.advance().start
        outer = self.context
        self.context = GROUPED
        parts: list[str | Expr] = []
        while self.token.kind != "fstring end":
            token = self.advance()
            if token.kind == "text":
                parts.append(token.value)
                continue
            if self.token.kind == "}":
                self.fail("this hole of the f-string is empty", token)
            parts.append(self.expression())
            if self.token.kind != "}":
                found = self.token.describe()
                self.fail(f"expected `}}` after the expression, found {found}")
            self.advance()
        self.advance()
        self.context = outer
        return self.add(FString(self.span(start), parts))

    def _list(self) -> Expr:
        start = self.token.start
        items = self.elements("]")
        return self.add(ListLiteral(self.span(start), items))

    def _set(self) -> Expr:
        start = self.token.start
        items = self.elements("}")
        return self.add(SetLiteral(self.span(start), items))

    def _braced(self) -> Expr:
        start = self.token.start
        after = self.peek()
        if after.kind not in ("}", "...") and not self._at_map_key():
            return self.block("a block")
        self.advance()
        outer = self.context
        self.context = ELEMENTS
        entries: list[MapEntry | Spread] = []
        while self.token.kind != "}":
            if self.token.kind == "...":
                entries.append(self.spread())
            else:
                entries.append(self._map_entry())
            self.take(",")
        self.advance()
        self.context = outer
        return self.add(MapLiteral(self.span(start), entries))

    def _at_map_key(self) -> bool:
        """Whether the first thing in the braces that begin here is a map's key."""
        first = self.peek()
        if first.kind in ("[", "fstring"):
            return self.tokens[first.partner + 1].kind == ":"
        if first.kind == "-":
            return self.peek(2).kind == "int" and self.peek(3).kind == ":"
        return first.kind in _KEYS and self.peek(2).kind == ":"

    def _map_entry(self) -> MapEntry:
        token = self.token
        key: Expr
        if token.kind == "[":
            computed = self.elements("]")
            if len(computed) != 1 or isinstance(computed[0], Spread):
                self.fail("a computed key is one expression in `[ ]`", token)
            key = computed[0]
        elif token.kind in ("int", "float", "-"):
            key = self.number()
        elif token.kind == "fstring":
            key = self._fstring()
        elif token.kind in ("string", "symbol", "true", "false", "nil"):
            key = self.literal()
        elif self.at_any_word():
            self.advance()
            key = self.add(StringLiteral(self.token_span(token), token.value))
        else:
            self.fail(f"expected a key of the map, found {token.describe()}")
        self.expect(":", "the key")
        value = self.expression()
        return self.add(MapEntry(self.span(token.start), key, value))

    def _printable(self) -> Expr:
        token = self.advance()
        self.expect("(", "`$`")
        outer = self.context
        self.context = GROUPED
        value = self.expression()
        self.expect(")", "the expression")
        self.context = outer
        for kind in (".", "print", "(", ")"):
            fits = self.at_word("print") if kind == "print" else self.token.kind == kind
            if not fits:
                self.fail("`$(...)` is not complete", token, "write `$(x).print()`")
            self.advance()
        return self.add(Printable(self.span(token.start), value))

    # ---- parentheses and lambdas

    def _parenthesised(self) -> Expr:
        opener = self.token
        after = self.tokens[opener.partner + 1].kind
        if after in ("=>", "->") and not self.context & NO_LAMBDA:
            parameters, unpacked = self.parameters()
            return self._lambda(opener, parameters, unpacked)
        self.advance()
        if self.token.kind == ")":
            self.fail("there is nothing in these parentheses", opener)
        outer = self.context
        self.context = GROUPED
        value = self.expression()
        if self.token.kind != ")":
            comma = self.token.kind == ","
            hint = "there are no tuples; a list is `[a, b]`" if comma else None
            self.fail(f"expected `)`, found {self.token.describe()}", hint=hint)
        self.advance()
        self.context = outer
        return value

    def _lambda(self, first: Token, params: list[Param], unpacked: Unpacked) -> Expr:
        return_type = self.optional_type("->")
        self.expect("=>", "the parameters")
        loops, self.loops = self.loops, 0
        self.functions += 1
        body = self.expression()
        self.functions -= 1
        self.loops = loops
        for parameter, pattern in reversed(unpacked):
            value = self.add(Name(parameter.span, parameter.name))
            body = self.add(Let(body.span, pattern, value, False, body))
        span = self.span(first.start)
        return self.add(Lambda(span, params, body, return_type))

    def parameters(self) -> tuple[list[Param], Unpacked]:
        """Parse parameters in parentheses.

        A parameter may be a pattern: it then gets a name that no source can have, and
        whoever parses the body takes it apart there.
        """
        outer = self.context
        self.context = ELEMENTS
        self.advance()
        parameters: list[Param] = []
        unpacked: Unpacked = []
        names: set[str] = set()
        while self.token.kind != ")":
            if parameters and parameters[-1].rest:
                self.fail("a parameter cannot follow the rest parameter")
            parameter, pattern = self._parameter(len(parameters))
            bound = {parameter.name}
            if pattern is not None:
                unpacked.append((parameter, pattern))
                bound = self.bound_names(pattern)
            for name in sorted((bound - {"_"}) & names):
                self.fail_at(parameter.span, f"two parameters are named `{name}`")
            names |= bound
            if parameters and parameters[-1].default is not None:
                self._check_default(parameter)
            parameters.append(parameter)
            self.take(",")
        self.advance()
        self.context = outer
        return parameters, unpacked

    def _parameter(self, position: int) -> tuple[Param, Pattern | None]:
        start = self.token.start
        rest = self.take("...")
        pattern = None
        if self.token.kind in ("[", "{") or (
            self.token.kind == "name" and self.peek().kind in ("(", "{", ".")
        ):
            pattern = self.whole_pattern()
            name = f"${position}"
        elif self.token.kind == "self":
            name = str(self.advance().value)
        else:
            name = self.name("a parameter")
        type_ann = self.optional_type(":")
        default = None
        if self.token.kind == "=":
            equals = self.advance()
            if rest:
                self.fail("a rest parameter has no default", equals)
            default = self.expression()
        span = self.span(start)
        return self.add(Param(span, name, default, rest, type_ann)), pattern

    def _check_default(self, parameter: Param) -> None:
        if parameter.default is None and not parameter.rest:
            message = "a parameter without default follows one that has a default"
            self.fail_at(parameter.span, message)
