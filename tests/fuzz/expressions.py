"""Random expressions, fully parenthesised, of a wanted kind mostly."""

from __future__ import annotations

from collections.abc import Callable

from .scope import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    LIST,
    NUMBER,
    STRING,
    UNARY,
    Chance,
    Function,
    Scope,
    Variable,
)
from .words import (
    CAUTIOUS,
    COMPARISONS,
    FAILING,
    FLOATS,
    INT_PAIRS,
    KIND_TESTS,
    LARGE,
    ODD_FLOATS,
    SMALL,
    STRINGS,
    UNARY_MATH,
)


class Expressions:
    """Writes expressions for the scope it is given."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.names = 0
        # The more of them, the sooner a program ends in an error.
        self.mistakes = 0.0
        self._makers: dict[str, Callable[[Scope, int], str]] = {
            INT: self._int,
            FLOAT: self._float,
            NUMBER: self._number,
            BOOL: self._bool,
            STRING: self._string,
            ANY: self._any,
            UNARY: self._function_value,
            LIST: lambda scope, depth: "args()",
        }

    def fresh(self) -> str:
        """A name not used before."""
        self.names += 1
        return f"v{self.names}"

    def expression(self, kind: str, scope: Scope, depth: int) -> str:
        """An expression that mostly gives that kind."""
        if self.mistakes and self.chance.of(self.mistakes):
            return self._mistake(scope)
        variables = scope.readable(kind)
        if variables and self.chance.of(0.35 if depth > 0 else 0.8):
            return self.chance.one(variables).name
        if depth <= 0:
            return self.literal(kind)
        if kind not in (UNARY, LIST) and self.chance.of(0.3):
            return self._form(kind, scope, depth - 1)
        return self._makers[kind](scope, depth - 1)

    def _mistake(self, scope: Scope) -> str:
        if self.chance.of(0.1):
            return "missing" if self.chance.of(0.5) else "missing(1)"
        if scope.functions and self.chance.of(0.2):
            return f"{self.chance.one(scope.functions).name}(1, 2, 3, 4, 5, 6, 7)"
        return self.chance.one(("nil", '"a"', "true", "1.5", "0", "args", "args()"))

    def literal(self, kind: str) -> str:
        """A literal of that kind."""
        chance = self.chance
        if kind == NUMBER:
            kind = INT if chance.of(0.7) else FLOAT
        if kind == INT:
            return chance.one(LARGE if chance.of(0.02) else SMALL)
        if kind == FLOAT:
            return chance.one(ODD_FLOATS if chance.of(0.08) else FLOATS)
        if kind == BOOL:
            return chance.one(("true", "false"))
        if kind == STRING:
            return chance.one(STRINGS)
        if kind == LIST:
            return "args()"
        if kind == UNARY:
            return chance.one(("abs", "(x => x + 1)", "(x => x * 0.5)", "sqrt", "sign"))
        return chance.one(("nil", "true", "1", "2.5", '"s"', "0", "false"))

    def failing(self, scope: Scope) -> str:
        """An expression that ends in an error, the more surely the plainer."""
        chance = self.chance
        wrong = chance.one(("nil", "true", '"a"', "abs"))
        right = self.expression(chance.one((INT, NUMBER, ANY)), scope, 1)
        kind = chance.number(0, 9)
        if kind <= 1:
            pair = [wrong, chance.one((right, "3", "3"))]
            if chance.of(0.4):
                pair.reverse()
            operators = ("+", "-", "*", "/", "%", "**", "<", "<=", ">", ">=")
            return f"({pair[0]} {chance.one(operators)} {pair[1]})"
        if kind <= 2:
            operator, bound = (
                chance.one(("<", "<=", ">", ">=")),
                chance.one(("3", right)),
            )
            return f"(if {wrong} {operator} {bound} {{ 1 }} else {{ 2 }})"
        words = self.expression(LIST, scope, 0)
        return chance.one(FAILING).replace("RIGHT", right).replace("LIST", words)

    # ---- forms of any kind ------------------------------------------------------
    def _form(self, kind: str, scope: Scope, depth: int) -> str:
        makers = (
            (self._if, 4),
            (self._match, 3),
            (self._block, 1),
            (self._let, 1),
            (self._assignment, 2),
            (self.call, 6),
            (self._called_value, 2),
        )
        return self.chance.weighted(makers)(kind, scope, depth)

    def _if(self, kind: str, scope: Scope, depth: int) -> str:
        then = self.expression(kind, scope, depth)
        otherwise = self.expression(kind, scope, depth)
        middle = ""
        if self.chance.of(0.2):
            value = self.expression(kind, scope, depth)
            middle = f" else if {self.condition(scope, depth)} {{ {value} }}"
        condition = self.condition(scope, depth)
        return f"(if {condition} {{ {then} }}{middle} else {{ {otherwise} }})"

    def _match(self, kind: str, scope: Scope, depth: int) -> str:
        subject = self.expression(self.chance.one((INT, NUMBER, ANY)), scope, depth)
        arms = [self._arm(kind, scope, depth) for _ in range(self.chance.number(1, 3))]
        if kind != ANY or self.chance.of(0.7):
            arms.append(("_", self.expression(kind, scope, depth)))
        if self.chance.of(0.1):
            cases = "".join(f".case({', '.join(arm)})" for arm in arms)
            return f"(({subject}).match(){cases}.get())"
        written = ", ".join(map(" => ".join, arms))
        return f"(match ({subject}) {{ {written} }})"

    def _arm(self, kind: str, scope: Scope, depth: int) -> tuple[str, str]:
        """What stands before the arrow, and behind it."""
        chance = self.chance
        pattern = chance.one(
            ("0", "1", "2 | 3", "1..5", "-3..=0", "1 | 7..9", '"a"', "nil", "true",
             "-1", "0.5", "0.5..2", "100000")
        )  # fmt: skip
        guard = ""
        if chance.of(0.3):
            name = self.fresh()
            inner = scope.inner()
            inner.variables.append(Variable(name, ANY))
            pattern = f"({pattern}) as {name}" if chance.of(0.5) else name
            scope = inner
        if chance.of(0.3):
            guard = f" when ({self.condition(scope, depth)})"
        return f"{pattern}{guard}", self.expression(kind, scope, depth)

    def _block(self, kind: str, scope: Scope, depth: int) -> str:
        first = self.expression(ANY, scope, depth)
        return f"({{ {first}; {self.expression(kind, scope, depth)} }})"

    def _let(self, kind: str, scope: Scope, depth: int) -> str:
        held = self.chance.one((INT, FLOAT, NUMBER))
        value = self.expression(held, scope, depth)
        inner = scope.inner()
        name = self.fresh()
        inner.variables.append(Variable(name, held))
        return f"(let {name} = {value}; {self.expression(kind, inner, depth)})"

    def _assignment(self, kind: str, scope: Scope, depth: int) -> str:
        variables = scope.assignable(kind)
        if not variables:
            return self._makers[kind](scope, depth)
        name = self.chance.one(variables).name
        value = self.expression(kind, scope, depth)
        if kind in (INT, FLOAT, NUMBER) and self.chance.of(0.4):
            return f"({name} {self.chance.one(('+=', '-='))} {value})"
        # In a block, as an assignment may not be all of a condition.
        return f"({{ {name} = {value} }})"

    def call(self, kind: str, scope: Scope, depth: int) -> str:
        """A call of a function that gives that kind, if there is one."""
        functions = scope.callable(kind)
        if not functions:
            return self._makers[kind](scope, depth)
        return self.call_of(self.chance.one(functions), scope, depth)

    def call_of(self, function: Function, scope: Scope, depth: int) -> str:
        """A call of that function."""
        arguments = [
            self.expression(kind, scope, depth) for kind in function.parameters
        ]
        if function.counter:
            arguments[0] = self.count()
        if arguments and self.chance.of(0.15):
            rest = ", ".join(arguments[1:])
            if self.chance.of(0.5):
                return f"({arguments[0]} |> {function.name}({rest}))"
            return f"({arguments[0]}).{function.name}({rest})"
        return f"{function.name}({', '.join(arguments)})"

    def count(self) -> str:
        """How deep a recursion is to go; now and then deeper than units nest."""
        if self.chance.of(0.06):
            return self.chance.one(("70", "150", "400"))
        return str(self.chance.number(0, 8))

    def _called_value(self, kind: str, scope: Scope, depth: int) -> str:
        if kind not in (NUMBER, ANY):
            return self._makers[kind](scope, depth)
        value = self.expression(UNARY, scope, depth)
        return f"({value})({self.expression(NUMBER, scope, depth)})"

    # ---- by kind ----------------------------------------------------------------
    def _int(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        left = self.expression(INT, scope, depth)
        right = self.expression(INT, scope, depth)
        kind = chance.number(0, 15)
        if kind <= 3:
            return f"({left} {chance.one('+-')} {chance.one(SMALL)})"
        if kind <= 6:
            return f"({left} {chance.one('+-')} {right})"
        if kind == 7:
            return f"({left} * {right} % 1000)"
        if kind == 8:
            divisor = chance.one(("2", "3", "-7", "10"))
            return f"({left} {chance.one(('/', '%'))} {divisor})"
        if kind == 9:
            return f"({left} {chance.one(('/', '%'))} {right})"
        if kind == 10:
            return f"(-{left})"
        if kind == 11:
            return f"{chance.one(INT_PAIRS)}({left}, {right})"
        if kind == 12:
            return f"({left} % 10 ** {chance.number(0, 3)} * {chance.number(-3, 3)})"
        return self._rare_int(left, right, scope, depth)

    def _rare_int(self, left: str, right: str, scope: Scope, depth: int) -> str:
        chance = self.chance
        kind = chance.number(0, 8)
        if kind == 0:
            return f"to_int({self.expression(NUMBER, scope, depth)})"
        if kind == 1:
            return f"({left} ** {chance.one(('2', '3', '0', right))})"
        if kind == 2:
            return f"{chance.one(CAUTIOUS)}({left}, {right})"
        if kind == 3:
            words = self.expression(LIST, scope, 0)
            return f"length({chance.one((*STRINGS, words, words))})"
        if kind == 4:
            words = self.expression(LIST, scope, 0)
            return chance.one((f"to_int({words}[0])", 'to_int("12")'))
        if kind == 5:
            return f"{chance.one(('abs', 'sign'))}({left})"
        if kind == 6:
            return f"factorial({left} % 10)"
        if kind == 7:
            return f"({left} * {right})"
        return f"clamp({left}, -50, {right})"

    def _float(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        left = self.expression(FLOAT, scope, depth)
        right = self.expression(chance.one((FLOAT, NUMBER, INT)), scope, depth)
        if chance.of(0.3):
            left, right = right, left
            if chance.of(0.9):
                right = f"({right} + 0.0)"
        kind = chance.number(0, 9)
        if kind <= 4:
            return f"({left} {chance.one('+-*')} {right})"
        if kind == 5:
            return f"({left} / {chance.one(('2', '4.0', '-0.5', right))})"
        if kind == 6:
            return f"({left} % {chance.one(('2', '1.5', right))})"
        if kind == 7:
            return f"{chance.one(UNARY_MATH)}({right})"
        if kind == 8:
            return f"(-{left})"
        return self._rare_float(left, right)

    def _rare_float(self, left: str, right: str) -> str:
        chance = self.chance
        kind = chance.number(0, 5)
        if kind == 0:
            return f"to_float({chance.one((right, right, 'args()[1]'))})"
        if kind == 1:
            return f"({left} ** {chance.one(('2', '0.5', '-1', right))})"
        if kind == 2:
            return f"{chance.one(('atan2', 'hypot', 'log', 'pow'))}({left}, {right})"
        if kind == 3:
            return f"round_to({left}, {chance.number(-2, 3)})"
        if kind == 4:
            return chance.one(("pi", "e", "tau"))
        if chance.of(0.5):
            return f"{chance.one(('abs', 'sign'))}({left})"
        return f"{chance.one(('min', 'max'))}({left}, {right})"

    def _number(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        if chance.of(0.4):
            return self._int(scope, depth)
        if chance.of(0.3):
            return self._float(scope, depth)
        left = self.expression(NUMBER, scope, depth)
        right = self.expression(NUMBER, scope, depth)
        return f"({left} {chance.one(('+', '-', '+', '-', '*'))} {right})"

    def _bool(self, scope: Scope, depth: int) -> str:
        chance = self.chance
        kind = chance.number(0, 9)
        if kind <= 4:
            return f"({self.comparison(scope, depth)})"
        if kind == 5:
            return f"(!{self.expression(BOOL, scope, depth)})"
        if kind <= 7:
            left = self.expression(BOOL, scope, depth)
            right = self.expression(BOOL, scope, depth)
            return f"({left} {chance.one(('&&', '||'))} {right})"
        if kind == 8:
            name = chance.one(("is_even", "is_odd"))
            return f"{name}({self.expression(INT, scope, depth)})"
        name = chance.one(KIND_TESTS)
        return f"{name}({self.expression(ANY, scope, depth)})"

    def comparison(self, scope: Scope, depth: int) -> str:
        """A comparison of two numbers, or two strings, or of anything by `==`."""
        chance = self.chance
        operator = chance.one(COMPARISONS)
        kind = chance.weighted(((INT, 6), (NUMBER, 6), (FLOAT, 3), (STRING, 1)))
        if chance.of(0.1):
            operator, kind = chance.one(("==", "!=")), ANY
        left = self.expression(kind, scope, depth)
        right = self.expression(kind, scope, depth)
        if chance.of(0.35):
            right = chance.one(SMALL) if kind in (INT, NUMBER) else right
        return f"{left} {operator} {right}"

    def condition(self, scope: Scope, depth: int) -> str:
        """What stands in the head of `if` or `while`."""
        chance = self.chance
        if chance.of(0.6):
            return self.comparison(scope, depth)
        if chance.of(0.1):
            return f"({self.expression(ANY, scope, depth)})"
        if chance.of(0.3):
            left = self.expression(BOOL, scope, depth)
            right = self.condition(scope, depth - 1) if depth > 0 else "true"
            return f"{left} {chance.one(('&&', '||'))} ({right})"
        return self.expression(BOOL, scope, depth)

    def _string(self, scope: Scope, depth: int) -> str:
        if self.chance.of(0.3):
            return f"type_of({self.expression(ANY, scope, depth)})"
        return self.literal(STRING)

    def _any(self, scope: Scope, depth: int) -> str:
        kind = self.chance.weighted(
            ((INT, 5), (FLOAT, 3), (NUMBER, 4), (BOOL, 2), (STRING, 1))
        )
        if self.chance.of(0.05):
            return self.literal(ANY)
        return self.expression(kind, scope, depth)

    def _function_value(self, scope: Scope, depth: int) -> str:
        names = [
            each.name
            for each in scope.functions
            if len(each.parameters) == 1 and each.parameters[0] == NUMBER
        ]
        if names and self.chance.of(0.4):
            return self.chance.one(names)
        if self.chance.of(0.3):
            return self.literal(UNARY)
        return self.lambda_(scope, depth)

    def lambda_(self, scope: Scope, depth: int) -> str:
        """A lambda of a number, which mostly captures variables, and may assign one."""
        name = self.fresh()
        inner = scope.inner()
        inner.variables.append(Variable(name, NUMBER))
        kind = self.chance.one((INT, NUMBER, STRING))
        variables = scope.assignable(kind)
        first = ""
        if variables and self.chance.of(0.5):
            value = self.expression(kind, inner, min(depth, 1))
            first = f"{self.chance.one(variables).name} = {value}; "
        body = self.expression(NUMBER, inner, min(depth, 1))
        return f"({name} => {{ {first}{body} }})"
