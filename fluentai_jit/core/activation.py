"""How native code begins activations and calls through slots.

Compiled into every unit beside the operations. "Not begun" (REFUSED or
ENTRY_GUARD) means: no effect, arguments still in the callee's registers, so the
caller leaves at its call instruction and the interpreter executes it again.

Whether tracking is on is decided when a unit is made, not tested when it runs.
"""

from __future__ import annotations

from .access import adapted_chunk, called_chunk
from .entries import call_nested_entry
from .layout import (
    BACK_EDGE_COUNT,
    BACK_EDGE_WORDS,
    BACK_EDGES,
    CHUNK_ARITY,
    CHUNK_SLOT,
    CHUNK_WORDS,
    CHUNKS,
    COUNT_ITERATIONS,
    COUNT_NATIVE,
    COUNTER_WORDS,
    COUNTERS,
    FRAME,
    FRAME_BASE,
    FRAME_CHUNK,
    FRAME_IP,
    FRAME_TAILS,
    FRAME_WORDS,
    FRAMES,
    FUEL,
    LIMIT,
    REGISTERS,
    UNCOUNTED,
)
from .primitives import (
    Memory,
    load,
    load_atomic,
    pointer,
    stack_exhausted,
    store,
)
from .statuses import ENTRY_GUARD, OK, REFUSED, TRANSFER, Result
from .tags import CLOSURE, NIL


def cool(ctx: Memory, records: Memory, at: int, cost: int) -> int:
    """Take from the heat at word `at` what word `cost` of the context says.

    Returns what is left; where that is negative nothing was taken.
    """
    heat = load(records, at) - load(ctx, cost)
    if heat >= 0:
        store(records, at, heat)
    return heat


def count_native(ctx: Memory, chunk: int) -> None:
    """Count an activation that native code begins."""
    add_native(ctx, chunk, 1)


def add_native(ctx: Memory, chunk: int, count: int) -> None:
    """Add activations that native code began to their counter."""
    counters = pointer(ctx, COUNTERS)
    at = chunk * COUNTER_WORDS + COUNT_NATIVE
    store(counters, at, load(counters, at) + count)


def begin(ctx: Memory, frame: int, weight: int) -> int:
    """Begin an activation in `frame`: 0 when it is charged, 1 if refused."""
    fuel = load(ctx, FUEL)
    if fuel < weight or frame > load_atomic(ctx, LIMIT):
        return 1
    if stack_exhausted(ctx, frame) != 0:
        return 1
    store(ctx, FUEL, fuel - weight)
    return 0


def begin_counted(ctx: Memory, frame: int, weight: int, chunk: int) -> int:
    """`begin` while tracking is on."""
    if begin(ctx, frame, weight) != 0:
        return 1
    count_native(ctx, chunk)
    return 0


def begin_tail(ctx: Memory, frame: int, weight: int) -> int:
    """Begin by a tail call, in the same frame: the C stack does not grow."""
    fuel = load(ctx, FUEL)
    if fuel < weight or frame > load_atomic(ctx, LIMIT):
        return 1
    store(ctx, FUEL, fuel - weight)
    return 0


def begin_tail_counted(ctx: Memory, frame: int, weight: int, chunk: int) -> int:
    """`begin_tail` while tracking is on."""
    if begin_tail(ctx, frame, weight) != 0:
        return 1
    count_native(ctx, chunk)
    return 0


def call_slot(ctx: Memory, chunk: int, base: int, frame: int) -> Result:
    """Call a chunk through its slot; REFUSED where it has no native code."""
    slot = load(pointer(ctx, CHUNKS), chunk * CHUNK_WORDS + CHUNK_SLOT)
    if slot <= UNCOUNTED:
        return NIL, 0, REFUSED
    store(pointer(ctx, FRAMES), frame * FRAME_WORDS + FRAME_TAILS, 0)
    return call_nested_entry(slot, ctx, base, frame)


def call_value(
    ctx: Memory, t: int, v: int, count: int, base: int, frame: int
) -> Result:
    """Call a function value; REFUSED where the interpreter has to do it."""
    chunk = called_chunk(ctx, t, v)
    if chunk < 0:
        return NIL, 0, REFUSED
    if load(pointer(ctx, CHUNKS), chunk * CHUNK_WORDS + CHUNK_ARITY) != count:
        chunk = adapted_chunk(ctx, chunk, count)
        if chunk < 0:
            return NIL, 0, REFUSED
    if t == CLOSURE:
        set_register(ctx, base + count, t, v)
    return call_slot(ctx, chunk, base, frame)


def set_register(ctx: Memory, index: int, t: int, v: int) -> None:
    """Write a register of the register file, by its absolute index."""
    registers = pointer(ctx, REGISTERS)
    store(registers, 2 * index, t)
    store(registers, 2 * index + 1, v)


def put_frame(ctx: Memory, base: int, frame: int, chunk: int, ip: int) -> None:
    """Write a frame's record as the interpreter would have it."""
    frames = pointer(ctx, FRAMES)
    at = frame * FRAME_WORDS
    store(frames, at + FRAME_CHUNK, chunk)
    store(frames, at + FRAME_IP, ip)
    store(frames, at + FRAME_BASE, base)


def leave_status(ctx: Memory, frame: int, status: int, own: int) -> int:
    """The status with which a body leaves; names the innermost frame.

    The frame is the innermost one when it leaves by its `own` instruction, or
    when the call it stands at was not begun.
    """
    if own != 0:
        store(ctx, FRAME, frame)
        return status
    if status == REFUSED or status == ENTRY_GUARD:
        store(ctx, FRAME, frame)
        return TRANSFER
    return status


def keep_tails(ctx: Memory, frame: int, tails: int, status: int) -> None:
    """After a body left that was entered with `tails` tail calls behind it."""
    if status != OK and status != REFUSED:
        at = frame * FRAME_WORDS + FRAME_TAILS
        store(pointer(ctx, FRAMES), at, tails)


def add_back_edges(ctx: Memory, edge: int, count: int) -> None:
    """Add back-edges taken in native code to their counter."""
    edges = pointer(ctx, BACK_EDGES)
    at = edge * BACK_EDGE_WORDS + BACK_EDGE_COUNT
    store(edges, at, load(edges, at) + count)


def add_iterations(ctx: Memory, chunk: int, count: int) -> None:
    """Add self tail calls made in native code to their counter."""
    counters = pointer(ctx, COUNTERS)
    at = chunk * COUNTER_WORDS + COUNT_ITERATIONS
    store(counters, at, load(counters, at) + count)
