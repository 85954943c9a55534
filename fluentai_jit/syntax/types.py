"""The parser of type annotations."""

from __future__ import annotations

from fluentai_jit.graph.nodes import TypeExpr
from fluentai_jit.syntax.cursor import Cursor


class TypeParser(Cursor):
    """Types: `int`, `List<int>`, `(int, int) -> bool`, `(int, string)`."""

    def optional_type(self, mark: str) -> TypeExpr | None:
        """The type after `:` or `->`, if that mark stands here."""
        return self.type_expr() if self.take(mark) else None

    def type_expr(self) -> TypeExpr:
        """Parse a type."""
        self.enter()
        start = self.token.start
        if self.token.kind == "(":
            name, arguments = self._parenthesised_type()
        elif self.token.kind in ("name", "nil"):
            name = self._type_name()
            arguments = self._type_arguments() if self.token.kind == "<" else []
        else:
            self.fail(
                f"expected a type, found {self.token.describe()}",
                hint="types are `int`, `List<int>`, `(int) -> int` and the like",
            )
        self.depth -= 1
        return TypeExpr(self.span(start).text, name, tuple(arguments))

    def _type_name(self) -> str:
        parts = [str(self.advance().value)]
        # Only a capital letter goes on: `-> T .with(IO)` is no qualified name.
        while (
            self.token.kind in (".", "::")
            and self.peek().kind == "name"
            and self.peek().value[0].isupper()
        ):
            self.advance()
            parts.append(str(self.advance().value))
        return ".".join(parts)

    def _type_arguments(self) -> list[TypeExpr]:
        self.advance()
        arguments = [self.type_expr()]
        while self.take(","):
            arguments.append(self.type_expr())
        if self.token.kind == ">=":
            # `x: List<int>= e`: the second half of the token is the next token.
            self.token.kind = "="
            self.token.start += 1
        else:
            self.expect(">", "the type arguments")
        return arguments

    def _parenthesised_type(self) -> tuple[str, list[TypeExpr]]:
        self.advance()
        types: list[TypeExpr] = []
        while self.token.kind != ")":
            types.append(self.type_expr())
            if not self.take(","):
                break
        self.expect(")", "the types")
        if self.take("->"):
            return "->", [*types, self.type_expr()]
        if len(types) == 1:
            return types[0].name, list(types[0].arguments)
        return "()", types

    def type_parameters(self) -> list[str]:
        """Parse `<T, U>` after the name of a declaration, if it stands here."""
        names: list[str] = []
        if self.take("<"):
            names.append(self.capitalised("a type parameter"))
            while self.take(","):
                names.append(self.capitalised("a type parameter"))
            self.expect(">", "the type parameters")
        return names
