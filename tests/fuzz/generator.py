"""Random programs with the calls and settings to run them with.

A program is well formed, mostly typed well enough to run long, and ends: loops and
recursions count, and an instruction limit ends what multiplies too much. A statement
stands on lines of its own, so that shrinking can work on lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .expressions import Expressions
from .scope import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    KINDS,
    LIST,
    NUMBER,
    UNARY,
    Chance,
    Function,
    Scope,
    Variable,
)

Call = tuple[str, tuple[object, ...]]

# Fuel of one run, calls included: some 10 ms of plain Python.
INSTRUCTIONS = 6000


@dataclass(frozen=True, slots=True)
class Case:
    """One program to try: equal seeds give equal cases."""

    seed: int
    text: str
    args: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)


def case_of(seed: int) -> Case:
    """The case of a seed."""
    return Generator(seed).case()


class Generator:
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Chance(seed)
        self.expressions = Expressions(self.chance)
        self.lines: list[str] = []
        self.depth = 0
        self.functions: list[Function] = []
        self.failing = self.chance.of(0.4)
        self.failing_names: list[str] = []

    def case(self) -> Case:
        """The program, what to call afterwards, and the settings."""
        chance = self.chance
        self.expressions.mistakes = chance.weighted(((0.0, 5), (0.002, 3), (0.01, 1)))
        scope = Scope()
        if chance.of(0.3):
            self._let(scope, LIST, 0)
        for _ in range(chance.number(1, 3)):
            self._let(scope, chance.one(KINDS), 1)
        for _ in range(chance.number(1, 4)):
            self._declarations(scope)
            if chance.of(0.3):
                self._let(scope, chance.one(KINDS), 2)
        if self.functions:
            self._driver(scope)
        for _ in range(chance.number(1, 5)):
            self._statement(scope, 2)
        for variable in scope.variables:
            if variable.kind not in (UNARY, LIST):
                self._line(f"println({variable.name})")
        self._line(self.expressions.expression(ANY, scope, 2))
        return Case(
            self.seed,
            "\n".join(self.lines) + "\n",
            chance.one((("7", "2.5"), ("12", "-1"), ("0", "1e3"), ("x",))),
            (*self._calls(), *self._failing_calls()),
            self._config(),
        )

    # ---- lines ------------------------------------------------------------------
    def _line(self, text: str) -> None:
        # Without the semicolon a line that begins with `(` would be a call.
        end = "" if text.endswith("{") or text == "}" else ";"
        self.lines.append("  " * self.depth + text + end)

    def _open(self, text: str) -> None:
        self._line(text + " {")
        self.depth += 1

    def _close(self, text: str = "}") -> None:
        self.depth -= 1
        self._line(text)

    # ---- statements -------------------------------------------------------------
    def _statements(self, scope: Scope, depth: int, most: int = 3) -> None:
        for _ in range(self.chance.number(1, most)):
            self._statement(scope, depth)

    def _statement(self, scope: Scope, depth: int) -> None:
        makers: list[tuple[Callable[[Scope, int], None], int]] = [
            (self._let_any, 4),
            (self._assign, 6),
            (self._print, 1 if scope.in_function else 3),
        ]
        if depth > 0:
            makers += [
                (self._if, 4),
                (self._while, 2),
                (self._for, 3),
                (self._call_statement, 3),
                (self._block, 1),
            ]
        if scope.loops:
            makers.append((self._leave_loop, 3))
        if scope.in_function:
            makers.append((self._return, 1))
            if self.failing:
                makers.append((self._fail_later, 3))
        self.chance.weighted(makers)(scope, depth)

    def _let_any(self, scope: Scope, depth: int) -> None:
        self._let(scope, self.chance.one(KINDS), depth)

    def _let(self, scope: Scope, kind: str, depth: int) -> None:
        value = self.expressions.expression(kind, scope, depth)
        name = self.expressions.fresh()
        if scope.variables and self.chance.of(0.1):
            # A second let of a name is a new variable.
            shadowed = self.chance.one(scope.variables)
            if shadowed.assignable and shadowed.kind == kind:
                name = shadowed.name
        self._line(f"let {name} = {value}")
        scope.variables.append(Variable(name, kind))

    def _assign(self, scope: Scope, depth: int) -> None:
        kind = self.chance.one(KINDS)
        variables = scope.assignable(kind)
        if not variables:
            self._let(scope, kind, depth)
            return
        name = self.chance.one(variables).name
        value = self.expressions.expression(kind, scope, depth)
        operator = "="
        if kind in (INT, FLOAT, NUMBER) and self.chance.of(0.6):
            operator = self.chance.one(("+=", "+=", "-="))
        self._line(f"{name} {operator} {value}")

    def _print(self, scope: Scope, depth: int) -> None:
        value = self.expressions.expression(ANY, scope, depth)
        self._line(f"{self.chance.one(('println', 'print'))}({value})")

    def _call_statement(self, scope: Scope, depth: int) -> None:
        self._line(self.expressions.call(ANY, scope, depth))

    def _block(self, scope: Scope, depth: int) -> None:
        self._open("")
        self._statements(scope.inner(), depth - 1)
        self._close()

    def _if(self, scope: Scope, depth: int) -> None:
        condition = self.expressions.condition(scope, 2)
        self._open(f"if {condition}")
        self._statements(scope.inner(), depth - 1, 2)
        while self.chance.of(0.4):
            last = self.chance.of(0.6)
            head = f"else if {self.expressions.condition(scope, 1)}"
            self.depth -= 1
            self._open("} else" if last else "} " + head)
            self._statements(scope.inner(), depth - 1, 2)
            if last:
                break
        self._close()

    def _while(self, scope: Scope, depth: int) -> None:
        counter = self.expressions.fresh()
        bound = self.chance.number(1, 6)
        self._line(f"let {counter} = 0")
        scope.variables.append(Variable(counter, INT, assignable=False))
        condition = f"{counter} < {bound}"
        if self.chance.of(0.25):
            condition += f" && ({self.expressions.condition(scope, 1)})"
        self._open(f"while {condition}")
        self._line(f"{counter} += 1")
        inner = scope.inner()
        inner.loops += 1
        self._statements(inner, depth - 1, 4)
        self._close()

    def _for(self, scope: Scope, depth: int) -> None:
        chance = self.chance
        low, high = str(chance.number(-2, 3)), str(chance.number(0, 6))
        if chance.of(0.15):
            high = f"({self.expressions.expression(INT, scope, 1)}) % 7"
        if chance.of(0.02):
            low, high = "9223372036854775805", "9223372036854775807"
        name = self.expressions.fresh()
        self._open(f"for {name} in {low}{chance.one(('..', '..='))}{high}")
        inner = scope.inner()
        inner.loops += 1
        inner.variables.append(Variable(name, INT))
        self._statements(inner, depth - 1, 4)
        self._close()

    def _leave_loop(self, scope: Scope, _depth: int) -> None:
        condition = self.expressions.condition(scope, 1)
        self._line(f"if {condition} {{ {self.chance.one(('break', 'continue'))} }}")

    def _fail_later(self, scope: Scope, _depth: int) -> None:
        """An error that comes after the function was specialised, if it comes."""
        value = self.expressions.expression(INT, scope, 0)
        rare = self.chance.one(("% 5 == 3", "% 7 == 5", "== 6", "> 4"))
        failing = self.expressions.failing(scope)
        self._line(f"if ({value}) {rare} {{ {failing} }}")

    def _return(self, scope: Scope, _depth: int) -> None:
        value = self.expressions.expression(scope.result, scope, 1)
        self._line(f"if {self.expressions.condition(scope, 1)} {{ return {value} }}")

    # ---- functions --------------------------------------------------------------
    def _declarations(self, scope: Scope) -> None:
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
        inner.variables = [each for each in inner.variables if self.chance.of(0.4)]
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
            self._open(f"let {function.name} = ({parameters}) =>")
        else:
            self._open(f"private function {function.name}({parameters})")

    def _signature(self, counter: bool = False) -> tuple[Function, list[str]]:
        chance = self.chance
        kinds = [chance.one((INT, NUMBER, NUMBER, FLOAT, BOOL, ANY))
                 for _ in range(chance.number(0, 3))]  # fmt: skip
        if counter:
            kinds.insert(0, INT)
        elif chance.of(0.25):
            kinds = [NUMBER]
        result = chance.one((INT, NUMBER, NUMBER, FLOAT, BOOL, ANY))
        names = [self.expressions.fresh() for _ in kinds]
        return Function(self._name(), tuple(kinds), result, counter), names

    def _plain_function(self, scope: Scope) -> list[Function]:
        function, names = self._signature()
        self._begin(function, names)
        inner = self._inside(scope, names, function)
        if self.chance.of(0.7):
            self._statements(inner, 2)
        self._line(self.expressions.expression(function.result, inner, 3))
        self._close()
        return [function]

    def _stop(self, function: Function, names: list[str], inner: Scope) -> None:
        value = self.expressions.expression(function.result, inner, 1)
        self._line(f"if {names[0]} <= 0 {{ return {value} }}")

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
            self._statements(inner, 1, 2)
        first = self._recursion(function, names, inner)
        value = self.expressions.expression(function.result, inner, 1)
        if function.result in (INT, FLOAT, NUMBER):
            self._line(f"{first} {self.chance.one(('+', '-'))} {value}")
        else:
            name = self.expressions.fresh()
            self._line(f"let {name} = {first}")
            self._line(f"if {name} == {value} {{ {value} }} else {{ {name} }}")
        self._close()
        return [function]

    def _iterating_function(self, scope: Scope) -> list[Function]:
        function, names = self._signature(counter=True)
        self._begin(function, names)
        inner = self._inside(scope, names, function)
        self._stop(function, names, inner)
        if self.chance.of(0.4):
            self._statements(inner, 2, 2)
        if self.chance.of(0.3):
            condition = self.expressions.condition(inner, 1)
            again = self._recursion(function, names, inner)
            self._line(f"if {condition} {{ return {again} }}")
        self._line(self._recursion(function, names, inner))
        self._close()
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
                self._statements(inner, 1, 2)
            call = self._recursion(other, names, inner)
            if tail:
                self._line(call)
            else:
                self._line(f"let {self.expressions.fresh()} = {call}")
                self._line(self.expressions.expression(function.result, inner, 2))
            self._close()
        return functions

    def _mutual_iteration(self, scope: Scope) -> list[Function]:
        return self._mutual_functions(scope, tail=True)

    def _higher_order(self, scope: Scope) -> list[Function]:
        names = [self.expressions.fresh(), self.expressions.fresh()]
        function = Function(self._name(), (UNARY, NUMBER), NUMBER)
        self._begin(function, names)
        inner = self._inside(scope, names, function)
        if self.chance.of(0.4):
            self._statements(inner, 1, 2)
        if self.chance.of(0.5):
            if self.failing and self.chance.of(0.3):
                self._line(f"if {names[1]} == 3 {{ {names[0]}(1, 2) }}")
            self._line(f"{names[0]}({self.expressions.expression(NUMBER, inner, 2)})")
        else:
            bound = self.chance.number(1, 5)
            self._open(f"for {self.expressions.fresh()} in 0..{bound}")
            self._line(f"{names[1]} = {names[0]}({names[1]})")
            self._close()
            self._line(names[1])
        self._close()
        return [function]

    def _irregular_loops(self, scope: Scope) -> list[Function]:
        """A loop in a branch of a loop: entered at the inner one, what is around
        it has two entries."""
        name, outer, inner = (self.expressions.fresh() for _ in range(3))
        function = Function(self._name(), (INT,), INT, counter=True)
        self._begin(function, [name])
        self._line(f"let {outer} = 0")
        self._line(f"let {inner} = 0")
        self._open(f"while {outer} < {name}")
        self._line(f"{outer} += 1")
        self._open(f"if {outer} % 2 == {self.chance.number(0, 1)}")
        self._line(f"while {inner} < {outer} * 3 {{ {inner} += 1 }}")
        self._line(f"if {inner} % 4 == {self.chance.number(0, 3)} {{ continue }}")
        self._close()
        self._line(f"{inner} += 1")
        self._close()
        self._line(inner)
        self._close()
        return [function]

    def _failing_function(self, scope: Scope) -> list[Function]:
        """A function that ends in an error when it is called with 7."""
        name = self.expressions.fresh()
        function = Function(self._name(), (INT,), NUMBER)
        self.failing_names.append(function.name)
        self._begin(function, [name])
        inner = self._inside(scope, [name], function)
        if self.chance.of(0.4):
            self._statements(inner, 1, 2)
        self._line(f"if {name} == 7 {{ {self.expressions.failing(inner)} }}")
        self._line(self.expressions.expression(NUMBER, inner, 1))
        self._close()
        return [function]

    def _driver(self, scope: Scope) -> None:
        """A loop at the top that calls a function with changing kinds."""
        function = self.chance.one(self.functions)
        counter = self.expressions.fresh()
        self._open(f"for {counter} in 0..{self.chance.number(2, 12)}")
        inner = scope.inner()
        inner.variables.append(Variable(counter, INT, assignable=False))
        arguments = [
            self._changing(kind, counter, inner) for kind in function.parameters
        ]
        if function.counter:
            arguments[0] = f"{counter} % 5" if self.chance.of(0.5) else counter
        self._line(f"println({function.name}({', '.join(arguments)}))")
        self._close()

    def _changing(self, kind: str, counter: str, scope: Scope) -> str:
        first = self.expressions.expression(kind, scope, 1)
        if kind == UNARY or self.chance.of(0.4):
            return first
        second = self.expressions.expression(kind, scope, 1)
        return f"if {counter} < {self.chance.number(1, 9)} {{ {first} }} else {{ {second} }}"

    # ---- what is done with the program --------------------------------------------
    def _calls(self) -> list[Call]:
        count = self.chance.number(0, 3) if self.functions else 0
        return [self._call() for _ in range(count)]

    def _failing_calls(self) -> list[Call]:
        """Calls that make the failing functions native, and then fail."""
        return [
            (name, (number,)) for name in self.failing_names for number in (1, 2, 3, 7)
        ]

    def _call(self) -> Call:
        function = self.chance.one(self.functions)
        values = [self._value(kind) for kind in function.parameters]
        if function.counter:
            values[0] = self.chance.one((0, 1, 3, 9, 80))
        return function.name, tuple(values)

    def _value(self, kind: str) -> object:
        chance = self.chance
        if chance.of(0.1):
            return chance.one((None, True, 1, 2.5, "a"))
        if kind in (NUMBER, ANY, UNARY):
            kind = chance.one((INT, FLOAT))
        if kind == BOOL:
            return chance.of(0.5)
        if kind == FLOAT:
            return chance.one((0.5, -2.0, 1e10, float("inf"), -0.0))
        return chance.one((0, 1, 5, -3, 1000, 2**63 - 1))

    def _config(self) -> dict[str, Any]:
        chance = self.chance
        return {
            "limits.instructions": INSTRUCTIONS,
            "limits.depth": chance.one((12, 100, 500)),
            "jit.call_threshold": chance.one((1, 1, 2, 4)),
            "jit.back_edge_weight": chance.one((0.1, 1, 4)),
            "jit.tail_iteration_weight": chance.one((0.1, 1, 4)),
            "jit.inline_instructions": chance.one((0, 10, 60)),
            "jit.deoptimisation_limit": chance.one((1, 2, 100)),
            "jit.respecialise_limit": chance.one((0, 1, 3)),
            "jit.max_instructions": chance.one((2000, 2000, 2000, 40)),
            "jit.limit": chance.one((-1, -1, -1, -1, -1, 2)),
            "vm.slice_us": chance.one((10, 1000)),
        }
