"""The text of values, nested to any depth, put into a sink.

A compound value is an opening, its parts with something between them, and a closing.
A kind of value is added by a case in `is_compound` and in each function behind it;
memory/sink.py puts characters and whole strings. What a program prints is also made in
Python (`engine.values.display`); tests compare the two.
"""

from __future__ import annotations

from ..core.access import called_chunk
from ..core.heap import error_string, heap_of, item_at, variant_of
from ..core.layout import (
    ARRAY_ADDRESS,
    ARRAY_COLUMNS,
    ARRAY_MATRIX,
    ARRAY_ROWS,
    CHUNK_NAME,
    CHUNK_WORDS,
    CHUNKS,
    CONSTRUCTOR_FIELDS,
    CONSTRUCTOR_NAME,
    ENTRY_VALUE,
    ERROR_KIND,
    ERROR_MESSAGE,
    HEAP_END,
    HOST_TEXT,
    OBJECT_LENGTH,
    POWERS,
    TABLE_USED,
)
from ..core.number_text import format_float, format_int
from ..core.primitives import Memory, load, pointer, remainder, store
from ..core.statuses import COLLECT, HOST, OK, TYPE_ERROR, Result
from ..core.stopping import stops_at
from ..core.tags import (
    ARRAY,
    BOOL,
    CLOSURE,
    ERROR,
    FLOAT,
    INT,
    LIST,
    MAP,
    NIL,
    SET,
    STRING,
    SYMBOL,
    TAGGED,
)
from .lists import up_to_date
from .scratch import take
from .sink import (
    SINK_NUMBER,
    SINK_PARTS,
    put_number_text,
    put_packed,
    put_quoted,
    put_string,
)
from .tables import current, entry_at, is_present, table_of

# Packed characters.
TRUE = int.from_bytes(b"true", "little")
FALSE = int.from_bytes(b"false", "little")
NIL_TEXT = int.from_bytes(b"nil", "little")
COMMA = int.from_bytes(b", ", "little")
OPENING = ord("[")
CLOSING = ord("]")
EMPTY = int.from_bytes(b"[]", "little")
QUOTE = ord("'")
BRACE = ord("{")
CLOSING_BRACE = ord("}")
SET_OPENING = int.from_bytes(b"#{", "little")
COLON = int.from_bytes(b": ", "little")
SPACE = ord(" ")
FIELDS_OPENING = int.from_bytes(b" { ", "little")
FIELDS_CLOSING = int.from_bytes(b" }", "little")
PARENTHESIS = ord("(")
PARENTHESIS_CLOSING = ord(")")
ERROR_OPENING = int.from_bytes(b"Error { ", "little")
ERROR_KIND_NAME = int.from_bytes(b"kind: ", "little")
ERROR_MESSAGE_NAME = int.from_bytes(b"message:", "little")
ERROR_CLOSING = int.from_bytes(b" }", "little")
NEXT_ROW = int.from_bytes(b"], [", "little")

# A compound value whose parts are under way: tag, payload, number of the next part,
# how many of them have been put.
_ENTRY = 4


def put_scalar(ctx: Memory, sink: int, t: int, v: int, quoted: int) -> int:
    """Put a value without parts; the status, HOST while functions have no texts."""
    heap = heap_of(ctx)
    if t == STRING:
        if quoted != 0:
            put_quoted(ctx, sink, v)
        else:
            put_string(ctx, sink, v)
    elif t == INT:
        put_number_text(heap, sink, format_int(heap, sink + SINK_NUMBER, v))
    elif t == FLOAT:
        powers = pointer(ctx, POWERS)
        put_number_text(heap, sink, format_float(powers, heap, sink + SINK_NUMBER, v))
    elif t == NIL:
        put_packed(heap, sink, NIL_TEXT, 3)
    elif t == BOOL:
        if v != 0:
            put_packed(heap, sink, TRUE, 4)
        else:
            put_packed(heap, sink, FALSE, 5)
    elif t == SYMBOL:
        put_packed(heap, sink, QUOTE, 1)
        put_string(ctx, sink, v)
    elif t == ERROR:
        put_packed(heap, sink, ERROR_OPENING, 8)
        put_packed(heap, sink, ERROR_KIND_NAME, 6)
        put_quoted(ctx, sink, error_string(ctx, v, ERROR_KIND))
        put_packed(heap, sink, COMMA, 2)
        put_packed(heap, sink, ERROR_MESSAGE_NAME, 8)
        put_packed(heap, sink, SPACE, 1)
        put_quoted(ctx, sink, error_string(ctx, v, ERROR_MESSAGE))
        put_packed(heap, sink, ERROR_CLOSING, 2)
    else:
        chunk = called_chunk(ctx, t, v)
        if t == CLOSURE and chunk < 0:
            put_string(ctx, sink, load(heap, v + HOST_TEXT))
            return OK
        if chunk < 0:
            return TYPE_ERROR
        name = load(pointer(ctx, CHUNKS), chunk * CHUNK_WORDS + CHUNK_NAME)
        if name == 0:
            return HOST
        put_string(ctx, sink, name)
    return OK


