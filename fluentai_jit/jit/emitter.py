"""The instructions of a body: one chunk unrolled into calls of the operations.

The emitted text runs as it stands (the emitted engine) and compiles under Numba.
"""

from __future__ import annotations

from collections.abc import Callable

from ..core.natives import NATIVE_INDEX, NATIVES, PARSED, SAME, SLOW_PATHS
from ..core.opcodes import B_BIAS, OPCODES, SET_INDEX, Opcode, Operand, decode
from ..core.scalars import SCALARS
from ..core.tags import FUNCTION, LIST, STRING, SYMBOL, UNBOUND
from .body import TAG_CONSTANTS
from .call_emitter import CallWriter
from .flow import INTERPRETED
from .inference import COMPARISONS, OPERATIONS

_APPENDS = ("append", "push")


class BodyEmitter(CallWriter):
    """Writes one body."""

    # ---- instructions -----------------------------------------------------------
    def block(self, start: int) -> str | None:
        """Write the instructions of a block."""
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
        # what follows it in an untrusted program would be executed as Python.
        source = self.image.span_at(pc).text.split("\n")[0][:50]
        text = "".join(c if c.isprintable() else "?" for c in source)
        local = pc - self.chunk.entry
        self.writer.line(f"# {local} {row.name}: {text}".rstrip(": "))

    def _instruction(self, pc: int, row: Opcode, a: int, b: int, c: int) -> str | None:
        if row.name in INTERPRETED:
            self.writer.line(self.own_exit(pc, "TRANSFER"))
            return None
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
        self._slow_path(pc)
        self.check(pc, "s != OK", "s")
        return "v != 0"

    def _operation(self, pc: int, target: int, expression: str) -> None:
        """R[target] := expression; a failing one leaves its operands alone."""
        self.writer.line(f"t, v, s = {expression}")
        self._slow_path(pc)
        self.check(pc, "s != OK", "s")
        self.writer.line(f"t{target} = t")
        self.writer.line(f"v{target} = v")

    def _read(self, pc: int, target: int, expression: str) -> None:
        """R[target] := expression, whose tag is expected to be what it was so far.

        Where it is another, the interpreter executes the instruction again and
        notes that tag; so the expression has no effect that could be seen twice.
        """
        self.writer.line(f"t, v, s = {expression}")
        self._slow_path(pc)
        self.check(pc, "s != OK", "s")
        expected = self.inference.observed.tag(pc) if self.inference.speculate else None
        if expected is not None:
            self.check(pc, f"t != {TAG_CONSTANTS[expected]}", "GUARD")
        self.writer.line(f"t{target} = t")
        self.writer.line(f"v{target} = v")
        if self.records.gains(pc, target):
            self.load_record(target)

    def _slow_path(self, pc: int) -> None:
        """Call the native operation that is meant where one may be."""
        code, a, b, c = decode(self.image.code[pc])
        row = OPCODES[code]
        name = SLOW_PATHS.get(code)
        if name is None:
            return
        operands = []
        may_be = []
        for kind, field in ((row.a, a), (row.b, b), (row.c, c)):
            if kind in (Operand.READ, Operand.UPDATE):
                operands.append(f"t{field}, v{field}")
                may_be.append(self.tag(pc, field))
            elif kind is Operand.IMMEDIATE:
                operands.append(f"INT, {field if row.c is kind else field - B_BIAS}")
        # Of an item that is set the native operation makes the error, too.
        scalars = all(tag is not None and tag < STRING for tag in may_be)
        if scalars and code != SET_INDEX:
            return
        self.writer.line("if s == NATIVE:")
        self.writer.indent()
        which = NATIVE_INDEX[name]
        arguments = ", ".join(([*operands, "NIL, 0"])[:3])
        self.writer.line(f"t, v, s = call_native(ctx, {which}, {arguments})")
        result = NATIVES[which].result
        if result == SAME:
            self.writer.line(f"t = t{a}")
        elif result is not None:
            self.writer.line(f"t = {TAG_CONSTANTS[result]}")
        if "NE" in row.name.split("_"):
            self.writer.line("v = 1 - v")
        self.writer.dedent()

    def _do_move(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line(f"t{a} = t{b}")
        self.writer.line(f"v{a} = v{b}")
        self.copy_record(pc, a, b)

    def _do_load(self, pc: int, a: int, b: int, c: int) -> None:
        payload = self.table("chunk", c) if b == FUNCTION else str(c)
        self.writer.line(f"t{a} = {TAG_CONSTANTS[b]}")
        self.writer.line(f"v{a} = {payload}")

    def _do_load_const(self, pc: int, a: int, b: int, c: int) -> None:
        tag, payload = self.image.constants[2 * c], self.image.constants[2 * c + 1]
        value = self.table("constant", c) if tag >= SYMBOL else str(payload)
        self.writer.line(f"t{a} = {TAG_CONSTANTS[tag]}")
        self.writer.line(f"v{a} = {value}")

    def _do_get_global(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line("variables = pointer(ctx, GLOBALS)")
        self.writer.line(f"at = 2 * {self.table('global', c)}")
        self.writer.line("t = load(variables, at)")
        expected = self.inference.observed.globals_seen[c]
        if not self.inference.speculate or expected == UNBOUND:
            self.check(pc, "t == UNBOUND", "TRANSFER")
        else:
            self.check(pc, f"t != {TAG_CONSTANTS[expected]}", "GUARD")
        self.writer.line(f"t{a} = t")
        self.writer.line(f"v{a} = load(variables, at + 1)")
        if self.records.gains(pc, a):
            self.load_record(a)

    def _do_set_global(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line("variables = pointer(ctx, GLOBALS)")
        self.writer.line(f"at = 2 * {self.table('global', c)}")
        self.writer.line(f"store(variables, at, t{a})")
        self.writer.line(f"store(variables, at + 1, v{a})")

    def _do_index(self, pc: int, a: int, b: int, c: int) -> None:
        self._read(pc, a, self.indexed(pc, b, c))

    def _do_set_index(self, pc: int, a: int, b: int, c: int) -> None:
        self._operation(pc, a, self.item_set(pc, a, b, c))
        if self.records.gains(pc, a) and not self.records.has(pc, a):
            self.load_record(a)

    def _do_get_field(self, pc: int, a: int, b: int, c: int) -> None:
        self._read(pc, a, f"op_field(ctx, t{b}, v{b}, {c})")

    def _do_get_cell(self, pc: int, a: int, b: int, c: int) -> None:
        self._read(pc, a, f"op_cell(ctx, t{b}, v{b})")

    def _do_set_cell(self, pc: int, a: int, b: int, c: int) -> None:
        self.writer.line(f"t, v, s = op_set_cell(ctx, t{a}, v{a}, t{b}, v{b})")
        self.check(pc, "s != OK", "s")

    def _do_jump(self, pc: int, a: int, b: int, c: int) -> None:
        """The structure says where it goes."""

    def _do_jump_unless(self, pc: int, a: int, b: int, c: int) -> str:
        return f"truth(ctx, t{a}, v{a}) != 0"

    def _do_jump_if_true(self, pc: int, a: int, b: int, c: int) -> str:
        self.check(pc, f"t{a} != BOOL", "TYPE_ERROR")
        return f"v{a} == 0"

    def _do_jump_if_false(self, pc: int, a: int, b: int, c: int) -> str:
        self.check(pc, f"t{a} != BOOL", "TYPE_ERROR")
        return f"v{a} != 0"

    def _do_unless_tag(self, pc: int, a: int, b: int, c: int) -> str:
        return f"{b} >> t{a} & 1 != 0"

    def _do_unless_constructor(self, pc: int, a: int, b: int, c: int) -> str:
        return f"same_constructor(ctx, t{a}, v{a}, t{b}, v{b}) != 0"

    # ---- loops --------------------------------------------------------------------
    def _charge(self, pc: int, edge: int) -> None:
        weight = self.image.back_edges[edge].weight
        self.check(pc, f"fuel < {weight}", "TRANSFER")
        self.writer.line(f"fuel -= {weight}")
        if self.body.counting and edge not in self.ranges:
            self.writer.line(f"k{self.edge_name(edge)} += 1")

    def _do_loop(self, pc: int, a: int, b: int, c: int) -> None:
        self._charge(pc, b)

    def _do_for_prep(self, pc: int, a: int, b: int, c: int) -> str:
        self.writer.line(f"t, v, s = range_last(t{a}, v{a}, t{a + 1}, v{a + 1}, {b})")
        self.check(pc, "s != OK", "s")
        self.writer.line("if t != BOOL:")
        self.writer.indent()
        self._begin_range(pc, a)
        self.writer.line(f"v{a + 1} = v")
        self.writer.line(f"t{a + 2} = INT")
        self.writer.line(f"v{a + 2} = v{a}")
        self.writer.dedent()
        return "t != BOOL"

    def _begin_range(self, pc: int, counter: int) -> None:
        """Let what the range counted before be added to what it will count."""
        for edge in self.ranges if self.body.counting else ():
            if self.image.back_edges[edge].target == pc + 1:
                name = self.edge_name(edge)
                self.writer.line(f"k{name} = k{name} + i{name} - v{counter}")
                self.writer.line(f"i{name} = v{counter}")

    def _do_for_loop(self, pc: int, a: int, b: int, c: int) -> str:
        self.writer.line(f"more = 1 if v{a} < v{a + 1} else 0")
        self.writer.line("if more != 0:")
        self.writer.indent()
        self._charge(pc, b)
        self.writer.line(f"v{a} = v{a} + 1")
        if self.body.counting:
            self.writer.line(f"i{self.edge_name(b)} = v{a}")
        self.writer.line(f"t{a + 2} = INT")
        self.writer.line(f"v{a + 2} = v{a}")
        self.writer.dedent()
        return "more == 0"

    # ---- calls --------------------------------------------------------------------
    def _do_return(self, pc: int, a: int, b: int, c: int) -> None:
        if self.body.timing is not None:
            own = self.table("chunk", self.chunk.index)
            if self.body.timing == "full":
                self.writer.line(f"end_timed(ctx, frame, {own})")
            else:
                self.writer.line("if frame <= load_atomic(ctx, RETURN_BOUND):")
                self.writer.indented(f"leave_sampled(ctx, frame, {own})")
        if not self.counts_fuel:
            self.writer.line(f"return t{a}, v{a}, OK")
            return
        name = f"{self.body.name}_done"
        self.exits[name] = f"{name} = done(flush={self.flush_targets()})"
        arguments = ["ctx", "fuel", *self.counters(), f"t{a}", f"v{a}"]
        self.writer.line(f"return {name}({', '.join(arguments)})")

    def _do_scalar(self, pc: int, a: int, b: int, c: int) -> None:
        arguments = ["ctx"]
        for index in range(3):
            register = a + 1 + index
            arguments += [f"t{register}", f"v{register}"] if index < c else ["NIL", "0"]
        function = SCALARS[b].function.__name__
        self.writer.line(f"t, v, s = {function}({', '.join(arguments)})")
        tag = self.tag(pc, a + 1)
        if SCALARS[b].name in PARSED and (tag is None or tag >= STRING):
            self.writer.line("if s == NATIVE:")
            self.writer.indent()
            given = f"t{a + 1}, v{a + 1}, {PARSED[SCALARS[b].name]}, 0, NIL, 0"
            which = NATIVE_INDEX["parse"]
            self.writer.line(f"t, v, s = call_native(ctx, {which}, {given})")
            self.writer.dedent()
        self.check(pc, "s != OK", "s")
        self.writer.line(f"t{a} = t")
        self.writer.line(f"v{a} = v")

    def _do_native_call(self, pc: int, a: int, b: int, c: int) -> None:
        operands = [
            f"t{a + 1 + index}, v{a + 1 + index}" if index < c else "NIL, 0"
            for index in range(3)
        ]
        if not self._array_operation(pc, a, b, c):
            self._native(pc, a, b, ", ".join(operands))

    def _array_operation(self, pc: int, a: int, which: int, count: int) -> bool:
        expression = self.array_operation(pc, a, which, count)
        if expression is None:
            return False
        if NATIVES[which].result is None:
            self._read(pc, a, expression)
        else:
            self._operation(pc, a, expression)
            self.after_array_operation(pc, a, which)
        return True

    def _append(self, pc: int, a: int, expression: str) -> None:
        """R[a] := R[a+1] with R[a+2] behind it, in place where there is room."""
        operands = f"t{a + 1}, v{a + 1}, t{a + 2}, v{a + 2}"
        self.writer.line(f"t, v, s = append_in_place(ctx, {operands})")
        self.writer.line("if s == NATIVE:")
        self.writer.indented(f"t, v, s = {expression}")
        self.check(pc, "s != OK", "s")
        self.writer.line(f"t{a} = LIST")
        self.writer.line(f"v{a} = v")

    def _native(self, pc: int, a: int, which: int, operands: str) -> None:
        """R[a] := a native operation, whose tag is known or expected."""
        expression = f"call_native(ctx, {which}, {operands})"
        if NATIVES[which].name in _APPENDS and self.tag(pc, a + 1) == LIST:
            self._append(pc, a, expression)
            return
        result = NATIVES[which].result
        if result is None:
            self._read(pc, a, expression)
        else:
            self._operation(pc, a, expression)
            tag = f"t{a + 1}" if result == SAME else TAG_CONSTANTS[result]
            self.writer.line(f"t{a} = {tag}")

    def _do_native_call_any(self, pc: int, a: int, b: int, c: int) -> None:
        if self._array_operation(pc, a, b, c):
            return
        for index in range(a + 1, a + 1 + c):
            self.writer.line(f"set_register(ctx, base + {index}, t{index}, v{index})")
        operands = f"INT, base + {a + 1}, INT, {c}, NIL, 0"
        self._native(pc, a, b, operands)
