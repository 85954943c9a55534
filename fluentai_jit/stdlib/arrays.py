"""Host functions that make arrays, and those that look at all of one."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable

from ..core.layout import ARRAY_HANDLE, OBJECT_LENGTH
from ..core.objects import list_items, list_words
from ..core.primitives import bits_of_float, float_of_bits
from ..core.tags import (
    ARRAY,
    FLOAT,
    INT,
    LIST,
    MAX_INT,
    NIL,
    TAG_NAMES,
)
from ..errors import FluentError
from ..memory.arrays import ArrayMemory, Shape
from .host import Host, Value

_ONE = bits_of_float(1.0)


def _error(message: str) -> FluentError:
    return FluentError("TypeError", message)


def _size(name: str, value: Value) -> int:
    tag, payload = value
    if tag != INT or payload < 0:
        what = str(payload) if tag == INT else TAG_NAMES[tag]
        raise _error(f"{name} takes sizes that are ints from 0 on, not {what}")
    return payload


def _filled(host: Host, tag: int, bits: int, shape: Shape) -> Value:
    count = math.prod(shape)
    return host.new_array(count, lambda: array("q", [bits]) * count, tag, shape)


def _array(host: Host, size: Value, value: Value) -> Value:
    tag, payload = value
    count = _size("array", size)
    if tag not in (INT, FLOAT):
        raise _error(f"an array holds ints or floats, not {TAG_NAMES[tag]}")
    return _filled(host, tag, payload, (count,))


def _shape_of(name: str, rows: Value, columns: Value) -> Shape:
    if columns[0] == NIL:
        return (_size(name, rows),)
    return _size(name, rows), _size(name, columns)


def _zeros(host: Host, rows: Value, columns: Value) -> Value:
    return _filled(host, FLOAT, 0, _shape_of("zeros", rows, columns))


def _ones(host: Host, rows: Value, columns: Value) -> Value:
    return _filled(host, FLOAT, _ONE, _shape_of("ones", rows, columns))


def _memory(host: Host, name: str, value: Value) -> ArrayMemory:
    if value[0] != ARRAY:
        raise _error(f"{name} takes an array, not {TAG_NAMES[value[0]]}")
    return host.state.arrays[host.state.heap.view[value[1] + ARRAY_HANDLE]]


def _number(value: Value) -> float:
    return float(value[1]) if value[0] == INT else float_of_bits(value[1])


def _arange(host: Host, first: Value, end: Value, step: Value) -> Value:
    if end[0] == NIL:
        first, end = (INT, 0), first
    if step[0] == NIL:
        step = INT, 1
    for tag, _payload in (first, end, step):
        if tag not in (INT, FLOAT):
            raise _error(f"arange takes ints or floats, not {TAG_NAMES[tag]}")
    if _number(step) == 0:
        raise FluentError("ArithmeticError", "the step of arange is 0")
    if first[0] == end[0] == step[0] == INT:
        numbers = range(first[1], end[1], step[1])
        count = max(0, -((first[1] - end[1]) // step[1]))
        return host.new_array(count, lambda: array("q", numbers), INT, (count,))
    low, high, by = _number(first), _number(end), _number(step)
    size = (high - low) / by
    if not size < MAX_INT:
        raise FluentError("ArithmeticError", "arange does not come to an end")
    count = max(0, math.ceil(size))

    def floats() -> array[int]:
        items = array("d", (low + index * by for index in range(count)))
        return array("q", items.tobytes())

    return host.new_array(count, floats, FLOAT, (count,))


def _from_list(host: Host, value: Value) -> Value:
    if value[0] == ARRAY:
        return _copy(host, value)
    if value[0] != LIST:
        raise _error(f"from_list takes a list, not {TAG_NAMES[value[0]]}")
    heap = host.state.heap.view
    items = list_items(heap, value[1])
    shape: Shape = (len(items),)
    if items and all(tag == LIST for tag, _payload in items):
        columns = heap[items[0][1] + OBJECT_LENGTH]
        rows = [list_items(heap, payload) for _tag, payload in items]
        if any(len(row) != columns for row in rows):
            raise _error("from_list takes rows of equal length")
        shape = len(items), columns
        items = [item for row in rows for item in row]
    for tag, _payload in items:
        if tag not in (INT, FLOAT):
            raise _error(f"an array holds ints or floats, not {TAG_NAMES[tag]}")
    if all(tag == INT for tag, _payload in items):
        words = array("q", [payload for _tag, payload in items])
        return host.new_array(len(items), lambda: words, INT, shape)
    bits = array("d", map(_number, items)).tobytes()
    return host.new_array(len(items), lambda: array("q", bits), FLOAT, shape)


def _items(memory: ArrayMemory) -> list[Value]:
    count = math.prod(memory.shape)
    return [(memory.tag, word) for word in memory.view[:count]]


def _to_list(host: Host, value: Value) -> Value:
    if value[0] == LIST:
        return value
    memory = _memory(host, "to_list", value)
    items = _items(memory)
    if len(memory.shape) == 1:
        return host.new_object(LIST, list_words(items))
    rows, columns = memory.shape
    words = [
        list_words(items[row * columns : (row + 1) * columns]) for row in range(rows)
    ]
    # The rows, and behind them the list of them: nothing moves in between.
    host.reserve(sum(map(len, words)) + 2 + 2 * rows)
    made = [(LIST, host.state.new_object(each)) for each in words]
    return host.new_object(LIST, list_words(made))


def _shape(host: Host, value: Value) -> Value:
    sizes = _memory(host, "shape", value).shape
    return host.new_object(LIST, list_words([(INT, size) for size in sizes]))


def _copy(host: Host, value: Value) -> Value:
    if value[0] != ARRAY:
        # Every other value is immutable.
        return value
    memory = _memory(host, "copy", value)
    count = len(_items(memory))
    return host.new_array(
        count, lambda: array("q", memory.view[:count]), memory.tag, memory.shape
    )


def _fill(host: Host, target: Value, value: Value) -> Value:
    memory = _memory(host, "fill", target)
    tag, payload = value
    if memory.tag == FLOAT and tag == INT:
        tag, payload = FLOAT, bits_of_float(float(payload))
    if tag != memory.tag:
        raise _error(
            f"an array of {TAG_NAMES[memory.tag]}s cannot hold {TAG_NAMES[tag]}"
        )
    memory.view[:] = memoryview(array("q", [payload]) * len(memory.view))
    return target


# By name, as core/hosts.py lists them.
ARRAY_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "array": _array,
    "zeros": _zeros,
    "ones": _ones,
    "arange": _arange,
    "from_list": _from_list,
    "to_list": _to_list,
    "shape": _shape,
    "copy": _copy,
    "fill": _fill,
}
