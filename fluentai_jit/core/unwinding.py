"""Leaving activations by what was thrown, and what the driver asks compiled code for.

A frame whose chunk has a handler around the instruction at which the frame stands
goes on there; the frames above it are left.
"""

from __future__ import annotations

from .heap import allocate, heap_of, variant_of
from .layout import (
    BOTTOM,
    CATCH_ALL,
    CHUNK_HANDLERS,
    CHUNK_WORDS,
    CHUNKS,
    COUNT_ERRORS,
    COUNTER_WORDS,
    COUNTERS,
    COUNTING,
    ERROR_ELIDED,
    ERROR_EXIT,
    ERROR_KIND,
    ERROR_MESSAGE,
    ERROR_RAISED,
    ERROR_THROWN,
    ERROR_TRACE,
    FINALLY_BLOCK,
    FLAGS,
    FRAME,
    FRAME_BASE,
    FRAME_CHUNK,
    FRAME_IP,
    FRAME_START,
    FRAME_TAILS,
    FRAME_WORDS,
    FRAMES,
    FUEL,
    HANDLER_END,
    HANDLER_KIND,
    HANDLER_REGISTER,
    HANDLER_START,
    HANDLER_TARGET,
    HANDLER_WORDS,
    HANDLERS,
    KIND_ERROR,
    LEFT_FUEL,
    NOTED_CHUNK,
    NOTED_FRAME,
    NOTED_NATIVE,
    NOTED_TIME,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    PROGRAM_TIME,
    REGISTERS,
    SAMPLED_FRAME,
    SAMPLING,
    THROW_EXIT,
    THROW_NOTHING,
    THROW_VALUE,
    THROWN,
    THROWN_AS,
    TICK_COUNT,
    TICK_LAST,
    TICK_NATIVE,
    TICK_SQUARES,
    TIME_RECORDS,
    TIME_SELF,
    TIME_SELF_TICKS,
    TIME_WORDS,
    TIMES,
    TIMING,
    TRACE_ENDS,
)
from .primitives import Memory, cycle_counter, float_of_int, load, pointer, store
from .sampling import add_float, add_stack, end_sampled, set_bound
from .statuses import COLLECT, OK, RAISED
from .tags import ERROR, NIL, STRING
from .timing import end_at


def handler_around(ctx: Memory, frame: int, least: int) -> int:
    """Word of HANDLERS where the handler begins that a frame goes on at, or -1.

    Only handlers whose kind is at least that.
    """
    frames = pointer(ctx, FRAMES)
    chunk = load(frames, frame * FRAME_WORDS + FRAME_CHUNK)
    pc = load(frames, frame * FRAME_WORDS + FRAME_IP)
    chunks = pointer(ctx, CHUNKS)
    handlers = pointer(ctx, HANDLERS)
    at = chunk * CHUNK_WORDS + CHUNK_HANDLERS
    row = load(chunks, at) * HANDLER_WORDS
    end = load(chunks, at + CHUNK_WORDS) * HANDLER_WORDS
    while row < end:
        if load(handlers, row + HANDLER_START) <= pc:
            if pc < load(handlers, row + HANDLER_END):
                if load(handlers, row + HANDLER_KIND) >= least:
                    return row
        row += HANDLER_WORDS
    return -1


def new_error(ctx: Memory, t: int, v: int, thrown_as: int) -> int:
    """An error object for what is thrown at the innermost frame; 0 without room."""
    depth = load(ctx, FRAME) + 1
    elided = depth - 2 * TRACE_ENDS
    if elided < 0:
        elided = 0
    count = depth - elided
    at = allocate(ctx, ERROR_TRACE + 2 * count)
    if at == 0:
        return 0
    variant = ERROR_RAISED
    kind = NIL
    name = 0
    if thrown_as == THROW_EXIT:
        variant = ERROR_EXIT
    elif thrown_as == THROW_VALUE:
        variant = ERROR_THROWN
    else:
        kind = STRING
        name = thrown_as
    heap = heap_of(ctx)
    store(heap, at + OBJECT_HEADER, KIND_ERROR | variant << 8)
    store(heap, at + OBJECT_LENGTH, count)
    store(heap, at + ERROR_KIND, kind)
    store(heap, at + ERROR_KIND + 1, name)
    store(heap, at + ERROR_MESSAGE, t)
    store(heap, at + ERROR_MESSAGE + 1, v)
    store(heap, at + ERROR_ELIDED, elided)
    frames = pointer(ctx, FRAMES)
    frame = depth - 1
    index = 0
    while index < count:
        record = frame * FRAME_WORDS
        entry = at + ERROR_TRACE + 2 * index
        store(heap, entry, load(frames, record + FRAME_IP))
        store(heap, entry + 1, load(frames, record + FRAME_TAILS))
        frame -= 1
        index += 1
        if index == TRACE_ENDS:
            frame -= elided
    return at


