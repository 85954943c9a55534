"""Values from and to Python: objects to tagged words and back, and their text."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..arguments import int_of, unicode_text
from ..core.objects import list_items, list_words, string_text, string_words
from ..core.primitives import bits_of_float, float_of_bits
from ..core.tags import (
    BOOL,
    FLOAT,
    FUNCTION,
    INT,
    LIST,
    MAX_INT,
    MIN_INT,
    NIL,
    STRING,
    TAG_NAMES,
)
from ..errors import FluentError
from ..settings import shown

if TYPE_CHECKING:
    from ..kernel.state import State


def _named(value: int) -> str:
    """An int in a message; a long one by its size."""
    text = shown(value)
    return text if text.startswith("an int") else f"int {text}"


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of a program, as Python sees it."""

    name: str
    chunk: int

    def __repr__(self) -> str:
        return f"<function {self.name}>"


def to_words(state: State, value: object) -> tuple[int, int]:
    """(tag, payload) of a Python value.

    Raises FluentError of kind HostError for a type that has no counterpart, for an
    int outside 64 bits, for half of a surrogate pair and for a function of another
    program.
    """
    if value is None:
        return NIL, 0
    if isinstance(value, bool):
        return BOOL, int(value)
    if isinstance(value, int):
        if not MIN_INT <= value <= MAX_INT:
            raise FluentError("HostError", f"{_named(value)} does not fit in 64 bits")
        return INT, value
    if isinstance(value, float):
        return FLOAT, bits_of_float(value)
    if isinstance(value, str):
        return STRING, state.allocate(string_words(unicode_text(value)))
    if isinstance(value, FunctionValue):
        return FUNCTION, chunk_of(state, value)
    plain = _plain(value)
    if plain is not None:
        return to_words(state, plain)
    raise FluentError(
        "HostError", f"a Python {type(value).__name__} has no FLC counterpart yet"
    )


def _plain(value: object) -> bool | int | float | None:
    """The Python number of an int of another type, or of a scalar of NumPy."""
    number = int_of(value)
    if number is not None:
        return number
    # Who has a scalar has imported NumPy; for others that would cost 0.1 s.
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.bool_):
        return bool(value)
    if numpy is not None and isinstance(value, numpy.floating):
        return float(value)
    return None


def chunk_of(state: State, function: FunctionValue) -> int:
    """The chunk of a function value; compiled code does not test its index.

    Raises FluentError of kind HostError for another program's function.
    """
    chunks = state.image.chunks
    index: object = function.chunk
    if isinstance(index, int) and 0 <= index < len(chunks):
        if chunks[index].name == function.name:
            return index
    raise FluentError("HostError", f"{function!r} is not of this program")


def list_of_strings(state: State, texts: tuple[str, ...]) -> tuple[int, int]:
    """A list of strings, for `args()`."""
    items = [(STRING, state.allocate(string_words(text))) for text in texts]
    return LIST, state.allocate(list_words(items))


def to_python(state: State, tag: int, payload: int) -> object:
    """The Python value of a (tag, payload) pair."""
    if tag == INT:
        return payload
    if tag == FLOAT:
        return float_of_bits(payload)
    if tag == BOOL:
        return bool(payload)
    if tag == STRING:
        return string_text(state.heap.view, payload)
    if tag == LIST:
        items = list_items(state.heap.view, payload)
        return [to_python(state, *item) for item in items]
    if tag == FUNCTION:
        return FunctionValue(state.image.chunks[payload].name, payload)
    return None


def float_text(value: float) -> str:
    """The shortest text that reads back: `42.0`, `1e+300`, `inf`, `NaN`."""
    if value != value:
        return "NaN"
    return repr(value)


_ESCAPES = str.maketrans(
    {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
)


def display(state: State, tag: int, payload: int, quoted: bool = False) -> str:
    """The text of a value as `print` writes it; a string in quotes if `quoted`."""
    if tag == INT:
        return str(payload)
    if tag == FLOAT:
        return float_text(float_of_bits(payload))
    if tag == BOOL:
        return "true" if payload else "false"
    if tag == STRING:
        text = string_text(state.heap.view, payload)
        return f'"{text.translate(_ESCAPES)}"' if quoted else text
    if tag == LIST:
        items = list_items(state.heap.view, payload)
        return f"[{', '.join(display(state, *item, True) for item in items)}]"
    if tag == FUNCTION:
        return f"<function {state.image.chunks[payload].name}>"
    return "nil"


def describe(state: State, tag: int, payload: int) -> str:
    """A value in an error message: `int 3`, `string "a"`, `nil`."""
    text = display(state, tag, payload, quoted=True)
    if len(text) > 40:
        text = text[:37] + "..."
    if tag in (NIL, FUNCTION):
        return text
    return f"{TAG_NAMES[tag]} {text}"
