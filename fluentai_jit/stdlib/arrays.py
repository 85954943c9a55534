"""Host functions that make arrays, and those that look at all of one."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Iterator

from ..core.layout import ARRAY_HANDLE, KIND_LIST, LIST_DATA, OBJECT_LENGTH
from ..core.objects import list_stretches, list_words
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
from ..memory.arrays import ArrayMemory, ArrayShape
from .host import Host, Value

_ONE = bits_of_float(1.0)
# Items between two looks whether the program is to end: of what Python does item by
# item, and of what is copied.
_STRETCH = 1 << 14
_COPIED = 1 << 20


def _error(message: str) -> FluentError:
    return FluentError("TypeError", message)


def _size(name: str, value: Value) -> int:
    tag, payload = value
    if tag != INT or payload < 0:
        what = str(payload) if tag == INT else TAG_NAMES[tag]
        raise _error(f"{name} takes sizes that are ints from 0 on, not {what}")
    return payload


def _stretches(host: Host, count: int, size: int = _STRETCH) -> Iterator[slice]:
    """Parts of so many items, between which the program may be ended."""
    for start in range(0, count, size):
        host.check_stops()
        yield slice(start, min(start + size, count))


def _filled(host: Host, tag: int, bits: int, shape: ArrayShape) -> Value:
    count = math.prod(shape)

    def items() -> array[int]:
        words = array("q")
        stretch = array("q", [bits]) * min(count, _COPIED)
        for part in _stretches(host, count, _COPIED):
            words.extend(stretch[: part.stop - part.start])
        return words

    return host.new_array(count, items, tag, shape)


def _array(host: Host, size: Value, value: Value) -> Value:
    tag, payload = value
    count = _size("array", size)
    if tag not in (INT, FLOAT):
        raise _error(f"an array holds ints or floats, not {TAG_NAMES[tag]}")
    return _filled(host, tag, payload, (count,))


def _shape_of(name: str, rows: Value, columns: Value) -> ArrayShape:
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

        def ints() -> array[int]:
            words = array("q")
            for part in _stretches(host, count):
                words.extend(numbers[part])
            return words

        return host.new_array(count, ints, INT, (count,))
    low, high, by = _number(first), _number(end), _number(step)
    size = (high - low) / by
    if not size < MAX_INT:
        raise FluentError("ArithmeticError", "arange does not come to an end")
    count = math.ceil(size) if size > 0 else 0

    def floats() -> array[int]:
        items = array("d")
        for part in _stretches(host, count):
            items.extend(low + index * by for index in range(part.start, part.stop))
        return array("q", items.tobytes())

    return host.new_array(count, floats, FLOAT, (count,))


def _from_list(host: Host, value: Value) -> Value:
    if value[0] == ARRAY:
        return _copy(host, value)
    if value[0] != LIST:
        raise _error(f"from_list takes a list, not {TAG_NAMES[value[0]]}")
    heap = host.state.heap.view
    tags, words = _joined(host, [value[1]])
    shape: ArrayShape = (len(words),)
    if words and not tags.strip(bytes([LIST])):
        columns = heap[words[0] + OBJECT_LENGTH]
        if any(heap[row + OBJECT_LENGTH] != columns for row in words):
            raise _error("from_list takes rows of equal length")
        shape = len(words), columns
        tags, words = _joined(host, words)
    for tag in set(tags) - {INT, FLOAT}:
        raise _error(f"an array holds ints or floats, not {TAG_NAMES[tag]}")
    if not tags.strip(bytes([INT])):
        return host.new_array(len(words), lambda: words, INT, shape)
    if INT in tags:
        for part in _stretches(host, len(words)):
            items = zip(tags[part], words[part], strict=True)
            words[part] = array("q", array("d", map(_number, items)).tobytes())
    return host.new_array(len(words), lambda: words, FLOAT, shape)


def _joined(host: Host, lists: Iterable[int]) -> tuple[bytearray, array[int]]:
    """Tags and payloads of the items of lists."""
    tags, words = bytearray(), array("q")
    for number, items in enumerate(lists):
        if number % _STRETCH == 0:
            host.check_stops()
        for stretch in list_stretches(host.state.heap.view, items, _STRETCH):
            if len(stretch) == _STRETCH:
                host.check_stops()
            tags.extend(tag for tag, _payload in stretch)
            words.extend(payload for _tag, payload in stretch)
    return tags, words


def _to_list(host: Host, value: Value) -> Value:
    if value[0] == LIST:
        return value
    memory = _memory(host, "to_list", value)
    if len(memory.shape) == 1:
        return host.new_object(LIST, _list_of(host, memory, 0, memory.shape[0]))
    rows, columns = memory.shape
    # The rows, and behind them the list of them: nothing moves in between.
    host.reserve((rows + 1) * LIST_DATA + 2 * rows * (columns + 1))
    made = []
    for row in range(rows):
        words = _list_of(host, memory, row * columns, columns)
        made.append((LIST, host.state.new_object(words)))
    return host.new_object(LIST, list_words(made))


def _list_of(host: Host, memory: ArrayMemory, first: int, count: int) -> array[int]:
    """The words of a list of so many items of an array."""
    words = array("q", [KIND_LIST, count])
    for part in _stretches(host, count):
        size = part.stop - part.start
        pairs = array("q", [memory.tag]) * (2 * size)
        pairs[1::2] = array("q", memory.view[first + part.start : first + part.stop])
        words.extend(pairs)
    return words


def _shape(host: Host, value: Value) -> Value:
    sizes = _memory(host, "shape", value).shape
    return host.new_object(LIST, list_words([(INT, size) for size in sizes]))


def _copy(host: Host, value: Value) -> Value:
    if value[0] != ARRAY:
        # Every other value is immutable.
        return value
    memory = _memory(host, "copy", value)
    count = math.prod(memory.shape)
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
