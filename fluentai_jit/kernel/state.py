"""The arrays of one running program."""

from __future__ import annotations

import math
import os
import random
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..bytecode.image import Image
from ..core.layout import (
    ACROSS,
    ARRAY_HANDLE,
    ARRAY_NEXT,
    ARRAYS_FOUND,
    BACK_EDGE_HEAT,
    BACK_EDGE_SLOT,
    BACK_EDGE_WEIGHT,
    BACK_EDGE_WORDS,
    BACK_EDGES,
    CHARACTERS,
    CHUNK_ADAPTER_COUNT,
    CHUNK_ADAPTERS,
    CHUNK_ARITY,
    CHUNK_COUNT,
    CHUNK_ENTRY,
    CHUNK_HANDLERS,
    CHUNK_HEAT,
    CHUNK_LAST,
    CHUNK_NAME,
    CHUNK_SLOT,
    CHUNK_WEIGHT,
    CHUNK_WORDS,
    CHUNKS,
    CODE,
    CONSTANTS,
    CONTEXT_WORDS,
    COUNT_INTERPRETED,
    COUNT_NATIVE,
    COUNTED,
    COUNTER_WORDS,
    COUNTERS,
    COUNTING,
    FEEDBACK,
    FLAGS,
    FRAME,
    FRAME_BASE,
    FRAME_CALLEES,
    FRAME_CHUNK,
    FRAME_IP,
    FRAME_START,
    FRAME_TAILS,
    FRAME_WORDS,
    FRAMES,
    FUNCTIONS_FOUND,
    GLOBAL_COUNT,
    GLOBALS,
    HANDLERS,
    HASH_SEED,
    HEAP,
    HEAP_END,
    HEAP_START,
    HEAP_TARGET,
    HEAP_TOP,
    HOST_HANDLE,
    HOST_NEXT,
    LIVE,
    MASK_WORDS,
    OUTPUT,
    OUTPUT_SIZE,
    OUTPUT_USED,
    PROGRAM_TIME,
    REGISTERS,
    ROOT_COUNT,
    ROOTS,
    SAMPLE_EVERY,
    SAMPLE_SEED,
    SAMPLING,
    STEP_COUNT,
    TICK_LAST,
    TIME_ACTIVE,
    TIME_BASE,
    TIME_NODE,
    TIME_RECORDS,
    TIME_STEPS,
    TIME_WORDS,
    TIMES,
    TIMING,
    UNCOUNTED,
    UNTIMED,
)
from ..core.objects import character_words, string_text, string_words
from ..core.opcodes import CALL, CALL_CHUNK, RETURN, encode
from ..core.operations import called_chunk
from ..core.tags import CLOSURE, NIL, SYMBOL, UNBOUND
from ..errors import FluentError, Span, StackEntry
from ..memory.arrays import ArrayTable
from ..memory.functions import HostFunctions
from ..memory.words import Words
from .constructors import ConstructorTable

# Heat of what is never to become hot.
COLD = 1 << 62
# Frames beyond the depth limit that host calls may take for their stubs.
_SPARE_FRAMES = 1024
# Values that the host may hold at a time.
_ROOTS = 1 << 16
# Words of heap for strings that come from outside the program and never move.
_HOST_WORDS = 1 << 24
# What may be allocated between two collections, at least: 16 MiB. Smaller is slower,
# for every collection goes over the whole stack; larger falls out of the cache.
NURSERY_WORDS = 1 << 21
# A deeper call stack than twice this is reported by its two ends: an entry for each
# of 10 million frames took 1.5 GB and 10 s, in which no interrupt was handled.
STACK_ENDS = 1000
# Frames looked through at a time, between which signals are handled.
_STRETCH = 1 << 20

# Where the sixteenths of a power of two begin, as mantissas of 52 bits.
_STEPS = [
    math.ceil((2 ** (step / TIME_STEPS) - 1) * 2**52) for step in range(TIME_STEPS)
] + [1 << 62] * (STEP_COUNT - TIME_STEPS)


def _reserve(image: Image, words: int) -> tuple[Words, int]:
    """The heap and the size of its two spaces, smaller where the system is."""
    while True:
        try:
            return Words.of(image.heap, spare=_HOST_WORDS + 2 * words), words
        except MemoryError:
            if words <= NURSERY_WORDS:
                raise
            words //= 2


def _fill_masks(words: Words, masks: Mapping[int, int]) -> None:
    for pc, mask in masks.items():
        at = MASK_WORDS * pc
        while mask:
            low = mask & (1 << 64) - 1
            words.view[at] = low - (1 << 64) if low >> 63 else low
            mask >>= 64
            at += 1


