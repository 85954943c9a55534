"""Code of `match`: patterns as tests that jump on to the next arm."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.opcodes import (
    B_BIAS,
    GET_FIELD,
    INDEX,
    LOAD_CONST,
    MAX_B,
    MOVE,
    SET_GLOBAL,
    UNLESS_CONSTRUCTOR,
    UNLESS_EQ,
    UNLESS_EQ_INT,
    UNLESS_GE_INT,
    UNLESS_NE,
    UNLESS_NE_INT,
    UNLESS_TAG,
)
from ..core.tags import ERROR, FLOAT, INT, LIST, MAP, TAGGED, UNBOUND
from ..errors import shortened
from ..graph import nodes
from ..graph.nodes import Expr, Node, Pattern
from .builder import DISCARDED, Builder, Label
from .conditions import UNLESS, condition, fitting_int
from .constructors import EMPTY_LIST, LIST_PAIR
from .expressions import assigned_variables

_NUMBERS = 1 << INT | 1 << FLOAT
_LISTS = 1 << LIST
_WITH_PARTS = 1 << MAP | 1 << TAGGED | 1 << ERROR
# Every tag but the one that stands for what is missing.
_PRESENT = MAX_B & ~(1 << UNBOUND)


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
        unless_fits(code, arm.pattern, subject, following, sole=True)
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


def fit(code: Builder, pattern: Pattern, register: int) -> None:
    """Bind the names of a pattern that the value in a register has to fit.

    The register keeps its value as long as the names are in use.
    """
    misfit: Label = []
    unless_fits(code, pattern, Subject(register, constant=True), misfit, sole=True)
    if not misfit:
        return
    fits: Label = []
    code.goto(fits, pattern)
    code.bind(misfit)
    message = f"the value does not fit the pattern {shortened(pattern.span.text)}"
    code.fail("TypeError", message, pattern)
    code.bind(fits)


def unless_fits(
    code: Builder, pattern: Node, subject: Subject, label: Label, sole: bool = False
) -> None:
    """Jump to the label if the pattern does not fit, else bind its names and go on.

    `sole` is False among alternatives, which bind the same variables.
    """
    if isinstance(pattern, nodes.NamePattern):
        _bind_name(code, pattern, subject, sole)
    elif isinstance(pattern, nodes.AliasPattern):
        unless_fits(code, pattern.pattern, subject, label, sole)
        _bind_name(code, pattern, subject, sole)
    elif isinstance(pattern, nodes.OrPattern):
        _test_alternatives(code, pattern.alternatives, subject, label)
    elif isinstance(pattern, nodes.RangePattern):
        _test_range(code, pattern, subject.register, label)
    elif isinstance(pattern, nodes.ListPattern):
        items = pattern.items
        _test_list(code, pattern, items, pattern.rest, subject, label, sole)
    elif isinstance(pattern, nodes.MapPattern):
        _test_map(code, pattern, subject, label, sole)
    elif isinstance(pattern, nodes.StructPattern):
        parts = [(field.name, field.pattern) for field in pattern.fields]
        _test_constructor(code, pattern, parts, subject, label, sole)
    elif isinstance(pattern, nodes.ConstructorPattern):
        if pattern.id in code.bindings:
            _compare(code, pattern, subject.register, label, equal=False)
        else:
            args = list(enumerate(pattern.args or ()))
            _test_constructor(code, pattern, args, subject, label, sole)
    elif not isinstance(pattern, nodes.WildcardPattern):
        _compare(code, pattern, subject.register, label, equal=False)


# ---- parts of values ----------------------------------------------------------
def _test_constructor(
    code: Builder,
    pattern: nodes.ConstructorPattern | nodes.StructPattern,
    parts: Sequence[tuple[int | str, Pattern]],
    subject: Subject,
    label: Label,
    sole: bool,
) -> None:
    """`Name(p, ...)`, `Name { f: p }`, or the name alone."""
    constructor = code.resolution.constructors.get(pattern.id)
    if constructor is None:
        message = code.resolution.unknown[pattern.id]
        code.fail("UnknownIdentifier", message, pattern)
        return
    patterns = [part for _which, part in parts]
    if constructor is EMPTY_LIST:
        _test_list(code, pattern, (), None, subject, label, sole)
    elif constructor is LIST_PAIR:
        _test_list(code, pattern, patterns[:1], patterns[1], subject, label, sole)
    else:
        index = code.pool.like(constructor.shape)
        code.emit(LOAD_CONST, code.top, 0, index, pattern)
        register = subject.register
        code.jump(UNLESS_CONSTRUCTOR, register, code.top, label, pattern)
        names = constructor.shape.names
        for which, part in parts:
            if isinstance(part, nodes.WildcardPattern):
                continue
            position = names.index(which) if isinstance(which, str) else which
            target = code.top
            code.top = target + 1
            code.emit(GET_FIELD, target, register, position, part)
            unless_fits(code, part, Subject(target, constant=True), label, sole)


def _test_list(
    code: Builder,
    pattern: Pattern,
    items: Sequence[Pattern],
    rest: Pattern | None,
    subject: Subject,
    label: Label,
    sole: bool,
) -> None:
    """`[items, ...rest]` and its older spellings."""
    register, top = subject.register, code.top
    code.jump(UNLESS_TAG, register, _LISTS, label, pattern)
    if items or rest is None:
        code.emit(MOVE, top + 1, register, 0, pattern)
        code.scalar("length", top, 1, pattern)
        jump = UNLESS_EQ_INT if rest is None else UNLESS_GE_INT
        code.jump(jump, top, len(items) + B_BIAS, label, pattern)
    for position, item in enumerate(items):
        if isinstance(item, nodes.WildcardPattern):
            continue
        target = code.top
        code.top = target + 1
        code.load((INT, position), target, item)
        code.emit(INDEX, target, register, target, item)
        unless_fits(code, item, Subject(target, constant=True), label, sole)
    if rest is not None and not isinstance(rest, nodes.WildcardPattern):
        target = code.top
        code.emit(MOVE, target + 1, register, 0, rest)
        code.scalar("length", target, 1, rest)
        code.emit(MOVE, target + 3, target, 0, rest)
        code.load((INT, len(items)), target + 2, rest)
        code.native("slice", target, 3, rest)
        code.top = target + 1
        unless_fits(code, rest, Subject(target, constant=True), label, sole)


def _test_map(
    code: Builder,
    pattern: nodes.MapPattern,
    subject: Subject,
    label: Label,
    sole: bool,
) -> None:
    """`{ "k": p }`: of a map, or of whatever has fields, with these and maybe more."""
    code.jump(UNLESS_TAG, subject.register, _WITH_PARTS, label, pattern)
    for entry in pattern.entries:
        target = code.top
        code.emit(MOVE, target + 1, subject.register, 0, entry)
        code.top = target + 2
        code.compile(entry.key, target + 2)
        code.native("part", target, 2, entry)
        code.jump(UNLESS_TAG, target, _PRESENT, label, entry)
        code.top = target + 1
        unless_fits(code, entry.pattern, Subject(target, constant=True), label, sole)


# ---- names, alternatives, comparisons -----------------------------------------
def _bind_name(
    code: Builder,
    pattern: nodes.NamePattern | nodes.AliasPattern,
    subject: Subject,
    sole: bool,
) -> None:
    variable = code.bindings[pattern.id]
    if variable.slot >= 0:
        code.emit(SET_GLOBAL, subject.register, 0, variable.slot, pattern)
        return
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
        unless_fits(code, alternative, subject, following)
        code.goto(fits, alternative)
        code.bind(following)
    unless_fits(code, alternatives[-1], subject, label)
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
