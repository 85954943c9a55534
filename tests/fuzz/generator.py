"""Random programs with the calls and settings to run them with.

A program is well formed, mostly typed well enough to run long, and ends: loops and
recursions count, and an instruction limit ends what multiplies too much.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .functions import FAILING
from .patterns import TYPES
from .scope import (
    ANY,
    BOOL,
    CONTAINERS,
    FLOAT,
    INT,
    KINDS,
    LIST,
    NUMBER,
    PLACES,
    STRING,
    UNARY,
    Chance,
    Scope,
    Variable,
)
from .seldom import Seldom
from .sequences import CLIP

Call = tuple[str, tuple[object, ...]]

# Fuel of one run, calls included: some 5 ms of plain Python.
INSTRUCTIONS = 3500
# One program of so many has a `match` of so many arms, and so many nested loops.
_DEEP = 97
_ARMS = 100
_LOOPS = 20


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


class Generator(Seldom):
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        super().__init__(Chance(seed))
        self.seed = seed

    def case(self) -> Case:
        """The program, what to call afterwards, and the settings."""
        chance = self.chance
        self.expressions.mistakes = chance.weighted(((0.0, 5), (0.002, 3), (0.01, 1)))
        scope = Scope()
        self.line(CLIP)
        for each in TYPES:
            self.line(each)
        if self.seed % _DEEP == 0:
            self._deep()
        if chance.of(0.5):
            self.let(scope, LIST, 0)
        self.seldom(scope)
        for _ in range(chance.number(1, 3)):
            self.let(scope, chance.one(KINDS), 1)
        for _ in range(chance.number(1, 3)):
            self.declarations(scope)
            if chance.of(0.3):
                self.let(scope, chance.one(KINDS), 2)
        if self.functions:
            self._driver(scope)
        for _ in range(chance.number(1, 3)):
            self.statement(scope, 2)
        for variable in scope.variables:
            if variable.kind not in (UNARY, LIST):
                self.line(f"println({variable.name})")
        self.line(self.expressions.expression(ANY, scope, 2))
        return Case(
            self.seed,
            "\n".join(self.lines) + "\n",
            chance.one((("7", "2.5"), ("12", "-1"), ("0", "1e3"), ("x",))),
            (*self._calls(), *self._failing_calls()),
            self._config(),
        )

    def _deep(self) -> None:
        """A function with many arms, and one with more loops than a unit may have."""
        arms = ", ".join(f"{index} => {index * 3}" for index in range(_ARMS))
        self.line(f"private function arms(n) {{ match n {{ {arms}, _ => n + 1 }} }}")
        heads = "".join(f"for j{index} in 0..1 {{ " for index in range(_LOOPS))
        body = f"let s = n {heads}s += 1{' }' * _LOOPS} s"
        self.line(f"private function loops(n) {{ {body} }}")
        self.line("for i in 0..5 { println(arms(i * 30) + loops(i)) }")

    def _driver(self, scope: Scope) -> None:
        """A loop at the top that calls a function with changing kinds."""
        function = self.chance.one(self.functions)
        counter = self.expressions.fresh()
        self.open(f"for {counter} in 0..{self.chance.number(2, 12)}")
        inner = scope.inner()
        inner.variables.append(Variable(counter, INT, assignable=False))
        arguments = [
            self._changing(kind, counter, inner) for kind in function.parameters
        ]
        if function.counter:
            arguments[0] = f"{counter} % 5" if self.chance.of(0.5) else counter
        self.line(f"println({function.name}({', '.join(arguments)}))")
        self.close()

    def _changing(self, kind: str, counter: str, scope: Scope) -> str:
        first = self.expressions.expression(kind, scope, 1)
        if kind == UNARY or self.chance.of(0.4):
            return first
        second = self.expressions.expression(kind, scope, 1)
        condition = f"{counter} < {self.chance.number(1, 9)}"
        return f"if {condition} {{ {first} }} else {{ {second} }}"

    # ---- what is done with the program --------------------------------------------
    def _calls(self) -> list[Call]:
        count = self.chance.number(0, 3) if self.functions else 0
        return [self._call() for _ in range(count)]

    def _failing_calls(self) -> list[Call]:
        """Calls that make the failing functions native, and then fail."""
        return [
            (name, (number,))
            for name in self.failing_names
            for number in (1, 2, 3, *FAILING)
        ]

    def _call(self) -> Call:
        # Lists and the like cannot be passed in from outside.
        function = self.chance.one(
            [
                each
                for each in self.functions
                if not {*each.parameters} & {*PLACES, *CONTAINERS}
            ]
            or self.functions
        )
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
        if kind == STRING:
            return chance.one(("", "abc", "é€😀"))
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
            # Two engines that both run out of it do so in the same place.
            "limits.memory_mb": 64,
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
