"""The interpreter's dispatch loop, one source for two tiers.

Run as it stands it is tier 0; compiled it is tier 1. All state is in the arrays
that the context record names; what is kept in local variables between
instructions (frame, pc, base, fuel) is written back before anything else can
look at it: before native code is entered, and when the loop is left.

A status leaves the loop *before* the instruction had any effect, so the driver
may deal with it and run the same instruction again.
"""

from __future__ import annotations

from ..core.access import (
    adapted_chunk,
    called_chunk,
    op_cell,
    op_field,
    op_index,
    op_set_cell,
    op_set_item,
    range_last,
    same_constructor,
    truth,
)
from ..core.activation import cool
from ..core.arithmetic import (
    op_add,
    op_divide,
    op_modulo,
    op_multiply,
    op_negate,
    op_not,
    op_power,
    op_subtract,
)
from ..core.comparison import (
    op_equal,
    op_greater,
    op_greater_equal,
    op_less,
    op_less_equal,
    op_not_equal,
)
from ..core.entries import call_entry, call_native
from ..core.layout import (
    BACK_EDGE_COUNT,
    BACK_EDGE_HEAT,
    BACK_EDGE_SLOT,
    BACK_EDGE_WEIGHT,
    BACK_EDGE_WORDS,
    BACK_EDGES,
    BOTTOM,
    CHUNK_ARITY,
    CHUNK_ENTRY,
    CHUNK_HEAT,
    CHUNK_LAST,
    CHUNK_SLOT,
    CHUNK_WEIGHT,
    CHUNK_WORDS,
    CHUNKS,
    CODE,
    CONSTANTS,
    COUNT_INTERPRETED,
    COUNT_ITERATIONS,
    COUNT_NATIVE,
    COUNTER_WORDS,
    COUNTERS,
    COUNTING,
    EXIT_FRAME,
    EXIT_STATUS,
    FEEDBACK,
    FLAGS,
    FRAME,
    FRAME_BASE,
    FRAME_CHUNK,
    FRAME_IP,
    FRAME_TAILS,
    FRAME_WORDS,
    FRAMES,
    FUEL,
    GLOBALS,
    HEAT_PER_BACK_EDGE,
    HEAT_PER_CALL,
    HEAT_PER_ITERATION,
    LEFT_FUEL,
    LIMIT,
    REGISTERS,
    RETURN_BOUND,
    SAMPLED_FRAME,
    SAMPLING,
    SUBJECT,
    THROW_VALUE,
    TIMES,
    TIMING,
    UNCOUNTED,
)
from ..core.opcodes import (
    ADD,
    ADD_INT,
    B_BIAS,
    CALL,
    CALL_CHUNK,
    DIV,
    DIV_INT,
    EQ,
    FAIL,
    FOR_LOOP,
    FOR_PREP,
    GE,
    GET_CELL,
    GET_FIELD,
    GET_GLOBAL,
    GT,
    HOST_CALL,
    INDEX,
    JUMP,
    JUMP_IF_FALSE,
    JUMP_IF_TRUE,
    JUMP_UNLESS,
    LE,
    LOAD,
    LOAD_CONST,
    LOOP,
    LT,
    MOD,
    MOD_INT,
    MOVE,
    MUL,
    MUL_INT,
    NATIVE_CALL,
    NATIVE_CALL_ANY,
    NE,
    NEG,
    NOT,
    POW,
    RETURN,
    SCALAR,
    SET_CELL,
    SET_GLOBAL,
    SET_INDEX,
    SUB,
    SUB_INT,
    TAIL_CALL,
    TAIL_CALL_CHUNK,
    THROW,
    UNLESS_CONSTRUCTOR,
    UNLESS_EQ,
    UNLESS_EQ_INT,
    UNLESS_GE,
    UNLESS_GE_INT,
    UNLESS_GT,
    UNLESS_GT_INT,
    UNLESS_LE,
    UNLESS_LE_INT,
    UNLESS_LT,
    UNLESS_LT_INT,
    UNLESS_NE,
    UNLESS_NE_INT,
    UNLESS_TAG,
)
from ..core.primitives import (
    Memory,
    load,
    load_atomic,
    offset,
    pointer,
    set_stack_bound,
    store,
    unreachable,
)
from ..core.sampling import (
    end_interpreted,
    iterate_interpreted,
    start_interpreted,
)
from ..core.statuses import (
    ARITY_ERROR,
    DEOPTIMISED,
    DONE,
    ENTRY_GUARD,
    HOST,
    HOT,
    NATIVE,
    NOT_CALLABLE,
    OK,
    RAISED,
    REFUSED,
    SLICE,
    TRANSFER,
    TYPE_ERROR,
    UNBOUND_NAME,
)
from ..core.statuses import LIMIT as LIMIT_REACHED
from ..core.tags import BOOL, CLOSURE, INT, NIL, UNBOUND
from ..core.timing import start_clock, stop_clock
from ..core.unwinding import throw_value
from .scalar_dispatch import scalar
from .slow import slow_operation