class State:
    """Registers, frames, globals and tables of one VM, as flat arrays.

    `depth` is the greatest number of activations. The register file is reserved
    for that many of the widest function, so no call tests its bounds. `heap_words`
    is the size of each of the two spaces that values are allocated in, and
    `output_bytes` of the buffer that the program prints to.
    """

    def __init__(
        self, image: Image, depth: int, heap_words: int, output_bytes: int = 0
    ) -> None:
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
        self.handlers = Words.of(array("q", self._handler_records()), spare=1)
        self.back_edges = Words.of(array("q", self._back_edge_records()))
        # The stub stands behind the code, and its call has a feedback word, too.
        self.feedback = Words(len(image.code) + 2)
        self.heap_top = max(1, len(image.heap))
        self.heap_start = len(image.heap) + _HOST_WORDS
        self.heap, self.heap_words = _reserve(image, heap_words)
        self.arrays = ArrayTable()
        self.functions = HostFunctions()
        # The VM that runs it, for the functions that Python is given.
        self.vm: Callable[[], Any] | None = None
        self._interned: dict[tuple[int, ...], int] = {}
        self._constructors: ConstructorTable | None = None
        self._symbols: dict[str, int] = {}
        self.roots = Words(2 * _ROOTS)
        self.output = Words((output_bytes + 7) // 8)
        self._free_roots: list[int] = []
        # Made by the first collection: most programs have none.
        self._masks: tuple[Words, Words] | None = None
        self.counters: Words | None = None
        self.times: Words | None = None
        self.context = Words(CONTEXT_WORDS)
        for index, words in self._arrays():
            self.context.view[index] = words.address
        self.context.view[OUTPUT_SIZE] = output_bytes
        self._open_heap()

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
        yield ROOTS, self.roots
        yield HANDLERS, self.handlers
        yield OUTPUT, self.output

    def _open_heap(self) -> None:
        context = self.context.view
        context[GLOBAL_COUNT] = len(self.image.globals)
        context[CHUNK_COUNT] = len(self.image.chunks)
        context[CHARACTERS] = self.allocate(character_words())
        context[HEAP_START] = context[HEAP_TOP] = self.heap_start
        context[HEAP_TARGET] = self.heap_start + self.heap_words
        context[HEAP_END] = self.heap_start + min(NURSERY_WORDS, self.heap_words)
        context[HASH_SEED] = int.from_bytes(os.urandom(8), "little", signed=True) | 1

    def _chunk_records(self) -> Iterable[int]:
        for chunk in self.image.chunks:
            record = [0] * CHUNK_WORDS
            record[CHUNK_ENTRY] = chunk.entry
            record[CHUNK_LAST] = chunk.last
            record[CHUNK_ARITY] = -1 if chunk.rest else chunk.arity
            record[CHUNK_ADAPTERS] = chunk.adapters
            record[CHUNK_ADAPTER_COUNT] = chunk.adapter_count
            record[CHUNK_WEIGHT] = chunk.weight
            record[CHUNK_HEAT] = COLD
            record[CHUNK_HANDLERS] = chunk.first_handler
            yield from record
        # The stub's own record.
        record = [0] * CHUNK_WORDS
        record[CHUNK_HANDLERS] = len(self.image.handlers)
        yield from record

    def _handler_records(self) -> Iterable[int]:
        for row in self.image.handlers:
            yield from (row.start, row.end, row.target, row.register, row.kind)

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
        for masks in self._masks or ():
            masks.release()
        self.arrays.keep(())
        self.context.release()
        for tracked in (self.counters, self.times):
            if tracked is not None:
                tracked.release()

    # ---- counting -----------------------------------------------------------
    def enable_counting(self) -> Words:
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
        return self.counters

    def enable_timing(self) -> None:
        """Allocate the records of times, and time what begins from now on."""
        if self.times is not None:
            return
        self.enable_counting()
        self._allocate_times()
        context = self.context.view
        context[FLAGS] |= TIMING
        for frame in range(context[FRAME] + 1):
            if not self.is_stub(frame):
                self.frames.view[frame * FRAME_WORDS + FRAME_START] = UNTIMED

    def _allocate_times(self) -> Words:
        """The records of times, all zero."""
        # A page is in use once a function of it was called.
        records = len(self.image.chunks) + 1
        self.times = Words(TIME_RECORDS + records * TIME_WORDS)
        self.times.view[:STEP_COUNT] = array("q", _STEPS)
        self.context.view[TIMES] = self.times.address
        self.context.view[PROGRAM_TIME] = 1
        return self.times

    def enable_sampling(self, every: int) -> None:
        """Allocate the records of times, and time some of what begins from now on.

        Of functions that were executed often, one activation of `every`.
        """
        if self.times is not None:
            return
        counters = self.enable_counting().view
        times = self._allocate_times().view
        times[SAMPLE_SEED] = random.getrandbits(62) | 1
        times[SAMPLE_EVERY] = every
        times[TICK_LAST] = 1
        for chunk in range(len(self.image.chunks) + 1):
            for kind in (COUNT_INTERPRETED, COUNT_NATIVE):
                at = chunk * COUNTER_WORDS + kind
                # Nothing is written for what was never called: its page is not used.
                if counters[at]:
                    record = TIME_RECORDS + chunk * TIME_WORDS
                    times[record + TIME_BASE + kind] = counters[at]
                    counters[at] = 1
        self.context.view[FLAGS] |= SAMPLING

    def executions(self, chunk: int, kind: int) -> int:
        """Activations of a chunk so far, interpreted or native ones."""
        if self.counters is None:
            return 0
        count = self.counters.view[chunk * COUNTER_WORDS + kind]
        if count == 0 or not self.context.view[FLAGS] & SAMPLING:
            return count
        assert self.times is not None
        base = self.times.view[TIME_RECORDS + chunk * TIME_WORDS + TIME_BASE + kind]
        # Not negative where nothing was executed since sampling was switched on.
        return base if count > 0 else count + 1 + base

    def share_times(self, chunks: Sequence[int]) -> None:
        """Let calls of one of these chunks by another not count as outermost."""
        if self.times is None:
            return
        view = self.times.view
        records = [TIME_RECORDS + chunk * TIME_WORDS for chunk in chunks]
        ends = range(self.context.view[FRAME] + 1)
        active = sum(
            self.frame_field(frame, FRAME_CHUNK) in chunks
            and self.frame_field(frame, FRAME_START) > 0
            for frame in ends
        )
        for record in records:
            view[record + TIME_NODE] = records[0] - record
        view[records[0] + TIME_ACTIVE] = active

    def empty_slot(self) -> int:
        """What a slot without native code holds."""
        return COUNTED if self.context.view[FLAGS] & COUNTING else UNCOUNTED

    def printed(self) -> str:
        """What the program has printed to its buffer, which is empty afterwards."""
        context = self.context.view
        used = context[OUTPUT_USED]
        context[OUTPUT_USED] = 0
        words = self.output.view[: (used + 7) // 8]
        # Half of a surrogate pair stands for a byte of a file's name.
        return words.tobytes()[:used].decode("utf-8", "surrogatepass") if used else ""

    # ---- heap ---------------------------------------------------------------
    def prepare_masks(self) -> None:
        """Make the tables of live registers that the collector reads."""
        if self._masks is None:
            image = self.image
            count = MASK_WORDS * (len(image.code) + 1)
            self._masks = Words(count), Words(count)
            for words, masks, index in zip(
                self._masks, (image.live, image.across), (LIVE, ACROSS), strict=True
            ):
                _fill_masks(words, masks)
                self.context.view[index] = words.address

    def allocate(self, words: Sequence[int]) -> int:
        """Place an immortal object; returns its offset.

        Raises FluentError of kind ResourceLimitExceeded where there is no room.
        """
        offset = self.heap_top
        if offset + len(words) > self.heap_start:
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

    def symbol(self, name: str) -> int:
        """The payload of a symbol, of which there is one for each name."""
        if not self._symbols:
            constants = self.image.constants
            for tag, payload in zip(constants[::2], constants[1::2], strict=True):
                if tag == SYMBOL:
                    self._symbols[string_text(self.image.heap, payload)] = payload
        if name not in self._symbols:
            self._symbols[name] = self.allocate(string_words(name))
        return self._symbols[name]

    def constructor(self, name: str, names: tuple[str, ...], count: int) -> int:
        """The place of a constructor, which is made where there is none."""
        if self._constructors is None:
            self._constructors = ConstructorTable(self.image, self.allocate)
        return self._constructors.find(name, names, count)

    def free_word(self) -> int:
        """Where the next new object will stand."""
        return self.context.view[HEAP_TOP]

    def new_object(self, words: Sequence[int]) -> int:
        """Place an object of the program; the heap must have room for it."""
        context = self.context.view
        offset = context[HEAP_TOP]
        self.heap.view[offset : offset + len(words)] = array("q", words)
        context[HEAP_TOP] = offset + len(words)
        return offset

    def keep_found_arrays(self) -> None:
        """After a collection: free the memory of arrays that it did not reach."""
        found = []
        at = self.context.view[ARRAYS_FOUND]
        while at:
            found.append(self.heap.view[at + ARRAY_HANDLE])
            at = self.heap.view[at + ARRAY_NEXT]
        self.arrays.keep(found)

    def keep_found_functions(self) -> None:
        """After a collection: drop the functions of the host that it did not reach."""
        heap = self.heap.view
        found = {}
        at = self.context.view[FUNCTIONS_FOUND]
        while at:
            found[heap[at + HOST_HANDLE]] = at
            at = heap[at + HOST_NEXT]
        self.functions.keep(found)

    def hold(self, tag: int, payload: int) -> int:
        """Keep a value for the host; the slot of `roots` that it is in from now on.

        Raises FluentError of kind ResourceLimitExceeded where all slots are taken.
        """
        context = self.context.view
        if self._free_roots:
            slot = self._free_roots.pop()
        elif context[ROOT_COUNT] < _ROOTS:
            slot = context[ROOT_COUNT]
            context[ROOT_COUNT] = slot + 1
        else:
            message = f"more than {_ROOTS} values of the program are held"
            raise FluentError("ResourceLimitExceeded", message)
        self.roots.view[2 * slot] = tag
        self.roots.view[2 * slot + 1] = payload
        return slot

    def let_go(self, slot: int) -> None:
        """Keep the value of a slot no longer; from any thread."""
        self.roots.view[2 * slot] = NIL
        self._free_roots.append(slot)

    def name_functions(self) -> None:
        """Let the kernel print functions: give every chunk its text."""
        texts: dict[str, int] = {}
        for index, chunk in enumerate(self.image.chunks):
            if chunk.name not in texts:
                words = string_words(f"<function {chunk.name}>")
                texts[chunk.name] = self.interned(words)
            self.chunks.view[index * CHUNK_WORDS + CHUNK_NAME] = texts[chunk.name]

    # ---- frames -------------------------------------------------------------
    def push_stub(
        self, frame: int, base: int, function: tuple[int, int], count: int
    ) -> int:
        """A frame that calls a function value with `count` arguments.

        Returns the first of their registers.

        The arguments are to be stored from the returned register on.
        """
        chunk = called_chunk(self.context.view, *function)
        if self.image.chunks[chunk].rest:
            # Called as by its name, with the rest as a list; a closure comes last.
            closed = function[0] == CLOSURE
            self.code.view[self.stub] = encode(CALL_CHUNK, 0, count + closed, chunk)
            at = 2 * (base + 1 + count)
            if closed:
                self.registers.view[at], self.registers.view[at + 1] = function
        else:
            self.code.view[self.stub] = encode(CALL, 0, count)
        at = frame * FRAME_WORDS
        frames = self.frames.view
        frames[at + FRAME_CHUNK] = len(self.image.chunks)
        frames[at + FRAME_IP] = self.stub
        frames[at + FRAME_BASE] = base
        frames[at + FRAME_TAILS] = 0
        # No activation, but what is called from here is timed as called by it.
        frames[at + FRAME_START] = frames[at + FRAME_CALLEES] = 0
        self.registers.view[2 * base], self.registers.view[2 * base + 1] = function
        return base + 1

    def hand_callees_down(self, stub: int) -> None:
        """What was called through a stub was called by the frame below it."""
        at = stub * FRAME_WORDS + FRAME_CALLEES
        frames = self.frames.view
        frames[at - FRAME_WORDS] += frames[at]

    def frame_field(self, frame: int, field: int) -> int:
        """One word of a frame record."""
        return self.frames.view[frame * FRAME_WORDS + field]

    def is_stub(self, frame: int) -> bool:
        """Whether a frame is a call from outside, not an activation."""
        return self.frame_field(frame, FRAME_CHUNK) == len(self.image.chunks)

    def span_at(self, pc: int) -> Span | None:
        """The source range of an instruction; None for a call from outside."""
        return None if pc >= self.stub else self.image.span_at(pc)

    def place(self) -> Span | None:
        """The text of what is under way: the call in the program's own text, where
        the innermost activation is of the prelude; None for a call from outside."""
        frame = self.context.view[FRAME]
        frames = []
        while not self.is_stub(frame):
            frames.append(self.frame_field(frame, FRAME_IP))
            if not self.image.chunk_at(frames[-1]).prelude:
                break
            frame -= 1
        return self.place_of(frames)

    def place_of(self, frames: Sequence[int]) -> Span | None:
        """The text of what the innermost of activations does; `place` of a stack of
        instructions, the innermost first."""
        for pc in frames:
            if not self.image.chunk_at(pc).prelude:
                return self.image.span_at(pc)
        return self.image.span_at(frames[0]) if frames else None

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
        return self.entries_at(
            (self.frame_field(frame, FRAME_IP), self.frame_field(frame, FRAME_TAILS))
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
                span = self.image.span_at(pc)
                place = span.source.name, span.line, span.column
                places[pc] = (self.image.chunk_at(pc).name, *place)
            entries.append(StackEntry(*places[pc], tails))
        return entries
