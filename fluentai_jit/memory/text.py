"""Native operations whose value is a text that is put together from parts."""

from __future__ import annotations

from ..core.heap import (
    allocate,
    character_at,
    heap_of,
    item_at,
    string_data,
    variant_of,
)
from ..core.layout import (
    HEAP_END,
    HEAP_TOP,
    KIND_STRING,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    POWERS,
    REGISTERS,
    STRING_DATA,
    STRING_HASH,
)
from ..core.number_text import TEXT_WORDS, format_float, format_int
from ..core.primitives import Memory, load, pointer, store
from ..core.statuses import COLLECT, DOMAIN_ERROR, OK, TYPE_ERROR, Result
from ..core.stopping import made, stop_seen, stops_at
from ..core.tags import FLOAT, INT, LIST, NIL, STRING
from .lists import up_to_date
from .render import FALSE, NIL_TEXT, TRUE, put_value
from .scratch import release
from .search import find_text
from .sink import measured_string, new_sink, put_part, put_string
from .strings import concatenated, copy_characters, new_string, words_for

# What a text is made of, by number, for `put_text`.
VALUE = 0
JOINED = 1
REPLACED = 2
FORMATTED = 3

OPEN_BRACE = ord("{")
CLOSE_BRACE = ord("}")


# ---- texts that are measured first ---------------------------------------------------
def put_text(
    ctx: Memory, sink: int, what: int, t: int, v: int, a: int, b: int, c: int
) -> int:
    """Put the parts of one of the texts above; the status."""
    if what == VALUE:
        return put_value(ctx, sink, t, v, 0)
    if what == JOINED:
        return put_joined(ctx, sink, a, b)
    if what == REPLACED:
        return put_replaced(ctx, sink, a, b, c)
    return put_formatted(ctx, sink, a, b)


def made_text(ctx: Memory, what: int, t: int, v: int, a: int, b: int, c: int) -> Result:
    """The string of one of the texts above."""
    end = load(ctx, HEAP_END)
    at = 0
    status = COLLECT
    sink = new_sink(ctx)
    if sink != 0:
        status = put_text(ctx, sink, what, t, v, a, b, c)
        if status == OK:
            at = measured_string(ctx, sink)
            status = COLLECT
            if at != 0:
                status = put_text(ctx, sink, what, t, v, a, b, c)
                if status == OK and stop_seen(ctx) != 0:
                    status = COLLECT
    return STRING, at, release(ctx, end, status)


def put_joined(ctx: Memory, sink: int, separator: int, items: int) -> int:
    """Put the texts of a list's items with a separator between them."""
    if up_to_date(ctx, items) == 0:
        return COLLECT
    heap = heap_of(ctx)
    length = load(heap, items + OBJECT_LENGTH)
    index = 0
    while index < length:
        if stops_at(ctx, index) != 0:
            return COLLECT
        if index > 0:
            put_string(ctx, sink, separator)
        at = item_at(heap, items, index)
        status = put_value(ctx, sink, load(heap, at), load(heap, at + 1), 0)
        if status != OK:
            return status
        index += 1
    return OK


def put_replaced(ctx: Memory, sink: int, text: int, old: int, new: int) -> int:
    """Put a text with every occurrence of a part replaced."""
    heap = heap_of(ctx)
    part = load(heap, old + OBJECT_LENGTH)
    first = 0
    step = 0
    found = find_text(ctx, text, old, 0)
    while found >= 0:
        step += 1
        if stops_at(ctx, step) != 0:
            return COLLECT
        put_part(ctx, sink, text, first, found)
        put_string(ctx, sink, new)
        first = found + part
        found = find_text(ctx, text, old, first)
    # Where it was left early, the rest is longer than was measured.
    if stop_seen(ctx) != 0:
        return COLLECT
    put_part(ctx, sink, text, first, load(heap, text + OBJECT_LENGTH))
    return OK


