"""Timing some activations: which, and what they stand for.

A counter of activations is negative and counts up to the next one that is timed, so
the decision costs a call the test of a sign. Frames that are timed are a list,
innermost first, whose head bounds the frames for which a return has more to do.
"""

from __future__ import annotations

from .activation import begin, begin_tail
from .layout import (
    BOTTOM,
    COUNT_NATIVE,
    COUNTER_WORDS,
    COUNTERS,
    FLAGS,
    FRAME_OUTER,
    FRAME_START,
    FRAME_WEIGHT,
    FRAME_WORDS,
    FRAMES,
    LIMIT,
    NOTED_CHUNK,
    NOTED_FRAME,
    NOTED_NATIVE,
    NOTED_TIME,
    RETURN_BOUND,
    SAMPLE_EVERY,
    SAMPLE_SEED,
    SAMPLED_FRAME,
    SAMPLING,
    TICK_COUNT,
    TICK_LAST,
    TIME_BASE,
    TIME_COUNT,
    TIME_NODE,
    TIME_RECORDS,
    TIME_SPREAD,
    TIME_STARTED,
    TIME_SUM,
    TIME_TICK,
    TIME_TOTAL,
    TIME_TOTAL_TICKS,
    TIME_WEIGHT,
    TIME_WORDS,
    TIMES,
    UNTIMED,
)
from .primitives import (
    Memory,
    bits_of_float,
    float_of_bits,
    float_of_int,
    load,
    load_atomic,
    logical_shift_right,
    multiply_high,
    pointer,
    quotient,
    shift_left_bits,
    store,
)
from .timing import end_at, keep, program_time, start_at

# The first ones of a function, which are all timed; and of later ones at least one of
# as many as this part of those before, so that no function has only a few.
ALL_TIMED = 100


def random_below(times: Memory, bound: int) -> int:
    """A random number from 0 up to before the bound (xorshift, Marsaglia 2003)."""
    seed = load(times, SAMPLE_SEED)
    seed ^= shift_left_bits(seed, 13)
    seed ^= logical_shift_right(seed, 7)
    seed ^= shift_left_bits(seed, 17)
    store(times, SAMPLE_SEED, seed)
    return multiply_high(seed, bound)


def choose_next(ctx: Memory, times: Memory, chunk: int, kind: int) -> int:
    """Let a counter that came to 0 count to the next; the weight of this one.

    Gaps are random, as calls may go by turns: from 1 up to before twice the rate.
    """
    record = TIME_RECORDS + chunk * TIME_WORDS
    weight = load(times, record + TIME_WEIGHT + kind)
    base = load(times, record + TIME_BASE + kind)
    every = 1
    if load(times, record + TIME_STARTED) >= ALL_TIMED - 1:
        every = quotient(base, ALL_TIMED)
        if every > load(times, SAMPLE_EVERY):
            every = load(times, SAMPLE_EVERY)
        if every < 1:
            every = 1
    gap = 1 + random_below(times, 2 * every - 1)
    store(pointer(ctx, COUNTERS), chunk * COUNTER_WORDS + kind, -gap)
    store(times, record + TIME_BASE + kind, base + gap)
    store(times, record + TIME_WEIGHT + kind, every)
    return weight if weight > 0 else 1


def set_bound(ctx: Memory, times: Memory) -> None:
    """Let returns have more to do from the innermost timed frame on."""
    bound = load(times, SAMPLED_FRAME)
    if bound < load(ctx, BOTTOM):
        bound = load(ctx, BOTTOM)
    store(ctx, RETURN_BOUND, bound)


def push_sampled(ctx: Memory, times: Memory, frame: int, weight: int) -> None:
    """Make the innermost frame the head of the list of timed ones."""
    frames = pointer(ctx, FRAMES)
    at = frame * FRAME_WORDS
    store(frames, at + FRAME_WEIGHT, weight)
    store(frames, at + FRAME_OUTER, load(times, SAMPLED_FRAME))
    store(times, SAMPLED_FRAME, frame)
    if load_atomic(ctx, RETURN_BOUND) < frame:
        store(ctx, RETURN_BOUND, frame)


