"""Random functions: plain, recursive, iterating, mutual, of higher order, failing."""

from __future__ import annotations

from .scope import (
    ANY,
    ARRAY,
    BOOL,
    FLOAT,
    INT,
    ITEMS,
    LIST,
    MAP,
    NUMBER,
    NUMBERS,
    POINT,
    ROWS,
    SET,
    SHAPE,
    STRING,
    SYMBOL,
    UNARY,
    Chance,
    Function,
    Scope,
    Variable,
)
from .statements import Statements

# Of parameters and results.
_KINDS = (
    *(INT, INT, NUMBER, NUMBER, NUMBER, NUMBER, FLOAT, FLOAT, BOOL, BOOL, ANY, ANY),
    *(STRING, NUMBERS, NUMBERS, ROWS, ITEMS, MAP, MAP, SET, SYMBOL, ARRAY),
    *(POINT, SHAPE),
)
# The arguments for which a failing function fails.
FAILING = (7, 8, 9)


class Functions(Statements):
    """Writes functions; what recurses counts down, so that it ends."""

    def __init__(self, chance: Chance) -> None:
        super().__init__(chance)
        self.functions: list[Function] = []
        self.failing_names: list[str] = []

    def declarations(self, scope: Scope) -> None:
        """Write functions of one sort, one or those that call each other."""
        makers = (
            (self._plain_function, 6),
            (self._recursive_function, 3),
            (self._iterating_function, 3),
            (self._mutual_functions, 2),
            (self._mutual_iteration, 2),
            (self._higher_order, 2),
            (self._irregular_loops, 1),
            (self._failing_function, 5 if self.failing else 0),
        )
        for function in self.chance.weighted(makers)(scope):
            scope.functions.append(function)
            self.functions.append(function)

    def _name(self) -> str:
        return f"f{len(self.functions)}_{self.expressions.fresh()}"

    def _inside(self, scope: Scope, names: list[str], function: Function) -> Scope:
        inner = scope.inner()
        inner.loops = 0
        # Of the variables of the top level some are used, as globals.
        inner.variables = [
            each for each in inner.variables if each.kind == LIST or self.chance.of(0.4)
        ]
        inner.in_function = True
        inner.result = function.result
        for position, (name, kind) in enumerate(
            zip(names, function.parameters, strict=True)
        ):
            counts = function.counter and position == 0
            inner.variables.append(Variable(name, kind, assignable=not counts))
        return inner

    def _begin(self, function: Function, names: list[str]) -> None:
        parameters = ", ".join(names)
        if self.chance.of(0.15) and not function.counter:
            self.open(f"let {function.name} = ({parameters}) =>")
        else:
            self.open(f"private function {function.name}({parameters})")

    def _signature(self, counter: bool = False) -> tuple[Function, list[str]]:
        chance = self.chance
        kinds = [chance.one(_KINDS) for _ in range(chance.number(0, 3))]
        if counter:
            kinds.insert(0, INT)
        elif chance.of(0.25):
            kinds = [NUMBER]
        result = chance.one(_KINDS)
        names = [self.expressions.fresh() for _ in kinds]
        return Function(self._name(), tuple(kinds), result, counter), names

    def _plain_function(self, scope: Scope) -> list[Function]:
        function, names = self._signature()
        self._begin(function, names)
        inner = self._inside(scope, names, function)
        if self.chance.of(0.7):
            self.statements(inner, 2)
        self.line(self.expressions.expression(function.result, inner, 3))
        self.close()
        return [function]

    def _stop(self, function: Function, names: list[str], inner: Scope) -> None:
        value = self.expressions.expression(function.result, inner, 1)
        self.line(f"if {names[0]} <= 0 {{ return {value} }}")

    def _recursion(self, function: Function, names: list[str], inner: Scope) -> str:
        """A call of `function` with a smaller counter."""
        arguments = [
            self.expressions.expression(kind, inner, 2) for kind in function.parameters
        ]
        step = "1" if self.chance.of(0.8) else "2"
        arguments[0] = f"{names[0]} - {step}"
        return f"{function.name}({', '.join(arguments)})"

    def _recursive_function(self, scope: Scope) -> list[Function]:
        function, names = self._signature(counter=True)
        self._begin(function, names)
        inner = self._inside(scope, names, function)
        self._stop(function, names, inner)
        if self.chance.of(0.5):
            self.statements(inner, 1, 2)
        first = self._recursion(function, names, inner)
        value = self.expressions.expression(function.result, inner, 1)
        if function.result in (INT, FLOAT, NUMBER):
            self.line(f"{first} {self.chance.one(('+', '-'))} {value}")
        else:
            name = self.expressions.fresh()
            self.line(f"let {name} = {first}")
            self.line(f"if {name} == {value} {{ {value} }} else {{ {name} }}")
        self.close()
        return [function]

    def _iterating_function(self, scope: Scope) -> list[Function]:
        function, names = self._signature(counter=True)
        self._begin(function, names)
        inner = self._inside(scope, names, function)
        self._stop(function, names, inner)
        if self.chance.of(0.4):
            self.statements(inner, 2, 2)
        if self.chance.of(0.3):
            condition = self.expressions.condition(inner, 1)
            again = self._recursion(function, names, inner)
            self.line(f"if {condition} {{ return {again} }}")
        self.line(self._recursion(function, names, inner))
        self.close()
        return [function]

    def _mutual_functions(self, scope: Scope, tail: bool = False) -> list[Function]:
        count = self.chance.number(2, 3)
        signatures = [self._signature(counter=True) for _ in range(count)]
        functions = [function for function, _names in signatures]
        for index, (function, names) in enumerate(signatures):
            other = functions[(index + 1) % count]
            if self.chance.of(0.2):
                other = self.chance.one(functions)
            self._begin(function, names)
            inner = self._inside(scope, names, function)
            self._stop(function, names, inner)
            if self.chance.of(0.3):
                self.statements(inner, 1, 2)
            call = self._recursion(other, names, inner)
            if tail:
                self.line(call)
            else:
                self.line(f"let {self.expressions.fresh()} = {call}")
                self.line(self.expressions.expression(function.result, inner, 2))
            self.close()
        return functions

    def _mutual_iteration(self, scope: Scope) -> list[Function]:
        return self._mutual_functions(scope, tail=True)

    def _higher_order(self, scope: Scope) -> list[Function]:
        names = [self.expressions.fresh(), self.expressions.fresh()]
        function = Function(self._name(), (UNARY, NUMBER), NUMBER)
        self._begin(function, names)
        inner = self._inside(scope, names, function)
        if self.chance.of(0.4):
            self.statements(inner, 1, 2)
        if self.chance.of(0.5):
            if self.failing and self.chance.of(0.3):
                self.line(f"if {names[1]} == 3 {{ {names[0]}(1, 2) }}")
            self.line(f"{names[0]}({self.expressions.expression(NUMBER, inner, 2)})")
        else:
            bound = self.chance.number(1, 5)
            self.open(f"for {self.expressions.fresh()} in 0..{bound}")
            self.line(f"{names[1]} = {names[0]}({names[1]})")
            self.close()
            self.line(names[1])
        self.close()
        return [function]

    def _irregular_loops(self, scope: Scope) -> list[Function]:
        """A loop in a branch of a loop: entered at the inner one, what is around
        it has two entries."""
        name, outer, inner = (self.expressions.fresh() for _ in range(3))
        function = Function(self._name(), (INT,), INT, counter=True)
        self._begin(function, [name])
        self.line(f"let {outer} = 0")
        self.line(f"let {inner} = 0")
        self.open(f"while {outer} < {name}")
        self.line(f"{outer} += 1")
        self.open(f"if {outer} % 2 == {self.chance.number(0, 1)}")
        self.line(f"while {inner} < {outer} * 3 {{ {inner} += 1 }}")
        self.line(f"if {inner} % 4 == {self.chance.number(0, 3)} {{ continue }}")
        self.close()
        self.line(f"{inner} += 1")
        self.close()
        self.line(inner)
        self.close()
        return [function]

    def _failing_function(self, scope: Scope) -> list[Function]:
        """A function that ends in an error when it is called with some numbers."""
        name = self.expressions.fresh()
        function = Function(self._name(), (INT,), NUMBER)
        self.failing_names.append(function.name)
        self._begin(function, [name])
        inner = self._inside(scope, [name], function)
        if self.chance.of(0.4):
            self.statements(inner, 1, 2)
        for number in FAILING:
            failing = self.expressions.failing(inner)
            self.line(f"if {name} == {number} {{ {failing} }}")
        self.line(self.expressions.expression(NUMBER, inner, 1))
        self.close()
        return [function]
