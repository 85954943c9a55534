"""Records of arrays in local variables: read once, not at every access.

The record of an array (its variant, sizes and the address of its items) never changes,
and nothing moves while native code runs. Where a register is known to hold an array,
its record is in variables beside it, which are copied with it: to LLVM they are
constants of a loop that does not change the register. 160 x 160 matrices are
multiplied in half the time.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..bytecode.image import Image
from ..bytecode.liveness import reads_writes
from ..core.natives import NATIVES
from ..core.opcodes import (
    GET_GLOBAL,
    MOVE,
    NATIVE_CALL,
    NATIVE_CALL_ANY,
    OPCODES,
    SET_INDEX,
    TAIL_CALL_CHUNK,
    Operand,
    decode,
)
from ..core.tags import ARRAY
from .inference import FED_BACK, Inference
from .members import Member

Registers = frozenset[int]

# Native operations whose value is the array that they were given.
_SAME_ARRAY = ("set_item", "set_matrix_item")
# The variables of a register, and the function of core/arrays.py that gives each.
PARTS = {
    "kind": "array_kind",
    "size": "array_size",
    "rows": "array_rows",
    "columns": "array_columns",
    "data": "array_data",
}


class Records:
    """Which registers have their record beside them, before each instruction."""

    def __init__(
        self, image: Image, member: Member, live: Sequence[int], inference: Inference
    ) -> None:
        self._image = image
        self._member = member
        self._live = live
        self._inference = inference
        # Where the code begins: what is tested to be an array there.
        self.start = Registers(
            register
            for register, tag in inference.entry[member.key].items()
            if tag == ARRAY and self._is_live(member.flow.start, register)
        )
        self.before: dict[int, Registers] = {}
        self._analyse()

    def has(self, pc: int, register: int) -> bool:
        """Whether the record of a register is there before an instruction."""
        return register in self.before.get(pc, ())

    def gains(self, pc: int, register: int) -> bool:
        """Whether an instruction that writes the register reads its record."""
        code, a, _b, c = decode(self._image.code[pc])
        inference, key = self._inference, self._member.key
        if a != register or not inference.speculate:
            return False
        if OPCODES[code].a is Operand.CALLEE or OPCODES[code].c is Operand.CHUNK:
            tested = self._is_live(pc + 1, a)
            return tested and inference.tag(key, pc + 1, a) == ARRAY
        if code == GET_GLOBAL:
            return inference.observed.globals_seen[c] == ARRAY
        if code == SET_INDEX:
            return inference.tag(key, pc, a) == ARRAY
        if code in (NATIVE_CALL, NATIVE_CALL_ANY) and self._same(pc):
            return True
        # After an instruction whose tag is guarded.
        fed_back = OPCODES[code].name in FED_BACK
        return fed_back and inference.observed.tag(pc) == ARRAY

    def _is_live(self, pc: int, register: int) -> bool:
        return bool(self._live[pc - self._member.chunk.entry] >> register & 1)

    def _same(self, pc: int) -> bool:
        _code, a, b, _c = decode(self._image.code[pc])
        tag = self._inference.tag(self._member.key, pc, a + 1)
        return NATIVES[b].name in _SAME_ARRAY and tag == ARRAY

    def _analyse(self) -> None:
        flow = self._member.flow
        states = {flow.start: self.start}
        pending = [flow.start]
        while pending:
            block = flow.blocks[pending.pop()]
            known = states[block.start]
            for pc in range(block.start, block.end):
                self.before[pc] = known
                known = self._after(pc, known)
            for target in block.successors:
                old = states.get(target)
                merged = known if old is None else old & known
                if merged != old:
                    states[target] = merged
                    pending.append(target)
        self.start = states[flow.start]

    def _after(self, pc: int, known: Registers) -> Registers:
        code, a, b, c = decode(self._image.code[pc])
        if code == TAIL_CALL_CHUNK and c == self._member.chunk.index:
            return Registers(i for i in range(b) if a + 1 + i in known)
        _reads, writes = reads_writes(self._image.code[pc])
        kept = Registers(each for each in known if not writes >> each & 1)
        if (b in known) if code == MOVE else self.gains(pc, a):
            return kept | {a}
        return kept
