"""The parser of declared types: struct, enum, trait, implementation, alias."""

from __future__ import annotations

from fluentai_jit.graph.nodes import (
    EnumDecl,
    FieldDecl,
    Function,
    ImplDecl,
    StructDecl,
    TraitDecl,
    TypeAlias,
    TypeExpr,
    Variant,
)
from fluentai_jit.syntax.cursor import ELEMENTS
from fluentai_jit.syntax.functions import FunctionParser
from fluentai_jit.syntax.tokens import Token


class DeclarationParser(FunctionParser):
    """Each method begins at the declaration's keyword; `start` is its visibility's."""

    def struct(self, start: int, public: bool) -> StructDecl:
        """Parse `struct Name { f: T = default }`."""
        self.advance()
        name = self.capitalised("a struct")
        type_params = self.type_parameters()
        self._expect_brace(name)
        fields = self._fields()
        return self.add(StructDecl(self.span(start), name, fields, public, type_params))

    def enum(self, start: int, public: bool) -> EnumDecl:
        """Parse `enum Name { A, B(T), C { f: T } }`."""
        self.advance()
        name = self.capitalised("an enum")
        type_params = self.type_parameters()
        opener = self._expect_brace(name)
        variants: list[Variant] = []
        names: set[str] = set()
        while self.token.kind != "}":
            token = self.token
            variants.append(self._variant())
            self._check_new(variants[-1].name, names, token, f"constructors of {name}")
            self.take(",")
        self.advance()
        if not variants:
            self.fail(f"the enum `{name}` has no constructors", opener)
        span = self.span(start)
        return self.add(EnumDecl(span, name, variants, public, type_params))

    def trait(self, start: int, public: bool) -> TraitDecl:
        """Parse `trait Name { private function f(self) -> T; }`."""
        self.advance()
        name = self.capitalised("a trait")
        type_params = self.type_parameters()
        self._expect_brace(name)
        methods = self._methods(in_trait=True)
        span = self.span(start)
        return self.add(TraitDecl(span, name, methods, public, type_params))

    def implementation(self) -> ImplDecl:
        """Parse `Type as Trait { methods }`."""
        start = self.token.start
        implementing = self.type_expr()
        self.advance()
        trait = self.type_expr()
        self._expect_brace(trait.name)
        methods = self._methods(in_trait=False)
        span = self.span(start)
        return self.add(ImplDecl(span, implementing.name, trait.name, methods))

    def at_implementation(self) -> bool:
        """Whether `Type as Trait` begins here, all on one line."""
        if self.token.kind != "name" or not self.token.value[0].isupper():
            return False
        ahead = 1
        if self.peek().kind == "<":
            while _in_type_arguments(self.peek(ahead - 1).kind, self.peek(ahead).kind):
                ahead += 1
        between = (self.peek(ahead), self.peek(ahead + 1))
        return between[0].value == "as" and all(
            each.kind == "name" and not each.newline for each in between
        )

    def alias(self, start: int, public: bool) -> TypeAlias:
        """Parse `type Alias = T`."""
        self.advance()
        name = self.capitalised("a type")
        type_params = self.type_parameters()
        self.expect("=", f"`{name}`")
        aliased = self.type_expr()
        return self.add(TypeAlias(self.span(start), name, aliased, public, type_params))

    def _expect_brace(self, name: str) -> Token:
        return self.expect("{", f"`{name}`")

    def _check_new(self, name: str, names: set[str], token: Token, what: str) -> None:
        if name in names:
            self.fail(f"two {what} are named `{name}`", token)
        names.add(name)

    def _fields(self) -> list[FieldDecl]:
        """Parse the fields of a struct or constructor, the closing brace included."""
        outer = self.context
        self.context = ELEMENTS
        fields: list[FieldDecl] = []
        names: set[str] = set()
        while self.token.kind != "}":
            token = self.token
            if token.kind == "function" or self.peek().kind == "function":
                hint = "write `Name as Trait { private function f(self) { } }`"
                self.fail("a method cannot stand among the fields", hint=hint)
            name = self.word("a field")
            self._check_new(name, names, token, "fields")
            type_ann = self.optional_type(":")
            default = self.expression() if self.take("=") else None
            span = self.span(token.start)
            fields.append(self.add(FieldDecl(span, name, type_ann, default)))
            self.take(",")
        self.advance()
        self.context = outer
        return fields

    def _variant(self) -> Variant:
        start = self.token.start
        name = self.capitalised("a constructor")
        types: list[TypeExpr] = []
        fields: list[FieldDecl] = []
        if self.take("("):
            while self.token.kind != ")":
                # `B(radius: float)` names what it does not have to name.
                if self.token.kind == "name" and self.peek().kind == ":":
                    self.advance()
                    self.advance()
                types.append(self.type_expr())
                self.take(",")
            self.advance()
        elif self.take("{"):
            fields = self._fields()
        return self.add(Variant(self.span(start), name, types, fields))

    def _methods(self, in_trait: bool) -> list[Function]:
        methods: list[Function] = []
        names: set[str] = set()
        while self.token.kind != "}":
            token = self.token
            contracts = self.contracts()
            public = self.token.kind == "public"
            if public or self.token.kind == "private":
                self.advance()
            if self.token.kind not in ("function", "async"):
                found = self.token.describe()
                self.fail(f"expected a function among the methods, found {found}")
            methods.append(self.function(token.start, public, contracts, in_trait))
            self._check_new(methods[-1].name, names, token, "methods")
            while self.take(";"):
                pass
        self.advance()
        return methods


def _in_type_arguments(before: str, kind: str) -> bool:
    """Whether a token of the second kind, after one of the first, goes on in `A<B>`."""
    if kind == "name":
        return before in ("<", ",")
    return kind in ("<", ",", ">")
