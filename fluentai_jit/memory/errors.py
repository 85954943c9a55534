"""Native operations on error values."""

from __future__ import annotations

from ..core.heap import error_string, heap_of, string_data, variant_of
from ..core.layout import ERROR_KIND, ERROR_MESSAGE, ERROR_THROWN, OBJECT_LENGTH
from ..core.primitives import Memory, load
from ..core.statuses import HOST, OK, TYPE_ERROR, Result
from ..core.tags import ERROR, NIL, STRING

# Names of the fields, as packed characters; each fills a word, or is padded.
KIND_NAME = int.from_bytes(b"kind", "little")
MESSAGE_NAME = int.from_bytes(b"message", "little")
STACK_NAME = int.from_bytes(b"stack", "little")


def n_thrown(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The value that was thrown, of the error value that stands for it on its way."""
    heap = heap_of(ctx)
    if t == ERROR and variant_of(heap, v) == ERROR_THROWN:
        return load(heap, v + ERROR_MESSAGE), load(heap, v + ERROR_MESSAGE + 1), OK
    return t, v, OK


def error_field(ctx: Memory, error: int, t: int, v: int) -> Result:
    """The field with the name `v`; HOST where the driver has to make it."""
    if t != STRING:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    if length < 4 or length > 7 or variant_of(heap, v) != 1:
        return NIL, 0, TYPE_ERROR
    name = load(heap, string_data(heap, v))
    if name == KIND_NAME:
        return STRING, error_string(ctx, error, ERROR_KIND), OK
    if name == MESSAGE_NAME:
        return STRING, error_string(ctx, error, ERROR_MESSAGE), OK
    if name == STACK_NAME:
        return NIL, 0, HOST
    return NIL, 0, TYPE_ERROR
