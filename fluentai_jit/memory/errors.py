"""Native operations on error values."""

from __future__ import annotations

from ..core.heap import heap_of, variant_of
from ..core.layout import ERROR_MESSAGE, ERROR_THROWN
from ..core.operations import Result
from ..core.primitives import Memory, load
from ..core.statuses import OK
from ..core.tags import ERROR


def n_thrown(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The value that was thrown, of the error value that stands for it on its way."""
    heap = heap_of(ctx)
    if t == ERROR and variant_of(heap, v) == ERROR_THROWN:
        return load(heap, v + ERROR_MESSAGE), load(heap, v + ERROR_MESSAGE + 1), OK
    return t, v, OK
