"""The copying collector.

Two spaces; what is reachable is copied from the one in use to the other, breadth
first (Cheney, "A Nonrecursive List Compacting Algorithm", CACM 13(11), 1970). It runs
between two runs of the kernel, when the arrays hold the whole state: the roots are
globals, what the host holds, and of each frame the registers that its live mask
names.
"""

from __future__ import annotations

from ..core.heap import heap_of, kind_of, variant_of
from ..core.layout import (
    ACROSS,
    ARRAY_NEXT,
    ARRAY_WORDS,
    ARRAYS_FOUND,
    CELL_VALUE,
    CELL_WORDS,
    CHUNK_COUNT,
    CLOSURE_DATA,
    CODE,
    ENTRY_VALUE,
    ENTRY_WORDS,
    ERROR_KIND,
    ERROR_MESSAGE,
    ERROR_TRACE,
    FRAME,
    FRAME_BASE,
    FRAME_CHUNK,
    FRAME_IP,
    FRAME_WORDS,
    FRAMES,
    FUNCTIONS_FOUND,
    GLOBAL_COUNT,
    GLOBALS,
    HEAP_START,
    HEAP_TARGET,
    HEAP_TOP,
    HOST_CLOSURE,
    HOST_NEXT,
    KIND_ARRAY,
    KIND_BUFFER,
    KIND_CELL,
    KIND_CLOSURE,
    KIND_ERROR,
    KIND_LIST,
    KIND_MAP,
    KIND_SHARED,
    KIND_STRING,
    KIND_TABLE,
    KIND_TAGGED,
    KIND_VERSION,
    KIND_VIEW,
    LIST_DATA,
    LIVE,
    MAP_DIFFERENCE,
    MAP_PAYLOAD,
    MAP_TABLE,
    MAP_TAG,
    MAP_WORDS,
    MASK_WORDS,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    REGISTERS,
    ROOT_COUNT,
    ROOTS,
    SHARED_WORDS,
    STRING_BUFFER,
    STRING_DATA,
    TABLE_DATA,
    TABLE_SLOTS,
    TABLE_USED,
    VERSION_DIFFERENCE,
    VERSION_HIGH,
    VERSION_NEXT,
    VERSION_PAYLOAD,
    VERSION_WORDS,
    VIEW_VERSION,
    VIEW_WORDS,
)
from ..core.opcodes import CALL, CALL_CHUNK
from ..core.primitives import (
    Memory,
    load,
    logical_shift_right,
    pointer,
    store,
)
from ..core.tags import STRING


def object_words(heap: Memory, at: int) -> int:
    """Size of the object at `at`."""
    kind = kind_of(heap, at)
    if kind == KIND_VIEW:
        return VIEW_WORDS
    if kind == KIND_VERSION:
        return VERSION_WORDS
    if kind == KIND_SHARED:
        return SHARED_WORDS
    if kind == KIND_CELL:
        return CELL_WORDS
    if kind == KIND_MAP:
        return MAP_WORDS
    if kind == KIND_ARRAY:
        return ARRAY_WORDS
    length = load(heap, at + OBJECT_LENGTH)
    if kind == KIND_TABLE:
        return TABLE_DATA + ENTRY_WORDS * length + load(heap, at + TABLE_SLOTS)
    if kind == KIND_LIST or kind == KIND_BUFFER or kind == KIND_TAGGED:
        return LIST_DATA + 2 * length
    if kind == KIND_CLOSURE:
        return CLOSURE_DATA + 2 * length
    if kind == KIND_ERROR:
        return ERROR_TRACE + 2 * length
    if kind == KIND_STRING:
        return STRING_DATA + logical_shift_right(length * variant_of(heap, at) + 7, 3)
    return STRING_DATA + length


def forward(
    memory: Memory, slot: int, heap: Memory, low: int, high: int, free: int
) -> int:
    """Let word `slot` refer to its object in the other space; the new first free word.

    The object is copied to `free` unless it was before. What lies outside the space
    from `low` to before `high` does not move.
    """
    at = load(memory, slot)
    if at < low or at >= high:
        return free
    header = load(heap, at + OBJECT_HEADER)
    if header < 0:
        store(memory, slot, -header)
        return free
    end = at + object_words(heap, at)
    target = free
    word = at
    while word < end:
        store(heap, target, load(heap, word))
        target += 1
        word += 1
    store(heap, at + OBJECT_HEADER, -free)
    store(memory, slot, free)
    return target


def forward_value(
    memory: Memory, slot: int, heap: Memory, low: int, high: int, free: int
) -> int:
    """`forward` of the (tag, payload) pair at `slot`, if it is a reference."""
    if load(memory, slot) < STRING:
        return free
    return forward(memory, slot + 1, heap, low, high, free)


