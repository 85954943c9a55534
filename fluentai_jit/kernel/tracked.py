"""Switching tracking on in a program's arrays, and reading what it counts."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..core.layout import (
    BACK_EDGE_SLOT,
    BACK_EDGE_WORDS,
    CHUNK_SLOT,
    CHUNK_WORDS,
    COUNT_INTERPRETED,
    COUNT_NATIVE,
    COUNTED,
    COUNTER_WORDS,
    COUNTERS,
    COUNTING,
    FLAGS,
    FRAME,
    FRAME_CHUNK,
    FRAME_START,
    FRAME_WORDS,
    PROGRAM_TIME,
    SAMPLE_EVERY,
    SAMPLE_SEED,
    SAMPLING,
    STEP_COUNT,
    TICK_LAST,
    TIME_ACTIVE,
    TIME_BASE,
    TIME_NODE,
    TIME_RECORDS,
    TIME_STEPS,
    TIME_WORDS,
    TIMES,
    TIMING,
    UNCOUNTED,
    UNTIMED,
)
from ..memory.words import Words

if TYPE_CHECKING:
    from .state import State

# Where the sixteenths of a power of two begin, as mantissas of 52 bits.
_STEPS = [
    math.ceil((2 ** (step / TIME_STEPS) - 1) * 2**52) for step in range(TIME_STEPS)
] + [1 << 62] * (STEP_COUNT - TIME_STEPS)


def enable_counting(state: State) -> Words:
    """Allocate the counters, all zero, and switch counting on."""
    if state.counters is None:
        state.counters = Words((len(state.image.chunks) + 1) * COUNTER_WORDS)
        state.context.view[COUNTERS] = state.counters.address
    state.context.view[FLAGS] |= COUNTING
    for view, size, slot in (
        (state.chunks.view, CHUNK_WORDS, CHUNK_SLOT),
        (state.back_edges.view, BACK_EDGE_WORDS, BACK_EDGE_SLOT),
    ):
        for at in range(slot, len(view) - size + 1, size):
            if view[at] == UNCOUNTED:
                view[at] = COUNTED
    return state.counters


def enable_timing(state: State) -> None:
    """Allocate the records of times, and time what begins from now on."""
    if state.times is not None:
        return
    enable_counting(state)
    _allocate_times(state)
    context = state.context.view
    context[FLAGS] |= TIMING
    for frame in range(context[FRAME] + 1):
        if not state.calls.is_stub(frame):
            state.frames.view[frame * FRAME_WORDS + FRAME_START] = UNTIMED


def _allocate_times(state: State) -> Words:
    """The records of times, all zero."""
    # A page is in use once a function of it was called.
    records = len(state.image.chunks) + 1
    state.times = Words(TIME_RECORDS + records * TIME_WORDS)
    state.times.view[:STEP_COUNT] = array("q", _STEPS)
    state.context.view[TIMES] = state.times.address
    state.context.view[PROGRAM_TIME] = 1
    return state.times


def enable_sampling(state: State, every: int) -> None:
    """Allocate the records of times, and time some of what begins from now on.

    Of functions that were executed often, one activation of `every`.
    """
    if state.times is not None:
        return
    counters = enable_counting(state).view
    times = _allocate_times(state).view
    times[SAMPLE_SEED] = random.getrandbits(62) | 1
    times[SAMPLE_EVERY] = every
    times[TICK_LAST] = 1
    for chunk in range(len(state.image.chunks) + 1):
        for kind in (COUNT_INTERPRETED, COUNT_NATIVE):
            at = chunk * COUNTER_WORDS + kind
            # Nothing is written for what was never called: its page is not used.
            if counters[at]:
                record = TIME_RECORDS + chunk * TIME_WORDS
                times[record + TIME_BASE + kind] = counters[at]
                counters[at] = 1
    state.context.view[FLAGS] |= SAMPLING


def executions(state: State, chunk: int, kind: int) -> int:
    """Activations of a chunk so far, interpreted or native ones."""
    if state.counters is None:
        return 0
    count = state.counters.view[chunk * COUNTER_WORDS + kind]
    if count == 0 or not state.context.view[FLAGS] & SAMPLING:
        return count
    assert state.times is not None
    base = state.times.view[TIME_RECORDS + chunk * TIME_WORDS + TIME_BASE + kind]
    # Not negative where nothing was executed since sampling was switched on.
    return base if count > 0 else count + 1 + base


def share_times(state: State, chunks: Sequence[int]) -> None:
    """Let calls of one of these chunks by another not count as outermost."""
    if state.times is None:
        return
    view = state.times.view
    records = [TIME_RECORDS + chunk * TIME_WORDS for chunk in chunks]
    ends = range(state.context.view[FRAME] + 1)
    active = sum(
        state.calls.field(frame, FRAME_CHUNK) in chunks
        and state.calls.field(frame, FRAME_START) > 0
        for frame in ends
    )
    for record in records:
        view[record + TIME_NODE] = records[0] - record
    view[records[0] + TIME_ACTIVE] = active
