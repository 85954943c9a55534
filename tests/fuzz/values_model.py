"""Native operations on strings, lists and maps against Python's own values.

Values are made from one another at random; all of them, the oldest too, have to
read as the model says after every few steps and after collections.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache

from fluentai_jit.core.heap import variant_of
from fluentai_jit.core.layout import (
    CHARACTERS,
    CONTEXT_WORDS,
    DEADLINE,
    FRAME,
    GLOBAL_COUNT,
    GLOBALS,
    HEAP,
    HEAP_END,
    HEAP_REQUEST,
    HEAP_START,
    HEAP_TARGET,
    HEAP_TOP,
    POWERS,
    REGISTERS,
    ROOTS,
    STOP,
)
from fluentai_jit.core.natives import NATIVE_INDEX
from fluentai_jit.core.objects import (
    character_words,
    list_items,
    map_entries,
    string_text,
    string_words,
)
from fluentai_jit.core.powers_of_ten import powers_of_ten
from fluentai_jit.core.statuses import COLLECT, OK
from fluentai_jit.core.tags import INT, LIST, MAP, NIL, STRING
from fluentai_jit.memory.collector import collect
from fluentai_jit.memory.table import OPERATIONS
from fluentai_jit.memory.words import Words
from tests.stops import looking_often

from .model import TYPE, Raised, Value, equal
from .operations import same, value_from

INDEX = Raised("IndexError")
MISSING = Raised("KeyError")
KEYS = (int, str, bool)
DOMAIN = Raised("ArithmeticError")
_SPACE = 1 << 16
# What is below the spaces: the strings of one character.
_FIRST = 8 + len(character_words())
STEPS = 25
TEXTS = (
    "",
    "a",
    '"\n',
    "é",
    "€",
    "😀",
    "12345678",
    "abc€",
    "x" * 40,
    "é" * 33,
    "€" * 21,
)


class _Bool(Enum):
    """A bool as a key of a model: Python's own are the keys 0 and 1."""

    FALSE = False
    TRUE = True


def as_key(value: Value) -> Value:
    """A value as the key of a model's dict."""
    return _Bool(value) if type(value) is bool else value


def of_key(key: Value) -> Value:
    """The value that is such a key."""
    return key.value if isinstance(key, _Bool) else key


_ESCAPES = str.maketrans(
    {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
)


def _quoted(value: Value) -> str:
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES)}"'
    return text_of(value)


def text_of(value: Value) -> str:
    """The text of a value as it is printed."""
    if isinstance(value, list):
        return f"[{', '.join(map(_quoted, value))}]"
    if isinstance(value, dict):
        pairs = (
            f"{_quoted(of_key(key))}: {_quoted(each)}" for key, each in value.items()
        )
        return f"{{{', '.join(pairs)}}}"
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    if isinstance(value, float) and value != value:
        return "NaN"
    return value if isinstance(value, str) else repr(value)


