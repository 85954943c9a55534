"""How long activations take: what is written when one begins, and when it ends.

The clock is *program time*: it stands while the kernel does not run, so host calls,
collections and compiling are in no function's time. A frame with a start is an
activation under way, in whichever tier; beyond the innermost frame there is none.
"""

from __future__ import annotations

from .activation import begin_counted, begin_tail_counted
from .floats import EXPONENT_BIAS, FRACTION_BITS, FRACTION_MASK
from .layout import (
    CLOCK_OFFSET,
    CLOCK_SCALE,
    FRAME_CALLEES,
    FRAME_START,
    FRAME_WORDS,
    FRAMES,
    IN_KERNEL,
    PROGRAM_TIME,
    RING_WORDS,
    TIME_ACTIVE,
    TIME_COUNT,
    TIME_HISTOGRAM,
    TIME_LONGEST,
    TIME_NEXT,
    TIME_NODE,
    TIME_RECORDS,
    TIME_RING,
    TIME_SELF,
    TIME_STEP_BITS,
    TIME_STEPS,
    TIME_SUM,
    TIME_TOTAL,
    TIME_WORDS,
    TIMES,
)
from .primitives import (
    Memory,
    bits_of_float,
    cycle_counter,
    float_of_int,
    load,
    monotonic_ns,
    multiply_high,
    pointer,
    shift_left_bits,
    shift_right_bits,
    store,
)


def monotonic_time() -> int:
    """The monotonic clock in ns, where the cycle counter is not usable."""
    return monotonic_ns()


def program_time(ctx: Memory) -> int:
    """Program time in ns, while the kernel runs."""
    scale = load(ctx, CLOCK_SCALE)
    if scale != 0:
        # 2 ** 4 and the scale's 2 ** 60 make the word that `multiply_high` drops.
        clock = multiply_high(shift_left_bits(cycle_counter(), 4), scale)
        return clock - load(ctx, CLOCK_OFFSET)
    return monotonic_time() - load(ctx, CLOCK_OFFSET)


def start_clock(ctx: Memory) -> None:
    """The kernel begins to run: program time goes on from where it stood."""
    store(ctx, IN_KERNEL, 1)
    store(ctx, CLOCK_OFFSET, 0)
    store(ctx, CLOCK_OFFSET, program_time(ctx) - load(ctx, PROGRAM_TIME))


def stop_clock(ctx: Memory) -> None:
    """The kernel ceases to run."""
    store(ctx, IN_KERNEL, 0)
    time = program_time(ctx)
    if time > load(ctx, PROGRAM_TIME):
        store(ctx, PROGRAM_TIME, time)


def bucket_of(times: Memory, duration: int) -> int:
    """The bucket of a duration in ns: 16 to each power of two; 0 for no time.

    Bucket b holds what is from 2 ** ((b - 1) / 16) up to before 2 ** (b / 16).
    """
    if duration <= 0:
        return 0
    bits = bits_of_float(float_of_int(duration))
    exponent = shift_right_bits(bits, FRACTION_BITS) - EXPONENT_BIAS
    fraction = bits & FRACTION_MASK
    # log2(1 + f) is from f up to f + 0.086, so at most two steps more. Without jumps,
    # which cannot be predicted: -1 is the sign of what is below the fraction.
    step = shift_right_bits(fraction, FRACTION_BITS - TIME_STEP_BITS)
    step -= shift_right_bits(load(times, step + 1) - 1 - fraction, 63)
    step -= shift_right_bits(load(times, step + 1) - 1 - fraction, 63)
    return exponent * TIME_STEPS + step + 1


def active_of(times: Memory, record: int) -> int:
    """The word that counts the activations under way of a record's node."""
    return record + load(times, record + TIME_NODE) + TIME_ACTIVE


def start_at(ctx: Memory, frame: int, chunk: int, time: int) -> None:
    """Begin an activation in a frame; an iteration of one goes on."""
    frames = pointer(ctx, FRAMES)
    at = frame * FRAME_WORDS
    if load(frames, at + FRAME_START) != 0:
        return
    # A clock that went back must not make it look as if nothing had begun.
    store(frames, at + FRAME_START, time if time > 0 else 1)
    store(frames, at + FRAME_CALLEES, 0)
    times = pointer(ctx, TIMES)
    active = active_of(times, TIME_RECORDS + chunk * TIME_WORDS)
    store(times, active, load(times, active) + 1)


def end_at(ctx: Memory, frame: int, chunk: int, time: int) -> None:
    """End the activation of a chunk in a frame, if one is under way there."""
    frames = pointer(ctx, FRAMES)
    at = frame * FRAME_WORDS
    start = load(frames, at + FRAME_START)
    if start == 0:
        return
    store(frames, at + FRAME_START, 0)
    if start < 0:
        return
    duration = time - start
    if duration < 0:
        duration = 0
    times = pointer(ctx, TIMES)
    record = TIME_RECORDS + chunk * TIME_WORDS
    callees = load(frames, at + FRAME_CALLEES)
    caller = at - FRAME_WORDS + FRAME_CALLEES
    store(frames, caller, load(frames, caller) + duration)
    own = load(times, record + TIME_SELF) + duration - callees
    store(times, record + TIME_SELF, own)
    store(times, record + TIME_COUNT, load(times, record + TIME_COUNT) + 1)
    store(times, record + TIME_SUM, load(times, record + TIME_SUM) + duration)
    active = active_of(times, record)
    left = load(times, active) - 1
    store(times, active, left)
    if left == 0:
        store(times, record + TIME_TOTAL, load(times, record + TIME_TOTAL) + duration)
    keep(times, record, time, duration, 1)


def keep(times: Memory, record: int, time: int, duration: int, weight: int) -> None:
    """Put a duration into the ring and the histogram of a record."""
    if duration > load(times, record + TIME_LONGEST):
        store(times, record + TIME_LONGEST, duration)
    following = load(times, record + TIME_NEXT)
    store(times, record + TIME_RING + following, time)
    store(times, record + TIME_RING + following + 1, duration)
    following += 2
    if following == RING_WORDS:
        following = 0
    store(times, record + TIME_NEXT, following)
    bucket = record + TIME_HISTOGRAM + bucket_of(times, duration)
    store(times, bucket, load(times, bucket) + weight)


def start_timed(ctx: Memory, frame: int, chunk: int) -> None:
    """Begin an activation in a frame, now."""
    start_at(ctx, frame, chunk, program_time(ctx))


def end_timed(ctx: Memory, frame: int, chunk: int) -> None:
    """End the activation in a frame, now."""
    end_at(ctx, frame, chunk, program_time(ctx))


def tail_timed(ctx: Memory, frame: int, chunk: int, caller: int) -> None:
    """End the caller's activation and begin one in its frame, at the same time."""
    time = program_time(ctx)
    end_at(ctx, frame, caller, time)
    start_at(ctx, frame, chunk, time)


def begin_timed(ctx: Memory, frame: int, weight: int, chunk: int) -> int:
    """`begin_counted` while every activation is timed."""
    if begin_counted(ctx, frame, weight, chunk) != 0:
        return 1
    start_timed(ctx, frame, chunk)
    return 0


def begin_tail_timed(
    ctx: Memory, frame: int, weight: int, chunk: int, caller: int
) -> int:
    """`begin_tail_counted` while every activation is timed: the caller's ends."""
    if begin_tail_counted(ctx, frame, weight, chunk) != 0:
        return 1
    tail_timed(ctx, frame, chunk, caller)
    return 0
