"""Functions both ways, and the text of values."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.access import called_chunk
from ..core.layout import CONSTRUCTOR_FIELDS, HOST_CLOSURE, HOST_HANDLE
from ..core.objects import (
    error_texts,
    list_items,
    list_words,
    map_entries,
    string_text,
    string_words,
)
from ..core.primitives import float_of_bits
from ..core.tagged_objects import Shape, constructor_of, shape_at, tagged_fields
from ..core.tags import (
    ARRAY,
    BOOL,
    CLOSURE,
    ERROR,
    FLOAT,
    FUNCTION,
    INT,
    LIST,
    MAP,
    NIL,
    SET,
    STRING,
    SYMBOL,
    TAG_NAMES,
    TAGGED,
)
from ..errors import FluentError, shortened
from .array_values import array_text

if TYPE_CHECKING:
    from ..kernel.state import State
    from ..memory.functions import HostFunction
    from .vm import VM


class Held:
    """A value that Python keeps, wherever the collector moves it."""

    def __init__(self, state: State, tag: int, payload: int) -> None:
        self.state = state
        self._slot = state.hold(tag, payload)

    def value(self) -> tuple[int, int]:
        """Its (tag, payload) now."""
        view = self.state.roots.view
        return view[2 * self._slot], view[2 * self._slot + 1]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Held):
            return NotImplemented
        return self.state is other.state and self.value() == other.value()

    def __hash__(self) -> int:
        # Its place may change.
        return hash(id(self.state))

    def __del__(self) -> None:
        slot = getattr(self, "_slot", None)
        if slot is not None:
            self.state.let_go(slot)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol of a program, `'name`; no string, for in FLC it is not equal to one."""

    name: str

    def __str__(self) -> str:
        return f"'{self.name}"


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of a program, as Python sees it."""

    name: str
    chunk: int
    # What a function with captured variables is kept by.
    held: Held | None = field(default=None, repr=False)
    vm: VM | None = field(default=None, repr=False, compare=False)

    def __call__(self, *args: object) -> object:
        """Call it in the VM that gave it. Raises as VM.call."""
        if self.vm is None:
            raise FluentError("HostError", f"{self!r} was given by no VM")
        return self.vm.call_value(self, *args)

    def __repr__(self) -> str:
        return f"<function {self.name}>"


def function_words(state: State, function: FunctionValue) -> tuple[int, int]:
    """(tag, payload) of a function value. Raises FluentError of kind HostError."""
    if function.vm is not None and function.vm.state is not state:
        raise FluentError("HostError", f"{function!r} is of another VM")
    chunk = chunk_of(state, function)
    if function.held is None:
        if state.image.chunks[chunk].captures:
            raise _foreign(function)
        return FUNCTION, chunk
    if function.held.state is not state:
        raise _foreign(function)
    return function.held.value()


def vm_of(state: State) -> VM | None:
    """The VM that a state is of; None where that is gone, or never was one."""
    return None if state.vm is None else state.vm()


def host_function(state: State, closure: int) -> HostFunction:
    """What a function of the host is that is called."""
    return state.functions[state.heap.view[closure + HOST_HANDLE]]


def _foreign(function: FunctionValue) -> FluentError:
    return FluentError("HostError", f"{function!r} is not of this program")


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


COLLECTIONS = (LIST, MAP, SET, TAGGED)
# Stand where the tag of a next item would: the end of a collection, what is between
# a key of a map and its value, and the name of a field, its place instead of a payload.
END = -1
COLON = -2
LABEL = -3
# More than any list or text has.
_ALL = 1 << 62


def reversed_items(
    state: State, tag: int, payload: int, most: int = _ALL
) -> array[int]:
    """Payload and tag of each item from the last to the first, behind `END`.

    Only of the first `most` items.

    In an array, as Python's collector goes over every tuple again and again: the text
    of a list nested 10^6 deep took 65 s.
    """
    words = array("q", [END])
    if tag == TAGGED:
        return _reversed_fields(state, payload)
    if tag == LIST:
        for kind, value in reversed(list_items(state.heap.view, payload, most)):
            words.append(value)
            words.append(kind)
        return words
    for (key_kind, key), (kind, value) in reversed(
        map_entries(state.heap.view, payload, most)
    ):
        if tag == MAP:
            words.extend((value, kind, COLON))
        words.append(key)
        words.append(key_kind)
    return words


def _reversed_fields(state: State, payload: int) -> array[int]:
    heap = state.heap.view
    words = array("q", [END])
    fields = tagged_fields(heap, payload)
    names = constructor_of(heap, payload) + CONSTRUCTOR_FIELDS
    for index in range(len(fields) - 1, -1, -1):
        kind, value = fields[index]
        words.extend((value, kind))
        if heap[names + index] != 0:
            words.extend((heap[names + index], LABEL))
    return words


def shape_of(state: State, payload: int) -> Shape:
    """The shape of a tagged value."""
    heap = state.heap.view
    return shape_at(heap, constructor_of(heap, payload))


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
    if tag == SYMBOL:
        return f"'{string_text(state.heap.view, payload, limit)}"
    if tag in COLLECTIONS:
        return _collection_text(state, tag, payload, limit)
    if tag == ARRAY:
        return array_text(state, payload, float_text, limit)
    if tag == ERROR:
        kind, message = error_texts(state.heap.view, payload)
        return f"Error {{ kind: {_quoted(kind)}, message: {_quoted(message)} }}"
    if tag == CLOSURE and state.heap.view[payload] == HOST_CLOSURE:
        return host_function(state, payload).text
    chunk = called_chunk(state.context.view, tag, payload)
    if chunk >= 0:
        return f"<function {state.image.chunks[chunk].name}>"
    return "nil"


_BRACKETS = {LIST: ("[", "]"), MAP: ("{", "}"), SET: ("#{", "}")}


def _brackets(state: State, tag: int, payload: int) -> tuple[str, str]:
    """What a collection begins and ends with."""
    if tag != TAGGED:
        return _BRACKETS[tag]
    shape = shape_of(state, payload)
    if not shape.names:
        return shape.name, ""
    if shape.named:
        return shape.name + " { ", " }"
    return shape.name + "(", ")"


def _collection_text(state: State, tag: int, payload: int, limit: int) -> str:
    """The text of a collection, which may be nested deeper than Python calls."""
    opening, end = _brackets(state, tag, payload)
    parts = [opening]
    closing = [end]
    rest = reversed_items(state, tag, payload, limit)
    length = 0
    # No comma stands before the first item, nor before a value after its key.
    begun = True
    while rest and length <= limit:
        length += len(parts[-1])
        tag = rest.pop()
        if tag == END:
            parts.append(closing.pop())
            begun = False
            continue
        if tag == COLON:
            parts.append(": ")
            begun = True
            continue
        if not begun:
            parts.append(", ")
        payload = rest.pop()
        begun = True
        if tag == LABEL:
            parts.append(string_text(state.heap.view, payload) + ": ")
        elif tag in COLLECTIONS:
            opening, end = _brackets(state, tag, payload)
            parts.append(opening)
            closing.append(end)
            rest += reversed_items(state, tag, payload, limit)
        else:
            parts.append(display(state, tag, payload, True, limit))
            begun = False
    return "".join(parts)


# Characters of a value in an error message.
_LONGEST = 40


def describe(state: State, tag: int, payload: int) -> str:
    """A value in an error message: `int 3`, `string "a"`, `nil`."""
    text = shortened(display(state, tag, payload, True, _LONGEST), _LONGEST)
    if tag in (NIL, FUNCTION, CLOSURE, ERROR, TAGGED):
        return text
    return f"{TAG_NAMES[tag]} {text}"
