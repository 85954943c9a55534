"""Code of `match`: patterns as tests that jump on to the next arm."""

from __future__ import annotations

from ..core.opcodes import (
    B_BIAS,
    UNLESS_EQ,
    UNLESS_EQ_INT,
    UNLESS_NE,
    UNLESS_NE_INT,
    UNLESS_TAG,
)
from ..core.tags import FLOAT, INT
from ..graph import nodes
from ..graph.nodes import Expr, Node, Pattern
from .builder import DISCARDED, Builder, Label
from .conditions import UNLESS, condition, fitting_int
from .expressions import assigned_variables

_NUMBERS = 1 << INT | 1 << FLOAT


class Subject:
    """The register of the value that is matched.

    `constant` says that nothing assigns the register while the arms are tried, so
    that a name in a pattern may stand for it without a copy.
    """

    __slots__ = ("constant", "register")

    def __init__(self, register: int, constant: bool) -> None:
        self.register = register
        self.constant = constant


def match(code: Builder, node: nodes.Match, destination: int) -> None:
    """`match x { ... }`: the first arm that fits, nil where none does."""
    top = code.top
    subject = _subject(code, node)
    ends: Label = []
    for arm in node.arms:
        inner = code.top
        following: Label = []
        _test(code, arm.pattern, subject, following, sole=True)
        if arm.guard is not None:
            condition(code, arm.guard, False, following)
        code.compile(arm.body, destination)
        if destination != DISCARDED or arm is not node.arms[-1]:
            code.goto(ends, arm)
        code.bind(following)
        code.top = inner
    code.nil(destination, node)
    code.bind(ends)
    code.top = top


def _subject(code: Builder, node: nodes.Match) -> Subject:
    top = code.top
    register = code.operand(node.subject)
    if register == top:
        return Subject(register, constant=True)
    variable = code.bindings[node.subject.id]
    if not variable.assigned:
        return Subject(register, constant=True)
    guards = [arm.guard for arm in node.arms if arm.guard is not None]
    if any(variable in assigned_variables(code, guard) for guard in guards):
        # The arms after such a guard go on with the value as it was.
        code.deliver(register, top, node)
        code.top = top + 1
        return Subject(top, constant=True)
    return Subject(register, constant=False)


def test(code: Builder, pattern: Node, register: int, label: Label) -> None:
    """Jump to the label if the value in a register, which nothing else assigns, does
    not fit the pattern, else bind the names in it and go on.
    """
    _test(code, pattern, Subject(register, constant=True), label, sole=True)


def _test(
    code: Builder, pattern: Node, subject: Subject, label: Label, sole: bool = False
) -> None:
    """Jump to the label if the pattern does not fit, else bind its names and go on.

    `sole` is False among alternatives, which bind the same variables.
    """
    if isinstance(pattern, nodes.NamePattern):
        _bind_name(code, pattern, subject, sole)
    elif isinstance(pattern, nodes.AliasPattern):
        _test(code, pattern.pattern, subject, label, sole)
        _bind_name(code, pattern, subject, sole)
    elif isinstance(pattern, nodes.OrPattern):
        _test_alternatives(code, pattern.alternatives, subject, label)
    elif isinstance(pattern, nodes.RangePattern):
        _test_range(code, pattern, subject.register, label)
    elif not isinstance(pattern, nodes.WildcardPattern):
        _compare(code, pattern, subject.register, label, equal=False)


def _bind_name(
    code: Builder,
    pattern: nodes.NamePattern | nodes.AliasPattern,
    subject: Subject,
    sole: bool,
) -> None:
    variable = code.bindings[pattern.id]
    if sole and subject.constant and not variable.assigned:
        variable.register = subject.register
        return
    if variable.register < 0:
        variable.register = code.top
        code.top += 1
    code.deliver(subject.register, variable.register, pattern)
    if variable.cell:
        code.make_cell(variable.register, pattern)


def _test_alternatives(
    code: Builder, alternatives: list[Pattern], subject: Subject, label: Label
) -> None:
    fits: Label = []
    for alternative in alternatives[:-1]:
        if isinstance(alternative, nodes.LiteralPattern):
            _compare(code, alternative, subject.register, fits, equal=True)
            continue
        following: Label = []
        _test(code, alternative, subject, following)
        code.goto(fits, alternative)
        code.bind(following)
    _test(code, alternatives[-1], subject, label)
    code.bind(fits)


def _compare(
    code: Builder, pattern: Node, register: int, label: Label, equal: bool
) -> None:
    """Jump if the value is equal to the literal or constant, or if it is not."""
    top = code.top
    if isinstance(pattern, nodes.LiteralPattern):
        number = fitting_int(code.folder.constant(pattern.value))
        if number is not None:
            jump = UNLESS_NE_INT if equal else UNLESS_EQ_INT
            code.jump(jump, register, number + B_BIAS, label, pattern)
            return
        other = code.operand(pattern.value)
    else:
        other = code.top
        code.read(code.bindings[pattern.id], other, pattern)
    code.top = top
    code.jump(UNLESS_NE if equal else UNLESS_EQ, register, other, label, pattern)


def _test_range(
    code: Builder, pattern: nodes.RangePattern, register: int, label: Label
) -> None:
    # Without the tag test a string here would be a type error, not a mismatch.
    code.jump(UNLESS_TAG, register, _NUMBERS, label, pattern)
    upper = "<=" if pattern.closed else "<"
    _test_bound(code, ">=", pattern.start, register, label)
    _test_bound(code, upper, pattern.end, register, label)


def _test_bound(
    code: Builder, operator: str, bound: Expr, register: int, label: Label
) -> None:
    registers, immediate = UNLESS[operator]
    constant = code.folder.constant(bound)
    assert constant is not None
    number = fitting_int(constant)
    if number is not None:
        code.jump(immediate, register, number + B_BIAS, label, bound)
    else:
        code.load(constant, code.top, bound)
        code.jump(registers, register, code.top, label, bound)
