"""A tree-walking evaluator of the part of the language that the compiler covers.

It shares the semantic functions with the virtual machine, and nothing of names,
registers, jumps or bytecode: what the two disagree on is a bug of the compiler.
"""

from __future__ import annotations

from typing import Any

from fluentai_jit.core import arithmetic, comparison
from fluentai_jit.core.primitives import bits_of_float, float_of_bits
from fluentai_jit.core.statuses import ERROR_KINDS, OK
from fluentai_jit.core.tags import BOOL, FLOAT, FUNCTION, INT, NIL, STRING
from fluentai_jit.engine.values import float_text
from fluentai_jit.graph import nodes
from fluentai_jit.graph.nodes import Graph, Node

Value = tuple[int, Any]
_NIL: Value = (NIL, 0)
_BINARY = {
    "+": arithmetic.op_add,
    "-": arithmetic.op_subtract,
    "*": arithmetic.op_multiply,
    "/": arithmetic.op_divide,
    "%": arithmetic.op_modulo,
    "**": arithmetic.op_power,
}
_COMPARE = {
    "<": comparison.op_less,
    "<=": comparison.op_less_equal,
    ">": comparison.op_greater,
    ">=": comparison.op_greater_equal,
}


class ProgramError(Exception):
    """A run-time error of the program."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class OutOfStepsError(Exception):
    """The program does not end soon enough to be of use."""


class _Leave(Exception):
    def __init__(self, value: Value = _NIL) -> None:
        super().__init__()
        self.value = value


class _Break(_Leave):
    pass


class _Continue(_Leave):
    pass


class _Return(_Leave):
    pass


class _Env:
    def __init__(self, parent: _Env | None) -> None:
        self.parent = parent
        self.names: dict[str, Value | None] = {}

    def holder(self, name: str) -> _Env | None:
        env: _Env | None = self
        while env is not None and name not in env.names:
            env = env.parent
        return env


class Evaluator:
    """Evaluates one program; `output` has what it printed, a text for each line."""

    def __init__(self, graph: Graph, steps: int = 20_000) -> None:
        self.output: list[str] = []
        self._steps = steps
        self._top = _Env(None)
        self._items = graph.root.items
        for item in self._items:
            if isinstance(item, nodes.Let) and isinstance(
                item.pattern, nodes.NamePattern
            ):
                self._top.names[item.pattern.name] = None
            elif isinstance(item, nodes.Const):
                self._top.names[item.name] = None

    def run(self) -> str:
        """The program's value as text. Raises ProgramError."""
        return show(self._sequence(self._items, self._top))

    def _sequence(self, items: list[Node], env: _Env) -> Value:
        for item in items:
            if isinstance(item, nodes.Function):
                env.names[item.name] = (FUNCTION, (item, env))
        value = _NIL
        for item in items:
            value = self.eval(item, env)
        return value

    def eval(self, node: Node, env: _Env) -> Value:
        """The value of a node."""
        self._steps -= 1
        if self._steps < 0:
            raise OutOfStepsError
        method = getattr(self, f"_{type(node).__name__.lower()}")
        value: Value = method(node, env)
        return value

    # ---- literals, names, operators -------------------------------------------
    def _intliteral(self, node: nodes.IntLiteral, env: _Env) -> Value:
        return INT, node.value

    def _floatliteral(self, node: nodes.FloatLiteral, env: _Env) -> Value:
        return FLOAT, bits_of_float(node.value)

    def _boolliteral(self, node: nodes.BoolLiteral, env: _Env) -> Value:
        return BOOL, int(node.value)

    def _stringliteral(self, node: nodes.StringLiteral, env: _Env) -> Value:
        return STRING, node.value

    def _nilliteral(self, node: nodes.NilLiteral, env: _Env) -> Value:
        return _NIL

    def _lambda(self, node: nodes.Lambda, env: _Env) -> Value:
        return FUNCTION, (node, env)

    def _name(self, node: nodes.Name, env: _Env) -> Value:
        return self._lookup(node.name, env)

    def _lookup(self, name: str, env: _Env) -> Value:
        holder = env.holder(name)
        value = holder.names[name] if holder is not None else None
        if value is None:
            raise ProgramError("UnknownIdentifier")
        return value

    def _unary(self, node: nodes.Unary, env: _Env) -> Value:
        operation = arithmetic.op_negate if node.op == "-" else arithmetic.op_not
        return self._checked(operation(*self.eval(node.operand, env)))

    def _checked(self, result: tuple[int, Any, int]) -> Value:
        tag, payload, status = result
        if status != OK:
            raise ProgramError(ERROR_KINDS[status])
        return tag, payload

    def _binary(self, node: nodes.Binary, env: _Env) -> Value:
        left = self.eval(node.left, env)
        right = self.eval(node.right, env)
        return self._operate(node.op, left, right)

    def _operate(self, op: str, left: Value, right: Value) -> Value:
        if op in ("==", "!="):
            return BOOL, int(equal(left, right) == (op == "=="))
        if op in _COMPARE:
            if left[0] == right[0] == STRING:
                a, b = left[1], right[1]
                held = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
                return BOOL, int(held[op])
            compare = _COMPARE[op]
            return self._checked(compare(memoryview(b""), *left, *right))
        if op == "+" and STRING in (left[0], right[0]):
            return STRING, show(left) + show(right)
        return self._checked(_BINARY[op](*left, *right))

    def _logical(self, node: nodes.Logical, env: _Env) -> Value:
        left = self.eval(node.left, env)
        if left[0] != BOOL:
            raise ProgramError("TypeError")
        if bool(left[1]) == (node.op == "||"):
            return left
        return self.eval(node.right, env)

    # ---- bindings -------------------------------------------------------------
    def _let(self, node: nodes.Let, env: _Env) -> Value:
        if node.body is not None:
            env = _Env(env)
        value = self.eval(node.value, env)
        if isinstance(node.pattern, nodes.NamePattern):
            env.names[node.pattern.name] = value
        return _NIL if node.body is None else self.eval(node.body, env)

    def _const(self, node: nodes.Const, env: _Env) -> Value:
        env.names[node.name] = self.eval(node.value, env)
        return _NIL

    def _function(self, node: nodes.Function, env: _Env) -> Value:
        return _NIL

    def _define(self, node: nodes.Define, env: _Env) -> Value:
        holder = env.holder(node.name) or env
        holder.names[node.name] = value = self.eval(node.value, env)
        return value

    def _assign(self, node: nodes.Assign, env: _Env) -> Value:
        assert isinstance(node.target, nodes.Name)
        name = node.target.name
        if node.operator is not None:
            before = self._lookup(name, env)
            value = self._operate(node.operator, before, self.eval(node.value, env))
        else:
            value = self.eval(node.value, env)
            self._lookup(name, env)
        holder = env.holder(name)
        assert holder is not None
        holder.names[name] = value
        return value

    # ---- control --------------------------------------------------------------
    def _block(self, node: nodes.Block, env: _Env) -> Value:
        return self._sequence(node.items, _Env(env))

    def _if(self, node: nodes.If, env: _Env) -> Value:
        if truth(self.eval(node.condition, env)):
            return self.eval(node.then, env)
        return _NIL if node.otherwise is None else self.eval(node.otherwise, env)

    def _while(self, node: nodes.While, env: _Env) -> Value:
        while truth(self.eval(node.condition, env)):
            try:
                self.eval(node.body, env)
            except _Continue:
                continue
            except _Break:
                break
        return _NIL

    def _for(self, node: nodes.For, env: _Env) -> Value:
        over = node.iterable
        assert isinstance(over, nodes.Range)
        start, end = self.eval(over.start, env), self.eval(over.end, env)
        if start[0] != INT or end[0] != INT:
            raise ProgramError("TypeError")
        for number in range(start[1], end[1] + over.closed):
            inner = _Env(env)
            if isinstance(node.pattern, nodes.NamePattern):
                inner.names[node.pattern.name] = (INT, number)
            try:
                self.eval(node.body, inner)
            except _Continue:
                continue
            except _Break:
                break
        return _NIL

    def _break(self, node: nodes.Break, env: _Env) -> Value:
        raise _Break

    def _continue(self, node: nodes.Continue, env: _Env) -> Value:
        raise _Continue

    def _return(self, node: nodes.Return, env: _Env) -> Value:
        raise _Return(_NIL if node.value is None else self.eval(node.value, env))

    def _match(self, node: nodes.Match, env: _Env) -> Value:
        subject = self.eval(node.subject, env)
        for arm in node.arms:
            inner = _Env(env)
            if self._fits(arm.pattern, subject, inner) and (
                arm.guard is None or truth(self.eval(arm.guard, inner))
            ):
                return self.eval(arm.body, inner)
        return _NIL

    def _fits(self, pattern: Node, subject: Value, env: _Env) -> bool:
        if isinstance(pattern, nodes.NamePattern):
            env.names[pattern.name] = subject
        elif isinstance(pattern, nodes.AliasPattern):
            env.names[pattern.name] = subject
            return self._fits(pattern.pattern, subject, env)
        elif isinstance(pattern, nodes.OrPattern):
            return any(self._fits(each, subject, env) for each in pattern.alternatives)
        elif isinstance(pattern, nodes.LiteralPattern):
            return equal(self.eval(pattern.value, env), subject)
        elif isinstance(pattern, nodes.RangePattern):
            if subject[0] not in (INT, FLOAT):
                return False
            start, end = self.eval(pattern.start, env), self.eval(pattern.end, env)
            upper = "<=" if pattern.closed else "<"
            above = self._operate(">=", subject, start)[1]
            return bool(above and self._operate(upper, subject, end)[1])
        return True

    # ---- calls ----------------------------------------------------------------
    def _call(self, node: nodes.Call, env: _Env) -> Value:
        callee = node.callee
        if isinstance(callee, nodes.Name):
            if env.holder(callee.name) is None and callee.name == "println":
                self.output.append(show(self.eval(node.args[0], env)))
                return _NIL
        function = self.eval(callee, env)
        return self._apply(function, [self.eval(each, env) for each in node.args])

    def _methodcall(self, node: nodes.MethodCall, env: _Env) -> Value:
        args = [self.eval(each, env) for each in (node.receiver, *node.args)]
        return self._apply(self._lookup(node.name, env), args)

    def _apply(self, function: Value, args: list[Value]) -> Value:
        if function[0] != FUNCTION:
            raise ProgramError("TypeError")
        node, env = function[1]
        if len(node.params) != len(args):
            raise ProgramError("ArityError")
        inner = _Env(env)
        for param, value in zip(node.params, args, strict=True):
            inner.names[param.name] = value
        try:
            return self.eval(node.body, inner)
        except _Return as leaving:
            return leaving.value


def equal(left: Value, right: Value) -> bool:
    """Whether two values are `==`."""
    if left[0] in (INT, FLOAT) and right[0] in (INT, FLOAT):
        return comparison.op_equal(memoryview(b""), *left, *right)[1] != 0
    if left[0] == right[0] == FUNCTION:
        return left[1][0] is right[1][0]
    return left == right


def truth(value: Value) -> bool:
    """Whether a value counts as true in a condition."""
    if value[0] == FLOAT:
        return float_of_bits(value[1]) != 0.0
    return value[0] == FUNCTION or bool(value[1])


def show(value: Value) -> str:
    """A value as it is printed, but that functions have no names."""
    tag, payload = value
    if tag == FUNCTION:
        return "<function>"
    if tag == FLOAT:
        return float_text(float_of_bits(payload))
    if tag == BOOL:
        return "true" if payload else "false"
    return "nil" if tag == NIL else str(payload)
