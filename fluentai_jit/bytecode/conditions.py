"""Code of conditions: jumps that compare, without making a bool first."""

from __future__ import annotations

from ..core import opcodes as op
from ..core.opcodes import (
    B_BIAS,
    JUMP_IF_FALSE,
    JUMP_IF_TRUE,
    JUMP_UNLESS,
    MAX_B,
)
from ..core.tags import BOOL, INT
from ..graph import nodes
from ..graph.nodes import Expr, Node
from .builder import DISCARDED, Builder, Form, Label
from .expressions import comparands, first_operand
from .variables import Constant

# Jump unless the comparison holds: of two registers, and with an int.
UNLESS = {
    "==": (op.UNLESS_EQ, op.UNLESS_EQ_INT),
    "!=": (op.UNLESS_NE, op.UNLESS_NE_INT),
    "<": (op.UNLESS_LT, op.UNLESS_LT_INT),
    "<=": (op.UNLESS_LE, op.UNLESS_LE_INT),
    ">": (op.UNLESS_GT, op.UNLESS_GT_INT),
    ">=": (op.UNLESS_GE, op.UNLESS_GE_INT),
}
# What holds exactly when the other does not. The orderings have no such partner:
# with NaN both `a < b` and `a >= b` are false.
_OPPOSITE = {"==": "!=", "!=": "=="}


def condition(
    code: Builder,
    node: Expr,
    sense: bool,
    label: Label,
    operator: nodes.Logical | None = None,
) -> None:
    """Jump to the label if the condition comes out as `sense`, else go on.

    Any value counts as true or false, except as the left operand of `operator`,
    which takes bools.
    """
    constant = code.folder.constant(node)
    if constant is not None and (operator is None or constant[0] == BOOL):
        if code.folder.truth(node) == sense:
            code.goto(label, node)
    elif isinstance(node, nodes.Binary) and node.op in UNLESS:
        _compare(code, node, sense, label)
    elif isinstance(node, nodes.Logical):
        _logical_condition(code, node, sense, label, operator)
    elif isinstance(node, nodes.Unary) and _is_negated_comparison(node):
        condition(code, node.operand, not sense, label)
    else:
        top = code.top
        register = code.operand(node)
        code.top = top
        if operator is not None:
            jump = JUMP_IF_TRUE if sense else JUMP_IF_FALSE
            code.jump(jump, register, 0, label, operator)
        else:
            # Only a comparison is asked for its opposite, and that was handled above.
            code.jump(JUMP_UNLESS, register, 0, label, node)


def _is_negated_comparison(node: nodes.Unary) -> bool:
    """Whether this is `!` of what is surely a bool, so that it cannot fail."""
    operand = node.operand
    while isinstance(operand, nodes.Unary) and operand.op == "!":
        operand = operand.operand
    return node.op == "!" and isinstance(operand, nodes.Binary) and operand.op in UNLESS


def fitting_int(constant: Constant | None) -> int | None:
    """The int that a constant is, if a comparing jump has room for it."""
    if constant is None or constant[0] != INT:
        return None
    return constant[1] if 0 <= constant[1] + B_BIAS <= MAX_B else None


def _compare(code: Builder, node: nodes.Binary, sense: bool, label: Label) -> None:
    operator = node.op
    if sense and operator not in _OPPOSITE:
        beyond: Label = []
        _compare(code, node, False, beyond)
        code.goto(label, node)
        code.bind(beyond)
        return
    registers, immediate = UNLESS[_OPPOSITE[operator] if sense else operator]
    right = fitting_int(code.folder.constant(node.right))
    if right is not None:
        left = first_operand(code, node)
        code.jump(immediate, left, right + B_BIAS, label, node)
    else:
        left, second = comparands(code, node)
        code.jump(registers, left, second, label, node)


def _operands(node: nodes.Logical) -> list[tuple[Expr, nodes.Logical]]:
    """`a && b && c` as its operands, each with the operator that takes it."""
    found: list[tuple[Expr, nodes.Logical]] = [(node.right, node)]
    left = node.left
    while isinstance(left, nodes.Logical) and left.op == node.op:
        found.append((left.right, node))
        node = left
        left = node.left
    found.append((left, node))
    found.reverse()
    return found


def _logical_condition(
    code: Builder,
    node: nodes.Logical,
    sense: bool,
    label: Label,
    operator: nodes.Logical | None,
) -> None:
    # Of `&&` one false operand decides, of `||` a true one.
    decides = node.op == "||"
    beyond: Label = []
    operands = _operands(node)
    for operand, taken_by in operands[:-1]:
        condition(
            code, operand, decides, label if decides == sense else beyond, taken_by
        )
    # The value of the last operand is the value of all.
    condition(code, operands[-1][0], sense, label, operator)
    code.bind(beyond)


def _logical(code: Builder, node: nodes.Logical, destination: int) -> None:
    constant = code.folder.constant(node)
    if constant is not None:
        code.load(constant, destination, node)
        return
    # All operands but the last are bools, so the one that decides is known.
    decides = node.op == "||"
    decided: Label = []
    ends: Label = []
    operands = _operands(node)
    for operand, taken_by in operands[:-1]:
        condition(code, operand, decides, decided, taken_by)
    code.compile(operands[-1][0], destination)
    if destination != DISCARDED:
        code.goto(ends, node)
    code.bind(decided)
    code.load((BOOL, int(decides)), destination, node)
    code.bind(ends)


FORMS: dict[type[Node], Form] = {nodes.Logical: _logical}