def alike(a: Value, b: Value) -> bool:
    """a == b as the language has it."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    return bool(equal(a, b))


# ---- the operations by the rules ----------------------------------------------
def _index(whole: Value, index: Value) -> Value:
    if isinstance(whole, dict):
        return whole.get(as_key(index), MISSING) if type(index) in KEYS else TYPE
    if not isinstance(whole, (str, list)) or type(index) is not int:
        return TYPE
    return whole[index] if 0 <= index < len(whole) else INDEX


def _set(whole: Value, index: Value, value: Value) -> Value:
    if isinstance(whole, dict):
        return {**whole, as_key(index): value} if type(index) in KEYS else TYPE
    if not isinstance(whole, list) or type(index) is not int:
        return TYPE
    if not 0 <= index < len(whole):
        return INDEX
    return [*whole[:index], value, *whole[index + 1 :]]


def _part(kind: type) -> Callable[..., Value]:
    def part(whole: Value, first: Value, end: Value) -> Value:
        if [type(each) for each in (whole, first, end)] != [kind, int, int]:
            return TYPE
        return whole[first:end] if 0 <= first <= end <= len(whole) else INDEX

    return part


def _of_list(function: Callable[..., Value]) -> Callable[..., Value]:
    return lambda xs, *rest: function(xs, *rest) if type(xs) is list else TYPE


def _length(whole: Value) -> Value:
    return len(whole) if isinstance(whole, (str, list)) else TYPE


def _of_map(function: Callable[..., Value]) -> Callable[..., Value]:
    """Of a map, and of a key where there is a second argument."""
    return lambda whole, *rest: (
        function(whole, *map(as_key, rest[:1]), *rest[1:])
        if type(whole) is dict and all(type(key) in KEYS for key in rest[:1])
        else TYPE
    )


def _get(whole: Value, key: Value, other: Value) -> Value:
    found = _index(whole, key)
    return other if found in (INDEX, MISSING) else found


def _merge(first: Value, second: Value) -> Value:
    both = isinstance(first, dict) and isinstance(second, dict)
    return {**first, **second} if both else TYPE


def _made(*parts: Value) -> Value:
    if not all(type(key) in KEYS for key in parts[::2]):
        return TYPE
    return dict(zip(map(as_key, parts[::2]), parts[1::2], strict=True))


def _of_texts(function: Callable[..., Value]) -> Callable[..., Value]:
    """Of strings only."""
    return lambda *texts: (
        function(*texts) if all(type(text) is str for text in texts) else TYPE
    )


def _join(separator: Value, items: Value) -> Value:
    if isinstance(separator, list):
        # In either order.
        separator, items = items, separator
    if not isinstance(separator, str) or not isinstance(items, list):
        return TYPE
    return separator.join(map(text_of, items))


def _range(first: Value, end: Value, closed: Value) -> Value:
    if type(first) is not int or type(end) is not int:
        return TYPE
    return list(range(first, end + int(closed == 1)))


def _order(xs: Value) -> Value:
    if type(xs) is not list:
        return TYPE
    kinds = {str if type(x) is str else float for x in xs}
    sortable = all(type(x) in (int, float, str) for x in xs) and len(kinds) < 2
    if not sortable and len(xs) > 1:
        return None
    return sorted(range(len(xs)), key=xs.__getitem__) if sortable else [0]


MODEL: dict[str, Callable[..., Value]] = {
    "add": lambda a, b: text_of(a) + text_of(b),
    "index": _index,
    "equal": alike,
    "set_item": _set,
    "iterations": _length,
    "to_string": text_of,
    "append": _of_list(lambda xs, x: [*xs, x]),
    "push": _of_list(lambda xs, x: [*xs, x]),
    "prepend": _of_list(lambda xs, x: [x, *xs]),
    "concat": _of_list(lambda xs, ys: xs + ys if type(ys) is list else TYPE),
    "slice": lambda whole, *ends: _part(str if type(whole) is str else list)(
        whole, *ends
    ),
    "range": _range,
    "order": _order,
    "substring": _part(str),
    "list": lambda *items: list(items),
    "concatenate": lambda *texts: "".join(texts),
    "join": _join,
    "split": _of_texts(lambda a, b: a.split(b) if b else list(a)),
    "chars": _of_texts(list),
    "replace": _of_texts(lambda a, b, c: a.replace(b, c) if b else DOMAIN),
    "string_index_of": _of_texts(lambda a, b: a.find(b)),
    "string_contains": _of_texts(lambda a, b: b in a),
    "starts_with": _of_texts(lambda a, b: a.startswith(b)),
    "ends_with": _of_texts(lambda a, b: a.endswith(b)),
    "string_reverse": _of_texts(lambda a: a[::-1]),
    "make_map": _made,
    "get": _get,
    "has_key": _of_map(lambda whole, key: key in whole),
    "remove": _of_map(
        lambda whole, key: {k: each for k, each in whole.items() if k != key}
    ),
    "keys": _of_map(lambda whole: [*map(of_key, whole)]),
    "values": _of_map(lambda whole: [*whole.values()]),
    "entries": _of_map(lambda whole: [[of_key(k), v] for k, v in whole.items()]),
    "merge": _merge,
}


@contextmanager
def stopped(context: Words, looks: int) -> Iterator[None]:
    """Tell an operation to stop when it looks for the `looks`th time, if not 0.

    It looks at each word that it copies, and where `looks` is odd at each other step.
    """
    clock = itertools.count(1)
    context.view[DEADLINE] = looks
    with looking_often(lambda: next(clock), 1 if looks % 2 else 1 << 30):
        yield
    context.view[DEADLINE] = context.view[STOP] = 0


class Machine:
    """A heap, and values in it that are kept as globals."""

    def __init__(self) -> None:
        self.context = Words(CONTEXT_WORDS)
        self.heap = Words(2 * _SPACE + _FIRST)
        for offset, word in enumerate(character_words(), 8):
            self.heap.view[offset] = word
        self.globals = Words(16 * STEPS)
        self.registers = Words(64)
        self.powers = Words.of(powers_of_ten())
        for at, words in (
            (HEAP, self.heap),
            (GLOBALS, self.globals),
            (ROOTS, self.globals),  # of which there are none
            (REGISTERS, self.registers),
            (POWERS, self.powers),
        ):
            self.context.view[at] = words.address
        self.context.view[CHARACTERS] = 8

    def start(self, seed: int) -> None:
        """An empty heap, which the first allocation finds full."""
        context = self.context.view
        context[FRAME] = -1
        context[GLOBAL_COUNT] = 0
        context[HEAP_START] = context[HEAP_TOP] = context[HEAP_END] = _FIRST
        context[HEAP_TARGET] = _FIRST + _SPACE
        self.models: list[Value] = []
        chosen = random.Random(seed).choices((1, 2, 3, 5, 8, 13, 21, 34), k=50)
        self.looks = itertools.cycle(chosen)
        self.turns = itertools.cycle(range(4))

    def keep(self, tag: int, payload: int, model: Value) -> None:
        """Make a value a global."""
        at = 2 * len(self.models)
        self.globals.view[at], self.globals.view[at + 1] = tag, payload
        self.models.append(model)
        self.context.view[GLOBAL_COUNT] = len(self.models)

    def words(self, slot: int) -> tuple[int, int]:
        """(tag, payload) of a value."""
        return self.globals.view[2 * slot], self.globals.view[2 * slot + 1]

    def collect(self, room: int) -> None:
        """Collect, and leave that much room."""
        context = self.context.view
        collect(context)
        context[HEAP_END] = context[HEAP_TOP] + room

    def text(self, text: str) -> None:
        """Keep a string from outside."""
        words = string_words(text)
        self.collect(len(words))
        at = self.context.view[HEAP_TOP]
        for offset, word in enumerate(words):
            self.heap.view[at + offset] = word
        self.context.view[HEAP_TOP] = at + len(words)
        self.keep(STRING, at, text)

    def carry_out(
        self, name: str, slots: list[int], gives_up: bool = False
    ) -> tuple[int, int, int]:
        """An operation of kept values, in which every allocation fails once.

        Each time it is also told to stop, at the first or a later time that it looks;
        with `gives_up` it is not tried again after one in four of these times, as
        where the program is ended: COLLECT.
        Values must read the same where it asks for room or stops, before anything
        moves, as it is carried out again with them.
        """
        operation = OPERATIONS[NATIVE_INDEX[name]]
        room = 0
        while True:
            operands = [word for slot in slots for word in self.words(slot)]
            if name in ("list", "concatenate", "make_map"):
                for at, word in enumerate(operands):
                    self.registers.view[at] = word
                operands = [INT, 0, INT, len(slots)]
            padded = (*operands, *(NIL, 0) * 3)[:6]
            for looks in (next(self.looks), 0):
                with stopped(self.context, looks):
                    tag, payload, status = operation(self.context.view, *padded)
                if status != COLLECT:
                    return tag, payload, status
                wrong = self.wrong()
                if wrong is not None:
                    why = "stops" if looks else "lacks room"
                    raise AssertionError(f"{name} that {why}: {wrong}")
                if gives_up and looks and next(self.turns) == 0:
                    return tag, payload, status
            room += self.context.view[HEAP_REQUEST]
            self.collect(room)

    def wrong(self) -> str | None:
        """A kept value that does not read as it was."""
        for slot, model in enumerate(self.models):
            found = self.read(*self.words(slot))
            if not identical(found, model):
                return f"value {slot} is {found!r}, it was {model!r}"
        return None

    def read(self, tag: int, payload: int) -> Value:
        """A value as Python's; a string of another width than it needs as None."""
        heap = self.heap.view
        if tag == LIST:
            return [self.read(*item) for item in list_items(heap, payload)]
        if tag == MAP:
            pairs = map_entries(heap, payload)
            return {as_key(self.read(*key)): self.read(*value) for key, value in pairs}
        if tag != STRING:
            return value_from(tag, payload, OK)
        text = string_text(heap, payload)
        widest = max(map(ord, text), default=0)
        width = 1 if widest < 0x100 else 2 if widest < 0x10000 else 4
        return text if variant_of(heap, payload) == width else None


@cache
def machine() -> Machine:
    """The one that is used again and again."""
    return Machine()


def identical(a: Value, b: Value) -> bool:
    """Whether two values are the same to the last bit."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        keys = [*map(of_key, a)], [*map(of_key, b)]
        return identical(*keys) and identical([*a.values()], [*b.values()])
    return same(a, b)
