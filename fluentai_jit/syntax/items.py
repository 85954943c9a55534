"""The parser of items: which there are, where they end, how to go on after an error."""

from __future__ import annotations

from fluentai_jit.errors import FluentError, Source, Span
from fluentai_jit.graph.nodes import (
    Block,
    Const,
    Contract,
    Expr,
    Lambda,
    Let,
    Node,
    Program,
)
from fluentai_jit.syntax.cursor import BINDING, ITEM
from fluentai_jit.syntax.declarations import DeclarationParser
from fluentai_jit.syntax.expressions import BINDING_POWERS
from fluentai_jit.syntax.tokens import CLOSERS, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_BRACED = frozenset(("if", "while", "for", "match", "try", "{"))
# After the `}` that ends an item, what goes on with it on the same line.
_CONTINUING = BINDING_POWERS.keys() - {"-", "*", "(", "["}
_NOT_SUPPORTED = ("use", "mod", "export", "actor", "effect", "macro")
# Words of dialects for user interfaces and foreign functions.
_DIALECT = frozenset(
    ("surface", "space", "element", "disturb", "state_field", "extern")
)


class ItemParser(DeclarationParser):
    """Programs, blocks, and the items in them."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        super().__init__(source, tokens)
        self._items: dict[str, Callable[[], Node]] = {
            "let": self._let_item,
            "const": self._const_item,
            "private": self._visible,
            "public": self._visible,
            "function": self._declaration,
            "async": self._declaration,
            "struct": self._declaration,
            "enum": self._declaration,
            "trait": self._declaration,
            "@": self._visible,
        } | dict.fromkeys(_NOT_SUPPORTED, self._unsupported)
        # What a line can begin with that is surely no continuation of an item.
        self._starts = (self.operands.keys() | self._items.keys()) - {
            "(",
            "[",
            "{",
            "-",
        }

    def program(self) -> Program:
        """Parse the whole source; the errors are in `errors`."""
        items = self._items_until("end")
        span = Span(self.source, 0, len(self.source.text))
        self.graph.root = Program(span, items)
        return self.add(self.graph.root)

    def block(self, owner: str) -> Block:
        if self.token.kind != "{":
            found = self.token.describe()
            self.fail(f"expected `{{` after {owner}, found {found}")
        self.enter()
        outer = self.context
        self.context = ITEM
        start = self.advance().start
        items = self._items_until("}")
        self.advance()
        self.context = outer
        self.depth -= 1
        return self.add(Block(self.span(start), items))

    def _items_until(self, closer: str) -> list[Node]:
        items: list[Node] = []
        state = (self.context, self.depth, self.loops, self.functions)
        while True:
            while self.token.kind == ";":
                self.advance()
            if self.token.kind == closer:
                return items
            first = self.index
            try:
                items.append(self._item())
            except FluentError as error:
                self.record(error)
                self.context, self.depth, self.loops, self.functions = state
                self._skip_item(first)

    def _skip_item(self, first: int) -> None:
        """Step to the next item, past the place of the error."""
        tokens = self.tokens
        index = first
        while True:
            # Brackets are known to match, so what is in them is skipped as one.
            index = max(index, tokens[index].partner) + 1
            token = tokens[index]
            if token.kind in CLOSERS or token.kind == "end":
                break
            if index >= self.index and (
                tokens[index - 1].kind == ";"
                or (token.newline and token.kind in self._starts)
            ):
                break
        self.index = index
        self.token = tokens[index]

    def _item(self) -> Node:
        token = self.token
        parse = self._items.get(token.kind)
        if parse is not None:
            return parse()
        if token.kind in _BRACED:
            return self._braced_item(token)
        if token.kind == "name":
            follower = self.peek()
            if not follower.newline and follower.kind in ("name", "string", "{", "<"):
                return self._worded_item(token, follower)
        return self.expression()

    def _braced_item(self, first: Token) -> Expr:
        """An item that is complete at its `}`, if nothing continues it on the line."""
        node = self.operands[first.kind]()
        if self.token.newline or self.token.kind not in _CONTINUING:
            return node
        return self.continued(node, first)

    def _worded_item(self, token: Token, follower: Token) -> Node:
        """An item that begins with a name which may be a word with a meaning."""
        if token.value == "type" and follower.kind == "name":
            return self.alias(token.start, public=False)
        if token.value in _DIALECT and follower.kind != "<":
            self.fail_unsupported(f"`{token.value}`", token)
        if self.at_implementation():
            return self.implementation()
        return self.expression()

    # ---- bindings and declarations

    def _let_item(self) -> Expr:
        return self._let_from(self.token.start, public=False)

    def _let_from(self, start: int, public: bool) -> Let:
        self.advance()
        outer = self.context
        self.context = BINDING
        pattern, value, recursive = self.binding()
        self.context = outer
        return self.add(Let(self.span(start), pattern, value, recursive, None, public))

    def _const_item(self) -> Node:
        # Also a function of the library: `const(1)`.
        if self.peek().kind == "(":
            return self.expression()
        return self._const_from(self.token.start, public=False)

    def _const_from(self, start: int, public: bool) -> Const:
        self.advance()
        name = self.name("a constant")
        const_type = self.optional_type(":")
        self.expect("=", f"`{name}`")
        outer = self.context
        self.context = BINDING
        value = self.expression()
        self.context = outer
        const = self.add(Const(self.span(start), name, value, public))
        if const_type is not None:
            const.metadata.type_info = const_type
        return const

    def _visible(self) -> Node:
        """An item with contracts or a visibility before it."""
        first = self.token
        contracts = self.contracts()
        public = self.token.kind == "public"
        if public or self.token.kind == "private":
            self.advance()
        return self._declared(first.start, public, contracts)

    def _declaration(self) -> Node:
        return self._declared(self.token.start, False, [])

    def _declared(self, start: int, public: bool, contracts: list[Contract]) -> Node:
        kind = self.token.kind
        if kind == "function" or (kind == "async" and self.peek().kind == "function"):
            return self.function(start, public, contracts, in_trait=False)
        if kind in ("let", "const"):
            parse = self._let_from if kind == "let" else self._const_from
            return self._with_contracts(parse(start, public), contracts)
        if contracts:
            self.fail_at(contracts[0].span, "a contract belongs before a function")
        types = {"struct": self.struct, "enum": self.enum, "trait": self.trait}
        if kind in types:
            return types[kind](start, public)
        if self.at_word("type"):
            return self.alias(start, public)
        if kind in _NOT_SUPPORTED or kind == "async":
            self.fail_unsupported(f"`{kind}`", self.token)
        before, found = self.peek(-1).describe(), self.token.describe()
        self.fail(f"expected a declaration after {before}, found {found}")

    def _with_contracts(self, item: Let | Const, contracts: list[Contract]) -> Node:
        if contracts:
            if not isinstance(item.value, Lambda):
                message = "a contract belongs before a function"
                self.fail_at(contracts[0].span, message)
            item.value.contracts = tuple(contracts)
        return item
