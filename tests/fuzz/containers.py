"""Random maps, sets, symbols, arrays, and calls of the library that take functions.

Keys and elements come from small pools, so that operations meet the same ones again.
"""

from __future__ import annotations

from .scope import (
    ANY,
    ARRAY,
    BOOL,
    FLOAT,
    ITEMS,
    MAP,
    NUMBER,
    NUMBERS,
    SET,
    STRING,
    SYMBOL,
    Chance,
    Scope,
    Variable,
)
from .sequences import Sequences
from .words import MAPS, SETS, SYMBOLS

_KEYS = ('"a"', '"b"', '"é"', "1", "false", "'a", "2", '"long key"')
_FIELDS = ("a", "b", "zz")
_ELEMENTS = ("1", "1.0", "2", '"a"', "nil", "[1]", "0.5", "'a", "#{1}", '"b"')
_NUMBER_ELEMENTS = ("1", "1.0", "2", "0.5", "-0.0", "0", "7")
# What keeps a string short, or is cut by `clip`.
_TEXTS = ("upper", "lower", "trim", "capitalize", "reverse", "trim_start", "trim_end")
_READ = (
    *('char_code("é", 0)', 'char_code("a€", 1)', 'to_int("-12")', 'to_int("0")'),
    *("to_int(zeros(2, 2)[1, 0])", 'length(to_string(to_number("1.5")))'),
    'length(to_string(to_number("x")))',
)
_PADS = ("pad_left", "pad_right", "pad_center", "repeat")
_TESTS = ("contains", "starts_with", "ends_with")
_CLASSES = (
    *("is_alphabetic", "is_numeric", "is_alphanumeric", "is_upper", "is_lower"),
    "is_whitespace",
)
_CLASSED = ('"a"', '"12"', '" "', '"É"', '"€"', '""', '"aB"')
_PICKING = ("filter", "take_while", "drop_while", "any", "all", "count", "find")
_SHORTEST = 2  # items of an array, at least


