"""Constant folding: what an expression is worth before the program runs.

The semantic functions that the interpreter uses do the computing, and only
results with status OK count, so what fails at run time still fails there.
"""

from __future__ import annotations

from collections.abc import Callable

from ..core import access, arithmetic, comparison
from ..core.primitives import Memory, bits_of_float
from ..core.statuses import OK, Result
from ..core.tags import BOOL, FLOAT, INT, NIL
from ..graph.nodes import (
    Binary,
    BoolLiteral,
    Expr,
    FloatLiteral,
    IntLiteral,
    Logical,
    Name,
    NilLiteral,
    Node,
    NodeId,
    Unary,
)
from . import library
from .variables import Constant, Resolution

_ARITHMETIC: dict[str, Callable[[int, int, int, int], Result]] = {
    "+": arithmetic.op_add,
    "-": arithmetic.op_subtract,
    "*": arithmetic.op_multiply,
    "/": arithmetic.op_divide,
    "%": arithmetic.op_modulo,
    "**": arithmetic.op_power,
}
_COMPARISON: dict[str, Callable[[Memory, int, int, int, int], Result]] = {
    "==": comparison.op_equal,
    "!=": comparison.op_not_equal,
    "<": comparison.op_less,
    "<=": comparison.op_less_equal,
    ">": comparison.op_greater,
    ">=": comparison.op_greater_equal,
}
_UNARY: dict[str, Callable[[int, int], Result]] = {
    "-": arithmetic.op_negate,
    "!": arithmetic.op_not,
}
# No operand is a string or list here, so nothing looks into the heap.
_NO_HEAP = memoryview(b"")


class Folder:
    """Constants of one program; strings are not among them."""

    def __init__(self, resolution: Resolution) -> None:
        self._resolution = resolution
        self._known: dict[NodeId, Constant | None] = {}

    def constant(self, node: Node) -> Constant | None:
        """The expression's value if it has one now, and no effect."""
        if isinstance(node, IntLiteral):
            return INT, node.value
        if isinstance(node, Name):
            return self._named(node)
        if isinstance(node, Binary | Unary | Logical):
            if node.id not in self._known:
                self._compute(node)
            return self._known[node.id]
        if isinstance(node, FloatLiteral):
            return FLOAT, bits_of_float(node.value)
        if isinstance(node, BoolLiteral):
            return BOOL, int(node.value)
        if isinstance(node, NilLiteral):
            return NIL, 0
        return None

    def truth(self, node: Node) -> bool | None:
        """Whether the value counts as true in a condition, where that is known."""
        constant = self.constant(node)
        if constant is None:
            return None
        return access.truth(_NO_HEAP, *constant) != 0

    def _named(self, node: Name) -> Constant | None:
        resolution = self._resolution
        variable = resolution.bindings.get(node.id)
        if variable is not None:
            return variable.literal
        if node.id in resolution.unknown:
            return None
        return library.CONSTANTS.get(node.name)

    def _compute(self, node: Binary | Unary | Logical) -> None:
        # Down the left side and up again: a chain of operators may be longer than
        # Python's stack is deep.
        chain: list[Binary | Logical] = []
        below: Expr = node
        while isinstance(below, Binary | Logical) and below.id not in self._known:
            chain.append(below)
            below = below.left
        if type(below) is Unary and below.id not in self._known:
            self._known[below.id] = self._unary(below)
        for operator in reversed(chain):
            if isinstance(operator, Binary):
                self._known[operator.id] = self._binary(operator)
            else:
                self._known[operator.id] = self._logical(operator)

    def _unary(self, node: Unary) -> Constant | None:
        operand = self.constant(node.operand)
        if operand is None:
            return None
        tag, payload, status = _UNARY[node.op](*operand)
        return (tag, payload) if status == OK else None

    def _binary(self, node: Binary) -> Constant | None:
        left = self.constant(node.left)
        if left is None:
            return None
        right = self.constant(node.right)
        if right is None:
            return None
        if node.op in _ARITHMETIC:
            tag, payload, status = _ARITHMETIC[node.op](*left, *right)
        else:
            tag, payload, status = _COMPARISON[node.op](_NO_HEAP, *left, *right)
        return (tag, payload) if status == OK else None

    def _logical(self, node: Logical) -> Constant | None:
        left = self.constant(node.left)
        if left is None or left[0] != BOOL:
            return None
        decides = 0 if node.op == "&&" else 1
        return left if left[1] == decides else self.constant(node.right)
