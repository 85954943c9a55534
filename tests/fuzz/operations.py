"""The semantic functions against the model, on random operands with many edges."""

from __future__ import annotations

import inspect
from typing import Any

from fluentai_jit.core import access, arithmetic, comparison
from fluentai_jit.core.primitives import bits_of_float, float_of_bits
from fluentai_jit.core.scalars import SCALARS
from fluentai_jit.core.statuses import ERROR_KINDS, OK
from fluentai_jit.core.tags import BOOL, FLOAT, INT, MAX_INT, MIN_INT, NIL

from . import model
from .model import Raised, Value
from .scope import Chance

_INTS = (0, 1, -1, 2, -2, 3, 7, 10, 20, 21, 62, 63, 64, MAX_INT, MIN_INT, MAX_INT - 1,
         MIN_INT + 1, 2**53, 2**53 + 1, -(2**53) - 1, 3037000499, 3037000500,
         1 << 32, 1 << 62)  # fmt: skip
_FLOATS = (0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 2.5, -2.5, 2.0, 10.0, 1e300, -1e300,
           2.0**53, 2.0**63, -(2.0**63), 9223372036854774784.0, 5e-324, 1e18, 1e19,
           float("inf"), float("-inf"), float("nan"), 0.49999999999999994)  # fmt: skip
_NO_HEAP: Any = memoryview(b"")


def value_of(chance: Chance) -> Value:
    """A random operand."""
    if chance.of(0.05):
        return chance.one((None, True, False))
    if chance.of(0.55):
        if chance.of(0.3):
            return chance.number(-50, 50)
        return chance.one(_INTS)
    return chance.one(_FLOATS)


def _related(value: Value, chance: Chance) -> Value:
    """An operand near another one: where comparisons and limits are decided."""
    kind = chance.number(0, 3)
    if kind == 0 or value is None or isinstance(value, bool):
        return value
    if kind == 1 and isinstance(value, int):
        return float(value)
    if kind == 2 and isinstance(value, float) and abs(value) < 2.0**63:
        return int(value)
    return chance.one((-1, -1.0, value + 1 if -10 < value < 10 else value))


def operands(chance: Chance) -> list[Value]:
    """Three random operands, the second often one that goes with the first."""
    values = [value_of(chance) for _ in range(3)]
    if chance.of(0.35):
        values[1] = _related(values[0], chance)
    return values


def words_of(value: Value) -> tuple[int, int]:
    """(tag, payload) of a value that is not in the heap."""
    if value is None:
        return NIL, 0
    if isinstance(value, bool):
        return BOOL, int(value)
    return (INT, value) if isinstance(value, int) else (FLOAT, bits_of_float(value))


def value_from(tag: int, payload: int, status: int) -> Value:
    """What an operation gave, if it is not in the heap."""
    if status != OK:
        return Raised(ERROR_KINDS[status])
    if tag == FLOAT:
        return float_of_bits(payload)
    return {INT: payload, BOOL: bool(payload), NIL: None}[tag]


def same(a: Value, b: Value) -> bool:
    """Whether two values are the same in every bit that shows."""
    if isinstance(a, float) and isinstance(b, float):
        # Any NaN is as good as another; 0.0 and -0.0 are not.
        return repr(a) == repr(b)
    return type(a) is type(b) and a == b


def _operator(name: str, values: list[Value]) -> Value:
    module = arithmetic if hasattr(arithmetic, name) else comparison
    function = getattr(module, name)
    words = [word for value in values for word in words_of(value)]
    if next(iter(inspect.signature(function).parameters)) == "ctx":
        return value_from(*function(_NO_HEAP, *words))
    return value_from(*function(*words))


def _scalar(index: int, values: list[Value]) -> Value:
    padded = [*values, None, None][:3]
    words = [word for value in padded for word in words_of(value)]
    return value_from(*SCALARS[index].function(_NO_HEAP, *words))


def _range(first: Value, second: Value, closed: bool) -> Value:
    words = (*words_of(first), *words_of(second))
    tag, payload, status = access.range_last(*words, int(closed))
    return None if status == OK and tag == BOOL else value_from(tag, payload, status)


def disagreement(seed: int, count: int = 40) -> str | None:
    """Try random operations; what the first wrong one was, if any was wrong."""
    chance = Chance(seed)
    names = list(model.OPERATORS)
    for _ in range(count):
        values = operands(chance)
        if chance.of(0.55):
            name = chance.one(names)
            arity = 1 if name in ("op_negate", "op_not") else 2
            found = _operator(name, values[:arity])
            wanted = model.OPERATORS[name](*values[:arity])
        elif chance.of(0.9):
            index = chance.number(0, len(SCALARS) - 1)
            name, arity = SCALARS[index].name, SCALARS[index].arity
            if name in model.NOT_MODELLED:
                continue
            found = _scalar(index, values[:arity])
            wanted = model.SCALARS[name](*values[:arity])
        elif chance.of(0.5):
            name, arity, closed = "range_last", 2, chance.of(0.5)
            found = _range(values[0], values[1], closed)
            wanted = model.last_of_range(values[0], values[1], closed)
        else:
            name, arity = "truth", 1
            found = access.truth(_NO_HEAP, *words_of(values[0])) != 0
            wanted = model.truth(values[0])
        if not same(found, wanted):
            shown = ", ".join(map(repr, values[:arity]))
            return f"{name}({shown}) is {found!r}, by the rules {wanted!r}"
    return None
