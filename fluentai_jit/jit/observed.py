"""What a program has shown so far, for a specialisation to rely on and to test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..bytecode.image import Chunk, Image
from ..core.opcodes import OPCODES, Operand, decode


@dataclass(frozen=True, slots=True)
class Observed:
    """Types and targets seen.

    `feedback` is a word per instruction (core/layout.py), `globals_seen` a tag per
    global variable, `results` the tag that a chunk gave where it was specialised.
    """

    feedback: Sequence[int]
    globals_seen: Sequence[int] = ()
    results: Mapping[int, int] = field(default_factory=dict)

    def tag(self, pc: int) -> int | None:
        """The one tag that an instruction gave, None where it gave several."""
        seen = self.feedback[pc]
        return seen.bit_length() - 1 if seen > 0 and seen & seen - 1 == 0 else None

    def callee(self, image: Image, pc: int) -> int | None:
        """The chunk an instruction calls: known, or the only one seen there."""
        code, _a, _b, c = decode(image.code[pc])
        row = OPCODES[code]
        if row.c is Operand.CHUNK:
            return c
        if row.a is Operand.CALLEE and self.feedback[pc] > 0:
            return self.feedback[pc] - 1
        return None

    def calls(self, image: Image, chunk: Chunk) -> dict[int, int]:
        """Call instruction to callee, for the calls of a chunk with a known callee."""
        result = {}
        for pc in range(chunk.entry, chunk.entry + chunk.length):
            callee = self.callee(image, pc)
            if callee is not None:
                result[pc] = callee
        return result

    def result(self, image: Image, pc: int) -> int | None:
        """The tag that the call at an instruction is expected to give."""
        callee = self.callee(image, pc)
        return None if callee is None else self.results.get(callee)
