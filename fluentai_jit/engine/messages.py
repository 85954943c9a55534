"""Error messages: what an instruction could not do, and with which values.

Written once, for every tier: native code leaves at the failing instruction and
the message is made here from its operands, which nothing has changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from ..bytecode.messages import arity_range_message, no_field_message, unbound_message
from ..core.access import called_chunk
from ..core.layout import FRAME, FRAME_BASE, FRAME_IP
from ..core.natives import NATIVES
from ..core.objects import string_text
from ..core.opcodes import B_BIAS, FAIL_KINDS, OPCODES, Operand, decode
from ..core.scalars import SCALARS
from ..core.statuses import (
    ARITY_ERROR,
    DIVISION_BY_ZERO,
    DOMAIN_ERROR,
    ERROR_KINDS,
    INDEX_ERROR,
    KEY_ERROR,
    NOT_CALLABLE,
    OVERFLOW,
    RAISED,
    TYPE_ERROR,
    UNBOUND_NAME,
)
from ..core.tagged_objects import constructor_of, shape_at
from ..core.tags import ARRAY, INT, MAP, NIL, SET, STRING, TAG_NAMES, TAGGED
from ..errors import shortened
from ..kernel.state import State
from .array_values import memory_of
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
    "GET_FIELD": "{0} has no such field",
    "GET_CELL": "{0} is no cell",
    "SET_CELL": "{0} is no cell",
    "JUMP_IF_TRUE": "'||' takes bools, got {0}",
    "JUMP_IF_FALSE": "'&&' takes bools, got {0}",
    "FOR_PREP": "a range needs two ints, got {0} and {1}",
}
# Characters of a value that are made for a message, which quotes fewer.
_SHOWN = 100
# Native operations that a program does not call by their names.
_NATIVE_TEXTS = {
    "set_item": "cannot assign item {1} of {0}",
    "matrix_item": "cannot index {0} with {1} and {2}",
    "set_matrix_item": "cannot assign item {1}, {2} of {0}",
    "concat": "cannot join {0} and {1}",
    "range": "a range needs two ints, got {0} and {1}",
    "iterations": "cannot iterate over {0}",
    "merge": "cannot merge {0} and {1}",
}
# Native operations whose second argument is a key, or a field's name.
_OF_KEYS = ("set_item", "get", "remove", "has_key", "insert", "member", "set_member")
# What reads or writes one item of an array, besides INDEX.
_ITEM_OPERATIONS = ("set_item", "matrix_item", "set_matrix_item")
_SYMBOLS = {"ADD": "+", "SUB": "-", "MUL": "*", "DIV": "/", "MOD": "%", "POW": "**"}


class _Site:
    """The instruction at which the innermost frame stands, and its operands."""

    def __init__(self, state: State) -> None:
        self.state = state
        frame = state.context.view[FRAME]
        self.pc = state.calls.field(frame, FRAME_IP)
        self.base = state.calls.field(frame, FRAME_BASE)
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
            if kind in (Operand.READ, Operand.UPDATE):
                values.append(self.register(field))
            elif kind is Operand.IMMEDIATE:
                immediate = field if row.c is kind else field - B_BIAS
                values.append((INT, immediate))
        return values

    def called(self) -> str:
        """The function of an instruction that calls one by its number, else ""."""
        if self.row.name == "SET_INDEX":
            return "set_item"
        if self.row.b is Operand.SCALAR:
            return SCALARS[self.b].name
        return NATIVES[self.b].name if self.row.b is Operand.NATIVE else ""

    def shown(self) -> list[str]:
        return [self._shown(value) for value in self.operands()]

    def shown_at(self, index: int) -> str:
        return self._shown(self.operands()[index])

    def _shown(self, value: tuple[int, int]) -> str:
        return shortened(display(self.state, *value, True, _SHOWN))

    def described(self) -> list[str]:
        return [describe(self.state, *value) for value in self.operands()]

    def described_at(self, index: int) -> str:
        return describe(self.state, *self.operands()[index])


def _wrong_key(site: _Site) -> str:
    """What is wrong with a key or an element; "" where the error is another."""
    # A program that makes no such error needs no source of the operations.
    from ..memory.keys import key_hash

    name = site.called()
    operands = site.operands()
    kind = operands[0][0] if operands else NIL
    keys = operands[1:2]
    if name == "make_map":
        kind, keys = MAP, operands[::2]
    elif name == "make_set":
        kind, keys = SET, operands
    elif site.name != "INDEX" and name not in _OF_KEYS:
        return ""
    for tag, payload in keys if kind in (MAP, SET) else ():
        if key_hash(site.state.context.view, kind, tag, payload)[2] == TYPE_ERROR:
            what = "a key of a map" if kind == MAP else "an element of a set"
            return f"{describe(site.state, tag, payload)} cannot be {what}"
    return ""


def _no_field(site: _Site) -> str:
    heap = site.state.heap.view
    (tag, payload), (kind, name), *_rest = site.operands()
    if kind != STRING:
        # No compiled program comes here: a field's name is a constant of it.
        return f"{_subject(site)} has no field {site.described()[1]}"
    text = string_text(heap, name)
    if tag == TAGGED:
        names = shape_at(heap, constructor_of(heap, payload)).names
        return no_field_message(_subject(site), text, names)
    if site.called() == "set_member":
        return f"cannot assign the field '{text}' of {_subject(site)}"
    return f"{_subject(site)} has no field '{text}'"


def _array_problem(site: _Site, given: int) -> str | None:
    """Why an item of an array is not read or written with so many indices."""
    (tag, payload), *others = site.operands()
    if tag != ARRAY:
        return None
    memory = memory_of(site.state, payload)
    if len(memory.shape) != given:
        names = ("one dimension takes one index", "two dimensions takes two indices")
        return f"an array of {names[len(memory.shape) - 1]}"
    for index, text in zip(others[:given], site.described()[1:], strict=False):
        if index[0] != INT:
            return f"the index of an array is an int, not {text}"
    return f"an array of {TAG_NAMES[memory.tag]}s cannot hold {site.described()[-1]}"


def _type_error(site: _Site) -> str:
    name = site.called()
    wrong_key = _wrong_key(site)
    if wrong_key:
        return wrong_key
    if name in ("member", "set_member"):
        return _no_field(site)
    if name in _ITEM_OPERATIONS or site.name == "INDEX":
        problem = _array_problem(site, 2 if "matrix" in name else 1)
        if problem is not None:
            return problem
    if name in _NATIVE_TEXTS:
        return _NATIVE_TEXTS[name].format(*site.described())
    if name:
        return f"{name} cannot take {' and '.join(site.described())}"
    return _TYPE_TEXTS[site.name].format(*site.described())


def _expression(site: _Site) -> str:
    shown = site.shown()
    if site.called() == "range":
        return f"{shown[0]}..{shown[1]}"
    if site.called():
        return f"{site.called()}({', '.join(shown)})"
    if site.name == "NEG":
        return f"-({shown[0]})"
    return f"{shown[0]} {_SYMBOLS[site.name]} {shown[1]}"


def _arity(site: _Site) -> str:
    tag, payload = site.register(site.a)
    chunk = called_chunk(site.state.context.view, tag, payload)
    callee = site.state.image.chunks[chunk]
    most = None if callee.rest else callee.arity
    return arity_range_message(callee.name, callee.least, most, site.b)


def _unbound(site: _Site) -> str:
    return unbound_message(site.state.image.globals[site.c])


def _index(site: _Site) -> str:
    called = site.called()
    first = site.shown_at(1)
    subject = _subject(site)
    if "matrix" in called:
        return f"index {first}, {site.shown_at(2)} is out of range for {subject}"
    if called in ("slice", "substring"):
        end = site.shown_at(2)
        # What a call leaves out is nil, and means the length.
        whole = f"{called} from {first}" + (f" to {end}" if end != "nil" else "")
        return f"{whole} is out of range for {subject}"
    # What a call leaves out is nil, and means the first character.
    index = "0" if called == "char_code" and first == "nil" else first
    return f"index {index} is out of range for {subject}"


def _domain(site: _Site) -> str:
    if site.called() == "format":
        return _format(site)
    return f"{_expression(site)} has no value"


def _format(site: _Site) -> str:
    """What is wrong with a template or with the number of its values."""
    template, *values = site.operands()
    text = string_text(site.state.heap.view, template[1])
    braces = Counter(re.findall(r"\{\{|\}\}|\{\}|\{|\}", text))
    places = braces["{}"]
    if braces["{"] or braces["}"]:
        wanted = "{} for a value and doubled braces for braces"
        return f"format takes {wanted}, got {shortened(site.shown()[0])}"
    found = "1 place" if places == 1 else f"{places} places"
    given = "1 value" if len(values) == 1 else f"{len(values)} values"
    return f"format has {found} for {given}"


def _missing(site: _Site) -> str:
    if site.called() in ("member", "set_member") and site.operands()[0][0] == TAGGED:
        return _no_field(site)
    return f"no key {site.shown_at(1)} in {_subject(site)}"


def _subject(site: _Site) -> str:
    return site.described_at(0)


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
    NOT_CALLABLE: lambda site: f"cannot call {site.described_at(0)}",
    INDEX_ERROR: _index,
    KEY_ERROR: _missing,
    DOMAIN_ERROR: _domain,
    RAISED: _raised,
}


def error_at(state: State, status: int) -> tuple[str, str]:
    """Kind and message of the error where the innermost frame stands."""
    site = _Site(state)
    kind = ERROR_KINDS[status]
    if status == RAISED:
        kind = FAIL_KINDS[site.b]
    return kind, _MESSAGES[status](site)
