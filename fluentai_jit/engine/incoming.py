"""Values from Python: objects to tagged words."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeGuard

from ..arguments import int_of, unicode_text
from ..core.layout import (
    ARRAY_WORDS,
    DEADLINE,
    ENTRY_WORDS,
    ERROR_TRACE,
    LIST_DATA,
    MAP_WORDS,
    STOP,
    STRING_DATA,
    TABLE_DATA,
    TAGGED_DATA,
    VERSION_WORDS,
    VIEW_WORDS,
)
from ..core.objects import error_words, list_words, map_words, range_words, string_words
from ..core.primitives import bits_of_float
from ..core.statuses import COLLECT, OK
from ..core.tagged_objects import tagged_words
from ..core.tags import (
    ARRAY,
    BOOL,
    CLOSURE,
    ERROR,
    FLOAT,
    INT,
    LIST,
    MAP,
    MAX_INT,
    MIN_INT,
    NIL,
    SET,
    STRING,
    SYMBOL,
    TAGGED,
    UNBOUND,
)
from ..errors import FluentError, shortened
from ..memory.functions import function_size
from ..settings import shown
from .array_values import array_record, is_numpy_array
from .heap import HeapFull
from .tagged import Tagged
from .values import FunctionValue, Held, Symbol, function_words, vm_of

if TYPE_CHECKING:
    from ..kernel.state import State

Words = tuple[int, int]

_KEYS = (STRING, INT, BOOL, SYMBOL)
# For the place where an iterator ends.
_DONE = object()
# An argument that is not given.
MISSING = object()
# Room that hashing the collections in a set may need, for each item and collection.
_HASHING_ITEM = 12
_HASHING = 64
# Parts of a value between two looks at the limits.
_STRETCH = 1 << 14


def words_needed(state: State, value: object) -> int:
    """Words of heap that a Python value takes, at most.

    Raises FluentError: HostError for a collection that contains itself, and without a
    place what ends a program that takes too long. Raises HeapFull for more than the
    program may have.
    """
    total = 0
    for step, part in enumerate(_walk(value), 1):
        if step % _STRETCH == 0:
            _look(state)
        if isinstance(part, range) and part.step == 1:
            total += VIEW_WORDS + VERSION_WORDS
        elif isinstance(part, str):
            total += STRING_DATA + (len(part) + 1) // 2
        elif isinstance(part, FluentError):
            total += ERROR_TRACE + STRING_DATA + (len(part.message) + 1) // 2
        elif isinstance(part, range):
            total += LIST_DATA + 2 * _count(part) + _HASHING
        elif isinstance(part, list | tuple):
            total += LIST_DATA + 2 * len(part) + _HASHING
        elif isinstance(part, Tagged):
            total += TAGGED_DATA + 2 * len(part.fields) + _HASHING
        elif is_numpy_array(part):
            total += ARRAY_WORDS
        elif isinstance(part, dict):
            total += MAP_WORDS + TABLE_DATA + ENTRY_WORDS * len(part)
        elif isinstance(part, set | frozenset):
            total += MAP_WORDS + TABLE_DATA + _HASHING
            total += (ENTRY_WORDS + _HASHING_ITEM) * len(part)
        elif _is_function(part):
            total += function_size(part)
        if total > state.heap_words:
            raise HeapFull
    return total


def _look(state: State) -> None:
    """Raises FluentError where the program is to stop."""
    vm = vm_of(state)
    if vm is not None:
        vm.driver.check_conversion()


def _count(value: range) -> int:
    """How many ints a range has; `len` takes no more than a word."""
    return max(0, -((value.start - value.stop) // value.step))


def _is_function(value: object) -> TypeGuard[Callable[..., object]]:
    """Whether a value is called, and is nothing else that the program knows."""
    return callable(value) and not isinstance(value, FunctionValue)


def _parts(value: object) -> Iterator[object] | None:
    """The items of a collection, keys and values by turns; None of anything else."""
    if isinstance(value, list | tuple | set | frozenset):
        return iter(value)
    if isinstance(value, Tagged):
        return iter(value.fields)
    if isinstance(value, range) and value.step != 1:
        return iter(value)
    if isinstance(value, dict):
        return itertools.chain.from_iterable(value.items())
    return None


def _walk(value: object) -> Iterator[object]:
    """The value and all in it, however deep."""
    path: list[tuple[object, Iterator[object]]] = []
    within: set[int] = set()
    while True:
        yield value
        parts = _parts(value)
        if parts is not None:
            if id(value) in within:
                raise _no_counterpart(f"{_kind(value)} that contains itself")
            within.add(id(value))
            path.append((value, parts))
        while path:
            value = next(path[-1][1], _DONE)
            if value is not _DONE:
                break
            within.discard(id(path.pop()[0]))
        else:
            return


def to_words(state: State, value: object) -> Words:
    """(tag, payload) of a Python value; the heap must have room for its objects.

    Raises FluentError of kind HostError for a type that has no counterpart, for an
    int outside 64 bits, for half of a surrogate pair, for a key that no map can have
    and for a function of another program; also what ends a program that takes too long.
    """
    path: list[tuple[object, Iterator[object], list[Words]]] = []
    step = 0
    while True:
        step += 1
        if step % _STRETCH == 0:
            _look(state)
        parts = _parts(value)
        if parts is None:
            made = _plain_words(state, value)
            if not path:
                return made
            path[-1][2].append(made)
        else:
            path.append((value, parts, []))
        while True:
            value = next(path[-1][1], _DONE)
            if value is not _DONE:
                break
            whole, _parts_left, words = path.pop()
            made = _collection(state, whole, words)
            if not path:
                return made
            path[-1][2].append(made)


def _collection(state: State, value: object, words: list[Words]) -> Words:
    """A list, map or set of items that are in the heap."""
    if isinstance(value, dict):
        keys, values = words[::2], words[1::2]
        for key, (tag, _payload) in zip(value, keys, strict=True):
            if tag not in _KEYS:
                raise _no_counterpart(f"Python dict with the key {_shown(key)}")
        entries = list(zip(keys, values, strict=True))
        return MAP, _new_map(state, entries, [0] * len(entries))
    if isinstance(value, set | frozenset):
        hashes = [_known_hash(state, words) for words in words]
        return SET, _new_map(state, [(key, (NIL, 0)) for key in words], hashes)
    if isinstance(value, Tagged):
        constructor = state.constructor(value.name, value.names, len(words))
        return TAGGED, state.new_object(tagged_words(constructor, words))
    return LIST, state.new_object(list_words(words))


def _new_map(
    state: State, entries: list[tuple[Words, Words]], hashes: Iterable[int]
) -> int:
    top = state.free_word()
    return state.new_object(map_words(entries, list(hashes), top))


def _known_hash(state: State, element: Words) -> int:
    """The hash of an element that is a collection; 0 of another, found out later."""
    tag, payload = element
    if tag in (LIST, MAP, SET, TAGGED):
        # Most programs are given no such set.
        from ..memory.keys import hash_of

        # Whoever wants the program to stop waits for this.
        context = state.context.view
        stop, deadline = context[STOP], context[DEADLINE]
        while True:
            context[STOP] = context[DEADLINE] = 0
            _tag, value, status = hash_of(context, tag, payload)
            stop |= context[STOP]
            if status != COLLECT or not context[STOP]:
                break
        context[DEADLINE] = deadline
        if stop:
            context[STOP] = 1
        if status == OK:
            return value
    elif tag <= NIL or tag in (SYMBOL, STRING):
        return 0
    raise _no_counterpart("Python set with a function in it")


def _plain_words(state: State, value: object) -> Words:
    if value is MISSING:
        return UNBOUND, 0
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
    if isinstance(value, Symbol):
        return SYMBOL, state.symbol(unicode_text(value.name))
    if isinstance(value, FluentError):
        return _error_value(state, value)
    if isinstance(value, range):
        return _range_words(state, value)
    if isinstance(value, FunctionValue):
        return function_words(state, value)
    if is_numpy_array(value):
        return ARRAY, state.new_object(array_record(state, value))
    plain = _number(value)
    if plain is not None:
        return _plain_words(state, plain)
    if _is_function(value):
        return CLOSURE, state.functions.place(value, "", state.new_object)
    raise FluentError("HostError", f"a {_kind(value)} has no FLC counterpart yet")


def _error_value(state: State, error: FluentError) -> Words:
    """The error value that an exception was, or a new one."""
    held = error.held
    if isinstance(held, Held) and held.state is state:
        return held.value()
    kind = state.interned(string_words(error.kind))
    message = state.new_object(string_words(error.message))
    return ERROR, state.new_object(error_words(kind, message))


def _range_words(state: State, value: range) -> Words:
    """The lazy list of a Python range in which each int is one more than the last."""
    for end in (value.start, value.stop):
        _plain_words(state, end)
    count = _count(value)
    if count > MAX_INT:
        raise FluentError("HostError", "a Python range of so many ints does not fit")
    at = state.free_word()
    return LIST, state.new_object(range_words(at, value.start, count))


def _no_counterpart(what: str) -> FluentError:
    return FluentError("HostError", f"a {what} has no FLC counterpart")


def _kind(value: object) -> str:
    return f"Python {type(value).__name__}"


def _shown(key: object) -> str:
    return shortened(repr(key), 40)


def _named(value: int) -> str:
    """An int in a message; a long one by its size."""
    text = shown(value)
    return text if text.startswith("an int") else f"int {text}"


def _number(value: object) -> bool | int | float | None:
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
