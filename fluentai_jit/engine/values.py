"""Values from and to Python: objects to tagged words and back, and their text."""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..arguments import int_of, unicode_text
from ..core.layout import (
    ARRAY_WORDS,
    ERROR_TRACE,
    HEAP_TOP,
    LIST_DATA,
    STRING_DATA,
    VERSION_WORDS,
    VIEW_WORDS,
)
from ..core.objects import (
    error_texts,
    error_words,
    list_items,
    list_words,
    range_words,
    string_text,
    string_words,
)
from ..core.operations import called_chunk
from ..core.primitives import bits_of_float, float_of_bits
from ..core.tags import (
    ARRAY,
    BOOL,
    CLOSURE,
    ERROR,
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
from .array_values import array_record, array_text, is_numpy_array, numpy_array
from .error_values import as_exception

if TYPE_CHECKING:
    from ..kernel.state import State


def _named(value: int) -> str:
    """An int in a message; a long one by its size."""
    text = shown(value)
    return text if text.startswith("an int") else f"int {text}"


class Held:
    """A value that Python keeps, wherever the collector moves it."""

    def __init__(self, state: State, tag: int, payload: int) -> None:
        self.state = state
        self._slot = state.hold(tag, payload)

    def value(self) -> tuple[int, int]:
        """Its (tag, payload) now."""
        view = self.state.roots.view
        return view[2 * self._slot], view[2 * self._slot + 1]

    def __del__(self) -> None:
        slot = getattr(self, "_slot", None)
        if slot is not None:
            self.state.let_go(slot)


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of a program, as Python sees it."""

    name: str
    chunk: int
    # What a function with captured variables is kept by.
    held: Held | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return f"<function {self.name}>"


def to_words(state: State, value: object) -> tuple[int, int]:
    """(tag, payload) of a Python value; the heap must have room for its objects.

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
        return STRING, state.new_object(string_words(unicode_text(value)))
    if isinstance(value, FunctionValue):
        return function_words(state, value)
    if isinstance(value, FluentError):
        return _error_value(state, value)
    if isinstance(value, list | tuple):
        return LIST, state.new_object(list_words([to_words(state, x) for x in value]))
    if is_numpy_array(value):
        return ARRAY, state.new_object(array_record(state, value))
    if isinstance(value, range):
        return _range_words(state, value)
    plain = _plain(value)
    if plain is not None:
        return to_words(state, plain)
    raise FluentError(
        "HostError", f"a Python {type(value).__name__} has no FLC counterpart yet"
    )


def _error_value(state: State, error: FluentError) -> tuple[int, int]:
    """The error value that an exception was, or a new one."""
    held = error.held
    if isinstance(held, Held) and held.state is state:
        return held.value()
    kind = state.interned(string_words(error.kind))
    message = state.new_object(string_words(error.message))
    return ERROR, state.new_object(error_words(kind, message))


def _range_words(state: State, value: range) -> tuple[int, int]:
    """A list of a Python range, lazy where each int is one more than the last."""
    if value.step != 1:
        return to_words(state, list(value))
    for end in (value.start, value.stop):
        to_words(state, end)
    count = max(0, value.stop - value.start)
    if count > MAX_INT:
        raise FluentError("HostError", "a Python range of so many ints does not fit")
    at = state.context.view[HEAP_TOP]
    return LIST, state.new_object(range_words(at, value.start, count))


def words_needed(value: object) -> int:
    """Words of heap that a Python value takes, at most."""
    if isinstance(value, range):
        listed = value.step != 1
        return LIST_DATA + 2 * len(value) if listed else VIEW_WORDS + VERSION_WORDS
    if isinstance(value, str):
        return STRING_DATA + (len(value) + 1) // 2
    if isinstance(value, FluentError):
        return ERROR_TRACE + words_needed(value.message)
    if isinstance(value, list | tuple):
        return LIST_DATA + sum(2 + words_needed(item) for item in value)
    return ARRAY_WORDS if is_numpy_array(value) else 0


def function_words(state: State, function: FunctionValue) -> tuple[int, int]:
    """(tag, payload) of a function value. Raises FluentError of kind HostError."""
    chunk = chunk_of(state, function)
    if function.held is None:
        if state.image.chunks[chunk].captures:
            raise _foreign(function)
        return FUNCTION, chunk
    if function.held.state is not state:
        raise _foreign(function)
    return function.held.value()


def _foreign(function: FunctionValue) -> FluentError:
    return FluentError("HostError", f"{function!r} is not of this program")


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
    raise _foreign(function)


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
        return _python_list(state, payload)
    if tag == ARRAY:
        return numpy_array(state, payload)
    if tag == FUNCTION:
        return FunctionValue(state.image.chunks[payload].name, payload)
    if tag == CLOSURE:
        chunk = called_chunk(state.context.view, tag, payload)
        held = Held(state, tag, payload)
        return FunctionValue(state.image.chunks[chunk].name, chunk, held)
    if tag == ERROR:
        error = as_exception(state, payload)
        error.held = Held(state, tag, payload)
        return error
    return None


def _python_list(state: State, payload: int) -> list[object]:
    """The Python list of a list, which may be nested deeper than Python calls."""
    result: list[object] = []
    made = [result]
    rest = _reversed_items(state, payload)
    while rest:
        tag = rest.pop()
        if tag == _END:
            made.pop()
        elif tag == LIST:
            inner: list[object] = []
            made[-1].append(inner)
            made.append(inner)
            rest += _reversed_items(state, rest.pop())
        else:
            made[-1].append(to_python(state, tag, rest.pop()))
    return result


# Stands for the end of a list, where the tag of its next item would.
_END = -1
# More than any list or text has.
_ALL = 1 << 62


def _reversed_items(state: State, payload: int, most: int = _ALL) -> array[int]:
    """Payload and tag of each item from the last to the first, behind `_END`.

    Only of the first `most` items.

    In an array, as Python's collector goes over every tuple again and again: the text
    of a list nested 10^6 deep took 65 s.
    """
    words = array("q", [_END])
    for tag, value in reversed(list_items(state.heap.view, payload, most)):
        words.append(value)
        words.append(tag)
    return words


def float_text(value: float) -> str:
    """The shortest text that reads back: `42.0`, `1e+300`, `inf`, `NaN`."""
    if value != value:
        return "NaN"
    return repr(value)


_ESCAPES = str.maketrans(
    {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
)


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def display(
    state: State, tag: int, payload: int, quoted: bool = False, limit: int = _ALL
) -> str:
    """The text of a value as `print` writes it; a string in quotes if `quoted`.

    Of a text longer than `limit` characters, only the first of them are sure.
    """
    if tag == INT:
        return str(payload)
    if tag == FLOAT:
        return float_text(float_of_bits(payload))
    if tag == BOOL:
        return "true" if payload else "false"
    if tag == STRING:
        text = string_text(state.heap.view, payload, limit)
        return _quoted(text) if quoted else text
    if tag == LIST:
        return _list_text(state, payload, limit)
    if tag == ARRAY:
        return array_text(state, payload, float_text, limit)
    if tag == ERROR:
        kind, message = error_texts(state.heap.view, payload)
        return f"Error {{ kind: {_quoted(kind)}, message: {_quoted(message)} }}"
    chunk = called_chunk(state.context.view, tag, payload)
    if chunk >= 0:
        return f"<function {state.image.chunks[chunk].name}>"
    return "nil"


def _list_text(state: State, payload: int, limit: int) -> str:
    """The text of a list, which may be nested deeper than Python calls."""
    parts = ["["]
    rest = _reversed_items(state, payload, limit)
    length = 0
    while rest and length <= limit:
        length += len(parts[-1])
        tag = rest.pop()
        if tag == _END:
            parts.append("]")
            continue
        if parts[-1] != "[":
            parts.append(", ")
        if tag == LIST:
            parts.append("[")
            rest += _reversed_items(state, rest.pop(), limit)
        else:
            parts.append(display(state, tag, rest.pop(), True, limit))
    return "".join(parts)


# Characters of a value in an error message.
_LONGEST = 40


def describe(state: State, tag: int, payload: int) -> str:
    """A value in an error message: `int 3`, `string "a"`, `nil`."""
    text = display(state, tag, payload, True, _LONGEST)
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 3] + "..."
    if tag in (NIL, FUNCTION, CLOSURE, ERROR):
        return text
    return f"{TAG_NAMES[tag]} {text}"