def is_compound(t: int) -> int:
    """1 for a value that has parts."""
    if t == LIST or t == ARRAY or t == MAP or t == SET or t == TAGGED:
        return 1
    return 0


def is_matrix(heap: Memory, array: int) -> int:
    """1 for an array of two dimensions."""
    return 1 if variant_of(heap, array) & ARRAY_MATRIX != 0 else 0


def make_readable(ctx: Memory, t: int, v: int) -> int:
    """Let the parts be read in place; 0 where there is no room."""
    if t == LIST:
        return up_to_date(ctx, v)
    if t == ARRAY or t == TAGGED:
        return 1
    return current(ctx, v)


def part_count(heap: Memory, t: int, v: int) -> int:
    """How many parts a compound value has, those of removed keys too."""
    if t == MAP:
        return 2 * load(heap, table_of(heap, v) + TABLE_USED)
    if t == SET:
        return load(heap, table_of(heap, v) + TABLE_USED)
    return load(heap, v + OBJECT_LENGTH)


def next_part(heap: Memory, t: int, v: int, index: int) -> int:
    """The first part from `index` on that is not of a removed key."""
    if t != MAP and t != SET:
        return index
    table = table_of(heap, v)
    used = load(heap, table + TABLE_USED)
    shift = 1 if t == MAP else 0
    position = index >> shift
    first = position
    while position < used and is_present(heap, table, position) == 0:
        position += 1
    return index if position == first else position << shift


def part_at(heap: Memory, t: int, v: int, index: int) -> Result:
    """Part `index` of a compound value; of an array in row-major order."""
    if t == ARRAY:
        kind = variant_of(heap, v) & 1
        return kind, load(pointer(heap, v + ARRAY_ADDRESS), index), OK
    at = 0
    if t == LIST or t == TAGGED:
        at = item_at(heap, v, index)
    elif t == SET:
        at = entry_at(table_of(heap, v), index)
    else:
        # Keys and values by turns.
        at = entry_at(table_of(heap, v), index >> 1) + ENTRY_VALUE * (index & 1)
    return load(heap, at), load(heap, at + 1), OK


def field_name(heap: Memory, tagged: int, index: int) -> int:
    """The string that a field is named by; 0 where it has no name or is none."""
    if index >= load(heap, tagged + OBJECT_LENGTH):
        return 0
    return load(heap, variant_of(heap, tagged) + CONSTRUCTOR_FIELDS + index)


def put_field_name(ctx: Memory, sink: int, tagged: int, index: int) -> None:
    """Put the name before a field, if it has one."""
    heap = heap_of(ctx)
    name = field_name(heap, tagged, index)
    if name != 0:
        put_string(ctx, sink, name)
        put_packed(heap, sink, COLON, 2)


def put_name(ctx: Memory, sink: int, tagged: int) -> None:
    """Put the constructor's name, and what stands before the fields."""
    heap = heap_of(ctx)
    put_string(ctx, sink, load(heap, variant_of(heap, tagged) + CONSTRUCTOR_NAME))
    if field_name(heap, tagged, 0) != 0:
        put_packed(heap, sink, FIELDS_OPENING, 3)
        put_field_name(ctx, sink, tagged, 0)
    elif load(heap, tagged + OBJECT_LENGTH) > 0:
        put_packed(heap, sink, PARENTHESIS, 1)