class Containers(Sequences):
    """Writes them, too."""

    def __init__(self, chance: Chance) -> None:
        super().__init__(chance)
        self._makers[MAP] = self._map
        self._makers[SET] = self._set
        self._makers[SYMBOL] = lambda scope, depth: self.literal(SYMBOL)
        self._makers[ARRAY] = self._array

    def literal(self, kind: str) -> str:
        """A literal of that kind."""
        pools = {MAP: MAPS, SET: SETS, SYMBOL: SYMBOLS}
        if kind in pools:
            return self.chance.one(pools[kind])
        if kind == ARRAY:
            return self.chance.one(("zeros(3)", "array(2, 0.5)", "from_list([1.5, 2])"))
        return super().literal(kind)

    def _any(self, scope: Scope, depth: int) -> str:
        if self.chance.of(0.15):
            kind = self.chance.one((MAP, MAP, SET, SET, SYMBOL, ARRAY))
            return self.expression(kind, scope, depth)
        return super()._any(scope, depth)

    # ---- maps -----------------------------------------------------------------------
    def _map(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        choice = chance.number(0, 9)
        value = self.expression(NUMBER, scope, min(depth, 1))
        if choice <= 1:
            return f"({{{chance.one(_KEYS)}: {value}, {chance.one(_KEYS)}: 2}})"
        whole = self.expression(MAP, scope, depth)
        if choice == 2:
            return f"({{{chance.one(_KEYS)}: {value}, ...{whole}}})"
        if choice <= 4:
            return f"remove({whole}, {chance.one(_KEYS)})"
        if choice == 5:
            return f"merge({whole}, {self.literal(MAP)})"
        if choice == 6:
            name = self.fresh()
            inner = scope.inner()
            inner.variables.append(Variable(name, NUMBER))
            return f"map_values({whole}, {name} => {self._body(NUMBER, inner)})"
        if choice == 7:
            return f"from_entries(entries({whole}))"
        return f"set({whole}, {chance.one(_KEYS)}, {value})"

    def _set(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        choice = chance.number(0, 7)
        element = chance.one(_ELEMENTS)
        if chance.of(0.4):
            element = self.expression(chance.one((NUMBER, STRING, NUMBERS)), scope, 0)
        if choice == 0:
            return f"#{{{element}, {chance.one(_ELEMENTS)}}}"
        whole = self.expression(SET, scope, depth)
        if choice == 1:
            return f"#{{{element}, ...{whole}}}"
        if choice <= 3:
            return f"{chance.one(('set_add', 'remove'))}({whole}, {element})"
        name = chance.one(("union", "intersection", "difference"))
        return f"{name}({whole}, {self.expression(SET, scope, min(depth, 1))})"

    def _array(self, scope: Scope, depth: int) -> str:
        if self.chance.of(0.5):
            return self.literal(ARRAY)
        first = self.expression(FLOAT, scope, min(depth, 1))
        return f"from_list([0.0 + {first}, 1.0])"

    # ---- what is taken out of them ------------------------------------------------
    def _out_of(self, scope: Scope, depth: int) -> str:
        """A number out of a map or an array."""
        chance = self.chance
        if chance.of(0.3):
            holder = self.expression(ARRAY, scope, 0)
            return chance.one((f"sum({holder})", f"({holder})[{chance.number(0, 1)}]"))
        whole = self.expression(MAP, scope, min(depth, 1))
        key = chance.one(_KEYS)
        other = self.expression(NUMBER, scope, 0)
        if chance.of(0.4):
            name = self.fresh()
            taken = f"if contains({name}, {key}) {{ {name}[{key}] }} else {{ {other} }}"
            return f"(let {name} = {whole}; {taken})"
        if chance.of(0.04):
            return f"({whole})[{key}]"
        return f"get({whole}, {key}, {other})"

    def measured(self, scope: Scope, depth: int) -> str:
        """Also the length of a map or a set."""
        if self.chance.of(0.3):
            kind = self.chance.one((MAP, SET, ARRAY))
            return f"length({self.expression(kind, scope, depth)})"
        if self.chance.of(0.2):
            if self.chance.of(0.4):
                return self.chance.one(_READ)
            part = self.literal(STRING)
            return f"index_of({self.expression(STRING, scope, depth)}, {part})"
        return super().measured(scope, depth)

    def _number(self, scope: Scope, depth: int) -> str:
        if self.chance.of(0.12):
            return self._out_of(scope, depth)
        if self.chance.of(0.08):
            return self._folded(scope, depth)
        return super()._number(scope, depth)

    def _bool(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        if not chance.of(0.25):
            return super()._bool(scope, depth)
        choice = chance.number(0, 5)
        if choice == 5:
            name = chance.one(_CLASSES)
            return f"{name}({chance.one(_CLASSED)})"
        if choice == 0:
            whole = self.expression(MAP, scope, depth)
            return f"contains({whole}, {chance.one(_KEYS)})"
        if choice == 1:
            whole = self.expression(SET, scope, depth)
            return f"contains({whole}, {chance.one(_ELEMENTS)})"
        text = self.expression(STRING, scope, depth)
        if choice == 2:
            return f"{chance.one(_CLASSES)}({text})"
        if choice == 3:
            return f"{chance.one(_TESTS)}({text}, {self.literal(STRING)})"
        name = chance.one(("any", "all"))
        return f"{name}({self.expression(NUMBERS, scope, depth)}, {self._test(scope)})"

    def comparison(self, scope: Scope, depth: int) -> str:
        """Also of maps, sets and symbols."""
        if not self.chance.of(0.1):
            return super().comparison(scope, depth)
        kind = self.chance.one((MAP, SET, SYMBOL))
        left = self.expression(kind, scope, depth)
        right = self.expression(kind, scope, depth)
        return f"{left} {self.chance.one(('==', '!='))} {right}"

    def _string(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        if not chance.of(0.25):
            return super()._string(scope, depth)
        text = self.expression(STRING, scope, depth)
        choice = chance.number(0, 5)
        if choice <= 1:
            return f"clip({chance.one(_TEXTS)}({text}))"
        if choice == 2:
            return f"clip({chance.one(_PADS)}({text}, {chance.number(0, 5)}))"
        if choice == 3:
            part = chance.one(('"a"', '"é"', '"ab"'))
            return f"clip(replace({text}, {part}, {self.literal(STRING)}))"
        if choice == 4 and chance.of(0.5):
            code = chance.one(("65", "233", "8364", "128512"))
            return f"from_char_code({code})"
        if choice == 4:
            return f'clip(format("{{}}|{{}}", {self.short(scope, depth)}, {text}))'
        return f'clip(join("€", {self.expression(NUMBERS, scope, depth)}))'

    # ---- functions that take functions ----------------------------------------------
    def _body(self, kind: str, scope: Scope) -> str:
        """What stands behind the arrow: one expression, or a block that assigns."""
        body = self.expression(kind, scope, 1)
        variables = scope.assignable(NUMBER)
        if not variables or not self.chance.of(0.2):
            return body
        name = self.chance.one(variables).name
        return f"{{ {name} = {self.expression(NUMBER, scope, 1)}; {body} }}"

    def _test(self, scope: Scope) -> str:
        name = self.fresh()
        inner = scope.inner()
        inner.variables.append(Variable(name, NUMBER))
        if self.chance.of(0.2):
            return f"({name} => ({self.expression(BOOL, inner, 1)}))"
        return f"({name} => {name} > {self.chance.number(-2, 5)})"

    def _pair(self, scope: Scope) -> str:
        """A function of two numbers."""
        names = self.fresh(), self.fresh()
        inner = scope.inner()
        inner.variables += [Variable(name, NUMBER) for name in names]
        return f"(({', '.join(names)}) => {self._body(NUMBER, inner)})"

    def _folded(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        whole = self.expression(NUMBERS, scope, depth)
        choice = chance.number(0, 3)
        if choice == 0:
            return f"sum({whole})"
        if choice == 1:
            return f"count({whole}, {self._test(scope)})"
        name = chance.one(("fold", "fold", "fold_right"))
        return f"{name}({whole}, {chance.one(('0', '1.5'))}, {self._pair(scope)})"

    def _list(self, kind: str, scope: Scope, depth: int) -> str:
        maker = {NUMBERS: self._numbers, ITEMS: self._items}.get(kind)
        if maker is not None and self.chance.of(0.3):
            return maker(scope, depth)
        return super()._list(kind, scope, depth)

    def _numbers(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        choice = chance.number(0, 8)
        if choice == 0:
            low = chance.number(-2, 3)
            return f"({low}{chance.one(('..', '..='))}{low + chance.number(-1, 6)})"
        if choice == 1:
            return f"values({self.expression(MAP, scope, depth)})"
        whole = self.expression(NUMBERS, scope, depth)
        if choice <= 3:
            return f"map({whole}, {self.lambda_(scope, 1)})"
        if choice <= 5:
            name = chance.one(("filter", "filter", "take_while", "drop_while"))
            return f"{name}({whole}, {self._test(scope)})"
        if choice == 6:
            return f"sort_by({whole}, {chance.one(('x => -x', 'x => x % 3', 'abs'))})"
        if choice == 7:
            return f"{chance.one(('sort', 'reverse', 'unique'))}({whole})"
        return f"sort({whole}, {chance.one(('(x, y) => y - x', self._pair(scope)))})"

    def _items(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        choice = chance.number(0, 5)
        if choice == 0:
            name = chance.one(("keys", "entries"))
            return f"{name}({self.expression(MAP, scope, depth)})"
        if choice == 1:
            return f"[...{self.expression(SET, scope, depth)}]"
        if choice == 2:
            text = self.expression(STRING, scope, depth)
            return chance.one((f"chars({text})", f'split({text}, "a")'))
        whole = self.expression(NUMBERS, scope, depth)
        if choice == 3:
            return f"zip({whole}, {self.expression(NUMBERS, scope, min(depth, 1))})"
        if choice == 4:
            return f"enumerate({whole})"
        return f"entries(group_by({whole}, x => to_int(clamp(x, -2, 2))))"

    # ---- places and loops -------------------------------------------------------
    def place(self, scope: Scope, depth: int) -> str | None:
        """Also an assignment to a key, a field or an item of an array."""
        chance = self.chance
        holders = scope.assignable(MAP) + scope.assignable(ARRAY)
        if not holders or not chance.of(0.5):
            return super().place(scope, depth)
        holder = chance.one(holders)
        if holder.kind == ARRAY:
            value = self.expression(FLOAT, scope, depth)
            index = chance.number(0, 2 if chance.of(0.05) else _SHORTEST - 1)
            return f"{holder.name}[{index}] {chance.one(('=', '+='))} 0.0 + {value}"
        value = self.expression(NUMBER, scope, depth)
        key = chance.one(_KEYS)
        place = f"{holder.name}[{key}]"
        if chance.of(0.3):
            field = chance.one(_FIELDS)
            key, place = f'"{field}"', f"{holder.name}.{field}"
        if chance.of(0.6):
            return f"{place} = {value}"
        return f"if contains({holder.name}, {key}) {{ {place} += {value} }}"

    def iterable(self, scope: Scope) -> tuple[str, Variable]:
        """Also a map, a set or an array."""
        if not self.chance.of(0.35):
            return super().iterable(scope)
        kind, held = self.chance.one(((MAP, ITEMS), (SET, ANY), (ARRAY, FLOAT)))
        return self.expression(kind, scope, 1), Variable(self.fresh(), held)
