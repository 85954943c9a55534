"""Native operations that read and change a part of a value, whatever its kind."""

from __future__ import annotations

from ..core.heap import heap_of
from ..core.layout import OBJECT_LENGTH
from ..core.primitives import Memory, load
from ..core.statuses import (
    COLLECT,
    HOST,
    INDEX_ERROR,
    KEY_ERROR,
    OK,
    TYPE_ERROR,
    Result,
)
from ..core.tags import ERROR, INT, LIST, MAP, NIL, STRING, TAGGED, UNBOUND
from .errors import error_field
from .lists import list_item, with_item
from .maps import lookup, with_value
from .strings import character_string
from .tagged import tagged_field, with_field


def n_index(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """`a[b]` of a map, a string, or a list whose version is out of date."""
    if t == MAP:
        return lookup(ctx, t, v, t2, v2)
    if t2 != INT or (t != LIST and t != STRING):
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    if v2 < 0 or v2 >= load(heap, v + OBJECT_LENGTH):
        return NIL, 0, INDEX_ERROR
    if t == STRING:
        return character_string(ctx, v, v2)
    return list_item(ctx, v, v2)


def n_get(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """`a[b]`, or the third value where there is none."""
    tag, payload, s = n_index(ctx, t, v, t2, v2, NIL, 0)
    if s == KEY_ERROR or s == INDEX_ERROR:
        return t3, v3, OK
    return tag, payload, s


def n_member(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The field of a value whose name is a string."""
    if t == TAGGED:
        return tagged_field(ctx, v, t2, v2)
    if t == ERROR:
        return error_field(ctx, v, t2, v2)
    if t != MAP:
        return NIL, 0, TYPE_ERROR
    return lookup(ctx, t, v, t2, v2)


def n_part(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The field or item of a key; UNBOUND where the value has no such part."""
    tag, payload, s = n_member(ctx, t, v, t2, v2, NIL, 0)
    if s == OK or s == COLLECT or s == HOST:
        return tag, payload, s
    return UNBOUND, 0, OK


def n_set_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The list with another value at an index, or the map with a value for a key."""
    if t == MAP:
        return with_value(ctx, t, v, t2, v2, t3, v3)
    return with_item(ctx, t, v, t2, v2, t3, v3)


def n_set_member(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The value with another value in a field."""
    if t == TAGGED:
        return with_field(ctx, v, t2, v2, t3, v3)
    if t != MAP:
        return NIL, 0, TYPE_ERROR
    return with_value(ctx, t, v, t2, v2, t3, v3)
