"""Host functions in Python: what leaves the kernel to be carried out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from ..core.objects import string_text, string_words
from ..core.primitives import bits_of_float
from ..core.tags import (
    CLOSURE,
    FLOAT,
    FUNCTION,
    INT,
    MAX_INT,
    MIN_INT,
    NIL,
    STRING,
    TAG_NAMES,
)
from ..errors import FluentError, shortened
from ..kernel.state import State

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

    def text_of(self, value: Value) -> str:
        """The text of a value as printed."""

    def new_string(self, text: str) -> Value:
        """A string of the program; may move every other value."""


# ---- host functions -----------------------------------------------------------------
def _print(host: Host, value: Value) -> Value:
    host.write(host.text_of(value))
    return NIL, 0


def _println(host: Host, value: Value) -> Value:
    host.write(host.text_of(value) + "\n")
    return NIL, 0


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
    words = string_words(TAG_NAMES[tag])
    return STRING, host.state.interned(words)


def _capitalize(host: Host, value: Value) -> Value:
    if value[0] != STRING:
        message = f"capitalize cannot take {host.described(value)}"
        raise FluentError("TypeError", message)
    return host.new_string(_string(host, value).capitalize())


# By name, as core/hosts.py lists them.
HOST_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "args": _args,
    "exit": _exit,
    "capitalize": _capitalize,
    "type_of": _type_of,
}


def _text(host: Host, value: Value) -> Value:
    return host.new_string(host.text_of(value))


def _add(host: Host, left: Value, right: Value) -> Value:
    return host.new_string(host.text_of(left) + host.text_of(right))


def _join(host: Host, left: Value, right: Value) -> Value:
    separator, items = (left, right) if left[0] == STRING else (right, left)
    parts = [host.text_of(item) for item in host.items(items)]
    return host.new_string(_string(host, separator).join(parts))


def _format(host: Host, template: Value, *values: Value) -> Value:
    # The kernel has found that places and values fit.
    text = "".join(
        f"{{{field}}}" if field is not None else literal
        for literal, field in _PLACES.findall(_string(host, template))
    )
    return host.new_string(text)


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


def _to_float(host: Host, value: Value) -> Value:
    text = string_text(host.state.heap.view, value[1])
    try:
        number = float(text.strip())
    except ValueError:
        number = None
    if number is None or not text.strip().isascii() or "_" in text:
        message = f'"{shortened(text)}" is not the text of a float'
        raise FluentError("ArithmeticError", message)
    return FLOAT, bits_of_float(number)


# Scalar functions of a string, which the kernel leaves to the host.
SCALAR_HOSTS: dict[str, Callable[[Host, Value], Value]] = {
    "to_int": _to_int,
    "to_float": _to_float,
}
