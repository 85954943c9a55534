"""Calls as a body has them: inside the unit, through slots, and in tail position."""

from __future__ import annotations

from ..core.opcodes import OPCODES, decode
from .array_emitter import ArrayWriter
from .bodies import Body
from .body import TAG_CONSTANTS
from .members import MemberKey


class CallWriter(ArrayWriter):
    """Writes the calls of a body."""

    def _arguments(self, pc: int, callee: Body, a: int) -> list[str]:
        """Typed arguments of a call inside the unit, tested for fixed tags."""
        tests = [
            f"t{a + 1 + index} != {TAG_CONSTANTS[tag]}"
            for index, tag in enumerate(callee.parameters)
            if tag is not None
        ]
        if tests:
            self.check(pc, " or ".join(tests), "GUARD")
        return callee.words(a + 1)

    def _store_arguments(self, callee: Body, a: int, base: str) -> None:
        """Put the arguments that are no words into the callee's window."""
        for index in callee.in_memory():
            register = a + 1 + index
            self.writer.line(
                f"set_register(ctx, {base}{index}, t{register}, v{register})"
            )

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
            self._guard_callee(pc, a, b, callee)
            self._call_body(pc, a, self.bodies[callee])
        else:
            self._call_out(pc, a, b, f"call_value(ctx, t{a}, v{a}, {b}, ", [a])

    def _guard_callee(self, pc: int, a: int, count: int, callee: MemberKey) -> None:
        """Test that R[a] is the function expected, and pass it its closure."""
        if pc not in self.body.member.certain:
            chunk = self.table("chunk", callee.chunk)
            self.check(pc, f"called_chunk(ctx, t{a}, v{a}) != {chunk}", "GUARD")
        if self.bodies[callee].chunk.captures:
            self.writer.line(f"t{a + 1 + count} = t{a}")
            self.writer.line(f"v{a + 1 + count} = v{a}")

    def _call_body(self, pc: int, a: int, callee: Body) -> None:
        arguments = self._arguments(pc, callee, a)
        if callee.tails:
            arguments.insert(0, "0")
        code = decode(self.image.code[pc])[0]
        kept = [a] if OPCODES[code].name == "CALL" else []
        self._store_arguments(callee, a, f"base + {a + 1} + ")
        window = ["ctx", f"base + {a + 1}", "frame + 1", *arguments]
        self._call(pc, a, f"{callee.name}({', '.join(window)})", kept)

    def _call_out(
        self, pc: int, a: int, count: int, head: str, kept: list[int]
    ) -> None:
        for index in range(a + 1, a + 1 + count):
            self.writer.line(f"set_register(ctx, base + {index}, t{index}, v{index})")
        self._call(pc, a, f"{head}base + {a + 1}, frame + 1)", kept)

    def _call(self, pc: int, a: int, expression: str, kept: list[int]) -> None:
        if self.counts_fuel:
            self.writer.line("store(ctx, FUEL, fuel)")
        self.writer.line(f"t, v, s = {expression}")
        if self.counts_fuel:
            self.writer.line("fuel = load(ctx, FUEL)")
        across = sorted({*self.across(pc), *kept})
        self.writer.line("if s != OK:")
        self.writer.indented(self.exit(pc, across, "call", "s"))
        self.writer.line(f"t{a} = t")
        self.writer.line(f"v{a} = v")
        expected = self.tag(pc + 1, a)
        if expected is not None and a in self.live(pc + 1):
            self.check(pc + 1, f"t{a} != {TAG_CONSTANTS[expected]}", "GUARD")
        if self.records.gains(pc, a):
            self.load_record(a)

    def _do_tail_call_chunk(self, pc: int, a: int, b: int, c: int) -> None:
        if c == self.chunk.index:
            self._iterate(pc, a, b)
            return
        callee = self.callees.get(pc)
        if callee is None:
            self.writer.line(self.own_exit(pc, "TRANSFER"))
            return
        self._tail_call_body(pc, a, self.bodies[callee])

    def _do_tail_call(self, pc: int, a: int, b: int, c: int) -> None:
        callee = self.callees.get(pc)
        if callee is None:
            self.writer.line(self.own_exit(pc, "TRANSFER"))
            return
        self._guard_callee(pc, a, b, callee)
        self._tail_call_body(pc, a, self.bodies[callee])

    def _iterate(self, pc: int, a: int, count: int) -> None:
        tests = [
            f"t{a + 1 + index} != {TAG_CONSTANTS[tag]}"
            for index, tag in enumerate(self.body.parameters)
            if tag is not None
        ]
        if tests:
            self.check(pc, " or ".join(tests), "GUARD")
        self.check(pc, f"fuel < {self.chunk.weight}", "TRANSFER")
        self.writer.line(f"fuel -= {self.chunk.weight}")
        if self.body.counting:
            self.writer.line("iterations += 1")
        for index in range(count):
            self.writer.line(f"t{index} = t{a + 1 + index}")
            self.writer.line(f"v{index} = v{a + 1 + index}")
            if index in self.records.start:
                self.copy_record(pc, index, a + 1 + index)

    def _tail_call_body(self, pc: int, a: int, callee: Body) -> None:
        arguments = self._arguments(pc, callee, a)
        if self.body.carried is not None:
            self._begin_carried(pc, callee)
            arguments = ["fuel", *self.carried_counts(), *arguments]
        else:
            if self.counts_fuel:
                self.writer.line("store(ctx, FUEL, fuel)")
            begun = self.beginning("begin_tail", callee.chunk)
            self.check(pc, f"{begun} != 0", "TRANSFER")
        if self.counts_fuel:
            self.flush_own()
        self._store_arguments(callee, a, "base + ")
        passed = ", ".join(["ctx", "base", "frame", "tails + 1", *arguments])
        self.writer.line(f"return jump_{callee.name}_begun({passed})")

    def _begin_carried(self, pc: int, callee: Body) -> None:
        """Begin the callee's activation with what is counted in words."""
        weight = callee.chunk.weight
        refused = f"fuel < {weight} or frame > load_atomic(ctx, LIMIT)"
        self.check(pc, refused, "TRANSFER")
        self.writer.line(f"fuel -= {weight}")
        if not self.body.carried:
            return
        names = self.carried_counts()
        name = names[self.body.carried.index(callee.chunk.index)]
        self.writer.line(f"{name} += 1")
        if self.body.timing is None:
            return
        # Not negative: an activation ends or begins that is timed.
        self.writer.line(f"if {name} >= 0:")
        self.writer.indent()
        before = [f"{name} - 1" if name == other else other for other in names]
        self.flush_carried(before)
        chunks = [self.table("chunk", each.chunk.index) for each in (callee, self.body)]
        self.writer.line(f"tail_sampled(ctx, frame, {', '.join(chunks)})")
        self.load_carried()
        self.writer.dedent()
