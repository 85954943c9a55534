"""Live masks: the registers whose values are still needed, at every safepoint.

What an instruction reads and writes follows from the operand kinds in the opcode
table. Masks are integers with bit `n` for R[n].
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.opcodes import CALL, CALL_CHUNK, OPCODES, Opcode, Operand
from .image import Chunk, Handler, Image

# Which fields are registers that are read, as 0 or 1, for each opcode.
READS_A = [int(row.a in (Operand.READ, Operand.UPDATE)) for row in OPCODES]
READS_B = [int(row.b in (Operand.READ, Operand.UPDATE)) for row in OPCODES]
READS_C = [int(row.c in (Operand.READ, Operand.UPDATE)) for row in OPCODES]
_WRITTEN = (Operand.WRITE, Operand.UPDATE, Operand.CALLEE, Operand.RESULT)
WRITES_A = [int(row.a in _WRITTEN) for row in OPCODES]

JUMPS = [row.c is Operand.JUMP for row in OPCODES]
ENDS = [row.ends for row in OPCODES]
EXITS = [row.exits for row in OPCODES]

# What lies above R[a]: nothing, the arguments that b or c counts, or the registers
# of a counting loop.
PLAIN, WINDOW_B, WINDOW_C, LOOP_START, LOOP_END = range(5)


def _shape(row: Opcode) -> int:
    if row.a is Operand.LOOP:
        return LOOP_START if row.b is Operand.FLAG else LOOP_END
    if row.a in (Operand.CALLEE, Operand.RESULT):
        return WINDOW_B if row.b is Operand.COUNT else WINDOW_C
    return PLAIN


SHAPES = [_shape(row) for row in OPCODES]
# CALLEE reads R[a] as well.
_READS_CALLEE = [int(row.a is Operand.CALLEE) for row in OPCODES]


def reads_writes(word: int) -> tuple[int, int]:
    """Masks of the registers that an instruction reads, and writes.

    The writes of the end of a counting loop happen only when it jumps, those of
    its start only when it does not.
    """
    code = word & 255
    a = word >> 8 & 0xFFFF
    shape = SHAPES[code]
    if shape == PLAIN:
        b = word >> 24 & 0xFFFF
        c = word >> 40 & 0xFFFFFF
        reads = READS_A[code] << a | READS_B[code] << b | READS_C[code] << c
        return reads, WRITES_A[code] << a
    if shape == LOOP_START:
        return 3 << a, 6 << a
    if shape == LOOP_END:
        return 3 << a, 5 << a
    count = word >> 24 & 0xFFFF if shape == WINDOW_B else word >> 40 & 0xFFFFFF
    arguments = ((1 << count) - 1) << (a + 1)
    return arguments | _READS_CALLEE[code] << a, 1 << a


def innermost_handlers(image: Image, chunk: Chunk) -> list[Handler | None]:
    """For each instruction of a chunk the handler of an error there."""
    found: list[Handler | None] = [None] * chunk.length
    for handler in reversed(image.handlers_of(chunk)):
        first, end = handler.start - chunk.entry, handler.end - chunk.entry
        found[first:end] = [handler] * (end - first)
    return found


def masks(image: Image, chunk: Chunk) -> list[int]:
    """Registers live before each instruction of a chunk, and nothing after it."""
    facts = []
    headers = []
    for index in range(chunk.length):
        word = image.code[chunk.entry + index]
        op = word & 255
        reads, writes = reads_writes(word)
        target = -1
        if JUMPS[op]:
            target = index + (word >> 40)
            if target <= index:
                headers.append(target)
        facts.append((reads, ~writes, target, op))
    live = [0] * (len(facts) + 1)
    handlers = None
    if chunk.handlers:
        handlers = [
            handler if EXITS[fact[3]] else None
            for handler, fact in zip(
                innermost_handlers(image, chunk), facts, strict=True
            )
        ]
    # Backwards, so one pass is enough but for what loops carry round.
    while True:
        entered = [live[header] for header in headers]
        if handlers is None:
            _pass(facts, live)
        else:
            _pass_with_handlers(facts, live, handlers, chunk.entry)
        if entered == [live[header] for header in headers]:
            return live


def _pass(facts: list[tuple[int, int, int, int]], live: list[int]) -> None:
    after = 0
    for index in range(len(facts) - 1, -1, -1):
        live[index] = after = _before(facts[index], live, after)


def _before(fact: tuple[int, int, int, int], live: list[int], after: int) -> int:
    reads, kept, target, op = fact
    if target < 0:
        return reads if ENDS[op] else after & kept | reads
    if ENDS[op]:
        return live[target] | reads
    if SHAPES[op] == LOOP_END:
        return live[target] & kept | after | reads
    return live[target] | after & kept | reads


def _pass_with_handlers(
    facts: list[tuple[int, int, int, int]],
    live: list[int],
    handlers: list[Handler | None],
    entry: int,
) -> None:
    after = 0
    for index in range(len(facts) - 1, -1, -1):
        handler = handlers[index]
        after = _before(facts[index], live, after) | wanted(live, handler, entry)
        live[index] = after


def wanted(live: Sequence[int], handler: Handler | None, entry: int) -> int:
    """The registers that a handler, of a chunk that begins at `entry`, needs."""
    if handler is None:
        return 0
    return live[handler.target - entry] & ~(1 << handler.register)


def masks_across(image: Image, chunk: Chunk, before: Sequence[int]) -> dict[int, int]:
    """Per call instruction the registers live while it waits; `before` as of `masks`.

    Those of its handler, too: the register of its result may be among them.
    """
    handlers = innermost_handlers(image, chunk) if chunk.handlers else None
    across = {}
    for pc in range(chunk.entry, chunk.last + 1):
        word = image.code[pc]
        if word & 255 in (CALL_CHUNK, CALL):
            index = pc - chunk.entry
            across[pc] = before[index + 1] & ~(1 << (word >> 8 & 0xFFFF))
            if handlers is not None:
                across[pc] |= wanted(before, handlers[index], chunk.entry)
    return across


def live_masks(image: Image) -> tuple[dict[int, int], dict[int, int]]:
    """Per safepoint the registers live before it, per call those live across it."""
    live: dict[int, int] = {}
    across: dict[int, int] = {}
    code = image.code
    for chunk in image.chunks:
        before = masks(image, chunk)
        for pc in range(chunk.entry, chunk.last + 1):
            if EXITS[code[pc] & 255]:
                live[pc] = before[pc - chunk.entry]
        across.update(masks_across(image, chunk, before))
    return live, across


def fill_masks(image: Image) -> None:
    """Compute the masks of an image."""
    image.live, image.across = live_masks(image)
