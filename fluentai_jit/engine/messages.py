"""Error messages: what an instruction could not do, and with which values.

Written once, for every tier: native code leaves at the failing instruction and
the message is made here from its operands, which nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable

from ..bytecode.messages import arity_message, unbound_message
from ..core.layout import FRAME, FRAME_BASE, FRAME_IP
from ..core.natives import NATIVES
from ..core.objects import string_text
from ..core.opcodes import B_BIAS, FAIL_KINDS, OPCODES, Operand, decode
from ..core.operations import called_chunk
from ..core.scalars import SCALARS
from ..core.statuses import (
    ARITY_ERROR,
    DIVISION_BY_ZERO,
    DOMAIN_ERROR,
    ERROR_KINDS,
    INDEX_ERROR,
    NOT_CALLABLE,
    OVERFLOW,
    RAISED,
    TYPE_ERROR,
    UNBOUND_NAME,
)
from ..core.tags import INT
from ..kernel.state import State
from .values import describe, display

_TYPE_TEXTS = {
    "ADD": "cannot add {0} and {1}",
    "SUB": "cannot subtract {1} from {0}",
    "MUL": "cannot multiply {0} by {1}",
    "DIV": "cannot divide {0} by {1}",
    "MOD": "cannot take {0} modulo {1}",
    "POW": "cannot raise {0} to the power {1}",
    "NEG": "cannot negate {0}",
    "NOT": "'!' takes a bool, got {0}",
    "LT": "cannot compare {0} < {1}",
    "LE": "cannot compare {0} <= {1}",
    "GT": "cannot compare {0} > {1}",
    "GE": "cannot compare {0} >= {1}",
    "INDEX": "cannot index {0} with {1}",
    # No program comes to these three: the compiler knows closures and cells.
    "GET_CAPTURE": "{0} has captured nothing",
    "GET_CELL": "{0} is no cell",
    "SET_CELL": "{0} is no cell",
    "JUMP_IF_TRUE": "'||' takes bools, got {0}",
    "JUMP_IF_FALSE": "'&&' takes bools, got {0}",
    "FOR_PREP": "a range needs two ints, got {0} and {1}",
}
# Native operations that a program does not call by their names.
_NATIVE_TEXTS = {
    "set_item": "cannot assign item {1} of {0}",
    "concat": "cannot join {0} and {1}",
    "iterations": "cannot iterate over {0}",
}
_SYMBOLS = {"ADD": "+", "SUB": "-", "MUL": "*", "DIV": "/", "MOD": "%", "POW": "**"}


class _Site:
    """The instruction at which the innermost frame stands, and its operands."""

    def __init__(self, state: State) -> None:
        self.state = state
        frame = state.context.view[FRAME]
        self.pc = state.frame_field(frame, FRAME_IP)
        self.base = state.frame_field(frame, FRAME_BASE)
        code, self.a, self.b, self.c = decode(state.code.view[self.pc])
        self.row = OPCODES[code]
        name = self.row.name.removeprefix("UNLESS_")
        self.name = name.removesuffix("_INT") if name != "JUMP" else name

    def register(self, index: int) -> tuple[int, int]:
        at = 2 * (self.base + index)
        view = self.state.registers.view
        return view[at], view[at + 1]

    def operands(self) -> list[tuple[int, int]]:
        """The (tag, payload) operands in source order."""
        row = self.row
        if row.a is Operand.LOOP:
            return [self.register(self.a), self.register(self.a + 1)]
        if row.a is Operand.CALLEE:
            return [self.register(self.a)]
        if row.a is Operand.RESULT:
            count = self.b if row.b is Operand.COUNT else self.c
            return [self.register(self.a + 1 + i) for i in range(count)]
        values = []
        fields = ((row.a, self.a), (row.b, self.b), (row.c, self.c))
        for kind, field in fields:
            if kind is Operand.READ:
                values.append(self.register(field))
            elif kind is Operand.IMMEDIATE:
                immediate = field if row.c is kind else field - B_BIAS
                values.append((INT, immediate))
        return values

    def called(self) -> str:
        """The function of an instruction that calls one by its number, else ""."""
        if self.row.b is Operand.SCALAR:
            return SCALARS[self.b].name
        return NATIVES[self.b].name if self.row.b is Operand.NATIVE else ""

    def shown(self) -> list[str]:
        return [display(self.state, *value, True) for value in self.operands()]

    def described(self) -> list[str]:
        return [describe(self.state, *value) for value in self.operands()]


def _type_error(site: _Site) -> str:
    name = site.called()
    if name in _NATIVE_TEXTS:
        return _NATIVE_TEXTS[name].format(*site.described())
    if name:
        return f"{name} cannot take {' and '.join(site.described())}"
    return _TYPE_TEXTS[site.name].format(*site.described())


def _expression(site: _Site) -> str:
    shown = site.shown()
    if site.called():
        return f"{site.called()}({', '.join(shown)})"
    if site.name == "NEG":
        return f"-({shown[0]})"
    return f"{shown[0]} {_SYMBOLS[site.name]} {shown[1]}"


def _arity(site: _Site) -> str:
    tag, payload = site.register(site.a)
    chunk = called_chunk(site.state.context.view, tag, payload)
    callee = site.state.image.chunks[chunk]
    return arity_message(callee.name, callee.arity, site.b)


def _unbound(site: _Site) -> str:
    return unbound_message(site.state.image.globals[site.c])


def _index(site: _Site) -> str:
    shown = site.shown()
    if site.called() in ("slice", "substring"):
        bounds = f"{shown[1]} to {shown[2]}"
        return f"{site.called()} from {bounds} is out of range for {_subject(site)}"
    return f"index {shown[1]} is out of range for {_subject(site)}"


def _subject(site: _Site) -> str:
    return site.described()[0]


def _raised(site: _Site) -> str:
    _tag, offset = _constant(site, site.c)
    return string_text(site.state.heap.view, offset)


def _constant(site: _Site, index: int) -> tuple[int, int]:
    view = site.state.constants.view
    return view[2 * index], view[2 * index + 1]


_MESSAGES: dict[int, Callable[[_Site], str]] = {
    TYPE_ERROR: _type_error,
    OVERFLOW: lambda site: f"integer overflow in {_expression(site)}",
    DIVISION_BY_ZERO: lambda site: f"division by zero in {_expression(site)}",
    ARITY_ERROR: _arity,
    UNBOUND_NAME: _unbound,
    NOT_CALLABLE: lambda site: f"cannot call {site.described()[0]}",
    INDEX_ERROR: _index,
    DOMAIN_ERROR: lambda site: f"{_expression(site)} has no value",
    RAISED: _raised,
}


def error_at(state: State, status: int) -> tuple[str, str]:
    """Kind and message of the error where the innermost frame stands."""
    site = _Site(state)
    kind = ERROR_KINDS[status]
    if status == RAISED:
        kind = FAIL_KINDS[site.b]
    return kind, _MESSAGES[status](site)
