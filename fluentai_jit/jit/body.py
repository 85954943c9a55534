"""The frame of an emitted body: signature, prologue, entry of a loop, exits.

Registers become local variables `t3, v3`; what leaves the straight path is one
call `exit_12(...)` with the registers that are live there, which writes the frame
as the interpreter would have it. Nothing in the text depends on indices of the
image but through `table(n)`, which is filled in when the unit is installed.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..bytecode.image import Chunk, Image
from ..core.tags import TAG_NAMES
from .bodies import Body, Table
from .counting import CountWriter
from .inference import Inference
from .members import MemberKey
from .structure import Structurer
from .writer import Writer

# Tags by the names they have in emitted code.
TAG_CONSTANTS = tuple(name.upper() for name in TAG_NAMES)

LOAD_TAILS = "tails = load(pointer(ctx, FRAMES), FRAME_WORDS * frame + FRAME_TAILS)"


class BodyWriter(CountWriter):
    """Writes one body."""

    def __init__(
        self,
        image: Image,
        body: Body,
        bodies: dict[MemberKey, Body],
        inference: Inference,
        table: Table,
        writer: Writer,
    ) -> None:
        super().__init__(image, body, table, writer)
        self.bodies = bodies
        self.callees = body.member.callees
        self.inference = inference
        self.exits: dict[str, str] = {}

    def tag(self, pc: int, register: int) -> int | None:
        """The tag expected in a register before instruction `pc`."""
        return self.inference.tag(self.body.member.key, pc, register)

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

    def _signature(self, passed: Sequence[str] = ()) -> list[str]:
        tails = ["tails"] if self.body.tails else []
        return ["ctx", "base", "frame", *tails, *passed, *self.body.words()]

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
                passed = ["fuel", *self.carried_counts()]
                names = self._signature(passed)
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
            self.clear_counters()

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
