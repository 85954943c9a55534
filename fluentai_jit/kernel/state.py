"""The arrays of one running program."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ..bytecode.image import Image
from ..core.layout import (
    BACK_EDGE_HEAT,
    BACK_EDGE_SLOT,
    BACK_EDGE_WEIGHT,
    BACK_EDGE_WORDS,
    BACK_EDGES,
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
    CONTEXT_WORDS,
    COUNTED,
    COUNTER_WORDS,
    COUNTERS,
    COUNTING,
    FEEDBACK,
    FLAGS,
    FRAME,
    FRAME_BASE,
    FRAME_CHUNK,
    FRAME_IP,
    FRAME_TAILS,
    FRAME_WORDS,
    FRAMES,
    GLOBALS,
    HEAP,
    REGISTERS,
    UNCOUNTED,
)
from ..core.opcodes import CALL, RETURN, encode
from ..core.tags import FUNCTION, UNBOUND
from ..errors import FluentError, Span, StackEntry
from ..memory.words import Words

# Heat of what is never to become hot.
COLD = 1 << 62
# Frames beyond the depth limit that host calls may take for their stubs.
_SPARE_FRAMES = 1024
# Words of heap for strings that come from outside the program.
_HOST_WORDS = 1 << 24
# A deeper call stack than twice this is reported by its two ends: an entry for each
# of 10 million frames took 1.5 GB and 10 s, in which no interrupt was handled.
STACK_ENDS = 1000
# Frames looked through at a time, between which signals are handled.
_STRETCH = 1 << 20


class State:
    """Registers, frames, globals and tables of one VM, as flat arrays.

    `depth` is the greatest number of activations. The register file is reserved
    for that many of the widest function, so no call tests its bounds.
    """

    def __init__(self, image: Image, depth: int) -> None:
        self.image = image
        self.widest = max(chunk.registers for chunk in image.chunks) + 2
        frames = depth + _SPARE_FRAMES
        # The stub that calls from outside: `CALL 0 n; RETURN 0`.
        self.stub = len(image.code)
        self.code = Words.of(image.code, spare=2)
        self.code.view[self.stub + 1] = encode(RETURN, 0)
        self.constants = Words.of(image.constants)
        self.globals = Words(2 * len(image.globals))
        for index in range(len(image.globals)):
            self.globals.view[2 * index] = UNBOUND
        self.registers = Words(2 * (frames + 1) * self.widest)
        self.frames = Words(frames * FRAME_WORDS)
        self.chunks = Words.of(array("q", self._chunk_records()))
        self.back_edges = Words.of(array("q", self._back_edge_records()))
        # The stub stands behind the code, and its call has a feedback word, too.
        self.feedback = Words(len(image.code) + 2)
        self.heap = Words.of(image.heap, spare=_HOST_WORDS)
        self.heap_top = max(1, len(image.heap))
        self._interned: dict[tuple[int, ...], int] = {}
        self.counters: Words | None = None
        self.context = Words(CONTEXT_WORDS)
        for index, words in self._arrays():
            self.context.view[index] = words.address

    def _arrays(self) -> Iterator[tuple[int, Words]]:
        yield REGISTERS, self.registers
        yield FRAMES, self.frames
        yield CODE, self.code
        yield CONSTANTS, self.constants
        yield GLOBALS, self.globals
        yield CHUNKS, self.chunks
        yield BACK_EDGES, self.back_edges
        yield FEEDBACK, self.feedback
        yield HEAP, self.heap

    def _chunk_records(self) -> Iterable[int]:
        for chunk in self.image.chunks:
            record = [0] * CHUNK_WORDS
            record[CHUNK_ENTRY] = chunk.entry
            record[CHUNK_LAST] = chunk.last
            record[CHUNK_ARITY] = chunk.arity
            record[CHUNK_WEIGHT] = chunk.weight
            record[CHUNK_HEAT] = COLD
            yield from record
        # The stub's own record.
        yield from [0] * CHUNK_WORDS

    def _back_edge_records(self) -> Iterable[int]:
        for edge in self.image.back_edges:
            record = [0] * BACK_EDGE_WORDS
            record[BACK_EDGE_WEIGHT] = edge.weight
            record[BACK_EDGE_HEAT] = COLD
            yield from record

    def close(self) -> None:
        """Unregister the arrays; the state cannot be used afterwards."""
        for _index, words in self._arrays():
            words.release()
        self.context.release()
        if self.counters is not None:
            self.counters.release()

    # ---- counting -----------------------------------------------------------
    def enable_counting(self) -> None:
        """Allocate the counters, all zero, and switch counting on."""
        if self.counters is None:
            self.counters = Words((len(self.image.chunks) + 1) * COUNTER_WORDS)
            self.context.view[COUNTERS] = self.counters.address
        self.context.view[FLAGS] |= COUNTING
        for view, size, slot in (
            (self.chunks.view, CHUNK_WORDS, CHUNK_SLOT),
            (self.back_edges.view, BACK_EDGE_WORDS, BACK_EDGE_SLOT),
        ):
            for at in range(slot, len(view) - size + 1, size):
                if view[at] == UNCOUNTED:
                    view[at] = COUNTED

    def empty_slot(self) -> int:
        """What a slot without native code holds."""
        return COUNTED if self.context.view[FLAGS] & COUNTING else UNCOUNTED

    # ---- heap ---------------------------------------------------------------
    def allocate(self, words: Sequence[int]) -> int:
        """Place an immortal object; returns its offset.

        Raises FluentError of kind ResourceLimitExceeded where there is no room.
        """
        offset = self.heap_top
        if offset + len(words) > len(self.heap.view):
            raise FluentError("ResourceLimitExceeded", "no room for a host string")
        self.heap.view[offset : offset + len(words)] = array("q", words)
        self.heap_top += len(words)
        return offset

    def interned(self, words: Sequence[int]) -> int:
        """Place an immortal object once; the same words give the same offset."""
        key = tuple(words)
        if key not in self._interned:
            self._interned[key] = self.allocate(words)
        return self._interned[key]

    # ---- frames -------------------------------------------------------------
    def push_stub(self, frame: int, base: int, chunk: int, count: int) -> int:
        """A frame that calls `chunk` with `count` arguments; their first register.

        The arguments are to be stored from the returned register on.
        """
        self.code.view[self.stub] = encode(CALL, 0, count)
        at = frame * FRAME_WORDS
        frames = self.frames.view
        frames[at + FRAME_CHUNK] = len(self.image.chunks)
        frames[at + FRAME_IP] = self.stub
        frames[at + FRAME_BASE] = base
        frames[at + FRAME_TAILS] = 0
        self.registers.view[2 * base] = FUNCTION
        self.registers.view[2 * base + 1] = chunk
        return base + 1

    def frame_field(self, frame: int, field: int) -> int:
        """One word of a frame record."""
        return self.frames.view[frame * FRAME_WORDS + field]

    def is_stub(self, frame: int) -> bool:
        """Whether a frame is a call from outside, not an activation."""
        return self.frame_field(frame, FRAME_CHUNK) == len(self.image.chunks)

    def span_at(self, pc: int) -> Span | None:
        """The source range of an instruction; None for a call from outside."""
        return None if pc >= self.stub else self.image.span_at(pc)

    def called_span(self, stub: int) -> Span:
        """Where the function begins that a call from outside is to call."""
        callee = self.registers.view[2 * self.frame_field(stub, FRAME_BASE) + 1]
        return self.image.span_at(self.image.chunks[callee].entry)

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
            found.update(self.frames.view[words])
        return found

    def stack(self) -> tuple[list[StackEntry], int]:
        """The FLC call stack, innermost first, and the number of calls left out."""
        depth = self.context.view[FRAME] + 1
        if depth <= 2 * STACK_ENDS:
            return self._entries(range(depth - 1, -1, -1)), 0
        inner = self._entries(range(depth - 1, depth - 1 - STACK_ENDS, -1))
        outer = self._entries(range(STACK_ENDS - 1, -1, -1))
        between = self.chunks_between(STACK_ENDS, depth - STACK_ENDS)
        return inner + outer, between.total() - between[len(self.image.chunks)]

    def _entries(self, frames: Iterable[int]) -> list[StackEntry]:
        # A recursion stands at few different instructions, each looked up once.
        places: dict[int, tuple[str, str, int, int]] = {}
        entries = []
        for frame in frames:
            if self.is_stub(frame):
                continue
            pc = self.frame_field(frame, FRAME_IP)
            if pc not in places:
                source = self.image.source
                position = source.position(self.image.starts[pc])
                places[pc] = (self.image.chunk_at(pc).name, source.name, *position)
            tails = self.frame_field(frame, FRAME_TAILS)
            entries.append(StackEntry(*places[pc], tails))
        return entries
