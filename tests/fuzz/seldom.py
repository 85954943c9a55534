"""Functions of what other functions reach too seldom: rare operations, errors.

Each takes a number that says which branch is taken, and is called with all of them
twice over: by the second time it is specialised, so emitted code takes the branch.
"""

from __future__ import annotations

from .functions import Functions
from .rare import CALLABLES, RARE
from .scope import ANY, INT, LIST, NUMBER, Scope, Variable
from .trying import ARGUMENTS, SHOW, Tries

# Branches of one function.
_BRANCHES = 6


class Seldom(Functions):
    """Writes them, too."""

    def seldom(self, scope: Scope) -> None:
        """One function of rare operations, or one of errors, or a bit of both."""
        chance = self.chance
        if chance.of(0.5):
            self._branches(scope, False)
        if chance.of(0.5):
            self._branches(scope, True)
        if chance.of(0.25):
            chance.one((self._bound_late, self._changing_tails, self._deep_calls))()
        if chance.of(0.35):
            self._tries()

    def _branches(self, scope: Scope, failing: bool) -> None:
        name, number = f"n{self.expressions.fresh()}", self.expressions.fresh()
        inner = scope.inner()
        # Only what cannot fail is used, and nothing is assigned.
        inner.variables = [each for each in inner.variables if each.kind == LIST]
        inner.variables.append(Variable(number, INT, assignable=False))
        inner.functions = []
        self.open(f"private function {name}({number}, other)")
        for branch in range(_BRANCHES):
            made = self.expressions.failing(inner) if failing else self._rare(number)
            self.line(f"if {number} % {_BRANCHES} == {branch} {{ return {made} }}")
        self.line(number)
        self.close()
        counter = self.expressions.fresh()
        self.open(f"for {counter} in 0..{2 * _BRANCHES}")
        call = f"println({name}({counter}, {self.chance.one((counter, '1.5', 'nil'))}))"
        if failing:
            call = f"try {{ {call} }} catch (e) {{ println(e) }}"
        self.line(call)
        self.close()

    def _rare(self, number: str) -> str:
        """An expression of a rare operation."""
        chance = self.chance
        if chance.of(0.3):
            function = self.expressions.lambda_(
                Scope(variables=[Variable(number, NUMBER, assignable=False)]), 1
            )
            parts = chance.one(CALLABLES).split("FUNCTION")
            return function.join(part.replace("N", number) for part in parts)
        return chance.one(RARE).replace("N", number)

    def _tries(self) -> None:
        """Functions of throw, try and finally, and calls of the last of them."""
        tries = Tries(self.chance, "t", exits=self.chance.of(0.1))
        self.line(SHOW)
        for line in tries.text.flc:
            self.lines.append("  " * self.depth + line)
        name, counter = tries.known[-1], self.expressions.fresh()
        call = f"try {{ println({name}({counter})) }} catch (e) {{ println(show(e)) }}"
        self.line(f"for {counter} in {ARGUMENTS.start}..{ARGUMENTS.stop} {{ {call} }}")

    def _bound_late(self) -> None:
        """A function that uses a variable which is bound, and changes kind, later."""
        early, late = f"n{self.expressions.fresh()}", self.expressions.fresh()
        again, counter = f"n{self.expressions.fresh()}", self.expressions.fresh()
        for name in (early, again):
            body = f"if n % 4 == 3 {{ {late} }} else {{ n }}"
            self.line(f"private function {name}(n) {{ {body} }}")
        head = f"for {counter} in 0..9 {{ try {{ println({early}({counter})) }}"
        self.line(f"{head} catch (e) {{ println(e.message) }} }}")
        self.line(f"let {late} = {self.expressions.literal(NUMBER)}")
        other = self.expressions.literal(ANY)
        self.open(f"for {counter} in 0..12")
        self.line(f"println({again}({counter}))")
        self.line(f"println({early}({counter}))")
        self.line(f"if {counter} == 8 {{ {late} = {other} }}")
        self.close()

    def _changing_tails(self) -> None:
        """Tail calls whose argument changes its kind on the way."""
        names = [f"n{self.expressions.fresh()}" for _ in range(2)]
        if self.chance.of(0.4):
            names[1] = names[0]
        other = self.expressions.literal(ANY)
        for name, following in {names[0]: names[1], names[1]: names[0]}.items():
            changed = f"if n == {self.chance.number(1, 4)} {{ {other} }} else {{ x }}"
            body = f"if n <= 0 {{ x }} else {{ {following}(n - 1, {changed}) }}"
            self.line(f"private function {name}(n, x) {{ {body} }}")
        counter = self.expressions.fresh()
        self.line(f"for {counter} in 0..8 {{ println({names[0]}({counter}, 1)) }}")

    def _deep_calls(self) -> None:
        """A recursion as deep as units nest, or deeper than the program may."""
        name = f"n{self.expressions.fresh()}"
        body = f"if n <= 0 {{ 0 }} else {{ 1 + {name}(n - 1) }}"
        self.line(f"private function {name}(n) {{ {body} }}")
        depth = self.chance.one(("70", "90", "200"))
        call = f"println({name}(2) + {name}({depth}))"
        self.line(f"try {{ {call} }} catch (e) {{ println(e.kind) }}")
