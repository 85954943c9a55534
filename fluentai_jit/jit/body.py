"""The frame of an emitted body: signature, prologue, entry of a loop, exits.

Registers become local variables `t3, v3`; what leaves the straight path is one
call `exit_12(...)` with the registers that are live there, which writes the frame
as the interpreter would have it. Nothing in the text depends on indices of the
image but through `table(n)`, which is filled in when the unit is installed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..bytecode.image import Chunk, Image
from ..core.entries import PARAMETER_WORDS
from ..core.opcodes import OPCODES, Operand, decode
from ..core.tags import TAG_NAMES
from .flow import Flow
from .inference import Inference
from .members import Key, Member
from .structure import Structurer
from .writer import Writer

# Tags by the names they have in emitted code.
TAG_CONSTANTS = tuple(name.upper() for name in TAG_NAMES)

LOAD_TAILS = "tails = load(pointer(ctx, FRAMES), FRAME_WORDS * frame + FRAME_TAILS)"


@dataclass(slots=True)
class Body:
    """One chunk as it stands in a unit."""

    member: Member
    name: str
    live: Sequence[int]  # per instruction of the chunk: registers live before it
    across: Mapping[int, int]  # per call instruction: registers live while it waits
    parameters: list[int | None]  # tag of each parameter where it is fixed
    loop: int | None = None  # back-edge at whose header a loop unit starts
    tail_target: bool = False  # another body of the unit tail-calls it
    tails: bool = False  # it carries the number of tail calls behind it
    counting: bool = False  # tracking is on
    timing: str | None = None  # which activations are timed: "full", "sampled"
    # Chunks whose executions tail calls pass on in words, as they do the fuel; None
    # where both are counted in memory.
    carried: tuple[int, ...] | None = None

    @property
    def chunk(self) -> Chunk:
        """What it is the code of."""
        return self.member.chunk

    @property
    def flow(self) -> Flow:
        """Its control flow."""
        return self.member.flow

    def in_memory(self) -> list[int]:
        """Parameters that stand in the register file when the body is entered."""
        room = PARAMETER_WORDS - 3 - int(self.tails)
        if self.carried is not None:
            room -= 1 + len(self.carried)
        result = []
        for index, tag in enumerate(self.parameters):
            needed = 1 if tag is not None else 2
            if needed > room:
                result.append(index)
            else:
                room -= needed
        return result

    def words(self, first: int = 0) -> list[str]:
        """The variables passed as words; parameter 0 stands in R[first].

        A payload for each parameter, and a tag where it is not fixed.
        """
        names = []
        in_memory = self.in_memory()
        for index, tag in enumerate(self.parameters):
            if index in in_memory:
                continue
            if tag is None:
                names.append(f"t{first + index}")
            names.append(f"v{first + index}")
        return names


@dataclass(slots=True)
class Table:
    """What a unit knows of the image it is installed in, by position."""

    entries: list[tuple[str, int]] = field(default_factory=list)

    def position(self, kind: str, index: int) -> int:
        """Where an index of the image stands in the table."""
        entry = (kind, index)
        if entry not in self.entries:
            self.entries.append(entry)
        return self.entries.index(entry)

    def __call__(self, kind: str, index: int) -> str:
        """The expression `table(n)` for an index of the image."""
        return f"table({self.position(kind, index)})"


class BodyWriter:
    """Writes one body."""

    def __init__(
        self,
        image: Image,
        body: Body,
        bodies: dict[Key, Body],
        inference: Inference,
        table: Table,
        writer: Writer,
    ) -> None:
        self.image = image
        self.body = body
        self.bodies = bodies
        self.callees = body.member.callees
        self.inference = inference
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
        self.exits: dict[str, str] = {}

    def tag(self, pc: int, register: int) -> int | None:
        """The tag expected in a register before instruction `pc`."""
        return self.inference.tag(self.body.member.key, pc, register)

    # ---- what the body needs -------------------------------------------------
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
        """Local variables of the executions that tail calls have begun.

        Those are so many; while some are timed, they are the counters themselves, from
        `carried_count` on.
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

    def _clear_counters(self) -> None:
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
        """Where each counter goes: function of core/activation, table position."""
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

    # ---- the whole ------------------------------------------------------------
    def write(self) -> None:
        """Write the function, preceded by the declarations of its exits."""
        main = Writer()
        outer, self.writer = self.writer, main
        self._header()
        self.writer.indent()
        self._begin()
        Structurer(self.body.flow, self.writer, self.block).write()
        self.writer = outer
        for declaration in self.exits.values():
            outer.line(declaration)
        for line in main.text().splitlines():
            outer.line(line)
        outer.line()

    def load_first_records(self) -> None:
        """What is to be known of the values that the code begins with."""
        raise NotImplementedError

    def block(self, start: int) -> str | None:
        """Write the instructions of a block; the condition of its last, if it has one.

        With a condition, the first successor is where it holds.
        """
        raise NotImplementedError

    def _signature(self) -> list[str]:
        tails = ["tails"] if self.body.tails else []
        return ["ctx", "base", "frame", *tails, *self.body.words()]

    def _header(self) -> None:
        names = self._signature()
        arguments = ", ".join(names)
        if self.body.tail_target:
            self.writer.line(f"@body({len(names)})")
            self.writer.line(f"def {self.body.name}({arguments}):")
            self.writer.indent()
            self._prologue()
            if self.body.carried is not None:
                self.writer.line("fuel = load(ctx, FUEL)")
                self.load_carried()
                names[4:4] = ["fuel", *self.carried_counts()]
                arguments = ", ".join(names)
            self.writer.line(f"return jump_{self.body.name}_begun({arguments})")
            self.writer.dedent()
            self.writer.line()
            self.writer.line(f"@body({len(names)})")
            self.writer.line(f"def {self.body.name}_begun({arguments}):")
        elif self.body.loop is None:
            self.writer.line(f"@body({len(names)})")
            self.writer.line(f"def {self.body.name}({arguments}):")
        else:
            self.writer.line("@body(3)")
            self.writer.line(f"def {self.body.name}(ctx, base, frame):")

    def _begin(self) -> None:
        if self.body.loop is not None:
            self._load_registers()
        else:
            if not self.body.tail_target:
                self._prologue()
            self._parameters()
        self.load_first_records()
        if self.counts_fuel:
            if self.body.carried is None or not self.body.tail_target:
                self.writer.line("fuel = load(ctx, FUEL)")
                self.load_carried()
            self._clear_counters()

    def _parameters(self) -> None:
        """Fixed tags, and what is passed in the register file."""
        in_memory = self.body.in_memory()
        if in_memory:
            self.writer.line("registers = pointer(ctx, REGISTERS)")
            self.writer.line("at = 2 * base")
        for index, tag in enumerate(self.body.parameters):
            if tag is not None:
                self.writer.line(f"t{index} = {TAG_CONSTANTS[tag]}")
            elif index in in_memory:
                self.writer.line(f"t{index} = load(registers, at + {2 * index})")
            if index in in_memory:
                self.writer.line(f"v{index} = load(registers, at + {2 * index + 1})")

    def _prologue(self) -> None:
        self.writer.line(f"if {self.beginning('begin', self.chunk)} != 0:")
        self.writer.indent()
        in_memory = self.body.in_memory()
        for index, tag in enumerate(self.body.parameters):
            if index not in in_memory:
                kind = f"t{index}" if tag is None else TAG_CONSTANTS[tag]
                self.writer.line(f"set_register(ctx, base + {index}, {kind}, v{index})")
        self.writer.line("return NIL, 0, REFUSED")
        self.writer.dedent()

    def beginning(self, function: str, chunk: Chunk) -> str:
        """The call that begins an activation, with what tracking wants of it."""
        if not self.body.counting:
            return f"{function}(ctx, frame, {chunk.weight})"
        counter = self.table("chunk", chunk.index)
        if self.body.timing is None:
            return f"{function}_counted(ctx, frame, {chunk.weight}, {counter})"
        arguments = ["ctx", "frame", str(chunk.weight), counter]
        if function == "begin_tail":
            arguments.append(self.table("chunk", self.chunk.index))
        kind = "timed" if self.body.timing == "full" else "sampled"
        return f"{function}_{kind}({', '.join(arguments)})"

    def _load_registers(self) -> None:
        """The start of a loop entry: live registers and their expected tags."""
        self.writer.line("registers = pointer(ctx, REGISTERS)")
        self.writer.line("at = 2 * base")
        start = self.body.flow.start
        tags = self.inference.entry[self.body.member.key]
        live = self.live(start)
        for register in live:
            tag = tags.get(register)
            if tag is None:
                self.writer.line(f"t{register} = load(registers, at + {2 * register})")
            else:
                name = TAG_CONSTANTS[tag]
                self.writer.line(f"if load(registers, at + {2 * register}) != {name}:")
                self.writer.indented("return NIL, 0, ENTRY_GUARD")
                self.writer.line(f"t{register} = {name}")
        for register in live:
            self.writer.line(f"v{register} = load(registers, at + {2 * register + 1})")
        if self.body.tails:
            self.writer.line(LOAD_TAILS)

    # ---- exits ----------------------------------------------------------------
    def live(self, pc: int) -> list[int]:
        return self._registers(self.body.live[pc - self.chunk.entry])

    def across(self, pc: int) -> list[int]:
        return self._registers(self.body.across[pc])

    def _registers(self, mask: int) -> list[int]:
        return [index for index in range(self.chunk.registers) if mask >> index & 1]

    def exit(self, pc: int, registers: list[int], kind: str, status: str) -> str:
        """A return through the exit: `kind` is own or call."""
        local = pc - self.chunk.entry
        name = f"{self.body.name}_exit_{local}" + ("_call" if kind == "call" else "")
        if name not in self.exits:
            tails = "zero" if self.body.loop is None else "keep"
            if self.body.tails:
                tails = "given"
            parts = [
                f"chunk={self.table.position('chunk', self.chunk.index)}",
                f"pc={local}",
                f"live={tuple(registers)}",
                f"own={int(kind == 'own')}",
                f"tails={tails!r}",
            ]
            if self.counts_fuel:
                parts.append(f"flush={self.flush_targets()}")
            self.exits[name] = f"{name} = leave({', '.join(parts)})"
        arguments = ["ctx", "base", "frame", status]
        if self.body.tails:
            arguments.append("tails")
        if self.counts_fuel:
            arguments += ["fuel", *self.counters()]
        for register in registers:
            arguments += [f"t{register}", f"v{register}"]
        return f"return {name}({', '.join(arguments)})"

    def own_exit(self, pc: int, status: str) -> str:
        return self.exit(pc, self.live(pc), "own", status)

    def check(self, pc: int, condition: str, status: str) -> None:
        """Leave at `pc`, before it had any effect, where `condition` holds."""
        self.writer.line(f"if {condition}:")
        self.writer.indented(self.own_exit(pc, status))
