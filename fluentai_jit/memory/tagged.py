"""Native operations on tagged values: structs, constructors of enums, anonymous ones.

A tagged value holds its constructor, an object that never moves, and one value for
each of the constructor's fields. It is never changed.
"""

from __future__ import annotations

from ..core.comparison import LEFT_EARLY, equal_strings
from ..core.heap import allocate, heap_of, variant_of
from ..core.layout import (
    CONSTRUCTOR_FIELDS,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    REGISTERS,
    TAGGED_DATA,
)
from ..core.primitives import Memory, load, pointer, store
from ..core.statuses import COLLECT, KEY_ERROR, OK, TYPE_ERROR, Result
from ..core.stopping import made
from ..core.tags import INT, NIL, STRING, TAGGED
from .lists import copy_words, copy_words_between


def n_tagged(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """A tagged value of the constructor of the one in register `v`.

    Its fields are in the registers after it, so many as that one has.
    """
    registers = pointer(ctx, REGISTERS)
    if v2 == 0 or load(registers, 2 * v) != TAGGED:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    like = load(registers, 2 * v + 1)
    count = v2 - 1
    if load(heap, like + OBJECT_LENGTH) != count:
        return NIL, 0, TYPE_ERROR
    at = allocate(ctx, TAGGED_DATA + 2 * count)
    if at == 0:
        return NIL, 0, COLLECT
    store(heap, at + OBJECT_HEADER, load(heap, like + OBJECT_HEADER))
    store(heap, at + OBJECT_LENGTH, count)
    copy_words_between(registers, 2 * v + 2, heap, at + TAGGED_DATA, 2 * count)
    return made(ctx, TAGGED, at)


def position_of(ctx: Memory, tagged: int, t: int, v: int) -> Result:
    """(INT, index, OK) of the field with the name `v`; KEY_ERROR where there is none.

    COLLECT where the program is to stop.
    """
    if t != STRING:
        return NIL, 0, KEY_ERROR
    heap = heap_of(ctx)
    names = variant_of(heap, tagged) + CONSTRUCTOR_FIELDS
    count = load(heap, tagged + OBJECT_LENGTH)
    index = 0
    # Names are constants, of which equal ones are one object.
    while index < count:
        if load(heap, names + index) == v:
            return INT, index, OK
        index += 1
    index = 0
    while index < count:
        name = load(heap, names + index)
        same = equal_strings(ctx, name, v) if name != 0 else 0
        if same != 0:
            return INT, index, COLLECT if same == LEFT_EARLY else OK
        index += 1
    return NIL, 0, KEY_ERROR


def tagged_field(ctx: Memory, tagged: int, t: int, v: int) -> Result:
    """The field of a tagged value with the name `v`."""
    _t, index, s = position_of(ctx, tagged, t, v)
    if s != OK:
        return NIL, 0, s
    heap = heap_of(ctx)
    at = tagged + TAGGED_DATA + 2 * index
    return load(heap, at), load(heap, at + 1), OK


def with_field(ctx: Memory, tagged: int, t: int, v: int, t2: int, v2: int) -> Result:
    """The tagged value with another value in the field with the name `v`."""
    _t, index, s = position_of(ctx, tagged, t, v)
    if s != OK:
        return NIL, 0, s
    heap = heap_of(ctx)
    words = TAGGED_DATA + 2 * load(heap, tagged + OBJECT_LENGTH)
    at = allocate(ctx, words)
    if at == 0:
        return NIL, 0, COLLECT
    copy_words(ctx, tagged, at, words)
    store(heap, at + TAGGED_DATA + 2 * index, t2)
    store(heap, at + TAGGED_DATA + 2 * index + 1, v2)
    return made(ctx, TAGGED, at)
