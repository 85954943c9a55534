"""What a generated program has in scope, and the choices made from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

# Kinds of expressions: what they are meant to give. NUMBER is an int or a float,
# ANY is anything that can be printed, UNARY a function of one number, LIST the
# program's arguments, NUMBERS a list of numbers, ROWS a list of those, ITEMS a list of
# anything, MAP a map to numbers, SET a set of anything, ARRAY one of at least 2 floats.
INT, FLOAT, NUMBER, BOOL, STRING, ANY, UNARY, LIST, NUMBERS, ROWS, ITEMS = [
    "int",
    "float",
    "number",
    "bool",
    "string",
    "any",
    "unary",
    "list",
    "numbers",
    "rows",
    "items",
]
MAP, SET, SYMBOL, ARRAY = ["map", "set", "symbol", "array"]
# A struct of two numbers, and a variant of an enum or a value of a free constructor.
POINT, SHAPE = ["point", "shape"]
CONTAINERS = (MAP, SET, SYMBOL, ARRAY, POINT, SHAPE)
KINDS = (
    *(INT, FLOAT, NUMBER, BOOL, ANY, STRING, NUMBERS, NUMBERS, ROWS, ITEMS),
    *(MAP, MAP, SET, SYMBOL, ARRAY, POINT, SHAPE),
)
# What holds items and can be changed, and the kind of the items.
PLACES = {NUMBERS: NUMBER, ROWS: NUMBERS, ITEMS: ANY}

# A variable of the first kind may be read where one of the others is wanted.
_READABLE = {
    INT: (INT, NUMBER, ANY),
    FLOAT: (FLOAT, NUMBER, ANY),
    NUMBER: (NUMBER, ANY),
    BOOL: (BOOL, ANY),
    STRING: (STRING, ANY),
    ANY: (ANY,),
    UNARY: (UNARY,),
    LIST: (LIST,),
    NUMBERS: (NUMBERS, ITEMS, ANY),
    ROWS: (ROWS, ITEMS, ANY),
    ITEMS: (ITEMS, ANY),
    MAP: (MAP, ANY),
    SET: (SET, ANY),
    SYMBOL: (SYMBOL, ANY),
    ARRAY: (ARRAY, ANY),
    POINT: (POINT, ANY),
    SHAPE: (SHAPE, ANY),
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variable:
    """A name, what it holds, and whether it may be assigned."""

    name: str
    kind: str
    assignable: bool = True


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the program; `counter` says that its first parameter counts
    down and bounds its recursion."""

    name: str
    parameters: tuple[str, ...]
    result: str
    counter: bool = False


@dataclass(slots=True)
class Scope:
    """Names visible at one place of the program."""

    variables: list[Variable] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    loops: int = 0
    in_function: bool = False
    result: str = ANY

    def inner(self) -> Scope:
        """The scope of a block in this one."""
        return Scope(
            list(self.variables),
            list(self.functions),
            self.loops,
            self.in_function,
            self.result,
        )

    def readable(self, kind: str) -> list[Variable]:
        """Variables that give that kind."""
        return [each for each in self.variables if kind in _READABLE[each.kind]]

    def assignable(self, kind: str) -> list[Variable]:
        """Variables that hold that kind and may be assigned."""
        return [
            each for each in self.variables if each.kind == kind and each.assignable
        ]

    def callable(self, kind: str) -> list[Function]:
        """Functions that give that kind."""
        return [each for each in self.functions if kind in _READABLE[each.result]]


class Chance:
    """Random choices from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def of(self, probability: float) -> bool:
        """True so often."""
        return self._random.random() < probability

    def number(self, low: int, high: int) -> int:
        """A number between the two, both included."""
        return self._random.randint(low, high)

    def one(self, items: Sequence[T]) -> T:
        """One of them."""
        return items[int(self._random.random() * len(items))]

    def weighted(self, table: Sequence[tuple[T, int]]) -> T:
        """One of them, each as likely as its weight says."""
        point = self._random.random() * sum(weight for _item, weight in table)
        for item, weight in table:
            point -= weight
            if point < 0:
                return item
        return table[-1][0]