def throw_value(ctx: Memory, t: int, v: int, thrown_as: int) -> int:
    """Throw a value from the innermost frame: OK where a frame went on at its handler.

    RAISED where none has one, and COLLECT where there is no room for the error:
    nothing has happened then. The clock of activations must stand.
    """
    least = CATCH_ALL
    if thrown_as == THROW_EXIT:
        least = FINALLY_BLOCK
    elif thrown_as == THROW_VALUE and t == ERROR:
        if variant_of(heap_of(ctx), v) == ERROR_EXIT:
            least = FINALLY_BLOCK
    bottom = load(ctx, BOTTOM)
    frame = load(ctx, FRAME)
    row = -1
    while frame > bottom:
        row = handler_around(ctx, frame, least)
        if row >= 0:
            break
        frame -= 1
    if row < 0:
        return RAISED
    if thrown_as == THROW_NOTHING:
        return OK
    handlers = pointer(ctx, HANDLERS)
    handler = load(handlers, row + HANDLER_KIND)
    tag = t
    payload = v
    if thrown_as != THROW_VALUE or (t != ERROR and handler != CATCH_ALL):
        tag = ERROR
        payload = new_error(ctx, t, v, thrown_as)
        if payload == 0:
            return COLLECT
    elif t == ERROR and handler == CATCH_ALL:
        heap = heap_of(ctx)
        if variant_of(heap, v) == ERROR_THROWN:
            tag = load(heap, v + ERROR_MESSAGE)
            payload = load(heap, v + ERROR_MESSAGE + 1)
    leave_frames(ctx, frame, 1 if least < FINALLY_BLOCK else 0)
    frames = pointer(ctx, FRAMES)
    registers = pointer(ctx, REGISTERS)
    at = frame * FRAME_WORDS
    slot = load(frames, at + FRAME_BASE) + load(handlers, row + HANDLER_REGISTER)
    store(registers, 2 * slot, tag)
    store(registers, 2 * slot + 1, payload)
    store(frames, at + FRAME_IP, load(handlers, row + HANDLER_TARGET))
    store(ctx, FRAME, frame)
    return OK


def leave_frames(ctx: Memory, last: int, errors: int) -> None:
    """Count and time the end of the activations above frame `last`."""
    flags = load(ctx, FLAGS)
    if flags & COUNTING == 0:
        return
    frames = pointer(ctx, FRAMES)
    counters = pointer(ctx, COUNTERS)
    time = load(ctx, PROGRAM_TIME)
    frame = load(ctx, FRAME)
    while frame > last:
        chunk = load(frames, frame * FRAME_WORDS + FRAME_CHUNK)
        at = chunk * COUNTER_WORDS + COUNT_ERRORS
        store(counters, at, load(counters, at) + errors)
        if flags & TIMING != 0:
            end_at(ctx, frame, chunk, time)
        frame -= 1
    if flags & SAMPLING != 0:
        end_sampled_above(ctx, last)


def end_sampled_above(ctx: Memory, last: int) -> None:
    """End the activations that are timed in the frames above one."""
    frames = pointer(ctx, FRAMES)
    times = pointer(ctx, TIMES)
    frame = load(times, SAMPLED_FRAME)
    while frame > last:
        chunk = load(frames, frame * FRAME_WORDS + FRAME_CHUNK)
        end_sampled(ctx, frame, chunk, load(ctx, PROGRAM_TIME))
        frame = load(times, SAMPLED_FRAME)
    set_bound(ctx, times)


def throw(ctx: Memory) -> int:
    """`throw_value` of what the driver put into the context record."""
    tag = load(ctx, THROWN)
    return throw_value(ctx, tag, load(ctx, THROWN + 1), load(ctx, THROWN_AS))


def unwind(ctx: Memory) -> int:
    """End the activations above frame BOTTOM, innermost first; how many frames."""
    frames = pointer(ctx, FRAMES)
    bottom = load(ctx, BOTTOM)
    frame = load(ctx, FRAME)
    if load(ctx, FLAGS) & SAMPLING != 0:
        end_sampled_above(ctx, bottom)
        store(pointer(ctx, TIMES), NOTED_FRAME, 0)
        return frame - bottom
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


def take_stack(ctx: Memory) -> int:
    """Add the time since the last stack to the functions of this one.

    What returned after the timer's wish is in it, the first one innermost. The clock
    stands; returns the number of frames looked at.
    """
    times = pointer(ctx, TIMES)
    frames = pointer(ctx, FRAMES)
    time = load(ctx, PROGRAM_TIME)
    noted = load(times, NOTED_FRAME)
    if noted > 0:
        time = load(times, NOTED_TIME)
    elapsed = time - load(times, TICK_LAST)
    store(times, TICK_LAST, time)
    serial = load(times, TICK_COUNT) + 1
    store(times, TICK_COUNT, serial)
    square = float_of_int(elapsed)
    add_float(times, TICK_SQUARES, square * square)
    frame = load(ctx, FRAME)
    innermost = load(frames, frame * FRAME_WORDS + FRAME_CHUNK)
    native = 1 if load(ctx, LEFT_FUEL) == load(ctx, FUEL) else 0
    if noted > 0:
        innermost = load(times, NOTED_CHUNK)
        native = load(times, NOTED_NATIVE)
        if frame >= noted:
            frame = noted - 1
    store(times, NOTED_FRAME, 0)
    if native != 0:
        store(times, TICK_NATIVE, load(times, TICK_NATIVE) + elapsed)
    record = TIME_RECORDS + innermost * TIME_WORDS
    store(times, record + TIME_SELF, load(times, record + TIME_SELF) + elapsed)
    count = load(times, record + TIME_SELF_TICKS) + 1
    store(times, record + TIME_SELF_TICKS, count)
    add_stack(times, innermost, serial, elapsed)
    depth = frame
    while frame >= 0:
        chunk = load(frames, frame * FRAME_WORDS + FRAME_CHUNK)
        add_stack(times, chunk, serial, elapsed)
        frame -= 1
    return depth


def cycles(ctx: Memory) -> int:
    """The cycle counter."""
    return cycle_counter()
