"""Host functions in Python: what leaves the kernel to be carried out."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from typing import Protocol

from ..core.access import called_chunk
from ..core.layout import HOST_CLOSURE, HOST_HANDLE, OUTPUT_TEXT
from ..core.objects import list_items, string_text, string_words
from ..core.primitives import bits_of_float
from ..core.tagged_objects import constructor_of, shape_at
from ..core.tags import (
    BOOL,
    CLOSURE,
    FLOAT,
    FUNCTION,
    INT,
    MAX_INT,
    MIN_INT,
    NIL,
    STRING,
    TAG_NAMES,
    TAGGED,
)
from ..errors import FluentError, shortened
from ..kernel.state import State
from ..memory.arrays import ArrayShape

Value = tuple[int, int]

_INT = re.compile(r"[+-]?[0-9]+")


class Exit(Exception):
    """The program called `exit(n)`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Host(Protocol):
    """What of the VM host functions may use."""

    state: State
    arguments: Value

    def write(self, text: str) -> None:
        """Write program output."""

    def flush(self) -> None:
        """Hand over what was written."""

    def text_of(self, value: Value) -> str:
        """The text of a value as printed."""

    def described(self, value: Value) -> str:
        """A value in an error message."""

    def new_string(self, text: str) -> Value:
        """A string of the program; may move every other value."""

    def new_object(self, tag: int, words: Sequence[int]) -> Value:
        """An object that refers to nothing that may move; may move every other one."""

    def check_stops(self) -> None:
        """Raise FluentError where an interrupt or the time limit ends the program."""

    def reserve(self, count: int) -> None:
        """Have room for so many words; may move every value."""

    def new_array(
        self, count: int, items: Callable[[], array[int]], tag: int, shape: ArrayShape
    ) -> Value:
        """An array of `count` items in all; may move every other value."""


def _args(host: Host) -> Value:
    return host.arguments


def _exit(host: Host, value: Value) -> Value:
    tag, payload = value
    if tag != INT or not 0 <= payload <= 255:
        raise FluentError("TypeError", "exit takes an int from 0 to 255")
    raise Exit(payload)


def _type_of(host: Host, value: Value) -> Value:
    # A closure is a function that captured something.
    tag = FUNCTION if value[0] == CLOSURE else value[0]
    name = TAG_NAMES[tag]
    if tag == TAGGED:
        heap = host.state.heap.view
        name = shape_at(heap, constructor_of(heap, value[1])).owner or name
    words = string_words(name)
    return STRING, host.state.interned(words)


def _fail(host: Host, kind: Value, text: Value, values: Value) -> Value:
    view = host.state.heap.view
    described = [host.described(value) for value in list_items(view, values[1])]
    message = string_text(view, text[1]).format(*described)
    raise FluentError(string_text(view, kind[1]), message)


def _parameters(host: Host, value: Value) -> Value:
    heap = host.state.heap.view
    if value[0] == CLOSURE and heap[value[1]] == HOST_CLOSURE:
        function = host.state.functions[heap[value[1] + HOST_HANDLE]]
        return INT, function.least
    chunk = called_chunk(host.state.context.view, *value)
    if chunk < 0:
        raise FluentError("TypeError", f"cannot call {host.described(value)}")
    return INT, host.state.image.chunks[chunk].arity


def _capitalize(host: Host, value: Value) -> Value:
    if value[0] != STRING:
        raise FluentError(
            "TypeError", f"capitalize cannot take {host.described(value)}"
        )
    return host.new_string(_string(host, value).capitalize())


# By name, as core/hosts.py lists them.
HOST_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "args": _args,
    "exit": _exit,
    "type_of": _type_of,
    "fail": _fail,
    "parameters": _parameters,
    "capitalize": _capitalize,
}


def _string(host: Host, value: Value) -> str:
    return string_text(host.state.heap.view, value[1])


# ---- native operations ---------------------------------------------------------------
def _name_functions(host: Host, *_values: Value) -> None:
    """Give functions their texts; then the operation can make its own."""
    host.state.name_functions()


def _printed(host: Host, value: Value) -> str:
    """The text that the kernel made and had no room to print, or that of a value."""
    context = host.state.context.view
    text = context[OUTPUT_TEXT]
    if text == 0:
        return host.text_of(value)
    context[OUTPUT_TEXT] = 0
    return string_text(host.state.heap.view, text)


def _print(host: Host, value: Value) -> Value:
    host.write(_printed(host, value))
    return NIL, 0


def _println(host: Host, value: Value) -> Value:
    host.write(_printed(host, value) + "\n")
    return NIL, 0


def _classified(holds: Callable[[str], bool]) -> Callable[[Host, Value], Value]:
    """Whether all characters of a string, which has some, are of a class."""

    def classified(host: Host, value: Value) -> Value:
        return BOOL, int(all(map(holds, _string(host, value))))

    return classified


def _changed(change: Callable[[str], str]) -> Callable[[Host, Value], Value]:
    def changed(host: Host, value: Value) -> Value:
        return host.new_string(change(_string(host, value)))

    return changed


def _to_int(host: Host, value: Value) -> Value:
    text = string_text(host.state.heap.view, value[1]).strip()
    if _INT.fullmatch(text) is None:
        message = f'"{shortened(text)}" is not the text of an int'
        raise FluentError("ArithmeticError", message)
    # Twenty digits are too many already; thousands are refused by int().
    number = int(text.lstrip("+-0")[:20] or "0")
    if text.startswith("-"):
        number = -number
    if not MIN_INT <= number <= MAX_INT:
        raise FluentError(
            "IntegerOverflow", f"{shortened(text)} does not fit in 64 bits"
        )
    return INT, number


def _to_float(host: Host, value: Value, what: str = "a float") -> Value:
    text = string_text(host.state.heap.view, value[1])
    try:
        number = float(text.strip())
    except ValueError:
        number = None
    if number is None or not text.strip().isascii() or "_" in text:
        message = f'"{shortened(text)}" is not the text of {what}'
        raise FluentError("ArithmeticError", message)
    return FLOAT, bits_of_float(number)


def _parse(host: Host, value: Value, wanted: Value) -> Value:
    return _to_int(host, value) if wanted[0] == INT else _to_float(host, value)


def _to_number(host: Host, value: Value) -> Value:
    if _INT.fullmatch(_string(host, value).strip()) is not None:
        return _to_int(host, value)
    return _to_float(host, value, "a number")


# Scalar functions of a string that is no native matter, by name.
SCALAR_HOSTS: dict[str, Callable[[Host, Value], Value]] = {
    "to_int": _to_int,
    "to_float": _to_float,
}
# Native operations on what is not a native matter. Where one gives None, it is native
# now and is executed again.
NATIVE_HOSTS: dict[str, Callable[..., Value | None]] = {
    "add": _name_functions,
    "to_string": _name_functions,
    "join": _name_functions,
    "format": _name_functions,
    "print": _print,
    "println": _println,
    "upper": _changed(str.upper),
    "lower": _changed(str.lower),
    "is_alphabetic": _classified(str.isalpha),
    "is_numeric": _classified(str.isnumeric),
    "is_alphanumeric": _classified(str.isalnum),
    "is_upper": _classified(str.isupper),
    "is_lower": _classified(str.islower),
    "parse": _parse,
    "to_number": _to_number,
}
