"""Random programs of the part of the language that the compiler covers."""

from __future__ import annotations

import random

_ARITHMETIC = ("+", "-", "*", "+", "-", "+", "-", "*")
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_LITERALS = ("0", "1", "2", "3", "7", "-1", "-2", "100000", "9000000000", "1.5")
_ODD_LITERALS = ("true", "nil", '"a"', "false", "0.0")
_PATTERNS = ("0", "1", "2 | 3", "1..5", "2..=7", "1 | 5..9", '"a"', "nil", "true", "-1")


class Programs:
    """Makes one program after another from a seed.

    Programs end, name their variables so that every use is one of a visible
    variable (mostly), and assign inside expressions, where a compiler that keeps
    variables in registers goes wrong first.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = 0
        self.functions: list[tuple[str, int]] = []
        self.scope: list[str] = []
        self.assignable: list[str] = []
        self.flags: list[str] = []  # variables that hold bools
        self.late: list[str] = []  # of the top level, declared after functions
        self.in_function = False
        self.loops = 0

    def program(self) -> str:
        """The text of a program."""
        parts = []
        for _ in range(self.random.randint(1, 3)):
            parts.append(f"let {self._fresh()} = {self._literal()}")
        self.late = ["late1", "late2"]
        for _ in range(self.random.randint(1, 3)):
            parts.append(self._function())
            if self.random.random() < 0.5:
                parts.append(self._declared(self._expression(2)))
            if self.late and self.random.random() < 0.3:
                parts.append(self._late_let())
        while self.late:
            parts.append(self._late_let())
        parts += [self._statement(3) for _ in range(self.random.randint(3, 8))]
        parts += [f"println({name})" for name in self.scope]
        parts.append(f"println({self._expression(3)})")
        return ";\n".join(parts) + "\n"

    def _late_let(self) -> str:
        name = self.late.pop()
        value = self._expression(2)
        self.scope.append(name)
        self.assignable.append(name)
        return f"let {name} = {value}"

    # ---- names ----------------------------------------------------------------
    def _fresh(self, assignable: bool = True) -> str:
        self.names += 1
        name = f"v{self.names}"
        self.scope.append(name)
        if assignable:
            self.assignable.append(name)
        return name

    def _declared(self, value: str) -> str:
        # The value is written before the name exists.
        return f"let {self._fresh()} = {value}"

    def _function(self) -> str:
        outer = self.scope, self.assignable, self.flags, self.loops
        self.scope, self.assignable = list(self.scope), list(self.assignable)
        self.flags = []
        if self.random.random() < 0.15:
            self.scope += self.late
            self.assignable += self.late
        self.loops = 0
        self.in_function = True
        params = [self._fresh() for _ in range(self.random.randint(0, 3))]
        body = self._items(3)
        self.in_function = False
        self.scope, self.assignable, self.flags, self.loops = outer
        name = f"f{len(self.functions)}"
        self.functions.append((name, len(params)))
        if self.random.random() < 0.3:
            return f"let {name} = ({', '.join(params)}) => {{ {body} }}"
        return f"private function {name}({', '.join(params)}) {{ {body} }}"

    # ---- statements -----------------------------------------------------------
    def _items(self, depth: int) -> str:
        count = self.random.randint(1, 3)
        parts = [self._statement(depth - 1) for _ in range(count)]
        parts.append(self._expression(depth - 1))
        return "; ".join(parts)

    def _block(self, depth: int) -> str:
        outer = list(self.scope), list(self.assignable), list(self.flags)
        text = f"{{ {self._items(depth)} }}"
        self.scope, self.assignable, self.flags = outer
        return text

    def _statement(self, depth: int) -> str:
        kind = self.random.randint(0, 11)
        if kind <= 2 or depth <= 0:
            return self._declared(self._expression(depth))
        if kind <= 4:
            return self._assignment(depth)
        if kind == 5:
            return self._if(depth)
        if kind == 6:
            return self._while(depth)
        if kind == 7:
            return self._for(depth)
        if kind == 8 and self.loops:
            leave = self.random.choice(("break", "continue"))
            return f"if {self._condition(depth)} {{ {leave} }}"
        if kind == 8 and self.in_function:
            return f"if {self._condition(depth)} {{ return {self._expression(1)} }}"
        if kind >= 10:
            return self._flag_statement(depth)
        return f"println({self._expression(depth)})"

    def _flag_statement(self, depth: int) -> str:
        value = self._condition(depth)
        if self.flags and self.random.random() < 0.7:
            name = self.random.choice(self.flags)
            if self.random.random() < 0.5:
                # What is on the right reads what the whole is assigned to.
                operator = self.random.choice(("&&", "||"))
                value = f"({value}) {operator} !({name})"
            return f"{name} = ({value}); println({name})"
        self.names += 1
        self.flags.append(f"b{self.names}")
        return f"let b{self.names} = ({value})"

    def _while(self, depth: int) -> str:
        counter = self._fresh(assignable=False)
        self.loops += 1
        body = self._block(depth)
        self.loops -= 1
        bound = f"{counter} < {self.random.randint(1, 4)}"
        condition = f"{bound} && {self._condition(depth - 1)}"
        if self.random.random() < 0.5:
            condition = bound
        return f"let {counter} = 0; while {condition} {{ {counter} += 1; {body} }}"

    def _for(self, depth: int) -> str:
        dots = self.random.choice(("..", "..="))
        over = f"{self.random.randint(-1, 2)}{dots}{self.random.randint(0, 3)}"
        scope, assignable = list(self.scope), list(self.assignable)
        name = self._fresh()
        self.loops += 1
        body = self._block(depth)
        self.loops -= 1
        self.scope, self.assignable = scope, assignable
        return f"for {name} in {over} {body}"

    def _assignment(self, depth: int) -> str:
        if not self.assignable:
            return "1"
        name = self.random.choice(self.assignable)
        operator = self.random.choice(("=", "=", "+=", "-=", "*="))
        return f"{name} {operator} {self._expression(depth)}"

    # ---- expressions ----------------------------------------------------------
    def _literal(self) -> str:
        if self.random.random() < 0.02:
            return self.random.choice(_ODD_LITERALS)
        return self.random.choice(_LITERALS)

    def _expression(self, depth: int) -> str:
        kind = self.random.randint(0, 13)
        if depth <= 0 or kind <= 1:
            if self.scope and self.random.random() < 0.7:
                return self.random.choice(self.scope)
            return self._literal()
        if kind <= 4:
            operator = self.random.choice(_ARITHMETIC)
            if self.random.random() < 0.1:
                operator = f"% 97 {operator}"
            left, right = self._expression(depth - 1), self._expression(depth - 1)
            return f"({left} {operator} {right})"
        if kind == 5:
            return f"({self._assignment(depth - 1)})" if self.assignable else "nil"
        if kind == 6 and self.random.random() < 0.2:
            return f"({self._condition(depth - 1)})"
        if kind == 7:
            return self._if(depth - 1, complete=True)
        if kind == 8:
            return self._match(depth - 1)
        if kind <= 10 and self.functions:
            return self._call(depth - 1)
        if kind == 11:
            return f"({self._block(depth - 1)})" if depth > 1 else "2"
        if kind == 12:
            return f"(let {self._let_expression(depth - 1)})"
        return f"-({self._expression(depth - 1)})"

    def _let_expression(self, depth: int) -> str:
        value = self._expression(depth)
        scope, assignable = list(self.scope), list(self.assignable)
        name = self._fresh()
        body = self._expression(depth)
        self.scope, self.assignable = scope, assignable
        return f"{name} = {value}; {body}"

    def _condition(self, depth: int) -> str:
        kind = self.random.randint(0, 5)
        if self.flags and self.random.random() < 0.3:
            return self.random.choice(self.flags)
        if kind <= 2 or depth <= 0:
            operator = self.random.choice(_COMPARISONS)
            return f"{self._expression(depth - 1)} {operator} {self._expression(0)}"
        if kind == 3:
            return f"!({self._condition(depth - 1)})"
        operator = self.random.choice(("&&", "||"))
        left, right = self._condition(depth - 1), self._condition(depth - 1)
        if self.random.random() < 0.05:
            right = self._expression(depth - 1)
        return f"({left}) {operator} ({right})"

    def _if(self, depth: int, complete: bool = False) -> str:
        text = f"if {self._condition(depth)} {self._block(depth)}"
        if self.random.random() < 0.4:
            text += f" else if {self._condition(depth)} {self._block(depth)}"
        if complete or self.random.random() < 0.5:
            text += f" else {self._block(depth)}"
        return f"({text})"

    def _match(self, depth: int) -> str:
        subject = self._expression(depth)
        if self.assignable and self.random.random() < 0.5:
            subject = self.random.choice(self.assignable)
        arms = []
        for _ in range(self.random.randint(1, 4)):
            scope, assignable = list(self.scope), list(self.assignable)
            pattern = self.random.choice(_PATTERNS)
            if self.random.random() < 0.4:
                pattern = self._fresh()
            elif self.random.random() < 0.3:
                pattern = f"({pattern}) as {self._fresh()}"
            guard = ""
            if subject in self.assignable and self.random.random() < 0.3:
                # The arms after a guard see the subject as it was before.
                guard = f" when ({subject} -= 1) > {self._literal()}"
            elif self.random.random() < 0.4:
                guard = f" when ({self._condition(depth)})"
            arms.append(f"{pattern}{guard} => {self._expression(depth)}")
            self.scope, self.assignable = scope, assignable
        if self.random.random() < 0.9:
            arms.append(f"_ => {self._expression(depth)}")
        return f"(match {subject} {{ {', '.join(arms)} }})"

    def _call(self, depth: int) -> str:
        name, count = self.random.choice(self.functions)
        if self.random.random() < 0.005:
            count += 1
        args = [self._expression(depth) for _ in range(count)]
        if args and self.random.random() < 0.2:
            return f"({args[0]}).{name}({', '.join(args[1:])})"
        if args and self.random.random() < 0.2:
            return f"({args[0]} |> {name}({', '.join(args[1:])}))"
        return f"{name}({', '.join(args)})"
