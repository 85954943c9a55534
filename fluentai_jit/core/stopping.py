"""Leaving a long operation early, because the program is to stop.

Who wants that sets the stop word of the context record, from any thread; it is
cleared only while no operation is under way. So it stays set for the operation that saw
it, and the rule is: a loop that may be long looks now and then, and ends at once if the
program is to stop. What it was making is half done then, which nobody sees: whatever
relies on it looks once more before its first effect, and ends with COLLECT, as where
room is lacking. The driver ends the program, or executes the instruction again.
"""

from __future__ import annotations

from .layout import DEADLINE, STOP
from .primitives import Memory, load, load_atomic, monotonic_ns, store
from .statuses import COLLECT, OK

# Steps of a loop from look to look; a power of two. Shorter loops never look, so that
# they cost nothing, and two inside each other come to a few milliseconds.
STEPS = 1024
# Words that are copied or cleared from look to look.
WORDS = 8192


def stopping(ctx: Memory) -> int:
    """1 where the program is to stop, or its time is over."""
    if load_atomic(ctx, STOP) != 0:
        return 1
    deadline = load(ctx, DEADLINE)
    if deadline == 0 or monotonic_ns() < deadline:
        return 0
    store(ctx, STOP, 1)
    return 1


def stops_at(ctx: Memory, step: int) -> int:
    """`stopping` at every so many steps of a loop, else 0."""
    if step & STEPS - 1 != STEPS - 1:
        return 0
    return stopping(ctx)


def stop_seen(ctx: Memory) -> int:
    """1 where a loop may have ended before its work was done."""
    return 1 if load_atomic(ctx, STOP) != 0 else 0


def steps_end(at: int, end: int) -> int:
    """The end of the steps from `at` on that a loop takes without a look."""
    return at + STEPS if end - at > STEPS else end


def stretch_end(at: int, end: int) -> int:
    """The end of the words from `at` on that are copied or cleared without a look."""
    return at + WORDS if end - at > WORDS else end


def made(ctx: Memory, t: int, v: int) -> tuple[int, int, int]:
    """A value of an operation that may have left a loop early."""
    if load_atomic(ctx, STOP) != 0:
        return t, 0, COLLECT
    return t, v, OK