def put_formatted(ctx: Memory, sink: int, first: int, count: int) -> int:
    """Put the template in register `first` with the values behind it in its places.

    DOMAIN_ERROR where there are more or fewer places, or a single brace.
    """
    registers = pointer(ctx, REGISTERS)
    heap = heap_of(ctx)
    template = load(registers, 2 * first + 1)
    width = variant_of(heap, template)
    data = string_data(heap, template)
    length = load(heap, template + OBJECT_LENGTH)
    used = 1
    begin = 0
    index = 0
    while index < length:
        if stops_at(ctx, index) != 0:
            return COLLECT
        character = character_at(heap, data, width, index)
        index += 1
        if character != OPEN_BRACE and character != CLOSE_BRACE:
            continue
        following = 0
        if index < length:
            following = character_at(heap, data, width, index)
        if following == character:
            # A doubled brace is one.
            put_part(ctx, sink, template, begin, index)
        elif character == OPEN_BRACE and following == CLOSE_BRACE and used < count:
            put_part(ctx, sink, template, begin, index - 1)
            at = 2 * (first + used)
            status = put_value(
                ctx, sink, load(registers, at), load(registers, at + 1), 0
            )
            if status != OK:
                return status
            used += 1
        else:
            return DOMAIN_ERROR
        index += 1
        begin = index
    put_part(ctx, sink, template, begin, length)
    return OK if used == count else DOMAIN_ERROR


def n_join(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The texts of a list's items with a separator between them, in either order."""
    if t == LIST and t2 == STRING:
        return made_text(ctx, JOINED, NIL, 0, v2, v, 0)
    if t == STRING and t2 == LIST:
        return made_text(ctx, JOINED, NIL, 0, v, v2, 0)
    return NIL, 0, TYPE_ERROR


def n_replace(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A string with every occurrence of a part replaced by another string."""
    if t != STRING or t2 != STRING or t3 != STRING:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    if load(heap, v2 + OBJECT_LENGTH) == 0:
        return NIL, 0, DOMAIN_ERROR
    if find_text(ctx, v, v2, 0) < 0:
        return made(ctx, STRING, v)
    return made_text(ctx, REPLACED, NIL, 0, v, v2, v3)


def n_format(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The template in register `v` with the values behind it in its places."""
    if v2 == 0 or load(pointer(ctx, REGISTERS), 2 * v) != STRING:
        return NIL, 0, TYPE_ERROR
    return made_text(ctx, FORMATTED, NIL, 0, v, v2, 0)


# ---- texts of single values ----------------------------------------------------------
def text_of(ctx: Memory, t: int, v: int) -> Result:
    """The text of a value as printed; HOST while functions have no texts."""
    if t == STRING:
        return STRING, v, OK
    if t > NIL:
        return made_text(ctx, VALUE, t, v, 0, 0, 0)
    at = allocate(ctx, STRING_DATA + TEXT_WORDS)
    if at == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    data = at + STRING_DATA
    length = 0
    if t == INT:
        length = format_int(heap, data, v)
    elif t == FLOAT:
        length = format_float(pointer(ctx, POWERS), heap, data, v)
    elif t == NIL:
        store(heap, data, NIL_TEXT)
        length = 3
    elif v != 0:
        store(heap, data, TRUE)
        length = 4
    else:
        store(heap, data, FALSE)
        length = 5
    store(heap, at + OBJECT_HEADER, KIND_STRING | 256)
    store(heap, at + OBJECT_LENGTH, length)
    store(heap, at + STRING_HASH, 0)
    # What the text did not need is free again.
    store(ctx, HEAP_TOP, data + words_for(length, 1))
    return STRING, at, OK


def n_text(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The text of a value as printed."""
    return text_of(ctx, t, v)


def n_add(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """a + b where either side is a string."""
    _t, a, s = text_of(ctx, t, v)
    if s != OK:
        return NIL, 0, s
    _t, b, s = text_of(ctx, t2, v2)
    if s != OK:
        return NIL, 0, s
    return concatenated(ctx, a, b)


def n_concatenate(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The `v2` strings in the registers from `v` on as one."""
    registers = pointer(ctx, REGISTERS)
    heap = heap_of(ctx)
    total = 0
    width = 1
    index = v
    while index < v + v2:
        if load(registers, 2 * index) != STRING:
            return NIL, 0, TYPE_ERROR
        part = load(registers, 2 * index + 1)
        total += load(heap, part + OBJECT_LENGTH)
        if variant_of(heap, part) > width:
            width = variant_of(heap, part)
        index += 1
    at = new_string(ctx, total, width)
    if at == 0:
        return NIL, 0, COLLECT
    data = string_data(heap, at)
    done = 0
    index = v
    while index < v + v2:
        part = load(registers, 2 * index + 1)
        length = load(heap, part + OBJECT_LENGTH)
        copy_characters(ctx, part, 0, length, data, width, done)
        done += length
        index += 1
    return made(ctx, STRING, at)
