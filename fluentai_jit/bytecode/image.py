"""The linked image: a whole program as flat arrays.

An image is never changed after it was verified; what changes while it runs
(slots, heat, globals) is copied into arrays of the VM.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from ..errors import Source, Span


@dataclass(slots=True)
class Chunk:
    """One function of the image; index 0 is the program's top level."""

    index: int
    name: str  # "<main>" of the top level, "<lambda>" of a lambda without name
    node_id: int
    span: Span
    entry: int  # first instruction, index into Image.code
    length: int  # the last instruction is always `RETURN 0`
    registers: int
    arity: int
    weight: int  # fuel charged for a call: instructions outside loops
    parameters: tuple[str, ...]
    first_back_edge: int
    back_edges: int  # how many, consecutive
    least: int = 0  # arguments that have to be given; `arity` of most functions
    rest: bool = False  # whether the last parameter takes all further ones, as a list
    adapters: int = 0  # first of the chunks that calls with fewer or more come to
    adapter_count: int = 0
    first_handler: int = 0
    handlers: int = 0  # how many, consecutive
    captures: int = 0  # values that its closure holds; it stands in R[arity] then
    prelude: bool = False  # of the library's own source, which its span names

    @property
    def inputs(self) -> int:
        """Registers that are given when it is called: parameters, and the closure."""
        return self.arity + (self.captures > 0)

    @property
    def last(self) -> int:
        """Index of the last instruction."""
        return self.entry + self.length - 1


@dataclass(slots=True)
class BackEdge:
    """A jump back to a loop header; each has a slot for native loop code."""

    index: int
    chunk: int
    pc: int  # the LOOP or FOR_LOOP instruction
    target: int  # the loop header: first instruction executed after the jump
    weight: int  # fuel charged: instructions of the loop outside inner loops


@dataclass(frozen=True, slots=True)
class Handler:
    """Where a frame goes on after an error at one of some instructions.

    The handlers of a chunk stand together, the innermost ones first.
    """

    start: int  # the first of these instructions
    end: int  # after the last one
    target: int  # after all of them
    register: int  # gets what was thrown
    kind: int  # CATCH_ALL, ... of core/layout.py


@dataclass(slots=True)
class Image:
    """A program ready to run.

    `code` holds one int64 per instruction (core/opcodes.py), `constants` and
    `heap` are laid out by core/layout.py; jumps are relative, constants, globals,
    chunks and back-edges are indices into this image.
    """

    source: Source
    code: array[int] = field(default_factory=lambda: array("q"))
    constants: array[int] = field(default_factory=lambda: array("q"))
    heap: array[int] = field(default_factory=lambda: array("q"))  # strings
    globals: list[str] = field(default_factory=list)
    # functions that the host gives, by name, and the globals that hold them
    functions: dict[str, int] = field(default_factory=dict)
    chunks: list[Chunk] = field(default_factory=list)
    back_edges: list[BackEdge] = field(default_factory=list)
    handlers: list[Handler] = field(default_factory=list)
    # per instruction: NodeId it was compiled from, and that node's text range
    nodes: array[int] = field(default_factory=lambda: array("l"))
    starts: array[int] = field(default_factory=lambda: array("l"))
    ends: array[int] = field(default_factory=lambda: array("l"))
    # safepoint pc -> set of registers (bit per register) live before it
    live: dict[int, int] = field(default_factory=dict)
    # call pc -> registers live across it: the caller's roots while it waits
    across: dict[int, int] = field(default_factory=dict)

    def chunk_at(self, pc: int) -> Chunk:
        """The chunk that holds instruction `pc`."""
        low, high = 0, len(self.chunks)
        while high - low > 1:
            middle = (low + high) // 2
            if self.chunks[middle].entry <= pc:
                low = middle
            else:
                high = middle
        return self.chunks[low]

    def handlers_of(self, chunk: Chunk) -> list[Handler]:
        """The handlers of a chunk, the innermost first."""
        first = chunk.first_handler
        return self.handlers[first : first + chunk.handlers]

    def span_at(self, pc: int) -> Span:
        """The source range of instruction `pc`."""
        source = self.chunk_at(pc).span.source
        return Span(source, self.starts[pc], self.ends[pc])
