"""Random structs and tagged values, and patterns that take values apart."""

from __future__ import annotations

from .containers import Containers
from .scope import (
    ANY,
    INT,
    MAP,
    NUMBER,
    NUMBERS,
    POINT,
    ROWS,
    SHAPE,
    STRING,
    Chance,
    Scope,
    Variable,
)

# Every program begins with them.
TYPES = (
    "struct Point { x: float, y: float = 0.5 }",
    "enum Shape { Dot, Circle(r), Box { w: int, h: int } }",
)
_POINTS = ("Point(1)", "Point(0.5, 2)", "(Point { x: 7 })", "(Point { y: 1, x: 2 })")
_SHAPES = ("Dot", "Circle(2)", "(Box { w: 1, h: 2.5 })", "Some(1)", "None", "Circle(5)")
_NUMBERS = ("0", "1", "2", "-1..=3", "0.5", "_", "_")
# A place N is a variable, a literal or anything; R binds the other items.
_LISTS = ("[]", "[N]", "[N, N]", "[N, N, ...R]", "[N, ...R]", "[...R]", "[_, N, ..._]")
_ROWS = ("[]", "[[]]", "[[N, ...R]]", "[[N], ..._]", "[R, ..._]", "[_, [N, _]]", "R")
_MAPS = ('{"a": N}', '{"a": N, "b": N}', '{"b": N}', "{1: N}", "{a}", '{"é": _}')
_OF_POINTS = ("Point(N, N)", "Point { x: N }", "Point { x: N, y: N }", "{x}")
_OF_SHAPES = (
    *("Dot", "Circle(N)", "Circle(0..3 | 5)", "Box { w: N }", "Box { h: N, w: N }"),
    *("Some(N)", "None", "Some(_)", "Dot | None", "Shape.Dot"),
)
_PATTERNS = {
    NUMBERS: _LISTS,
    ROWS: _ROWS,
    MAP: _MAPS,
    POINT: _OF_POINTS,
    SHAPE: _OF_SHAPES,
}


class Patterns(Containers):
    """Writes them, too."""

    def __init__(self, chance: Chance) -> None:
        super().__init__(chance)
        self._makers[POINT] = self._point
        self._makers[SHAPE] = self._shape

    def literal(self, kind: str) -> str:
        """A literal of that kind."""
        pools = {POINT: _POINTS, SHAPE: _SHAPES}
        if kind in pools:
            return self.chance.one(pools[kind])
        return super().literal(kind)

    def _any(self, scope: Scope, depth: int) -> str:
        if self.chance.of(0.1):
            return self.expression(self.chance.one((POINT, SHAPE)), scope, depth)
        return super()._any(scope, depth)

    def _point(self, scope: Scope, depth: int) -> str:
        first = self.expression(NUMBER, scope, depth)
        second = self.expression(NUMBER, scope, min(depth, 1))
        return self.chance.one(
            (
                f"Point({first})",
                f"Point({first}, {second})",
                f"(Point {{ x: {first} }})",
            )
        )

    def _shape(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        first = self.expression(NUMBER, scope, depth)
        if chance.of(0.3):
            return f"(Box {{ w: {first}, h: {chance.number(0, 3)} }})"
        inside = self.expression(chance.one((NUMBER, STRING, MAP)), scope, 0)
        return chance.one((f"Circle({first})", f"Some({inside})", f"Some({first})"))

    def _number(self, scope: Scope, depth: int) -> str:
        if self.chance.of(0.06):
            point = self.expression(POINT, scope, min(depth, 1))
            return f"({point}).{self.chance.one(('x', 'y'))}"
        return super()._number(scope, depth)

    def comparison(self, scope: Scope, depth: int) -> str:
        """Also of structs and tagged values."""
        if not self.chance.of(0.05):
            return super().comparison(scope, depth)
        kind = self.chance.one((POINT, SHAPE))
        left = self.expression(kind, scope, depth)
        right = self.expression(kind, scope, depth)
        return f"{left} {self.chance.one(('==', '!='))} {right}"

    # ---- patterns ------------------------------------------------------------
    def _pattern(self, kind: str, scope: Scope) -> str:
        """A pattern for values of that kind; `scope` gets what it binds."""
        text = self.chance.one(_PATTERNS[kind])
        held = ANY if kind == SHAPE else NUMBER
        while "N" in text.replace("None", ""):
            at = text.replace("None", "____").index("N")
            inner = self.chance.one(_NUMBERS)
            if self.chance.of(0.6):
                inner = self.fresh()
                scope.variables.append(Variable(inner, held))
            text = text[:at] + inner + text[at + 1 :]
        if "R" in text:
            name = self.fresh()
            text = text.replace("R", name)
            rows = kind == ROWS and not text.startswith("[")
            scope.variables.append(Variable(name, ROWS if rows else NUMBERS))
        for name in ("a", "x"):
            if text == f"{{{name}}}":
                scope.variables.append(Variable(name, NUMBER))
        return text

    def _match(self, kind: str, scope: Scope, depth: int) -> str:
        chance = self.chance
        if chance.of(0.5):
            return super()._match(kind, scope, depth)
        matched = chance.one((NUMBERS, NUMBERS, ROWS, MAP, POINT, SHAPE, SHAPE))
        subject = self.expression(matched, scope, depth)
        arms = []
        for _ in range(chance.number(1, 4)):
            inner = scope.inner()
            pattern = self._pattern(matched, inner)
            if chance.of(0.15):
                name = self.fresh()
                inner.variables.append(Variable(name, matched))
                pattern = f"({pattern}) as {name}"
            if chance.of(0.2):
                pattern += f" when ({self.condition(inner, 1)})"
            arms.append(f"{pattern} => {self.expression(kind, inner, depth)}")
        arms.append(f"_ => {self.expression(kind, scope, depth)}")
        return f"(match ({subject}) {{ {', '.join(arms)} }})"

    def apart(self, scope: Scope, depth: int) -> str:
        """A `let` that takes a value apart, one that fits mostly."""
        chance = self.chance
        names = self.fresh(), self.fresh()
        first = self.expression(NUMBER, scope, min(depth, 1))
        if chance.of(0.6):
            rest = self.expression(NUMBERS, scope, depth)
            line = f"let [{names[0]}, ...{names[1]}] = [{first}, ...{rest}]"
            if chance.of(0.03):
                line = f"let [{names[0]}, ...{names[1]}] = {rest}"
            held = NUMBERS
        else:
            whole = self.expression(chance.one((MAP, POINT)), scope, depth)
            line = f'let {{"a": {names[0]}, "k": {names[1]}}} = '
            line += f'({{"a": {first}, "k": {self.expression(INT, scope, 1)}}})'
            if chance.of(0.05):
                line = f"let {{x: {names[0]}, y: {names[1]}}} = {whole}"
            held = NUMBER
        scope.variables.append(Variable(names[0], NUMBER))
        scope.variables.append(Variable(names[1], held))
        return line

    def place(self, scope: Scope, depth: int) -> str | None:
        """Also an assignment to a field of a struct."""
        chance = self.chance
        holders = scope.assignable(POINT)
        if not holders or not chance.of(0.3):
            return super().place(scope, depth)
        place = f"{chance.one(holders).name}.{chance.one(('x', 'y'))}"
        value = self.expression(NUMBER, scope, depth)
        return f"{place} {chance.one(('=', '=', '+=', '-='))} {value}"
