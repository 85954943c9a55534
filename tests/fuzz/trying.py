"""Random functions of throw, try, catch and finally, written twice: in FLC and, as
what they are meant to do, in Python, whose statements of that sort do the same.

The string `s` is a trace of what was executed; ints stay small and not negative.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .scope import Chance

# Text of what was caught, in both languages.
SHOW = (
    'private function show(e) { if type_of(e) == "error" { e.kind } else { "" + e } }'
)
ARGUMENTS = range(6)
# Functions that call those before them.
_FUNCTIONS = 3
_LONGEST = 2000


class Problem(Exception):
    """What `catch` catches: a thrown value, or an error by its kind."""

    def __init__(self, value: Any) -> None:
        self.value = value


@dataclass(frozen=True, slots=True)
class Fault:
    """An error value, of a kind."""

    kind: str


class Left(BaseException):
    """`exit`: `finally` runs for it, `catch` does not."""

    def __init__(self, status: int) -> None:
        self.status = status


class TooLong(BaseException):
    """The model gives the program up."""


def _show(value: Any) -> str:
    if isinstance(value, Fault):
        return value.kind
    return str(value)


def _divided(a: int, b: int, modulo: bool) -> int:
    if b == 0:
        raise Problem(Fault("DivisionByZero"))
    return a % b if modulo else a // b


def _item(items: list[int], index: int) -> int:
    if index >= len(items):
        raise Problem(Fault("IndexError"))
    return items[index]


def _wrong() -> int:
    raise Problem(Fault("TypeError"))


def _grown(s: str) -> str:
    if len(s) > _LONGEST:
        raise TooLong
    return s


@dataclass(slots=True)
class Text:
    """Lines of the function in both languages."""

    flc: list[str] = field(default_factory=list)
    python: list[str] = field(default_factory=list)
    depth: int = 0

    def both(self, flc: str, python: str) -> None:
        """One statement."""
        self.flc.append("  " * self.depth + flc + ";")
        self.python.append("  " * self.depth + python)

    @contextlib.contextmanager
    def block(self, flc: str, python: str) -> Iterator[None]:
        """The head of a block; its closing brace is left to `close`."""
        self.flc.append("  " * self.depth + flc + " {")
        self.python.append("  " * self.depth + python)
        self.depth += 1
        yield
        self.depth -= 1

    def close(self) -> None:
        """The brace at the end of a block."""
        self.flc.append("  " * self.depth + "}")


class Tries:
    """Writes the functions of one seed."""

    def __init__(self, chance: Chance, prefix: str, exits: bool = True) -> None:
        self.chance = chance
        self.prefix = prefix
        self.exits = exits
        self.text = Text()
        self.names = 0
        self.marks = 0
        self.lambdas = False
        # How many `try` have to be left by a `return` here, so that it is no tail call.
        self.protected = 0
        self.known: list[str] = []
        self.size = 0
        for _ in range(chance.number(1, _FUNCTIONS)):
            self._function()

    def source(self) -> str:
        """The text in FLC."""
        return "\n".join(self.text.flc) + "\n"

    def model(self) -> dict[str, Any]:
        """The functions in Python, and under `errors` how often each was left."""
        errors = dict.fromkeys(self.known, 0)

        def counted(function: Callable[[int], str]) -> Callable[[int], str]:
            def call(n: int) -> str:
                try:
                    return function(n)
                except Problem:
                    errors[function.__name__] += 1
                    raise

            return call

        names = {
            "Problem": Problem,
            "Left": Left,
            "Fault": Fault,
            "show": _show,
            "divided": _divided,
            "item": _item,
            "wrong": _wrong,
            "grown": _grown,
            "counted": counted,
            "errors": errors,
        }
        exec("\n".join(self.text.python), names)
        return names

    # ---- functions ----------------------------------------------------------------
    def _function(self) -> None:
        text, chance = self.text, self.chance
        name = f"{self.prefix}{len(self.known)}"
        self.size = 0
        text.python.append("@counted")
        with text.block(f"private function {name}(n)", f"def {name}(n):"):
            first = chance.number(0, 3)
            text.both('let s = ""', 's = ""')
            text.both(f"let a = n + {first}", f"a = n + {first}")
            text.both("let b = n % 3", "b = n % 3")
            self.lambdas = chance.of(0.25)
            if self.lambdas:
                text.flc.append("  let bump = () => { a = (a + 3) % 50; a };")
                text.python.append("  def bump():")
                text.python.append("    nonlocal a")
                text.python.append("    a = (a + 3) % 50")
                text.python.append("    return a")
            for _ in range(chance.number(1, 3)):
                self._statement(3, False, None)
            self._try(3, False, None)
            text.both('s + "." + a + "." + b', 'return s + "." + str(a) + "." + str(b)')
        text.close()
        self.known.append(name)

    def _block(self, depth: int, loop: bool, caught: str | None, most: int = 3) -> None:
        for _ in range(self.chance.number(1, most)):
            self._statement(depth, loop, caught)

    def _statement(self, depth: int, loop: bool, caught: str | None) -> None:
        makers: list[tuple[Callable[[int, bool, str | None], None], int]] = [
            (self._mark, 4),
            (self._assign, 4),
            (self._leave, 5),
            (self._fault, 4),
        ]
        if self.known:
            makers.append((self._call, 2))
        if depth > 0 and self.size < 30:
            makers += [
                (self._try, 7),
                (self._loop, 3),
                (self._if, 2),
                (self._try_value, 2),
            ]
        self.size += 1
        self.chance.weighted(makers)(depth - 1, loop, caught)

    def _fresh(self) -> str:
        self.names += 1
        return f"w{self.names}"

    # ---- statements without blocks --------------------------------------------------
    def _mark(self, _depth: int, _loop: bool, _caught: str | None) -> None:
        self.marks = (self.marks + 1) % 26
        letter = chr(97 + self.marks)
        self.text.both(f's = s + "{letter}"', f's = grown(s + "{letter}")')

    def _assign(self, _depth: int, _loop: bool, _caught: str | None) -> None:
        line = self.chance.one(
            ("a = (a + b + 1) % 50", "b = (b + a) % 7", "a = a * 2 % 37", "b = b + 1")
        )
        if self.lambdas and self.chance.of(0.4):
            line = "b = bump()"
        self.text.both(line, line)

    def _condition(self) -> str:
        variable = self.chance.one(("a", "b", "n"))
        modulus = self.chance.number(2, 4)
        return f"{variable} % {modulus} == {self.chance.number(0, modulus - 1)}"

    def _fault(self, _depth: int, _loop: bool, _caught: str | None) -> None:
        """A run-time error for some values."""
        lines = (
            ("b = a / b", "b = divided(a, b, False)"),
            ("a = a % b", "a = divided(a, b, True)"),
            ("a / b", "divided(a, b, False)"),
            ("a = [1, 2, 3][b]", "a = item([1, 2, 3], b)"),
            ("b = (a / (b % 2)) % 7", "b = divided(a, b % 2, False) % 7"),
        )
        flc, python = self.chance.one(lines)
        if self.chance.of(0.15):
            condition = self._condition()
            flc = f'if {condition} {{ a = "x" - a }}'
            python = f"if {condition}: a = wrong()"
        self.text.both(flc, python)

    def _leave(self, _depth: int, loop: bool, caught: str | None) -> None:
        """`throw`, `return`, `break` or `continue`, under a condition."""
        chance, condition = self.chance, self._condition()
        choice = chance.number(0, 9)
        if choice <= 2:
            flc = python = 'return s + "r"'
        elif choice <= 5 and loop:
            flc = python = chance.one(("break", "continue"))
        elif choice == 6 and self.exits:
            flc, python = "exit(3)", "raise Left(3)"
        elif choice == 7 and caught is not None:
            flc, python = f"throw {caught}", f"raise Problem({caught})"
        else:
            value = chance.one(("a % 4", "b", '"t"', "2", "[a, 1]", 's + "v"'))
            flc, python = f"throw {value}", f"raise Problem({value})"
        self.text.both(f"if {condition} {{ {flc} }}", f"if {condition}: {python}")

    def _call(self, _depth: int, _loop: bool, _caught: str | None) -> None:
        name = self.chance.one(self.known)
        argument = self.chance.one(("a % 5", "n", "b % 4"))
        call = f"{name}({argument})"
        if self.protected and self.chance.of(0.3):
            # Then only handlers need the variables. Elsewhere it is a tail call, and
            # an error does not leave this function.
            self.text.both(f"return {call}", f"return {call}")
            return
        self.text.both(f"s = s + {call}", f"s = grown(s + {call})")

    # ---- statements with blocks -----------------------------------------------------
    def _if(self, depth: int, loop: bool, caught: str | None) -> None:
        text, condition = self.text, self._condition()
        with text.block(f"if {condition}", f"if {condition}:"):
            self._block(depth, loop, caught, 2)
        if self.chance.of(0.5):
            with text.block("} else", "else:"):
                self._block(depth, loop, caught, 2)
        text.close()

    def _loop(self, depth: int, _loop: bool, caught: str | None) -> None:
        name, bound = self._fresh(), self.chance.number(1, 3)
        head = f"for {name} in range(0, {bound}):"
        with self.text.block(f"for {name} in 0..{bound}", head):
            self._block(depth, True, caught)
        self.text.close()

    def _try_value(self, _depth: int, _loop: bool, _caught: str | None) -> None:
        """A `try` whose value is assigned."""
        text, variable = self.text, self.chance.one("ab")
        final = self.chance.of(0.5)
        end = ' finally { s = s + "F" }' if final else ""
        caught = "catch (_) { b = b + 1; 5 }"
        text.both(
            f"{variable} = try {{ b = 1; a % b + a / (n % 2) }} {caught}{end}", "try:"
        )
        name = self._fresh()
        lines = [
            f"  b = 1; {name} = divided(a, b, True) + divided(a, n % 2, False)",
            "except Problem:",
            f"  b = b + 1; {name} = 5",
            *(["finally:", '  s = grown(s + "F")'] if final else []),
            f"{variable} = {name}",
        ]
        text.python += ["  " * text.depth + line for line in lines]

    def _try(self, depth: int, loop: bool, caught: str | None) -> None:
        text, chance = self.text, self.chance
        final = chance.of(0.6)
        clauses = chance.number(0 if final else 1, 2)
        self.protected += 1
        with text.block("try", "try:"):
            self._block(depth, loop, caught)
        self.protected -= not final
        if clauses:
            error = self._fresh()
            with text.block("", f"except Problem as {error}_problem:"):
                text.flc.pop()
                text.python.append(
                    "  " * text.depth + f"{error} = {error}_problem.value"
                )
                for index in range(clauses):
                    self._clause(depth, loop, error, index, index == clauses - 1)
                text.python.append("  " * text.depth + "else: raise")
        if final:
            self.protected -= 1
            with text.block("} finally", "finally:"):
                self._mark(0, False, None)
                if chance.of(0.7):
                    self._block(min(depth, 1), loop, caught, 2)
        text.close()

    def _clause(
        self, depth: int, loop: bool, error: str, index: int, last: bool
    ) -> None:
        """One clause; the model tests for its pattern."""
        chance = self.chance
        choice = chance.number(0, 9)
        caught: str | None = error
        if last and choice <= 6:
            pattern, test = chance.one(
                ((error, "True"), (error, "True"), ("_", "True"))
            )
            caught = error if pattern == error else None
        elif choice <= 3:
            number = chance.number(0, 3)
            pattern, test, caught = f"{number}", f"{error} == {number}", None
        elif choice <= 5:
            pattern = f"0..=2 as {error}"
            test = f"isinstance({error}, int) and 0 <= {error} <= 2"
        elif choice <= 7:
            pattern, test, caught = '"t"', f'{error} == "t"', None
        else:
            condition = self._condition()
            pattern, test = f"{error} if {condition}", condition
        head = "elif" if index else "if"
        self.text.depth -= 1
        self.text.flc.append("  " * self.text.depth + f"}} catch ({pattern}) {{")
        self.text.depth += 1
        self.text.python.append("  " * self.text.depth + f"{head} {test}:")
        self.text.depth += 1
        if caught is not None and chance.of(0.7):
            self.text.both(f"s = s + show({error})", f"s = grown(s + show({error}))")
        else:
            self._mark(0, False, None)
        if chance.of(0.6):
            self._block(depth, loop, caught, 2)
        self.text.depth -= 1
