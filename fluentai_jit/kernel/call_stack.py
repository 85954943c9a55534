"""The call stack of a program: its frames, and what they say of themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..core.access import called_chunk
from ..core.layout import (
    FRAME,
    FRAME_BASE,
    FRAME_CALLEES,
    FRAME_CHUNK,
    FRAME_IP,
    FRAME_START,
    FRAME_TAILS,
    FRAME_WORDS,
)
from ..core.opcodes import CALL, CALL_CHUNK, encode
from ..core.tags import CLOSURE
from ..errors import Span, StackEntry

if TYPE_CHECKING:
    from .state import State

# A deeper call stack than twice this is reported by its two ends: an entry for each
# of 10 million frames took 1.5 GB and 10 s, in which no interrupt was handled.
STACK_ENDS = 1000
# Frames looked through at a time, between which signals are handled.
_STRETCH = 1 << 20


class CallStack:
    """The frames of one VM."""

    def __init__(self, state: State) -> None:
        self._state = state

    def push_stub(
        self, frame: int, base: int, function: tuple[int, int], count: int
    ) -> int:
        """A frame that calls a function value with `count` arguments.

        Returns the register from which on they are to be stored.
        """
        chunk = called_chunk(self._state.context.view, *function)
        if self._state.image.chunks[chunk].rest:
            # Called as by its name, with the rest as a list; a closure comes last.
            closed = function[0] == CLOSURE
            self._state.code.view[self._state.stub] = encode(
                CALL_CHUNK, 0, count + closed, chunk
            )
            at = 2 * (base + 1 + count)
            if closed:
                self._state.registers.view[at], self._state.registers.view[at + 1] = (
                    function
                )
        else:
            self._state.code.view[self._state.stub] = encode(CALL, 0, count)
        at = frame * FRAME_WORDS
        frames = self._state.frames.view
        frames[at + FRAME_CHUNK] = len(self._state.image.chunks)
        frames[at + FRAME_IP] = self._state.stub
        frames[at + FRAME_BASE] = base
        frames[at + FRAME_TAILS] = 0
        # No activation, but what is called from here is timed as called by it.
        frames[at + FRAME_START] = frames[at + FRAME_CALLEES] = 0
        (
            self._state.registers.view[2 * base],
            self._state.registers.view[2 * base + 1],
        ) = function
        return base + 1

    def hand_callees_down(self, stub: int) -> None:
        """What was called through a stub was called by the frame below it."""
        at = stub * FRAME_WORDS + FRAME_CALLEES
        frames = self._state.frames.view
        frames[at - FRAME_WORDS] += frames[at]

    def field(self, frame: int, field: int) -> int:
        """One word of a frame record."""
        return self._state.frames.view[frame * FRAME_WORDS + field]

    def is_stub(self, frame: int) -> bool:
        """Whether a frame is a call from outside, not an activation."""
        return self.field(frame, FRAME_CHUNK) == len(self._state.image.chunks)

    def span_at(self, pc: int) -> Span | None:
        """The source range of an instruction; None for a call from outside."""
        return None if pc >= self._state.stub else self._state.image.span_at(pc)

    def place(self) -> Span | None:
        """The text of what is under way: the call in the program's own text, where
        the innermost activation is of the prelude; None for a call from outside."""
        frame = self._state.context.view[FRAME]
        frames = []
        while not self.is_stub(frame):
            frames.append(self.field(frame, FRAME_IP))
            if not self._state.image.chunk_at(frames[-1]).prelude:
                break
            frame -= 1
        return self.place_of(frames)

    def place_of(self, frames: Sequence[int]) -> Span | None:
        """The text of what the innermost of activations does; `place` of a stack of
        instructions, the innermost first."""
        for pc in frames:
            if not self._state.image.chunk_at(pc).prelude:
                return self._state.image.span_at(pc)
        return self._state.image.span_at(frames[0]) if frames else None

    def called_span(self, stub: int) -> Span:
        """Where the function begins that a call from outside is to call."""
        at = 2 * self.field(stub, FRAME_BASE)
        tag, payload = self._state.registers.view[at : at + 2]
        chunk = called_chunk(self._state.context.view, tag, payload)
        return self._state.image.span_at(self._state.image.chunks[chunk].entry)

    def chunks_between(self, first: int, end: int) -> Counter[int]:
        """How many of the frames from `first` up to before `end` are of each chunk."""
        found: Counter[int] = Counter()
        for begin in range(first, end, _STRETCH):
            last = min(begin + _STRETCH, end)
            words = slice(
                begin * FRAME_WORDS + FRAME_CHUNK,
                last * FRAME_WORDS + FRAME_CHUNK,
                FRAME_WORDS,
            )
            found.update(self._state.frames.view[words])
        return found

    def entries(self) -> tuple[list[StackEntry], int]:
        """The FLC call stack, innermost first, and the number of calls left out."""
        depth = self._state.context.view[FRAME] + 1
        if depth <= 2 * STACK_ENDS:
            return self._entries_of(range(depth - 1, -1, -1)), 0
        inner = self._entries_of(range(depth - 1, depth - 1 - STACK_ENDS, -1))
        outer = self._entries_of(range(STACK_ENDS - 1, -1, -1))
        between = self.chunks_between(STACK_ENDS, depth - STACK_ENDS)
        return inner + outer, between.total() - between[len(self._state.image.chunks)]

    def _entries_of(self, frames: Iterable[int]) -> list[StackEntry]:
        return self.entries_at(
            (self.field(frame, FRAME_IP), self.field(frame, FRAME_TAILS))
            for frame in frames
            if not self.is_stub(frame)
        )

    def entries_at(self, frames: Iterable[tuple[int, int]]) -> list[StackEntry]:
        """Stack entries of activations: their instructions and tail calls."""
        # A recursion stands at few different instructions, each looked up once.
        places: dict[int, tuple[str, str, int, int]] = {}
        entries = []
        for pc, tails in frames:
            if pc not in places:
                span = self._state.image.span_at(pc)
                place = span.source.name, span.line, span.column
                places[pc] = (self._state.image.chunk_at(pc).name, *place)
            entries.append(StackEntry(*places[pc], tails))
        return entries
