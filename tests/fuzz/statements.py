"""Random statements, each on lines of its own, so that shrinking can work on lines."""

from __future__ import annotations

from collections.abc import Callable

from .patterns import Patterns
from .scope import (
    ANY,
    FLOAT,
    INT,
    KINDS,
    NUMBER,
    STRING,
    UNARY,
    Chance,
    Scope,
    Variable,
)


class Statements:
    """Writes statements for the scope it is given."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.expressions = Patterns(chance)
        self.lines: list[str] = []
        self.depth = 0
        # Whether functions may end in an error, in a branch that is taken late.
        self.failing = chance.of(0.4)

    # ---- lines ------------------------------------------------------------------
    def line(self, text: str) -> None:
        """Write a line."""
        # Without the semicolon a line that begins with `(` would be a call.
        end = "" if text.endswith("{") or text == "}" else ";"
        self.lines.append("  " * self.depth + text + end)

    def open(self, text: str) -> None:
        """Write the head of a block."""
        self.line(text + " {")
        self.depth += 1

    def close(self, text: str = "}") -> None:
        """Write the end of a block."""
        self.depth -= 1
        self.line(text)

    # ---- statements -------------------------------------------------------------
    def statements(self, scope: Scope, depth: int, most: int = 3) -> None:
        """Write one statement or a few."""
        for _ in range(self.chance.number(1, most)):
            self.statement(scope, depth)

    def statement(self, scope: Scope, depth: int) -> None:
        """Write one statement; `depth` is how deep it may nest."""
        makers: list[tuple[Callable[[Scope, int], None], int]] = [
            (self._let_any, 4),
            (self._assign, 6),
            (self._assign_place, 5),
            (self._let_apart, 1),
            (self._print, 1 if scope.in_function else 3),
        ]
        if depth > 0:
            makers += [
                (self._if, 4),
                (self._while, 2),
                (self._for, 3),
                (self._for_each, 3),
                (self._call_statement, 3),
                (self._block, 1),
                (self._try, 2),
            ]
        if scope.loops:
            makers.append((self._leave_loop, 3))
        if scope.in_function:
            makers.append((self._return, 1))
            if self.failing:
                makers += [(self._fail_later, 3), (self._throw_later, 2)]
        self.chance.weighted(makers)(scope, depth)

    def _let_any(self, scope: Scope, depth: int) -> None:
        kind = UNARY if self.chance.of(0.12) else self.chance.one(KINDS)
        self.let(scope, kind, depth)

    def let(self, scope: Scope, kind: str, depth: int) -> None:
        """Declare a variable of that kind."""
        value = self.expressions.expression(kind, scope, depth)
        name = self.expressions.fresh()
        if scope.variables and self.chance.of(0.1):
            # A second let of a name is a new variable.
            shadowed = self.chance.one(scope.variables)
            if shadowed.assignable and shadowed.kind == kind:
                name = shadowed.name
        self.line(f"let {name} = {value}")
        scope.variables.append(Variable(name, kind))

    def _assign(self, scope: Scope, depth: int) -> None:
        kind = self.chance.one(KINDS)
        variables = scope.assignable(kind)
        if not variables:
            self.let(scope, kind, depth)
            return
        name = self.chance.one(variables).name
        if kind == STRING and self.chance.of(0.5):
            self.line(f"{name} += {self.expressions.short(scope, depth)}")
            return
        value = self.expressions.expression(kind, scope, depth)
        operator = "="
        if kind in (INT, FLOAT, NUMBER) and self.chance.of(0.6):
            operator = self.chance.one(("+=", "+=", "-="))
        self.line(f"{name} {operator} {value}")

    def _assign_place(self, scope: Scope, depth: int) -> None:
        place = self.expressions.place(scope, 1)
        if place is None:
            self._let_any(scope, depth)
        else:
            self.line(place)

    def _let_apart(self, scope: Scope, depth: int) -> None:
        self.line(self.expressions.apart(scope, min(depth, 1)))

    def _print(self, scope: Scope, depth: int) -> None:
        value = self.expressions.expression(ANY, scope, depth)
        self.line(f"{self.chance.one(('println', 'print'))}({value})")

    def _call_statement(self, scope: Scope, depth: int) -> None:
        self.line(self.expressions.call(ANY, scope, depth))

    def _block(self, scope: Scope, depth: int) -> None:
        self.open("")
        self.statements(scope.inner(), depth - 1)
        self.close()

    def _if(self, scope: Scope, depth: int) -> None:
        condition = self.expressions.condition(scope, 2)
        self.open(f"if {condition}")
        self.statements(scope.inner(), depth - 1, 2)
        while self.chance.of(0.4):
            last = self.chance.of(0.6)
            head = f"else if {self.expressions.condition(scope, 1)}"
            self.depth -= 1
            self.open("} else" if last else "} " + head)
            self.statements(scope.inner(), depth - 1, 2)
            if last:
                break
        self.close()

    def _while(self, scope: Scope, depth: int) -> None:
        counter = self.expressions.fresh()
        bound = self.chance.number(1, 6)
        self.line(f"let {counter} = 0")
        scope.variables.append(Variable(counter, INT, assignable=False))
        condition = f"{counter} < {bound}"
        if self.chance.of(0.25):
            condition += f" && ({self.expressions.condition(scope, 1)})"
        self.open(f"while {condition}")
        self.line(f"{counter} += 1")
        inner = scope.inner()
        inner.loops += 1
        self.statements(inner, depth - 1, 4)
        self.close()

    def _for(self, scope: Scope, depth: int) -> None:
        chance = self.chance
        low, high = str(chance.number(-2, 3)), str(chance.number(0, 6))
        if chance.of(0.15):
            high = f"({self.expressions.expression(INT, scope, 1)}) % 7"
        if chance.of(0.02):
            low, high = "9223372036854775805", "9223372036854775807"
        name = self.expressions.fresh()
        self.open(f"for {name} in {low}{chance.one(('..', '..='))}{high}")
        inner = scope.inner()
        inner.loops += 1
        inner.variables.append(Variable(name, INT))
        self.statements(inner, depth - 1, 4)
        self.close()

    def _for_each(self, scope: Scope, depth: int) -> None:
        values, variable = self.expressions.iterable(scope)
        self.open(f"for {variable.name} in ({values})")
        inner = scope.inner()
        inner.loops += 1
        inner.variables.append(variable)
        self.statements(inner, depth - 1, 3)
        self.close()

    def _try(self, scope: Scope, depth: int) -> None:
        """A `try` with clauses that may not fit, or none, and a `finally`."""
        chance = self.chance
        self.open("try")
        self.statements(scope.inner(), depth - 1)
        if scope.in_function and chance.of(0.5):
            self._throw_later(scope, 0)
        final = chance.of(0.4)
        clauses = chance.number(0 if final else 1, 2)
        for last in range(clauses, 0, -1):
            self.depth -= 1
            name = self.expressions.fresh()
            if last == 1 and chance.of(0.8):
                head = chance.one((f"({name})", f"({name})", ""))
            else:
                head = chance.one(
                    (f"({chance.number(-1, 3)})", f"(0..=4 as {name})", '("thrown")')
                )
            self.open(f"}} catch {head}".rstrip())
            if name in head:
                self.line(f"println({name})")
            self.statements(scope.inner(), depth - 1, 2)
        if final:
            self.depth -= 1
            self.open("} finally")
            self.statements(scope.inner(), depth - 1, 2)
        self.close()

    def _throw_later(self, scope: Scope, _depth: int) -> None:
        """A value that is thrown, maybe after the function was specialised."""
        value = self.expressions.expression(INT, scope, 0)
        thrown = self.chance.one((f"({value}) % 4", '"thrown"', "[1, nil]"))
        rare = self.chance.one(("% 3 == 1", "% 2 == 0", "> 2"))
        self.line(f"if ({value}) {rare} {{ throw {thrown} }}")

    def _leave_loop(self, scope: Scope, _depth: int) -> None:
        condition = self.expressions.condition(scope, 1)
        self.line(f"if {condition} {{ {self.chance.one(('break', 'continue'))} }}")

    def _fail_later(self, scope: Scope, _depth: int) -> None:
        """An error that comes after the function was specialised, if it comes."""
        value = self.expressions.expression(INT, scope, 0)
        rare = self.chance.one(("% 5 == 3", "% 7 == 5", "== 6", "> 4"))
        failing = self.expressions.failing(scope)
        self.line(f"if ({value}) {rare} {{ {failing} }}")

    def _return(self, scope: Scope, _depth: int) -> None:
        value = self.expressions.expression(scope.result, scope, 1)
        self.line(f"if {self.expressions.condition(scope, 1)} {{ return {value} }}")
