"""Verification of the flow of control and values through a chunk.

One pass forward is enough: a loop is entered only at its header (checked), and no
instruction takes a value away, so where a loop jumps back at least those registers
are assigned that were when it was entered.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.opcodes import FOR_LOOP, FOR_PREP, LOOP, OPCODES
from .image import Chunk, Image
from .liveness import ENDS, EXITS, JUMPS, innermost_handlers, reads_writes
from .verification_error import VerificationError

_NOWHERE = -1  # of an instruction that nothing reaches


def check_flow(image: Image, chunk: Chunk, parents: Sequence[int]) -> None:
    """Check the jumps of a chunk, and that it reads no register before a write."""
    loops = _Loops(image, chunk, parents)
    code = image.code
    assigned = (1 << chunk.inputs) - 1
    arriving: dict[int, int] = {}
    handlers = innermost_handlers(image, chunk) if chunk.handlers else None
    for pc in range(chunk.entry, chunk.last + 1):
        if pc in arriving:
            others = arriving.pop(pc)
            assigned = others if assigned == _NOWHERE else assigned & others
        word = code[pc]
        op = word & 255
        reads, writes = reads_writes(word)
        if assigned != _NOWHERE and reads & ~assigned:
            missing = (reads & ~assigned).bit_length() - 1
            raise VerificationError(f"register {missing} may not be assigned", pc)
        handler = None if handlers is None else handlers[pc - chunk.entry]
        if handler is not None and EXITS[op]:
            target = handler.target
            loops.check_entries(pc, target)
            if assigned != _NOWHERE:
                caught = assigned | 1 << handler.register
                arriving[target] = arriving.get(target, _NOWHERE) & caught
        if JUMPS[op]:
            target = pc + (word >> 40)
            loops.check_jump(pc, op, target)
            if target > pc and assigned != _NOWHERE:
                arriving[target] = arriving.get(target, _NOWHERE) & assigned
        if ENDS[op]:
            assigned = _NOWHERE
        elif op != FOR_LOOP and assigned != _NOWHERE:
            assigned |= writes


class _Loops:
    """The loops of one chunk, and which of them an instruction is in."""

    def __init__(self, image: Image, chunk: Chunk, parents: Sequence[int]) -> None:
        first = chunk.first_back_edge
        self.code = image.code
        self.chunk = chunk
        self.edges = image.back_edges[first : first + chunk.back_edges]
        self.parents = parents
        self.innermost = [-1] * chunk.length if self.edges else []
        widest_first = sorted(
            range(len(self.edges)),
            key=lambda index: self.edges[index].target - self.edges[index].pc,
        )
        for index in widest_first:
            edge = self.edges[index]
            start, end = edge.target - chunk.entry, edge.pc + 1 - chunk.entry
            self.innermost[start:end] = [index] * (end - start)

    def check_jump(self, pc: int, op: int, target: int) -> None:
        """Check where a jump leads."""
        chunk = self.chunk
        if not chunk.entry <= target <= chunk.last:
            raise VerificationError(f"{OPCODES[op].name} leaves its function", pc)
        if op in (LOOP, FOR_LOOP):
            if target > pc:
                raise VerificationError("a back-edge must not jump forward", pc)
            if op == FOR_LOOP:
                self._check_counting_loop(pc, target)
        elif target <= pc:
            raise VerificationError(f"{OPCODES[op].name} jumps backwards", pc)
        else:
            self.check_entries(pc, target)

    def _check_counting_loop(self, pc: int, target: int) -> None:
        before = self.code[target - 1] if target > self.chunk.entry else 0
        register = self.code[pc] >> 8 & 0xFFFF
        if before & 255 != FOR_PREP or before >> 8 & 0xFFFF != register:
            raise VerificationError("FOR_LOOP without its FOR_PREP", pc)

    def check_entries(self, pc: int, target: int) -> None:
        """Check that a way forward enters loops at their headers only."""
        if not self.edges:
            return
        index = self.innermost[target - self.chunk.entry]
        while index >= 0:
            edge = self.edges[index]
            if edge.target <= pc <= edge.pc:
                return
            if target != edge.target:
                raise VerificationError("a jump into the middle of a loop", pc)
            index = self.parents[index]
