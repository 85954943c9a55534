"""What a body counts in local variables, and when that is written to memory."""

from __future__ import annotations

from ..bytecode.image import Image
from ..core.opcodes import OPCODES, Operand, decode
from .bodies import Body, Table
from .writer import Writer


class CountWriter:
    """Writes what a body counts."""

    def __init__(self, image: Image, body: Body, table: Table, writer: Writer) -> None:
        self.image = image
        self.body = body
        self.table = table
        self.writer = writer
        self.chunk = body.chunk
        self.edges = self._edges()
        # The back-edges of range loops, with the register that counts.
        self.ranges = self._ranges()
        self.iterates = self._iterates()
        # Whether fuel is kept in a local variable. A back-edge need not be part of
        # a loop here: the way round may lead through what the interpreter does.
        self.counts_fuel = bool(self.edges) or self.iterates or body.carried is not None

    def _instructions(self) -> list[int]:
        flow = self.body.flow
        return [
            pc
            for start in sorted(flow.blocks)
            for pc in range(flow.blocks[start].start, flow.blocks[start].end)
        ]

    def _edges(self) -> list[int]:
        """Back-edges of the image that the body takes."""
        return [
            b
            for pc in self._instructions()
            for code, _a, b, _c in [decode(self.image.code[pc])]
            if OPCODES[code].b is Operand.BACK_EDGE
        ]

    def _ranges(self) -> dict[int, int]:
        found = {}
        for edge in self.edges:
            code, a, _b, _c = decode(self.image.code[self.image.back_edges[edge].pc])
            if OPCODES[code].name == "FOR_LOOP":
                found[edge] = a
        return found

    def edge_name(self, edge: int) -> str:
        """What the local variables that count a back-edge end with."""
        return str(edge - self.chunk.first_back_edge)

    def _iterates(self) -> bool:
        """Whether it makes self tail calls."""
        return any(
            OPCODES[code].name == "TAIL_CALL_CHUNK" and c == self.chunk.index
            for pc in self._instructions()
            for code, _a, _b, c in [decode(self.image.code[pc])]
        )

    def counters(self) -> list[str]:
        """Expressions of what the body has done, while tracking is on.

        A range loop's back-edges are the values that its counter has gone through:
        `i` is the counter, or was when the loop was left, and `k` is what is to be
        added. So counting them costs nothing where the loop runs.
        """
        if not self.body.counting:
            return []
        values = []
        for edge in self.edges:
            name = self.edge_name(edge)
            values.append(f"k{name} + i{name}" if edge in self.ranges else f"k{name}")
        if self.iterates:
            values.append("iterations")
        return values + self.carried_counts()

    def carried_counts(self) -> list[str]:
        """Local variables that count the executions of functions that tail calls begin.

        They count from 0, and are added to what is in memory. While some executions are
        timed, they are what is in memory, or stand for it (`core/sampling.py`).
        """
        return [f"n{index}" for index in range(len(self.body.carried or ()))]

    def load_carried(self) -> None:
        """Take the counters that tail calls pass on from memory."""
        for name, chunk in zip(
            self.carried_counts(), self.body.carried or (), strict=True
        ):
            if self.body.timing is None:
                self.writer.line(f"{name} = 0")
            else:
                where = self.table("chunk", chunk)
                self.writer.line(f"{name} = carried_count(ctx, frame, {where})")

    def clear_counters(self) -> None:
        """Nothing is counted yet; in a loop's unit its range has been begun."""
        if not self.body.counting:
            return
        start = self.body.flow.start
        for edge in self.edges:
            name = self.edge_name(edge)
            back = self.image.back_edges[edge]
            if edge in self.ranges and back.target <= start <= back.pc:
                counter = f"v{self.ranges[edge]}"
                self.writer.line(f"k{name} = -{counter}")
                self.writer.line(f"i{name} = {counter}")
            else:
                self.writer.line(f"k{name} = 0")
                if edge in self.ranges:
                    self.writer.line(f"i{name} = 0")
        if self.iterates:
            self.writer.line("iterations = 0")

    def flush_targets(self) -> list[tuple[str, int]]:
        """What writes each of `counters` to memory, and where in the table it is."""
        if not self.body.counting:
            return []
        position = self.table.position
        rows = [("add_back_edges", position("back_edge", edge)) for edge in self.edges]
        if self.iterates:
            rows.append(("add_iterations", position("chunk", self.chunk.index)))
        keep = "add_native" if self.body.timing is None else "keep_carried"
        for chunk in self.body.carried or ():
            rows.append((keep, position("chunk", chunk)))
        return rows

    def flush_own(self) -> None:
        """Write to memory what the body has counted and tail calls do not pass on."""
        self._flush(self._own_counters(), self.flush_targets()[: self._own_count()])

    def flush_carried(self, counters: list[str]) -> None:
        """Write what tail calls pass on to memory: these expressions."""
        self._flush(counters, self.flush_targets()[self._own_count() :])

    def _own_count(self) -> int:
        return len(self.counters()) - len(self.carried_counts())

    def _own_counters(self) -> list[str]:
        return self.counters()[: self._own_count()]

    def _flush(self, counters: list[str], targets: list[tuple[str, int]]) -> None:
        for counter, (function, position) in zip(counters, targets, strict=True):
            self.writer.line(f"{function}(ctx, table({position}), {counter})")