def put_opening(ctx: Memory, sink: int, t: int, v: int) -> None:
    """Put what stands before the parts."""
    heap = heap_of(ctx)
    if t == TAGGED:
        put_name(ctx, sink, v)
        return
    if t == SET:
        put_packed(heap, sink, SET_OPENING, 2)
        return
    put_packed(heap, sink, BRACE if t == MAP else OPENING, 1)
    if t != ARRAY or is_matrix(heap, v) == 0:
        return
    rows = load(heap, v + ARRAY_ROWS)
    if load(heap, v + ARRAY_COLUMNS) > 0:
        if rows > 0:
            put_packed(heap, sink, OPENING, 1)
        return
    # Rows without items.
    while rows > 0 and stops_at(ctx, rows) == 0:
        put_packed(heap, sink, EMPTY, 2)
        rows -= 1
        if rows > 0:
            put_packed(heap, sink, COMMA, 2)


def put_between(ctx: Memory, sink: int, t: int, v: int, index: int) -> None:
    """Put what stands before a part, when `index` others have been put."""
    heap = heap_of(ctx)
    if t == MAP and index & 1 != 0:
        put_packed(heap, sink, COLON, 2)
        return
    if t == ARRAY and is_matrix(heap, v) != 0:
        if remainder(index, load(heap, v + ARRAY_COLUMNS)) == 0:
            put_packed(heap, sink, NEXT_ROW, 4)
            return
    put_packed(heap, sink, COMMA, 2)
    if t == TAGGED:
        put_field_name(ctx, sink, v, index)


def put_closing(ctx: Memory, sink: int, t: int, v: int) -> None:
    """Put what stands behind the parts."""
    heap = heap_of(ctx)
    if t == TAGGED:
        if field_name(heap, v, 0) != 0:
            put_packed(heap, sink, FIELDS_CLOSING, 2)
        elif load(heap, v + OBJECT_LENGTH) > 0:
            put_packed(heap, sink, PARENTHESIS_CLOSING, 1)
        return
    if t == MAP or t == SET:
        put_packed(heap, sink, CLOSING_BRACE, 1)
        return
    if t == ARRAY and is_matrix(heap, v) != 0 and load(heap, v + OBJECT_LENGTH) > 0:
        put_packed(heap, sink, CLOSING, 1)
    put_packed(heap, sink, CLOSING, 1)


def put_value(ctx: Memory, sink: int, t: int, v: int, quoted: int) -> int:
    """Put the text of a value, a string in quotes if `quoted`; the status."""
    heap = heap_of(ctx)
    bottom = load(ctx, HEAP_END)
    while True:
        parts = load(heap, sink + SINK_PARTS) + 1
        store(heap, sink + SINK_PARTS, parts)
        if stops_at(ctx, parts) != 0:
            return COLLECT
        if is_compound(t) != 0:
            if make_readable(ctx, t, v) == 0:
                return COLLECT
            put_opening(ctx, sink, t, v)
            entry = take(ctx, _ENTRY)
            if entry == 0:
                return COLLECT
            store(heap, entry, t)
            store(heap, entry + 1, v)
            store(heap, entry + 2, 0)
            store(heap, entry + 3, 0)
        else:
            status = put_scalar(ctx, sink, t, v, quoted)
            if status != OK:
                return status
        quoted = 1
        # Close what has no further parts, and go on with what has.
        index = 0
        entry = load(ctx, HEAP_END)
        while entry != bottom:
            t = load(heap, entry)
            v = load(heap, entry + 1)
            index = next_part(heap, t, v, load(heap, entry + 2))
            if index < part_count(heap, t, v):
                break
            put_closing(ctx, sink, t, v)
            entry += _ENTRY
            store(ctx, HEAP_END, entry)
        if entry == bottom:
            return OK
        store(heap, entry + 2, index + 1)
        before = load(heap, entry + 3)
        store(heap, entry + 3, before + 1)
        if before > 0:
            put_between(ctx, sink, t, v, before)
        t, v, status = part_at(heap, t, v, index)