def start_sampled(ctx: Memory, frame: int, chunk: int, kind: int) -> None:
    """Begin a timed activation in the innermost frame; choose the next one."""
    times = pointer(ctx, TIMES)
    at = frame * FRAME_WORDS + FRAME_START
    if load(pointer(ctx, FRAMES), at) != 0:
        # An iteration: the interpreter takes it from the counter again.
        return
    weight = choose_next(ctx, times, chunk, kind)
    started = TIME_RECORDS + chunk * TIME_WORDS + TIME_STARTED
    store(times, started, load(times, started) + 1)
    push_sampled(ctx, times, frame, weight)
    time = program_time(ctx)
    store(pointer(ctx, FRAMES), at, time if time > 0 else 1)


def add_float(times: Memory, at: int, value: float) -> None:
    """Add to a float whose bits are a word."""
    store(times, at, bits_of_float(float_of_bits(load(times, at)) + value))


def end_sampled(ctx: Memory, frame: int, chunk: int, time: int) -> None:
    """End the timed activation of a chunk, which is in the innermost such frame."""
    frames = pointer(ctx, FRAMES)
    times = pointer(ctx, TIMES)
    at = frame * FRAME_WORDS
    start = load(frames, at + FRAME_START)
    store(frames, at + FRAME_START, 0)
    store(times, SAMPLED_FRAME, load(frames, at + FRAME_OUTER))
    if start < 0:
        return
    duration = time - start
    if duration < 0:
        duration = 0
    weight = load(frames, at + FRAME_WEIGHT)
    record = TIME_RECORDS + chunk * TIME_WORDS
    store(times, record + TIME_COUNT, load(times, record + TIME_COUNT) + 1)
    total = load(times, record + TIME_SUM) + weight * duration
    store(times, record + TIME_SUM, total)
    keep(times, record, time, duration, weight)
    if weight > 1:
        spread = float_of_int(weight * (weight - 1))
        each = float_of_int(duration)
        add_float(times, record + TIME_SPREAD, spread)
        add_float(times, record + TIME_SPREAD + 1, spread * each)
        add_float(times, record + TIME_SPREAD + 2, spread * each * each)


def add_stack(times: Memory, chunk: int, serial: int, elapsed: int) -> None:
    """A chunk is in a stack: count it for its node, once."""
    record = TIME_RECORDS + chunk * TIME_WORDS
    record += load(times, record + TIME_NODE)
    if load(times, record + TIME_TICK) != serial:
        store(times, record + TIME_TICK, serial)
        count = load(times, record + TIME_TOTAL_TICKS) + 1
        store(times, record + TIME_TOTAL_TICKS, count)
        store(times, record + TIME_TOTAL, load(times, record + TIME_TOTAL) + elapsed)


def return_sampled(ctx: Memory, frame: int, chunk: int, native: int) -> None:
    """What a frame up to RETURN_BOUND has to do when it returns.

    Ends its activation if that is timed. If the timer has lowered the limit, the
    first function that returns is the one that ran when it said so; it and those that
    return after it, up to the next instruction that polls, were on the stack.
    """
    if load(pointer(ctx, FRAMES), frame * FRAME_WORDS + FRAME_START) != 0:
        end_sampled(ctx, frame, chunk, program_time(ctx))
    times = pointer(ctx, TIMES)
    if load_atomic(ctx, LIMIT) >= 0:
        set_bound(ctx, times)
        return
    if load(times, NOTED_FRAME) == 0:
        store(times, NOTED_CHUNK, chunk)
        store(times, NOTED_NATIVE, native)
        store(times, NOTED_TIME, program_time(ctx))
    store(times, NOTED_FRAME, frame)
    elapsed = load(times, NOTED_TIME) - load(times, TICK_LAST)
    add_stack(times, chunk, load(times, TICK_COUNT) + 1, elapsed)


