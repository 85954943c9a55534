"""Values of a program to Python: the way out, `incoming` is the way in."""

from __future__ import annotations

from array import array

from ..core.access import called_chunk
from ..core.layout import HOST_CLOSURE, OBJECT_LENGTH
from ..core.objects import list_stretches, string_text
from ..core.primitives import float_of_bits
from ..core.tags import (
    ARRAY,
    BOOL,
    CLOSURE,
    ERROR,
    FLOAT,
    FUNCTION,
    INT,
    LIST,
    SET,
    STRING,
    SYMBOL,
    TAGGED,
)
from ..errors import FluentError
from ..kernel.state import State
from .array_values import numpy_array
from .error_values import as_exception
from .tagged import tagged_of
from .values import (
    COLLECTIONS,
    COLON,
    END,
    LABEL,
    FunctionValue,
    Held,
    Symbol,
    host_function,
    reversed_items,
    shape_of,
    vm_of,
)

# Items that are converted between two looks at the limits.
_STRETCH = 1 << 14


class _Watch:
    """The limits of a program while Python makes what it gave.

    A range is its two ends in a program, and a list that stands in another one twice
    is there once; in Python every item takes its room. Items are counted as those of
    lists that are not shared, so all that a program makes item by item fits.
    """

    def __init__(self, state: State, most: int | None) -> None:
        vm = vm_of(state)
        self._driver = None if vm is None else vm.driver
        self._room = state.heap_words // 2 if most is None else most

    def add(self, count: int) -> None:
        """Count so many items. Raises FluentError where they are too many."""
        self._room -= count
        if self._room < 0 and self._driver is not None:
            limit = f"limits.memory_mb ({self._driver.limits.memory_mb} MiB)"
            message = f"as a Python value this is larger than {limit}"
            raise FluentError("ResourceLimitExceeded", message)

    def look(self) -> None:
        """Raises FluentError where the program is to stop."""
        if self._driver is not None:
            self._driver.check_conversion()


def to_python(state: State, tag: int, payload: int, most: int | None = None) -> object:
    """The Python value of a (tag, payload) pair.

    Raises FluentError, without a place: HostError for what Python cannot hold,
    ResourceLimitExceeded for what is too large or takes too long, Interrupted. `most`
    items are too large, or what the program's memory has room for.
    """
    if tag == INT:
        return payload
    if tag == FLOAT:
        return float_of_bits(payload)
    if tag == BOOL:
        return bool(payload)
    if tag == STRING:
        return string_text(state.heap.view, payload)
    if tag == SYMBOL:
        return Symbol(string_text(state.heap.view, payload))
    if tag in COLLECTIONS:
        return _python_collection(state, tag, payload, _Watch(state, most))
    if tag == ARRAY:
        return numpy_array(state, payload)
    if tag == FUNCTION:
        name = state.image.chunks[payload].name
        return FunctionValue(name, payload, vm=vm_of(state))
    if tag == CLOSURE:
        if state.heap.view[payload] == HOST_CLOSURE:
            return host_function(state, payload).call
        chunk = called_chunk(state.context.view, tag, payload)
        held = Held(state, tag, payload)
        return FunctionValue(state.image.chunks[chunk].name, chunk, held, vm_of(state))
    if tag == ERROR:
        error = as_exception(state, payload)
        error.held = Held(state, tag, payload)
        return error
    return None


def _python_collection(state: State, tag: int, payload: int, watch: _Watch) -> object:
    """The list, dict or set of a collection, nested deeper than Python calls maybe.

    Inside a set, where Python wants what can be hashed, a list is a tuple and a set a
    frozenset.
    """
    # For each one that is being made its tag, whether it is in a set, and its items.
    made: list[tuple[int, bool, list[object]]] = [(tag, False, [])]
    shapes = [shape_of(state, payload)] if tag == TAGGED else []
    rest = _counted_items(state, tag, payload, watch)
    step = 0
    while True:
        step += 1
        if step % _STRETCH == 0:
            watch.look()
        tag = rest.pop()
        if tag == COLON:
            continue
        if tag == LABEL:
            rest.pop()
            continue
        if tag == END:
            whole: object = None
            if made[-1][0] == TAGGED:
                whole = tagged_of(shapes.pop(), made.pop()[2])
            else:
                whole = _finished(*made.pop())
            if not made:
                return whole
            made[-1][2].append(whole)
        elif tag in COLLECTIONS:
            outer, frozen, _items = made[-1]
            made.append((tag, frozen or outer == SET, []))
            payload = rest.pop()
            if tag == TAGGED:
                shapes.append(shape_of(state, payload))
            rest += _counted_items(state, tag, payload, watch)
        else:
            made[-1][2].append(to_python(state, tag, rest.pop()))


def _finished(tag: int, frozen: bool, items: list[object]) -> object:
    """The Python collection of these items, of a map its keys and values by turns.

    Raises FluentError of kind HostError where Python could not tell keys apart.
    """
    if tag == LIST:
        return tuple(items) if frozen else items
    if tag == SET:
        elements = frozenset(items) if frozen else set(items)
        if len(elements) < len(items):
            message = "elements of a set, as 1 and true, are one element in Python"
            raise FluentError("HostError", message)
        return elements
    if frozen:
        message = "a map in a set has no Python counterpart"
        raise FluentError("HostError", message)
    try:
        result = dict(zip(items[::2], items[1::2], strict=True))
    except TypeError:
        message = "a list, map or set that is a key of a map has no Python counterpart"
        raise FluentError("HostError", message) from None
    if 2 * len(result) < len(items):
        message = "keys of a map, as 1 and true, are one key in Python"
        raise FluentError("HostError", message)
    return result


def _counted_items(state: State, tag: int, payload: int, watch: _Watch) -> array[int]:
    """`reversed_items` of as many as there is room for."""
    heap = state.heap.view
    watch.add(heap[payload + OBJECT_LENGTH])
    if tag != LIST:
        return reversed_items(state, tag, payload)
    words = array("q")
    for stretch in list_stretches(heap, payload, _STRETCH):
        watch.look()
        for item in stretch:
            words.extend(item)
    words.append(END)
    words.reverse()
    return words
