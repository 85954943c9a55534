"""Words at the end of the free heap, for an operation's own use until it ends.

Taken from HEAP_END downwards, so that the operation may allocate meanwhile: a stack of
what it has still to look at, of any depth, or values whose number it does not know.
Whoever takes some notes HEAP_END before, and gives all of them back with `release`.
"""

from __future__ import annotations

from ..core.layout import HEAP_END, HEAP_REQUEST, HEAP_TOP
from ..core.primitives import Memory, load, store
from ..core.statuses import COLLECT


def take(ctx: Memory, words: int) -> int:
    """The offset of that many more words; 0 where there is no room."""
    at = load(ctx, HEAP_END) - words
    if at < load(ctx, HEAP_TOP):
        store(ctx, HEAP_REQUEST, words)
        return 0
    store(ctx, HEAP_END, at)
    return at


def release(ctx: Memory, end: int, status: int) -> int:
    """Give back what was taken since HEAP_END was `end`; the status.

    Where room was lacking, it is asked for together with what had been taken.
    """
    if status == COLLECT:
        taken = end - load(ctx, HEAP_END)
        store(ctx, HEAP_REQUEST, load(ctx, HEAP_REQUEST) + taken)
    store(ctx, HEAP_END, end)
    return status
