"""`jit.verify`: everything native code does is also interpreted and compared.

Each piece of a run is executed twice from the same state: once as it is, once
with every slot empty and exactly the fuel that the first one used. Fuel is exact in
every tier, so both stop at the same call or back-edge, and what is live there must
be equal. The first difference ends the program; the piece is then narrowed by fuel
to the instructions between two charges.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from ..bytecode.disassembler import disassemble_range
from ..core.layout import (
    BACK_EDGE_COUNT,
    BACK_EDGE_HEAT,
    BACK_EDGE_SLOT,
    BACK_EDGE_WORDS,
    CHUNK_HEAT,
    CHUNK_SLOT,
    CHUNK_WORDS,
    COUNT_INTERPRETED,
    COUNT_ITERATIONS,
    COUNT_NATIVE,
    COUNTER_WORDS,
    FRAME,
    FRAME_BASE,
    FRAME_CHUNK,
    FRAME_IP,
    FRAME_TAILS,
    FRAME_WORDS,
    FUEL,
    HEAP_START,
    HEAP_TOP,
    OUTPUT_USED,
)
from ..core.statuses import DEOPTIMISED, DONE, HOT, SLICE, STATUS_NAMES
from ..core.tags import TAG_NAMES
from ..errors import FluentError
from ..kernel.records import COLD
from ..kernel.state import State
from ..kernel.tiers import Kernel
from ..memory.words import Words
from .slots import Slots

# Fuel of a piece: enough to keep the copying small beside the running.
_PIECE = 20_000


@dataclass(slots=True)
class _Snapshot:
    """Copies of everything that running changes."""

    context: list[int]
    frames: list[int]
    registers: list[int]
    globals: list[int]
    chunks: list[int]
    back_edges: list[int]
    counters: list[int]
    heap: array[int]
    output: list[int]


class VerifyingKernel:
    """A kernel that checks native code while it runs it."""

    def __init__(self, kernel: Kernel, state: State, slots: Slots) -> None:
        self.tier = kernel.tier
        self._kernel = kernel
        self._state = state
        self._slots = slots

    def collect(self, context: Words) -> int:
        """Collect garbage; returns the words in use after it."""
        return self._kernel.collect(context)

    def unwind(self, context: Words) -> int:
        """End the timed activations above frame BOTTOM; how many frames there are."""
        return self._kernel.unwind(context)

    def throw(self, context: Words) -> int:
        """Go on at the handler of what THROWN holds: OK, RAISED or COLLECT."""
        return self._kernel.throw(context)

    def take_stack(self, context: Words) -> int:
        """Add the time since the last stack to the functions of this one."""
        return self._kernel.take_stack(context)

    def run(self, context: Words) -> int:
        """Execute until a status stops the program.

        Raises FluentError of kind JitError at the first difference.
        """
        view = context.view
        left = view[FUEL]
        size = _PIECE
        while True:
            piece = min(left, size)
            view[FUEL] = piece
            status = self._piece(context)
            used = piece - view[FUEL]
            if status != SLICE or piece == left:
                view[FUEL] = left - used
                return status
            left -= used
            if used == 0:
                # A block that is longer than the piece.
                size *= 2

    # ---- one piece ----------------------------------------------------------
    def _piece(self, context: Words) -> int:
        if not self._slots.installed:
            return self._kernel.run(context)
        before = self._save()
        given = context.view[FUEL]
        status = self._kernel.run(context)
        after = self._save()
        used = given - context.view[FUEL]
        native = self._settle(context, status)
        self._restore(before)
        interpreted = self._interpret(context, used)
        if native != interpreted:
            self._report(context, before, used)
        self._restore(after)
        return status

    def _settle(self, context: Words, status: int) -> list[object]:
        """What is observable once the run has come to a charge it cannot pay."""
        if status in (DEOPTIMISED, HOT, SLICE):
            context.view[FUEL] = 0
            status = self._masked(context)
        return self._observe(status)

    def _interpret(self, context: Words, fuel: int) -> list[object]:
        context.view[FUEL] = fuel
        return self._observe(self._masked(context))

    def _masked(self, context: Words) -> int:
        """Run with empty slots and counters that never become hot."""
        chunks, edges = self._state.chunks.view, self._state.back_edges.view
        empty = self._state.empty_slot()
        for at in range(0, len(self._state.image.chunks) * CHUNK_WORDS, CHUNK_WORDS):
            chunks[at + CHUNK_SLOT] = empty
            chunks[at + CHUNK_HEAT] = COLD
        count = len(self._state.image.back_edges)
        for at in range(0, count * BACK_EDGE_WORDS, BACK_EDGE_WORDS):
            edges[at + BACK_EDGE_SLOT] = empty
            edges[at + BACK_EDGE_HEAT] = COLD
        return self._kernel.run(context)

    # ---- copying ------------------------------------------------------------
    def _save(self) -> _Snapshot:
        state = self._state
        frame = state.context.view[FRAME]
        base = state.calls.field(frame, FRAME_BASE)
        counters = state.counters
        return _Snapshot(
            state.context.view.tolist(),
            state.frames.view[: (frame + 1) * FRAME_WORDS].tolist(),
            state.registers.view[: 2 * (base + 2 * state.widest)].tolist(),
            state.globals.view.tolist(),
            state.chunks.view.tolist(),
            state.back_edges.view.tolist(),
            [] if counters is None else counters.view.tolist(),
            self._heap(),
            self._output(),
        )

    def _output(self) -> list[int]:
        """The words of the output buffer that are in use."""
        used = self._state.context.view[OUTPUT_USED]
        return self._state.output.view[: (used + 7) // 8].tolist()

    def _heap(self) -> array[int]:
        """The words of the space in use."""
        context = self._state.context.view
        used = self._state.heap.view[context[HEAP_START] : context[HEAP_TOP]]
        return array("q", used)

    def _printed(self) -> bytes:
        used = self._state.context.view[OUTPUT_USED]
        return self._state.output.view[: (used + 7) // 8].tobytes()[:used]

    def _restore(self, saved: _Snapshot) -> None:
        state = self._state
        rows = [
            (state.context, saved.context),
            (state.frames, saved.frames),
            (state.registers, saved.registers),
            (state.globals, saved.globals),
            (state.chunks, saved.chunks),
            (state.back_edges, saved.back_edges),
            (state.output, saved.output),
        ]
        if state.counters is not None:
            rows.append((state.counters, saved.counters))
        for words, values in rows:
            words.fill(values)
        start = state.context.view[HEAP_START]
        state.heap.view[start : start + len(saved.heap)] = saved.heap

    # ---- comparing ----------------------------------------------------------
    def _observe(self, status: int) -> list[object]:
        """Everything that must not depend on the tier."""
        state = self._state
        facts: list[object] = [STATUS_NAMES.get(status, status)]
        innermost = state.context.view[FRAME]
        for frame in range(innermost, -1, -1):
            facts += self._frame_facts(frame, frame == innermost, status)
        count = 2 * len(state.image.globals)
        facts.append(("globals", tuple(state.globals.view[:count])))
        facts.append(("counts", self._counts()))
        facts.append(("heap", hash(self._heap().tobytes())))
        facts.append(("output", state.context.view[OUTPUT_USED], hash(self._printed())))
        return facts

    def _frame_facts(self, frame: int, innermost: bool, status: int) -> list[object]:
        state = self._state
        if state.calls.is_stub(frame):
            base = state.calls.field(frame, FRAME_BASE)
            result = self._register(base - 1) if status == DONE else None
            return [("call from outside", result)]
        pc = state.calls.field(frame, FRAME_IP)
        base = state.calls.field(frame, FRAME_BASE)
        image = state.image
        mask = image.live.get(pc, 0) if innermost else image.across.get(pc, 0)
        chunk = image.chunks[state.calls.field(frame, FRAME_CHUNK)]
        facts: list[object] = [
            (chunk.name, pc, base, state.calls.field(frame, FRAME_TAILS))
        ]
        for index in range(chunk.registers):
            if mask >> index & 1:
                facts.append((f"R{index}", self._register(base + index)))
        return facts

    def _register(self, index: int) -> tuple[str, int]:
        view = self._state.registers.view
        return TAG_NAMES[view[2 * index]], view[2 * index + 1]

    def _counts(self) -> tuple[int, ...]:
        state = self._state
        if state.counters is None:
            return ()
        view = state.counters.view
        counts = []
        for chunk in range(len(state.image.chunks)):
            at = chunk * COUNTER_WORDS
            counts.append(view[at + COUNT_INTERPRETED] + view[at + COUNT_NATIVE])
            counts.append(view[at + COUNT_ITERATIONS])
        edges = state.back_edges.view
        for edge in range(len(state.image.back_edges)):
            counts.append(edges[edge * BACK_EDGE_WORDS + BACK_EDGE_COUNT])
        return tuple(counts)

    # ---- reporting ----------------------------------------------------------
    def _outcome(
        self, context: Words, before: _Snapshot, fuel: int
    ) -> tuple[list[object], list[object]]:
        """(native, interpreted) observations of the piece with this much fuel."""
        self._restore(before)
        context.view[FUEL] = fuel
        status = self._kernel.run(context)
        used = fuel - context.view[FUEL]
        native = self._settle(context, status)
        self._restore(before)
        return native, self._interpret(context, used)

    def _report(self, context: Words, before: _Snapshot, used: int) -> None:
        """Narrow the piece to the charge at which the difference appears."""
        low, high = 0, used
        while high - low > 1:
            middle = (low + high) // 2
            native, interpreted = self._outcome(context, before, middle)
            if native == interpreted:
                low = middle
            else:
                high = middle
        native, interpreted = self._outcome(context, before, high)
        differences = [
            f"native {a}, interpreted {b}"
            for a, b in zip(native, interpreted, strict=False)
            if a != b
        ]
        self._restore(before)
        self._interpret(context, low)
        frame = self._state.context.view[FRAME]
        pc = self._state.calls.field(frame, FRAME_IP)
        text = disassemble_range(self._state.image, pc)
        message = "native code and interpreter differ: " + "; ".join(differences[:5])
        stack, elided = self._state.calls.entries()
        raise FluentError(
            "JitError",
            f"{message}\nafter the instructions from here on:\n{text}",
            span=self._state.calls.span_at(pc),
            stack=stack,
            elided=elided,
        )