def forward_fields(heap: Memory, at: int, low: int, high: int, free: int) -> int:
    """`forward` of everything that the copied object at `at` refers to."""
    kind = kind_of(heap, at)
    if (
        kind == KIND_LIST
        or kind == KIND_BUFFER
        or kind == KIND_TAGGED
        or kind == KIND_CLOSURE
    ):
        # Fields of tagged values begin where items of lists do.
        slot = at + (CLOSURE_DATA if kind == KIND_CLOSURE else LIST_DATA)
        end = slot + 2 * load(heap, at + OBJECT_LENGTH)
        while slot < end:
            free = forward_value(heap, slot, heap, low, high, free)
            slot += 2
    elif kind == KIND_CELL:
        free = forward_value(heap, at + CELL_VALUE, heap, low, high, free)
    elif kind == KIND_ERROR:
        free = forward_value(heap, at + ERROR_KIND, heap, low, high, free)
        free = forward_value(heap, at + ERROR_MESSAGE, heap, low, high, free)
    elif kind == KIND_VIEW:
        free = forward(heap, at + VIEW_VERSION, heap, low, high, free)
    elif kind == KIND_SHARED:
        free = forward(heap, at + STRING_BUFFER, heap, low, high, free)
    elif kind == KIND_VERSION:
        free = forward(heap, at + VERSION_NEXT, heap, low, high, free)
        if variant_of(heap, at) == VERSION_DIFFERENCE:
            if load(heap, at + VERSION_HIGH) >= STRING:
                slot = at + VERSION_PAYLOAD
                free = forward(heap, slot, heap, low, high, free)
    elif kind == KIND_MAP:
        free = forward(heap, at + MAP_TABLE, heap, low, high, free)
        if variant_of(heap, at) == MAP_DIFFERENCE:
            if load(heap, at + MAP_TAG) >= STRING:
                free = forward(heap, at + MAP_PAYLOAD, heap, low, high, free)
    elif kind == KIND_TABLE:
        slot = at + TABLE_DATA
        end = slot + ENTRY_WORDS * load(heap, at + TABLE_USED)
        while slot < end:
            free = forward_value(heap, slot, heap, low, high, free)
            free = forward_value(heap, slot + ENTRY_VALUE, heap, low, high, free)
            slot += ENTRY_WORDS
    return free


def forward_frame(
    ctx: Memory, frame: int, heap: Memory, low: int, high: int, free: int
) -> int:
    """`forward` of the registers that are live in a frame."""
    frames = pointer(ctx, FRAMES)
    record = frame * FRAME_WORDS
    if load(frames, record + FRAME_CHUNK) == load(ctx, CHUNK_COUNT):
        return free
    pc = load(frames, record + FRAME_IP)
    masks = pointer(ctx, LIVE)
    if frame < load(ctx, FRAME):
        op = load(pointer(ctx, CODE), pc) & 255
        if op == CALL or op == CALL_CHUNK:
            masks = pointer(ctx, ACROSS)
    registers = pointer(ctx, REGISTERS)
    base = 2 * load(frames, record + FRAME_BASE)
    word = 0
    while word < MASK_WORDS:
        mask = load(masks, MASK_WORDS * pc + word)
        slot = base
        while mask != 0:
            if mask & 1 != 0:
                free = forward_value(registers, slot, heap, low, high, free)
            mask = logical_shift_right(mask, 1)
            slot += 2
        base += 128
        word += 1
    return free


def collect(ctx: Memory) -> int:
    """Copy what is reachable and use the other space; returns its words."""
    heap = heap_of(ctx)
    low = load(ctx, HEAP_START)
    high = load(ctx, HEAP_TOP)
    start = load(ctx, HEAP_TARGET)
    free = start
    slot = 0
    end = 2 * load(ctx, GLOBAL_COUNT)
    variables = pointer(ctx, GLOBALS)
    while slot < end:
        free = forward_value(variables, slot, heap, low, high, free)
        slot += 2
    slot = 0
    end = 2 * load(ctx, ROOT_COUNT)
    roots = pointer(ctx, ROOTS)
    while slot < end:
        free = forward_value(roots, slot, heap, low, high, free)
        slot += 2
    frame = load(ctx, FRAME)
    while frame >= 0:
        free = forward_frame(ctx, frame, heap, low, high, free)
        frame -= 1
    scan = start
    store(ctx, ARRAYS_FOUND, 0)
    store(ctx, FUNCTIONS_FOUND, 0)
    while scan < free:
        if kind_of(heap, scan) == KIND_ARRAY:
            # What is not on this way is not reachable: the host frees its memory.
            store(heap, scan + ARRAY_NEXT, load(ctx, ARRAYS_FOUND))
            store(ctx, ARRAYS_FOUND, scan)
        elif load(heap, scan + OBJECT_HEADER) == HOST_CLOSURE:
            store(heap, scan + HOST_NEXT, load(ctx, FUNCTIONS_FOUND))
            store(ctx, FUNCTIONS_FOUND, scan)
        free = forward_fields(heap, scan, low, high, free)
        scan += object_words(heap, scan)
    store(ctx, HEAP_START, start)
    store(ctx, HEAP_TARGET, low)
    store(ctx, HEAP_TOP, free)
    return free - start
