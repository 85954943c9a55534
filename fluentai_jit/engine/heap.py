"""The heap of a VM as the driver and the host use it: collecting, allocating."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.layout import (
    ARRAY_WORDS,
    FRAME,
    FRAME_IP,
    HEAP_END,
    HEAP_REQUEST,
    HEAP_START,
    HEAP_TOP,
)
from ..kernel.state import NURSERY_WORDS, State
from ..kernel.tiers import Kernel

# Words of new arrays after which there is a collection, at least: 32 MiB.
_ARRAY_WORDS = 1 << 22
# Words of the space left empty that stay in memory in any case: 32 MiB. To use a page
# anew costs more than copying its content.
_KEPT_WORDS = 1 << 22


@dataclass(slots=True)
class Collections:
    """What collecting has cost; times in ns, sizes in words."""

    count: int = 0
    total_ns: int = 0
    longest_ns: int = 0
    copied: int = 0
    before: int = 0  # in use when they began


class HeapFull(Exception):
    """What a program holds does not fit into its memory."""


class Heap:
    """Collects on demand.

    With `stress` there is never more room than the next allocation needs, so every
    one of them fails once and collects, also the later ones of one instruction.
    """

    def __init__(self, state: State, stress: bool = False) -> None:
        self.state = state
        self.stress = stress
        self.collections = Collections()
        # Where the last collection was, in space and fuel, and the room it gave.
        self._place: tuple[int, int, int] | None = None
        self._room = 0
        if stress:
            state.context.view[HEAP_END] = state.context.view[HEAP_TOP]

    def collect(self, kernel: Kernel) -> None:
        """Make room for the allocation that failed. Raises HeapFull.

        The arrays must hold the whole state: no native frame on the stack.
        """
        state = self.state
        state.prepare_masks()
        space = state.context.view[HEAP_START]
        before = state.context.view[HEAP_TOP] - space
        began = time.perf_counter_ns()
        live = kernel.collect(state.context)
        if state.arrays:
            state.keep_found_arrays()
        if state.functions:
            state.keep_found_functions()
        # The next collection will fill about as much of it as this one kept.
        kept = max(_KEPT_WORDS, live)
        if before > kept:
            state.heap.give_back(space + kept, space + before)
        elapsed = time.perf_counter_ns() - began
        done = self.collections
        done.count += 1
        done.total_ns += elapsed
        done.longest_ns = max(done.longest_ns, elapsed)
        done.copied += live
        done.before += before
        self._make_room(live)

    def _make_room(self, live: int) -> None:
        context = self.state.context.view
        request = context[HEAP_REQUEST]
        context[HEAP_REQUEST] = 0
        end = context[HEAP_START] + self.state.heap_words - self.state.arrays.words
        if context[HEAP_TOP] + request > end:
            raise HeapFull
        room = request if self.stress else max(NURSERY_WORDS, live, request)
        # An instruction that makes several objects asks for the one that failed.
        frame = context[FRAME]
        ip = self.state.calls.field(frame, FRAME_IP)
        place = frame, ip, self.state.fuel_used
        if place == self._place:
            # In stress, room for those before it and for itself: the next one fails.
            room = self._room + request if self.stress else max(room, 2 * self._room)
            if context[HEAP_TOP] + self._room >= end:
                raise HeapFull
        self._place, self._room = place, room
        context[HEAP_END] = min(end, context[HEAP_TOP] + room)

    def place(self, words: Sequence[int], kernel: Kernel) -> int:
        """The offset of a new object that refers to nothing. Raises HeapFull."""
        self.reserve(len(words), kernel)
        return self.state.new_object(words)

    def reserve_array(self, count: int, kernel: Kernel) -> None:
        """Have room for an array of so many items, and its record. Raises HeapFull."""
        context = self.state.context.view
        arrays = self.state.arrays

        def in_use() -> int:
            return context[HEAP_TOP] - context[HEAP_START] + arrays.words

        # Dead arrays take no room of the heap, so their memory counts for itself.
        many = arrays.new_words + count > max(_ARRAY_WORDS, arrays.words // 2)
        if many or in_use() + count > self.state.heap_words:
            context[HEAP_REQUEST] = ARRAY_WORDS
            self._place = None
            self.collect(kernel)
            if in_use() + count > self.state.heap_words:
                raise HeapFull
        self.reserve(ARRAY_WORDS, kernel)

    def reserve(self, count: int, kernel: Kernel) -> None:
        """Have room for so many words, maybe by moving all values. Raises HeapFull."""
        context = self.state.context.view
        if context[HEAP_TOP] + count > context[HEAP_END]:
            context[HEAP_REQUEST] = count
            # Python asks once for all that it makes, and makes it then.
            self._place = None
            self.collect(kernel)
