"""What the driver asks compiled code for where activations are timed."""

from __future__ import annotations

from .layout import (
    BOTTOM,
    FRAME,
    FRAME_CHUNK,
    FRAME_START,
    FRAME_WORDS,
    FRAMES,
    PROGRAM_TIME,
)
from .primitives import Memory, cycle_counter, load, pointer
from .timing import end_at


def unwind(ctx: Memory) -> int:
    """End the activations above frame BOTTOM, innermost first; how many frames."""
    frames = pointer(ctx, FRAMES)
    bottom = load(ctx, BOTTOM)
    frame = load(ctx, FRAME)
    # Plain Python may have been stopped before it wrote which frame it was in.
    while load(frames, (frame + 1) * FRAME_WORDS + FRAME_START) != 0:
        frame += 1
    count = frame - bottom
    time = load(ctx, PROGRAM_TIME)
    while frame > bottom:
        chunk = load(frames, frame * FRAME_WORDS + FRAME_CHUNK)
        end_at(ctx, frame, chunk, time)
        frame -= 1
    return count


def cycles(ctx: Memory) -> int:
    """The cycle counter."""
    return cycle_counter()