# An index that no frame has.
_EVERY_FRAME = 1 << 62


def run(ctx: Memory) -> int:
    """Execute from the innermost frame until a status stops it; returns that.

    `ctx` is the context record. Fuel is charged by calls, tail calls and
    back-edges, each by its weight, and never becomes negative.
    """
    set_stack_bound(ctx)
    registers = pointer(ctx, REGISTERS)
    frames = pointer(ctx, FRAMES)
    code = pointer(ctx, CODE)
    constants = pointer(ctx, CONSTANTS)
    variables = pointer(ctx, GLOBALS)
    chunks = pointer(ctx, CHUNKS)
    back_edges = pointer(ctx, BACK_EDGES)
    feedback = pointer(ctx, FEEDBACK)
    counting = load(ctx, FLAGS) & (COUNTING | TIMING | SAMPLING)
    # RETURN looks at the frame anyway: so it learns that there is more to do.
    bound = load(ctx, BOTTOM)
    if counting > COUNTING:
        if counting & TIMING != 0 or load_atomic(ctx, LIMIT) < 0:
            bound = _EVERY_FRAME
        else:
            sampled = load(pointer(ctx, TIMES), SAMPLED_FRAME)
            bound = sampled if sampled > bound else bound
        start_clock(ctx)
    store(ctx, RETURN_BOUND, bound)
    fuel = load(ctx, FUEL)
    frame = load(ctx, FRAME)
    at = frame * FRAME_WORDS
    pc = load(frames, at + FRAME_IP)
    base = load(frames, at + FRAME_BASE)
    # Registers of the innermost frame: R[x] is at 2 * x.
    window = offset(registers, 2 * base)
    status = OK
    while True:
        while True:
            word = load(code, pc)
            op = word & 255
            # Word offset of R[a] in the window; `b` and `c` are decoded for all.
            ra = word >> 7 & 0x1FFFE
            b = word >> 24 & 0xFFFF
            c = word >> 40
            if op == MOVE:
                rb = 2 * b
                store(window, ra, load(window, rb))
                store(window, ra + 1, load(window, rb + 1))
                pc += 1
            elif op == LOAD:
                store(window, ra, b)
                store(window, ra + 1, c)
                pc += 1
            elif op == LOAD_CONST:
                store(window, ra, load(constants, 2 * c))
                store(window, ra + 1, load(constants, 2 * c + 1))
                pc += 1
            elif op == GET_GLOBAL:
                t = load(variables, 2 * c)
                if t == UNBOUND:
                    status = UNBOUND_NAME
                    break
                store(window, ra, t)
                store(window, ra + 1, load(variables, 2 * c + 1))
                pc += 1
            elif op == SET_GLOBAL:
                store(variables, 2 * c, load(window, ra))
                store(variables, 2 * c + 1, load(window, ra + 1))
                pc += 1
            elif op == ADD:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_add(
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == SUB:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_subtract(
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == MUL:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_multiply(
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == DIV:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_divide(
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == MOD:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_modulo(
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == POW:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_power(
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == ADD_INT:
                rb = 2 * b
                t, v, status = op_add(load(window, rb), load(window, rb + 1), INT, c)
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == SUB_INT:
                rb = 2 * b
                t, v, status = op_subtract(
                    load(window, rb), load(window, rb + 1), INT, c
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == MUL_INT:
                rb = 2 * b
                t, v, status = op_multiply(
                    load(window, rb), load(window, rb + 1), INT, c
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == DIV_INT:
                rb = 2 * b
                t, v, status = op_divide(load(window, rb), load(window, rb + 1), INT, c)
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == MOD_INT:
                rb = 2 * b
                t, v, status = op_modulo(load(window, rb), load(window, rb + 1), INT, c)
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == NEG:
                rb = 2 * b
                t, v, status = op_negate(load(window, rb), load(window, rb + 1))
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == NOT:
                rb = 2 * b
                t, v, status = op_not(load(window, rb), load(window, rb + 1))
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == EQ:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_equal(
                    ctx,
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == NE:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_not_equal(
                    ctx,
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == LT:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_less(
                    ctx,
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == LE:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_less_equal(
                    ctx,
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == GT:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_greater(
                    ctx,
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == GE:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_greater_equal(
                    ctx,
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == INDEX:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_index(
                    ctx,
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(feedback, pc, load(feedback, pc) | 1 << t)
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == SET_INDEX:
                rb = 2 * b
                rc = 2 * c
                t, v, status = op_set_item(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, rb),
                    load(window, rb + 1),
                    load(window, rc),
                    load(window, rc + 1),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == GET_FIELD:
                rb = 2 * b
                t, v, status = op_field(ctx, load(window, rb), load(window, rb + 1), c)
                if status != OK:
                    break
                store(feedback, pc, load(feedback, pc) | 1 << t)
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == GET_CELL:
                rb = 2 * b
                t, v, status = op_cell(ctx, load(window, rb), load(window, rb + 1))
                if status != OK:
                    break
                store(feedback, pc, load(feedback, pc) | 1 << t)
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == SET_CELL:
                rb = 2 * b
                t, v, status = op_set_cell(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, rb),
                    load(window, rb + 1),
                )
                if status != OK:
                    break
                pc += 1
            elif op == JUMP:
                pc += c
            elif op == JUMP_UNLESS:
                if truth(ctx, load(window, ra), load(window, ra + 1)) == 0:
                    pc += c
                else:
                    pc += 1
            elif op == JUMP_IF_TRUE:
                if load(window, ra) != BOOL:
                    status = TYPE_ERROR
                    break
                if load(window, ra + 1) != 0:
                    pc += c
                else:
                    pc += 1
            elif op == JUMP_IF_FALSE:
                if load(window, ra) != BOOL:
                    status = TYPE_ERROR
                    break
                if load(window, ra + 1) == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_EQ:
                rb = 2 * b
                t, v, status = op_equal(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, rb),
                    load(window, rb + 1),
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_NE:
                rb = 2 * b
                t, v, status = op_not_equal(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, rb),
                    load(window, rb + 1),
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_LT:
                rb = 2 * b
                t, v, status = op_less(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, rb),
                    load(window, rb + 1),
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_LE:
                rb = 2 * b
                t, v, status = op_less_equal(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, rb),
                    load(window, rb + 1),
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_GT:
                rb = 2 * b
                t, v, status = op_greater(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, rb),
                    load(window, rb + 1),
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_GE:
                rb = 2 * b
                t, v, status = op_greater_equal(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, rb),
                    load(window, rb + 1),
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_EQ_INT:
                t, v, status = op_equal(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    INT,
                    b - B_BIAS,
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_NE_INT:
                t, v, status = op_not_equal(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    INT,
                    b - B_BIAS,
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_LT_INT:
                t, v, status = op_less(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    INT,
                    b - B_BIAS,
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_LE_INT:
                t, v, status = op_less_equal(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    INT,
                    b - B_BIAS,
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_GT_INT:
                t, v, status = op_greater(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    INT,
                    b - B_BIAS,
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_GE_INT:
                t, v, status = op_greater_equal(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    INT,
                    b - B_BIAS,
                )
                if status != OK:
                    break
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_TAG:
                if b >> load(window, ra) & 1 == 0:
                    pc += c
                else:
                    pc += 1
            elif op == UNLESS_CONSTRUCTOR:
                rb = 2 * b
                v = same_constructor(
                    ctx,
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, rb),
                    load(window, rb + 1),
                )
                if v == 0:
                    pc += c
                else:
                    pc += 1
            elif op == FOR_PREP:
                t, v, status = range_last(
                    load(window, ra),
                    load(window, ra + 1),
                    load(window, ra + 2),
                    load(window, ra + 3),
                    b,
                )
                if status != OK:
                    break
                if t == BOOL:
                    pc += c
                else:
                    store(window, ra + 3, v)
                    store(window, ra + 4, INT)
                    store(window, ra + 5, load(window, ra + 1))
                    pc += 1
            elif op == LOOP or op == FOR_LOOP:
                if op > LOOP and load(window, ra + 1) >= load(window, ra + 3):
                    pc += 1
                    continue
                edge = b * BACK_EDGE_WORDS
                weight = load(back_edges, edge + BACK_EDGE_WEIGHT)
                if fuel < weight:
                    status = SLICE
                    break
                if frame > load_atomic(ctx, LIMIT):
                    status = LIMIT_REACHED
                    break
                slot = load(back_edges, edge + BACK_EDGE_SLOT)
                heat = edge + BACK_EDGE_HEAT
                if slot == UNCOUNTED:
                    if cool(ctx, back_edges, heat, HEAT_PER_BACK_EDGE) < 0:
                        store(ctx, SUBJECT, b)
                        status = HOT
                        break
                else:
                    if slot < 0:
                        if cool(ctx, back_edges, heat, HEAT_PER_BACK_EDGE) < 0:
                            store(ctx, SUBJECT, b)
                            status = HOT
                            break
                    if counting != 0:
                        count = edge + BACK_EDGE_COUNT
                        store(back_edges, count, load(back_edges, count) + 1)
                fuel -= weight
                if op > LOOP:
                    following = load(window, ra + 1) + 1
                    store(window, ra + 1, following)
                    store(window, ra + 4, INT)
                    store(window, ra + 5, following)
                pc += c
                if slot > 0:
                    store(frames, at + FRAME_IP, pc)
                    store(ctx, FRAME, frame)
                    store(ctx, FUEL, fuel)
                    t, v, s = call_entry(slot, ctx, base, frame)
                    fuel = load(ctx, FUEL)
                    if s == OK:
                        # The loop's code ran to the end of its function.
                        store(registers, 2 * base, t)
                        store(registers, 2 * base + 1, v)
                        chunk = load(frames, at + FRAME_CHUNK)
                        pc = load(chunks, chunk * CHUNK_WORDS + CHUNK_LAST)
                    elif s == ENTRY_GUARD:
                        store(ctx, SUBJECT, b)
                        store(ctx, EXIT_STATUS, s)
                        status = DEOPTIMISED
                        break
                    elif s != REFUSED:
                        store(ctx, LEFT_FUEL, fuel)
                        store(ctx, EXIT_FRAME, frame)
                        frame = load(ctx, FRAME)
                        at = frame * FRAME_WORDS
                        pc = load(frames, at + FRAME_IP)
                        base = load(frames, at + FRAME_BASE)
                        window = offset(registers, 2 * base)
                        if s < TRANSFER:
                            store(ctx, SUBJECT, b)
                            store(ctx, EXIT_STATUS, s)
                            status = DEOPTIMISED
                            break
            elif op == CALL_CHUNK or op == CALL:
                chunk = c
                if op < CALL_CHUNK:
                    t = load(window, ra)
                    v = load(window, ra + 1)
                    chunk = called_chunk(ctx, t, v)
                    if chunk < 0:
                        # A closure without a chunk is a function of the host.
                        status = HOST if t == CLOSURE else NOT_CALLABLE
                        break
                    if load(chunks, chunk * CHUNK_WORDS + CHUNK_ARITY) != b:
                        chunk = adapted_chunk(ctx, chunk, b)
                        if chunk < 0:
                            status = ARITY_ERROR
                            break
                        # What is called is another chunk than that of the value.
                        store(feedback, pc, -1)
                    if t == CLOSURE:
                        # Behind the arguments, where nothing is live.
                        store(window, ra + 2 * b + 2, t)
                        store(window, ra + 2 * b + 3, v)
                    seen = load(feedback, pc)
                    if seen != chunk + 1:
                        store(feedback, pc, chunk + 1 if seen == 0 else -1)
                record = chunk * CHUNK_WORDS
                if frame >= load_atomic(ctx, LIMIT):
                    status = LIMIT_REACHED
                    break
                weight = load(chunks, record + CHUNK_WEIGHT)
                if fuel < weight:
                    status = SLICE
                    break
                slot = load(chunks, record + CHUNK_SLOT)
                callee = base + (ra >> 1) + 1
                s = OK
                store(frames, at + FRAME_IP, pc)
                if slot == UNCOUNTED:
                    if cool(ctx, chunks, record + CHUNK_HEAT, HEAT_PER_CALL) < 0:
                        store(ctx, SUBJECT, -1 - chunk)
                        status = HOT
                        break
                else:
                    if slot > 0:
                        store(ctx, FRAME, frame)
                        store(ctx, FUEL, fuel)
                        store(frames, at + FRAME_WORDS + FRAME_TAILS, 0)
                        t, v, s = call_entry(slot, ctx, callee, frame + 1)
                        fuel = load(ctx, FUEL)
                        if s == OK:
                            store(window, ra, t)
                            store(window, ra + 1, v)
                            pc += 1
                            continue
                        if s != ENTRY_GUARD and s != REFUSED:
                            store(ctx, LEFT_FUEL, fuel)
                            store(ctx, EXIT_FRAME, frame + 1)
                            frame = load(ctx, FRAME)
                            at = frame * FRAME_WORDS
                            pc = load(frames, at + FRAME_IP)
                            base = load(frames, at + FRAME_BASE)
                            window = offset(registers, 2 * base)
                            if s < TRANSFER:
                                store(ctx, SUBJECT, -1 - chunk)
                                store(ctx, EXIT_STATUS, s)
                                status = DEOPTIMISED
                                break
                            continue
                        # Native code did not begin: the arguments are where they were.
                        if fuel < weight:
                            continue
                    elif cool(ctx, chunks, record + CHUNK_HEAT, HEAT_PER_CALL) < 0:
                        store(ctx, SUBJECT, -1 - chunk)
                        status = HOT
                        break
                    if counting != 0:
                        count = chunk * COUNTER_WORDS + COUNT_INTERPRETED
                        counters = pointer(ctx, COUNTERS)
                        executed = load(counters, count) + 1
                        store(counters, count, executed)
                        if counting > COUNTING and executed >= 0:
                            kind = COUNT_INTERPRETED
                            start_interpreted(ctx, frame + 1, chunk, kind, 0)
                fuel -= weight
                frame += 1
                at += FRAME_WORDS
                base = callee
                window = offset(registers, 2 * base)
                store(frames, at + FRAME_CHUNK, chunk)
                store(frames, at + FRAME_BASE, base)
                store(frames, at + FRAME_TAILS, 0)
                pc = load(chunks, record + CHUNK_ENTRY)
                if s == ENTRY_GUARD:
                    store(ctx, SUBJECT, -1 - chunk)
                    store(ctx, EXIT_STATUS, s)
                    status = DEOPTIMISED
                    break
            elif op == TAIL_CALL_CHUNK or op == TAIL_CALL:
                chunk = c
                if op < TAIL_CALL_CHUNK:
                    t = load(window, ra)
                    v = load(window, ra + 1)
                    chunk = called_chunk(ctx, t, v)
                    if chunk < 0:
                        # A closure without a chunk is a function of the host.
                        status = HOST if t == CLOSURE else NOT_CALLABLE
                        break
                    if load(chunks, chunk * CHUNK_WORDS + CHUNK_ARITY) != b:
                        chunk = adapted_chunk(ctx, chunk, b)
                        if chunk < 0:
                            status = ARITY_ERROR
                            break
                        # What is called is another chunk than that of the value.
                        store(feedback, pc, -1)
                    if t == CLOSURE:
                        # Behind the arguments, where nothing is live.
                        store(window, ra + 2 * b + 2, t)
                        store(window, ra + 2 * b + 3, v)
                    seen = load(feedback, pc)
                    if seen != chunk + 1:
                        store(feedback, pc, chunk + 1 if seen == 0 else -1)
                record = chunk * CHUNK_WORDS
                if frame > load_atomic(ctx, LIMIT):
                    status = LIMIT_REACHED
                    break
                weight = load(chunks, record + CHUNK_WEIGHT)
                if fuel < weight:
                    status = SLICE
                    break
                slot = load(chunks, record + CHUNK_SLOT)
                own = load(frames, at + FRAME_CHUNK)
                if slot <= UNCOUNTED:
                    cost = HEAT_PER_ITERATION if own == chunk else HEAT_PER_CALL
                    if cool(ctx, chunks, record + CHUNK_HEAT, cost) < 0:
                        store(ctx, SUBJECT, -1 - chunk)
                        status = HOT
                        break
                # The arguments go down to R[0..b-1]: source and target may overlap.
                source = ra + 2
                target = 2 * base
                end = target + 2 * b
                if op < TAIL_CALL_CHUNK and load(window, ra) == CLOSURE:
                    end += 2
                while target < end:
                    store(registers, target, load(window, source))
                    source += 1
                    target += 1
                pc = load(chunks, record + CHUNK_ENTRY)
                tails = load(frames, at + FRAME_TAILS)
                store(frames, at + FRAME_CHUNK, chunk)
                if own != chunk:
                    tails += 1
                    store(frames, at + FRAME_TAILS, tails)
                if slot != UNCOUNTED:
                    s = OK
                    ended = 0
                    if counting > COUNTING and own != chunk:
                        if frame <= load_atomic(ctx, RETURN_BOUND):
                            ended = end_interpreted(ctx, frame, own)
                    if slot > 0:
                        if counting > COUNTING and own == chunk:
                            iterate_interpreted(ctx, frame)
                        store(frames, at + FRAME_IP, pc)
                        store(ctx, FRAME, frame)
                        store(ctx, FUEL, fuel)
                        t, v, s = call_entry(slot, ctx, base, frame)
                        fuel = load(ctx, FUEL)
                        ended = 0
                        if (
                            own == chunk
                            and counting != 0
                            and s != ENTRY_GUARD
                            and s != REFUSED
                        ):
                            # The entry counted an execution; it was an iteration.
                            counters = pointer(ctx, COUNTERS)
                            count = chunk * COUNTER_WORDS
                            native = load(counters, count + COUNT_NATIVE)
                            store(counters, count + COUNT_NATIVE, native - 1)
                            iterations = load(counters, count + COUNT_ITERATIONS)
                            store(counters, count + COUNT_ITERATIONS, iterations + 1)
                        if s == OK:
                            store(registers, 2 * base, t)
                            store(registers, 2 * base + 1, v)
                            pc = load(chunks, record + CHUNK_LAST)
                            continue
                        if s != ENTRY_GUARD and s != REFUSED:
                            store(ctx, LEFT_FUEL, fuel)
                            store(ctx, EXIT_FRAME, frame)
                            frame = load(ctx, FRAME)
                            at = frame * FRAME_WORDS
                            pc = load(frames, at + FRAME_IP)
                            base = load(frames, at + FRAME_BASE)
                            window = offset(registers, 2 * base)
                            if s < TRANSFER:
                                store(ctx, SUBJECT, -1 - chunk)
                                store(ctx, EXIT_STATUS, s)
                                status = DEOPTIMISED
                                break
                            continue
                    if counting != 0:
                        count = chunk * COUNTER_WORDS + COUNT_INTERPRETED
                        if own == chunk:
                            count = chunk * COUNTER_WORDS + COUNT_ITERATIONS
                        counters = pointer(ctx, COUNTERS)
                        executed = load(counters, count) + 1
                        store(counters, count, executed)
                        if counting > COUNTING and own != chunk and executed >= 0:
                            kind = COUNT_INTERPRETED
                            start_interpreted(ctx, frame, chunk, kind, ended)
                    if s == ENTRY_GUARD:
                        fuel -= weight
                        store(ctx, SUBJECT, -1 - chunk)
                        store(ctx, EXIT_STATUS, s)
                        status = DEOPTIMISED
                        break
                fuel -= weight
            elif op == RETURN:
                target = 2 * base - 2
                store(registers, target, load(window, ra))
                store(registers, target + 1, load(window, ra + 1))
                if frame <= load_atomic(ctx, RETURN_BOUND):
                    if counting > COUNTING:
                        end_interpreted(ctx, frame, load(frames, at + FRAME_CHUNK))
                    if frame == load(ctx, BOTTOM):
                        status = DONE
                        break
                frame -= 1
                at -= FRAME_WORDS
                pc = load(frames, at + FRAME_IP) + 1
                base = load(frames, at + FRAME_BASE)
                window = offset(registers, 2 * base)
            elif op == SCALAR:
                t, v, status = scalar(
                    ctx,
                    b,
                    load(window, ra + 2),
                    load(window, ra + 3),
                    load(window, ra + 4),
                    load(window, ra + 5),
                    load(window, ra + 6),
                    load(window, ra + 7),
                )
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == NATIVE_CALL:
                t, v, status = call_native(
                    ctx,
                    b,
                    load(window, ra + 2),
                    load(window, ra + 3),
                    load(window, ra + 4),
                    load(window, ra + 5),
                    load(window, ra + 6),
                    load(window, ra + 7),
                )
                if status != OK:
                    break
                store(feedback, pc, load(feedback, pc) | 1 << t)
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == NATIVE_CALL_ANY:
                first = base + (ra >> 1) + 1
                t, v, status = call_native(ctx, b, INT, first, INT, c, NIL, 0)
                if status != OK:
                    break
                store(window, ra, t)
                store(window, ra + 1, v)
                pc += 1
            elif op == HOST_CALL:
                status = HOST
                break
            elif op == FAIL:
                status = RAISED
                break
            elif op == THROW:
                store(frames, at + FRAME_IP, pc)
                store(ctx, FRAME, frame)
                if counting > COUNTING:
                    stop_clock(ctx)
                status = throw_value(
                    ctx, load(window, ra), load(window, ra + 1), THROW_VALUE
                )
                if counting > COUNTING:
                    start_clock(ctx)
                if status != OK:
                    break
                frame = load(ctx, FRAME)
                at = frame * FRAME_WORDS
                pc = load(frames, at + FRAME_IP)
                base = load(frames, at + FRAME_BASE)
                window = offset(registers, 2 * base)
            else:
                # The verifier admits no other opcode: dispatch tests no bounds.
                unreachable()
        if status != NATIVE:
            break
        t, v, status = slow_operation(ctx, window, word)
        if status != OK:
            break
        if op < UNLESS_EQ:
            store(feedback, pc, load(feedback, pc) | 1 << t)
            store(window, ra, t)
            store(window, ra + 1, v)
            pc += 1
        elif v == 0:
            pc += c
        else:
            pc += 1
    store(frames, at + FRAME_IP, pc)
    store(ctx, FRAME, frame)
    store(ctx, FUEL, fuel)
    if counting > COUNTING:
        stop_clock(ctx)
    return status