def leave_sampled(ctx: Memory, frame: int, chunk: int) -> None:
    """`return_sampled` in native code."""
    return_sampled(ctx, frame, chunk, 1)


def count_sampled(ctx: Memory, frame: int, chunk: int) -> None:
    """Count an activation that native code begins, and time it if its turn has come."""
    counters = pointer(ctx, COUNTERS)
    at = chunk * COUNTER_WORDS + COUNT_NATIVE
    count = load(counters, at) + 1
    store(counters, at, count)
    if count >= 0:
        start_sampled(ctx, frame, chunk, COUNT_NATIVE)


def begin_sampled(ctx: Memory, frame: int, weight: int, chunk: int) -> int:
    """`begin_counted` while some activations are timed."""
    if begin(ctx, frame, weight) != 0:
        return 1
    count_sampled(ctx, frame, chunk)
    return 0


def begin_tail_sampled(
    ctx: Memory, frame: int, weight: int, chunk: int, caller: int
) -> int:
    """`begin_tail_counted` while some are timed: the caller's activation ends."""
    if begin_tail(ctx, frame, weight) != 0:
        return 1
    if frame <= load_atomic(ctx, RETURN_BOUND):
        leave_sampled(ctx, frame, caller)
    count_sampled(ctx, frame, chunk)
    return 0


# ---- counters that tail calls pass on ----------------------------------------------
# Functions of a unit that tail-call each other and nothing else keep their counters in
# machine registers. A counter that is not negative there stands for the one in memory:
# the next tail call looks, as it does when an execution is to be timed. It is so while
# the activation in this frame is timed, which such a call ends.
def carried_count(ctx: Memory, frame: int, chunk: int) -> int:
    """The counter of a chunk's native executions to be passed on in `frame`."""
    if frame <= load_atomic(ctx, RETURN_BOUND):
        return 0
    return load(pointer(ctx, COUNTERS), chunk * COUNTER_WORDS + COUNT_NATIVE)


def keep_carried(ctx: Memory, chunk: int, count: int) -> None:
    """Write a counter back that was passed on."""
    if count < 0:
        at = chunk * COUNTER_WORDS + COUNT_NATIVE
        store(pointer(ctx, COUNTERS), at, count)


def tail_sampled(ctx: Memory, frame: int, chunk: int, caller: int) -> None:
    """A tail call with the counters in memory: one of the two may be timed."""
    if frame <= load_atomic(ctx, RETURN_BOUND):
        return_sampled(ctx, frame, caller, 1)
    count_sampled(ctx, frame, chunk)


# ---- what the interpreter calls ---------------------------------------------------
def start_interpreted(
    ctx: Memory, frame: int, chunk: int, kind: int, time: int
) -> None:
    """Begin an activation whose counter is not negative, in the innermost frame.

    `time` is when the one before it in this frame ended; 0 where there was none.
    """
    if load(ctx, FLAGS) & SAMPLING != 0:
        start_sampled(ctx, frame, chunk, kind)
    else:
        start_at(ctx, frame, chunk, time if time != 0 else program_time(ctx))


def end_interpreted(ctx: Memory, frame: int, chunk: int) -> int:
    """End an activation, if it is timed; when, or 0 where only some are timed."""
    if load(ctx, FLAGS) & SAMPLING != 0:
        return_sampled(ctx, frame, chunk, 0)
        return 0
    time = program_time(ctx)
    end_at(ctx, frame, chunk, time)
    return time


def iterate_interpreted(ctx: Memory, frame: int) -> None:
    """Let native code that begins an iteration not begin an activation."""
    times = pointer(ctx, TIMES)
    at = frame * FRAME_WORDS + FRAME_START
    if load(ctx, FLAGS) & SAMPLING != 0 and load(pointer(ctx, FRAMES), at) == 0:
        store(pointer(ctx, FRAMES), at, UNTIMED)
        push_sampled(ctx, times, frame, 1)
