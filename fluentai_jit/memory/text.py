"""Native operations that make the text of values."""

from __future__ import annotations

from ..core.heap import heap_of, string_data, variant_of
from ..core.layout import OBJECT_LENGTH, REGISTERS
from ..core.operations import Result
from ..core.primitives import Memory, load, pointer
from ..core.statuses import COLLECT, HOST, OK, TYPE_ERROR
from ..core.tags import NIL, STRING
from .strings import copy_characters, new_string


def n_text(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The text of a value as printed."""
    if t == STRING:
        return STRING, v, OK
    return NIL, 0, HOST


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
        copy_characters(heap, part, 0, length, data, width, done)
        done += length
        index += 1
    return STRING, at, OK
