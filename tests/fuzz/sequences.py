"""Random expressions of strings and lists, and places in lists.

What is made of other strings or lists has one long part at most, and nothing
contains a list of anything: values grow by steps, so no text of one is endless.
"""

from __future__ import annotations

from collections.abc import Callable

from .expressions import Expressions
from .scope import (
    ANY,
    BOOL,
    INT,
    ITEMS,
    NUMBER,
    NUMBERS,
    PLACES,
    ROWS,
    STRING,
    Chance,
    Scope,
    Variable,
)
from .words import STRINGS

# Every program begins with it: texts of texts are cut, as each quotes the last.
CLIP = (
    "private function clip(s) { if length(s) > 90 { substring(s, 3, 9) } else { s } }"
)
_INDICES = ("0", "0", "1", "2")


class Sequences(Expressions):
    """Writes them, too."""

    def __init__(self, chance: Chance) -> None:
        super().__init__(chance)
        self._makers[STRING] = self._string
        for kind in PLACES:
            self._makers[kind] = self._maker(kind)

    def literal(self, kind: str) -> str:
        """A literal of that kind."""
        chance = self.chance
        if kind == NUMBERS:
            return chance.one(("[]", "[1]", "[1, 2, 3]", "[5, 0.5]", "[7, 8, 9, 10]"))
        if kind == ROWS:
            return chance.one(("[]", "[[1]]", "[[1, 2], [3, 4]]", "[[], [0.5, 1]]"))
        if kind == ITEMS:
            return chance.one(('[1, "a", nil]', "[[1], true]", "[0.5]", '["é", "€"]'))
        return super().literal(kind)

    # ---- what is taken out of them ----------------------------------------------
    def item(self, kind: str, scope: Scope, depth: int) -> str | None:
        """An item of a list that a variable holds, or a character of a string."""
        chance = self.chance
        holders = [
            each for each in scope.variables if PLACES.get(each.kind, "") == kind
        ]
        if kind == STRING:
            holders = scope.readable(STRING)
        if not holders:
            return None
        name = chance.one(holders).name
        index = chance.one(_INDICES)
        if chance.of(0.03):
            return f"{name}[{self.expression(INT, scope, depth)}]"
        if chance.of(0.3):
            index = f"length({name}) - 1 - {index}"
        condition = f"length({name}) > {index[-1]}"
        other = self.literal(kind)
        return f"(if {condition} {{ {name}[{index}] }} else {{ {other} }})"

    def measured(self, scope: Scope, depth: int) -> str:
        """The length of a string or of a list."""
        kind = self.chance.one((STRING, NUMBERS, ROWS, ITEMS))
        return f"length({self.expression(kind, scope, depth)})"

    def _number(self, scope: Scope, depth: int) -> str:
        item = self.item(NUMBER, scope, depth) if self.chance.of(0.3) else None
        return item or super()._number(scope, depth)

    def _int(self, scope: Scope, depth: int) -> str:
        if self.chance.of(0.1):
            return self.measured(scope, depth)
        return super()._int(scope, depth)

    def _any(self, scope: Scope, depth: int) -> str:
        if self.chance.of(0.3):
            kind = self.chance.one((STRING, NUMBERS, ROWS, ITEMS))
            return self.expression(kind, scope, depth)
        return super()._any(scope, depth)

    def comparison(self, scope: Scope, depth: int) -> str:
        """Also of two lists."""
        chance = self.chance
        if not chance.of(0.15):
            return super().comparison(scope, depth)
        kind = chance.one((NUMBERS, ROWS, ITEMS))
        left = self.expression(kind, scope, depth)
        right = self.expression(chance.one((kind, kind, NUMBERS)), scope, depth)
        if chance.of(0.2):
            right = f"[...{left}]"
        return f"{left} {chance.one(('==', '!='))} {right}"

    # ---- strings ------------------------------------------------------------------
    def short(self, scope: Scope, depth: int) -> str:
        """A value whose text is short."""
        chance = self.chance
        if chance.of(0.4):
            return chance.one(STRINGS)
        kind = chance.one((INT, NUMBER, BOOL))
        return self.expression(kind, scope, min(depth, 1))

    def _string(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        kind = chance.number(0, 9)
        if kind == 0:
            return super()._string(scope, depth)
        if kind == 1:
            return f"clip(to_string({self.expression(ANY, scope, depth)}))"
        if kind == 2:
            return f'clip("l" + {self.expression(ITEMS, scope, depth)})'
        if kind == 3:
            return self.item(STRING, scope, depth) or chance.one(STRINGS)
        text = self.expression(STRING, scope, depth)
        if kind == 4:
            return self._part(text, "substring", scope, depth)
        if kind == 5:
            return f'f"{{{self.short(scope, depth)}}}-{{{text}}}{{1.5}}"'
        if kind == 6:
            return f"({self.short(scope, depth)} + {text})"
        return f"({text} + {self.short(scope, depth)})"

    def _part(self, whole: str, function: str, scope: Scope, depth: int) -> str:
        """A slice or a substring, in range mostly."""
        chance = self.chance
        name = self.fresh()
        first, last = chance.number(0, 2), chance.number(0, 1)
        if chance.of(0.03):
            return f"{function}({whole}, {first}, {self.expression(INT, scope, depth)})"
        part = f"{function}({name}, {first}, length({name}) - {last})"
        condition = f"length({name}) > {first + last}"
        return f"(let {name} = {whole}; if {condition} {{ {part} }} else {{ {name} }})"

    # ---- lists --------------------------------------------------------------------
    def _maker(self, kind: str) -> Callable[[Scope, int], str]:
        return lambda scope, depth: self._list(kind, scope, depth)

    def inside(self, kind: str, scope: Scope, depth: int) -> str:
        """An item for a list of that kind."""
        wanted = PLACES[kind]
        if wanted == ANY:
            wanted = self.chance.one((NUMBER, BOOL, STRING, NUMBERS))
        return self.expression(wanted, scope, min(depth, 2))

    def _list(self, kind: str, scope: Scope, depth: int) -> str:
        chance = self.chance
        choice = chance.number(0, 9)
        if choice <= 1:
            items = [
                self.inside(kind, scope, depth) for _ in range(chance.number(0, 4))
            ]
            return f"[{', '.join(items)}]"
        if choice == 2:
            return self.item(kind, scope, depth) or self.literal(kind)
        whole = self.expression(kind, scope, depth)
        if choice == 3:
            return f"[{self.inside(kind, scope, depth)}, ...{whole}]"
        if choice == 4:
            parts = [whole, self.literal(kind)]
            if chance.of(0.5):
                parts.reverse()
            return f"concat({', '.join(parts)})"
        if choice <= 6:
            return self._part(whole, "slice", scope, depth)
        name = chance.one(("append", "append", "push", "prepend"))
        return f"{name}({whole}, {self.inside(kind, scope, depth)})"

    # ---- places -------------------------------------------------------------------
    def place(self, scope: Scope, depth: int) -> str | None:
        """An assignment to a place in a list, guarded mostly."""
        chance = self.chance
        holders = [
            each for each in scope.variables if each.assignable and each.kind in PLACES
        ]
        if not holders:
            return None
        holder = chance.one(holders)
        place, kind, tests = holder.name, holder.kind, []
        while True:
            index = chance.one(_INDICES)
            tests.append(f"length({place}) > {index}")
            place, kind = f"{place}[{index}]", PLACES[kind]
            if kind not in PLACES or chance.of(0.3):
                break
        if chance.of(0.3):
            # The index is evaluated before the value, which may change the variable.
            place = place[: place.rindex("[")] + f"[{index} * 1]"
        value = self.expression(kind if kind != ANY else NUMBER, scope, depth)
        if chance.of(0.1):
            value = f"({{ {holder.name} = {self.literal(holder.kind)}; {value} }})"
        operator = chance.one(("=", "+=", "-=")) if kind == NUMBER else "="
        if chance.of(0.02):
            return f"{place} {operator} {value}"
        return f"if {' && '.join(tests)} {{ {place} {operator} {value} }}"

    def iterable(self, scope: Scope) -> tuple[str, Variable]:
        """What a loop goes over, and the variable of the loop."""
        kind = self.chance.one((STRING, NUMBERS, NUMBERS, ROWS, ITEMS))
        held = PLACES.get(kind, STRING)
        return self.expression(kind, scope, 1), Variable(self.fresh(), held)
