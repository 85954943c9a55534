"""The arrays of one running program."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..bytecode.image import Image
from ..core.layout import (
    ACROSS,
    ARRAY_HANDLE,
    ARRAY_NEXT,
    ARRAYS_FOUND,
    BACK_EDGES,
    CHARACTERS,
    CHUNK_COUNT,
    CHUNK_NAME,
    CHUNK_WORDS,
    CHUNKS,
    CODE,
    CONSTANTS,
    CONTEXT_WORDS,
    COUNTED,
    COUNTING,
    FEEDBACK,
    FLAGS,
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
    REGISTERS,
    ROOT_COUNT,
    ROOTS,
    UNCOUNTED,
)
from ..core.objects import character_words, string_text, string_words
from ..core.opcodes import RETURN, encode
from ..core.tags import NIL, SYMBOL, UNBOUND
from ..errors import FluentError
from ..memory.arrays import ArrayTable
from ..memory.functions import HostFunctions
from ..memory.words import Words
from .call_stack import CallStack
from .constructors import ConstructorTable
from .records import back_edge_records, chunk_records, fill_masks, handler_records

# Frames beyond the depth limit that host calls may take for their stubs.
_SPARE_FRAMES = 1024
# Values that the host may hold at a time.
_ROOTS = 1 << 16
# Words of heap for strings that come from outside the program and never move.
_HOST_WORDS = 1 << 24
# What may be allocated between two collections, at least: 16 MiB. Smaller is slower,
# for every collection goes over the whole stack; larger falls out of the cache.
NURSERY_WORDS = 1 << 21


def _reserve(image: Image, words: int) -> tuple[Words, int]:
    """The heap and the size of its two spaces, smaller where the system is."""
    while True:
        try:
            return Words.of(image.heap, spare=_HOST_WORDS + 2 * words), words
        except MemoryError:
            if words <= NURSERY_WORDS:
                raise
            words //= 2


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
        self.chunks = Words.of(array("q", chunk_records(image)))
        self.handlers = Words.of(array("q", handler_records(image)), spare=1)
        self.back_edges = Words.of(array("q", back_edge_records(image)))
        # The stub stands behind the code, and its call has a feedback word, too.
        self.feedback = Words(len(image.code) + 2)
        self.heap_top = max(1, len(image.heap))
        self.heap_start = len(image.heap) + _HOST_WORDS
        self.heap, self.heap_words = _reserve(image, heap_words)
        self.arrays = ArrayTable()
        self.functions = HostFunctions()
        # The VM that runs it, for the functions that Python is given.
        self.vm: Callable[[], Any] | None = None
        self.fuel_used = 0  # of all runs until now
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
        self.context.view[OUTPUT_SIZE] = self._output_bytes = output_bytes
        self.calls = CallStack(self)
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

    def close(self) -> None:
        """Let go of the arrays and functions; the state cannot be used afterwards."""
        for words in (self.heap, self.registers, self.frames):
            # Python may still refer to the closed VM.
            words.give_back(0, words.count)
        for _index, words in self._arrays():
            words.release()
        for masks in self._masks or ():
            masks.release()
        self.arrays.keep(())
        self.functions.keep({})
        self.context.release()
        for tracked in (self.counters, self.times):
            if tracked is not None:
                tracked.release()

    def empty_slot(self) -> int:
        """What a slot without native code holds."""
        return COUNTED if self.context.view[FLAGS] & COUNTING else UNCOUNTED

    def may_print(self, count: int) -> None:
        """Let the program print no more than so many bytes to its buffer."""
        self.context.view[OUTPUT_SIZE] = min(count, self._output_bytes)

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
                fill_masks(words, masks)
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
