"""The body of a unit as Python: one chunk unrolled into calls of the operations.

Registers become local variables `t3, v3`; what leaves the straight path is one
call `exit_12(...)` with the registers that are live there, which writes the frame
as the interpreter would have it. The emitted text runs as it stands (the emitted
engine) and compiles under Numba; nothing in it depends on indices of the image
but through `table(n)`, which is filled in when the unit is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..bytecode.image import Chunk, Image
from ..core.opcodes import B_BIAS, OPCODES, Opcode, Operand, decode
from ..core.scalars import SCALARS
from ..core.tags import FUNCTION, STRING, TAG_NAMES, UNBOUND
from .flow import Flow
from .inference import COMPARISONS, OPERATIONS, Inference
from .structure import Structurer
from .writer import Writer

# Tags by the names they have in emitted code.
TAG_CONSTANTS = tuple(name.upper() for name in TAG_NAMES)

LOAD_TAILS = "tails = load(pointer(ctx, FRAMES), FRAME_WORDS * frame + FRAME_TAILS)"


@dataclass(slots=True)
class Body:
    """One chunk as it stands in a unit."""

    chunk: Chunk
    name: str
    flow: Flow
    live: Sequence[int]  # per instruction of the chunk: registers live before it
    parameters: list[int | None]  # tag of each parameter where it is fixed
    loop: int | None = None  # back-edge at whose header a loop unit starts
    tail_target: bool = False  # another body of the unit tail-calls it
    tails: bool = False  # it carries the number of tail calls behind it


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


class BodyEmitter:
    """Writes one body."""

    def __init__(
        self,
        image: Image,
        body: Body,
        bodies: dict[int, Body],
        callees: dict[int, int],
        inference: Inference,
        table: Table,
        writer: Writer,
    ) -> None:
        self.image = image
        self.body = body
        self.bodies = bodies
        self.callees = callees
        self.inference = inference
        self.table = table
        self.writer = writer
        self.chunk = body.chunk
        self.edges = self._edges()
        self.iterates = self._iterates()
        # Whether fuel is kept in a local variable. A back-edge need not be part of
        # a loop here: the way round may lead through what the interpreter does.
        self.counts_fuel = bool(self.edges) or self.iterates
        self.exits: dict[str, str] = {}

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

    def _iterates(self) -> bool:
        """Whether it makes self tail calls."""
        return any(
            OPCODES[code].name == "TAIL_CALL_CHUNK" and c == self.chunk.index
            for pc in self._instructions()
            for code, _a, _b, c in [decode(self.image.code[pc])]
        )

    def _counters(self) -> list[str]:
        names = [f"k{edge - self.chunk.first_back_edge}" for edge in self.edges]
        return [*names, "iterations"] if self.iterates else names

    def _flush_targets(self) -> list[tuple[str, int]]:
        """Where each counter goes: function of core/activation, table position."""
        position = self.table.position
        rows = [("add_back_edges", position("back_edge", edge)) for edge in self.edges]
        if self.iterates:
            rows.append(("add_iterations", position("chunk", self.chunk.index)))
        return rows

    # ---- the whole ------------------------------------------------------------
    def write(self) -> None:
        """Write the function, preceded by the declarations of its exits."""
        main = Writer()
        outer, self.writer = self.writer, main
        self._header()
        self.writer.indent()
        self._begin()
        Structurer(self.body.flow, self.writer, self._block).write()
        self.writer = outer
        for declaration in self.exits.values():
            outer.line(declaration)
        for line in main.text().splitlines():
            outer.line(line)
        outer.line()

    def parameter_names(self) -> list[str]:
        """The typed parameters: a payload each, and a tag where it is not fixed."""
        names = []
        for index, tag in enumerate(self.body.parameters):
            if tag is None:
                names.append(f"t{index}")
            names.append(f"v{index}")
        return names

    def _signature(self) -> list[str]:
        tails = ["tails"] if self.body.tails else []
        return ["ctx", "base", "frame", *tails, *self.parameter_names()]

    def _header(self) -> None:
        names = self._signature()
        arguments = ", ".join(names)
        if self.body.tail_target:
            self.writer.line(f"@body({len(names)})")
            self.writer.line(f"def {self.body.name}({arguments}):")
            self.writer.indent()
            self._tags()
            self._prologue()
            self.writer.line(f"return jump_{self.body.name}_begun({arguments})")
            self.writer.dedent()
            self.writer.line()
            self.writer.line(f"@body({len(names)})")
            self.writer.line(f"def {self.body.name}_begun({arguments}):")
        elif self.body.loop is None:
            self.writer.line(f"@body({len(names)})")
            self.writer.line(f"def {self.body.name}({arguments}):")
        else:
            self.writer.line("@entry")
            self.writer.line(f"def {self.body.name}(ctx, base, frame):")

    def _begin(self) -> None:
        if self.body.loop is not None:
            self._load_registers()
        else:
            self._tags()
            if not self.body.tail_target:
                self._prologue()
        if self.counts_fuel:
            self.writer.line("fuel = load(ctx, FUEL)")
            for counter in self._counters():
                self.writer.line(f"{counter} = 0")

    def _tags(self) -> None:
        for index, tag in enumerate(self.body.parameters):
            if tag is not None:
                self.writer.line(f"t{index} = {TAG_CONSTANTS[tag]}")

    def _prologue(self) -> None:
        chunk = self.table("chunk", self.chunk.index)
        self.writer.line(f"if begin(ctx, frame, {self.chunk.weight}, {chunk}) != 0:")
        self.writer.indent()
        for index in range(self.chunk.arity):
            self.writer.line(f"set_register(ctx, base + {index}, t{index}, v{index})")
        self.writer.line("return NIL, 0, REFUSED")
        self.writer.dedent()

    def _load_registers(self) -> None:
        """The start of a loop entry: live registers and their expected tags."""
        self.writer.line("registers = pointer(ctx, REGISTERS)")
        self.writer.line("at = 2 * base")
        start = self.body.flow.start
        tags = self.inference.entry[self.chunk.index]
        live = self._live(start)
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
    def _live(self, pc: int) -> list[int]:
        mask = self.body.live[pc - self.chunk.entry]
        return [index for index in range(self.chunk.registers) if mask >> index & 1]

    def _exit(self, pc: int, registers: list[int], kind: str, status: str) -> str:
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
                parts.append(f"flush={self._flush_targets()}")
            self.exits[name] = f"{name} = leave({', '.join(parts)})"
        arguments = ["ctx", "base", "frame", status]
        if self.body.tails:
            arguments.append("tails")
        if self.counts_fuel:
            arguments += ["fuel", *self._counters()]
        for register in registers:
            arguments += [f"t{register}", f"v{register}"]
        return f"return {name}({', '.join(arguments)})"

    def _own_exit(self, pc: int, status: str) -> str:
        return self._exit(pc, self._live(pc), "own", status)

    def _check(self, pc: int, condition: str, status: str) -> None:
        """Leave at `pc`, before it had any effect, where `condition` holds."""
        self.writer.line(f"if {condition}:")
        self.writer.indented(self._own_exit(pc, status))

    # ---- instructions -----------------------------------------------------------
    def _block(self, start: int) -> str | None:
        block = self.body.flow.blocks[start]
        condition = None
        for pc in range(block.start, block.end):
            code, a, b, c = decode(self.image.code[pc])
            row = OPCODES[code]
            self._comment(pc, row)
            condition = self._instruction(pc, row, a, b, c)
        return condition

    def _comment(self, pc: int, row: Opcode) -> None:
        # Only printable characters: a carriage return would end the comment, and
        # what follows it in a stranger's program would be executed as Python.
        source = self.image.span_at(pc).text.split("\n")[0][:50]
        text = "".join(c if c.isprintable() else "?" for c in source)
        local = pc - self.chunk.entry
        self.writer.line(f"# {local} {row.name}: {text}".rstrip(": "))

    def _instruction(self, pc: int, row: Opcode, a: int, b: int, c: int) -> str | None:
        handler: Callable[..., str | None] | None = getattr(
            self, f"_do_{row.name.lower()}", None
        )
        if handler is not None:
            return handler(pc, a, b, c)
        name = row.name.removesuffix("_INT")
        if name in OPERATIONS:
            operands = [f"t{b}, v{b}"]
            if name != row.name:
                operands.append(f"INT, {c}")
            elif row.c is Operand.READ:
                operands.append(f"t{c}, v{c}")
            self._operation(pc, a, f"{OPERATIONS[name]}({', '.join(operands)})")
            return None
        if name in COMPARISONS:
            self._operation(pc, a, f"{COMPARISONS[name]}(ctx, t{b}, v{b}, t{c}, v{c})")
            return None
        operation = COMPARISONS[name.removeprefix("UNLESS_")]
        right = f"INT, {b - B_BIAS}" if name != row.name else f"t{b}, v{b}"
        self.writer.line(f"t, v, s = {operation}(ctx, t{a}, v{a}, {right})")
        self._check(pc, "s != OK", "s")
        return "v != 0"

    def _operation(self, pc: int, target: int, expression: str) -> None:
        """R[target] := expression; a failing one leaves its operands alone."""
        self.writer.line(f"t, v, s = {expression}")
        self._check(pc, "s != OK", "s")
        self.writer.line(f"t{target} = t")
        self.writer.line(f"v{target} = v")

    def _do_move(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line(f"t{a} = t{b}")
        self.writer.line(f"v{a} = v{b}")

    def _do_load(self, pc: int, a: int, b: int, c: int) -> None:
        payload = self.table("chunk", c) if b == FUNCTION else str(c)
        self.writer.line(f"t{a} = {TAG_CONSTANTS[b]}")
        self.writer.line(f"v{a} = {payload}")

    def _do_load_const(self, pc: int, a: int, b: int, c: int) -> None:
        tag, payload = self.image.constants[2 * c], self.image.constants[2 * c + 1]
        value = self.table("constant", c) if tag == STRING else str(payload)
        self.writer.line(f"t{a} = {TAG_CONSTANTS[tag]}")
        self.writer.line(f"v{a} = {value}")

    def _do_get_global(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line("variables = pointer(ctx, GLOBALS)")
        self.writer.line(f"at = 2 * {self.table('global', c)}")
        self.writer.line("t = load(variables, at)")
        expected = self.inference.globals_seen[c]
        if not self.inference.speculate or expected == UNBOUND:
            self._check(pc, "t == UNBOUND", "TRANSFER")
        else:
            self._check(pc, f"t != {TAG_CONSTANTS[expected]}", "GUARD")
        self.writer.line(f"t{a} = t")
        self.writer.line(f"v{a} = load(variables, at + 1)")

    def _do_set_global(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line("variables = pointer(ctx, GLOBALS)")
        self.writer.line(f"at = 2 * {self.table('global', c)}")
        self.writer.line(f"store(variables, at, t{a})")
        self.writer.line(f"store(variables, at + 1, v{a})")

    def _do_index(self, pc: int, a: int, b: int, c: int) -> None:
        self._operation(pc, a, f"op_index(ctx, t{b}, v{b}, t{c}, v{c})")

    def _do_jump(self, pc: int, a: int, b: int, c: int) -> None:
        """The structure says where it goes."""

    def _do_jump_unless(self, pc: int, a: int, b: int, c: int) -> str:
        return f"truth(ctx, t{a}, v{a}) != 0"

    def _do_jump_if_true(self, pc: int, a: int, b: int, c: int) -> str:
        self._check(pc, f"t{a} != BOOL", "TYPE_ERROR")
        return f"v{a} == 0"

    def _do_jump_if_false(self, pc: int, a: int, b: int, c: int) -> str:
        self._check(pc, f"t{a} != BOOL", "TYPE_ERROR")
        return f"v{a} != 0"

    def _do_unless_tag(self, pc: int, a: int, b: int, c: int) -> str:
        return f"{b} >> t{a} & 1 != 0"

    # ---- loops --------------------------------------------------------------------
    def _charge(self, pc: int, edge: int) -> None:
        weight = self.image.back_edges[edge].weight
        self._check(pc, f"fuel < {weight}", "TRANSFER")
        self.writer.line(f"fuel -= {weight}")
        self.writer.line(f"k{edge - self.chunk.first_back_edge} += 1")

    def _do_loop(self, pc: int, a: int, b: int, c: int) -> None:
        self._charge(pc, b)

    def _do_for_prep(self, pc: int, a: int, b: int, c: int) -> str:
        self.writer.line(f"t, v, s = range_last(t{a}, v{a}, t{a + 1}, v{a + 1}, {b})")
        self._check(pc, "s != OK", "s")
        self.writer.line("if t != BOOL:")
        self.writer.indent()
        self.writer.line(f"v{a + 1} = v")
        self.writer.line(f"t{a + 2} = INT")
        self.writer.line(f"v{a + 2} = v{a}")
        self.writer.dedent()
        return "t != BOOL"

    def _do_for_loop(self, pc: int, a: int, b: int, c: int) -> str:
        self.writer.line(f"more = 1 if v{a} < v{a + 1} else 0")
        self.writer.line("if more != 0:")
        self.writer.indent()
        self._charge(pc, b)
        self.writer.line(f"v{a} = v{a} + 1")
        self.writer.line(f"t{a + 2} = INT")
        self.writer.line(f"v{a + 2} = v{a}")
        self.writer.dedent()
        return "more == 0"

    # ---- calls --------------------------------------------------------------------
    def _do_return(self, pc: int, a: int, b: int, c: int) -> None:
        if not self.counts_fuel:
            self.writer.line(f"return t{a}, v{a}, OK")
            return
        name = f"{self.body.name}_done"
        self.exits[name] = f"{name} = done(flush={self._flush_targets()})"
        arguments = ["ctx", "fuel", *self._counters(), f"t{a}", f"v{a}"]
        self.writer.line(f"return {name}({', '.join(arguments)})")

    def _do_scalar(self, pc: int, a: int, b: int, c: int) -> None:
        arguments = ["ctx"]
        for index in range(3):
            register = a + 1 + index
            arguments += [f"t{register}", f"v{register}"] if index < c else ["NIL", "0"]
        function = SCALARS[b].function.__name__
        self._operation(pc, a, f"{function}({', '.join(arguments)})")

    def _do_host_call(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line(self._own_exit(pc, "TRANSFER"))

    def _do_fail(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line(self._own_exit(pc, "TRANSFER"))

    def _arguments(self, pc: int, callee: Body, a: int) -> list[str]:
        """Typed arguments of a call inside the unit, tested for fixed tags."""
        tests = [
            f"t{a + 1 + index} != {TAG_CONSTANTS[tag]}"
            for index, tag in enumerate(callee.parameters)
            if tag is not None
        ]
        if tests:
            self._check(pc, " or ".join(tests), "GUARD")
        names = []
        for index, tag in enumerate(callee.parameters):
            register = a + 1 + index
            names += (
                [f"v{register}"]
                if tag is not None
                else [f"t{register}", f"v{register}"]
            )
        return names

    def _do_call_chunk(self, pc: int, a: int, b: int, c: int) -> None:
        callee = self.callees.get(pc)
        if callee is not None:
            self._call_body(pc, a, self.bodies[callee])
        else:
            chunk = self.table("chunk", c)
            self._call_out(pc, a, b, f"call_slot(ctx, {chunk}, ", [])

    def _do_call(self, pc: int, a: int, b: int, c: int) -> None:
        callee = self.callees.get(pc)
        if callee is not None:
            chunk = self.table("chunk", callee)
            self._check(pc, f"t{a} != FUNCTION or v{a} != {chunk}", "GUARD")
            self._call_body(pc, a, self.bodies[callee])
        else:
            self._call_out(pc, a, b, f"call_value(ctx, t{a}, v{a}, {b}, ", [a])

    def _call_body(self, pc: int, a: int, callee: Body) -> None:
        arguments = self._arguments(pc, callee, a)
        if callee.tails:
            arguments.insert(0, "0")
        code, _a, count, _c = decode(self.image.code[pc])
        kept = [a] if OPCODES[code].name == "CALL" else []
        window = ["ctx", f"base + {a + 1}", "frame + 1", *arguments]
        self._call(pc, a, count, f"{callee.name}({', '.join(window)})", kept)

    def _call_out(
        self, pc: int, a: int, count: int, head: str, kept: list[int]
    ) -> None:
        for index in range(a + 1, a + 1 + count):
            self.writer.line(f"set_register(ctx, base + {index}, t{index}, v{index})")
        self._call(pc, a, count, f"{head}base + {a + 1}, frame + 1)", kept)

    def _call(
        self, pc: int, a: int, count: int, expression: str, kept: list[int]
    ) -> None:
        if self.counts_fuel:
            self.writer.line("store(ctx, FUEL, fuel)")
        self.writer.line(f"t, v, s = {expression}")
        if self.counts_fuel:
            self.writer.line("fuel = load(ctx, FUEL)")
        across = sorted({*self._live(pc + 1)} - {a} | {*kept})
        self.writer.line("if s != OK:")
        self.writer.indented(self._exit(pc, across, "call", "s"))
        self.writer.line(f"t{a} = t")
        self.writer.line(f"v{a} = v")
        expected = self.inference.tag(pc + 1, a)
        if expected is not None and a in self._live(pc + 1):
            self._check(pc + 1, f"t{a} != {TAG_CONSTANTS[expected]}", "GUARD")

    def _do_tail_call(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line(self._own_exit(pc, "TRANSFER"))

    def _do_tail_call_chunk(self, pc: int, a: int, b: int, c: int) -> None:
        if c == self.chunk.index:
            self._iterate(pc, a, b)
            return
        callee = self.callees.get(pc)
        if callee is None:
            self.writer.line(self._own_exit(pc, "TRANSFER"))
            return
        self._tail_call_body(pc, a, self.bodies[callee])

    def _iterate(self, pc: int, a: int, count: int) -> None:
        tests = [
            f"t{a + 1 + index} != {TAG_CONSTANTS[tag]}"
            for index, tag in enumerate(self.body.parameters)
            if tag is not None
        ]
        if tests:
            self._check(pc, " or ".join(tests), "GUARD")
        self._check(pc, f"fuel < {self.chunk.weight}", "TRANSFER")
        self.writer.line(f"fuel -= {self.chunk.weight}")
        self.writer.line("iterations += 1")
        for index in range(count):
            self.writer.line(f"t{index} = t{a + 1 + index}")
            self.writer.line(f"v{index} = v{a + 1 + index}")

    def _tail_call_body(self, pc: int, a: int, callee: Body) -> None:
        arguments = self._arguments(pc, callee, a)
        if self.counts_fuel:
            self.writer.line("store(ctx, FUEL, fuel)")
        chunk = self.table("chunk", callee.chunk.index)
        self._check(
            pc,
            f"begin_tail(ctx, frame, {callee.chunk.weight}, {chunk}) != 0",
            "TRANSFER",
        )
        if self.counts_fuel:
            counters = zip(self._counters(), self._flush_targets(), strict=True)
            for counter, (function, position) in counters:
                self.writer.line(f"{function}(ctx, table({position}), {counter})")
        passed = ", ".join(["ctx", "base", "frame", "tails + 1", *arguments])
        self.writer.line(f"return jump_{callee.name}_begun({passed})")
