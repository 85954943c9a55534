"""Code of `throw`, `try` and `return`.

The code of a `finally` block stands once. Whoever leaves its `try`, by its end, an
error, `return`, `break` or `continue`, notes in a register how to go on, and jumps
there; behind the block are the jumps that go on so.
"""

from __future__ import annotations

from ..core.layout import CATCH_ALL, CATCH_SOME, FINALLY_BLOCK
from ..core.opcodes import B_BIAS, MOVE, RETURN, THROW, UNLESS_EQ_INT
from ..core.tags import INT
from ..graph import nodes
from ..graph.nodes import Node
from .builder import DISCARDED, RETURNED, Builder, Final, Form, Label, Loop
from .conditions import condition
from .patterns import Subject, unless_fits

# What the register `way` of a `finally` block says; after them come its exits.
_END, _THROWN, _EXITS = 0, 1, 2


def _throw(code: Builder, node: nodes.Throw, destination: int) -> None:
    top = code.top
    register = code.operand(node.value)
    code.top = top
    code.emit(THROW, register, 0, 0, node)


def _try(code: Builder, node: nodes.Try, destination: int) -> None:
    top = code.top
    # The value's register is written last, by every branch.
    code.top = max(top, destination + 1)
    if node.final is None:
        _with_catches(code, node, destination)
    else:
        _with_finally(code, node, node.final, destination)
    code.top = top


def _protected(code: Builder, node: Node, destination: int) -> None:
    """Code whose calls are no tail calls, as this frame may have to go on."""
    outer = code.tail_calls
    code.tail_calls = False
    code.compile(node, destination)
    code.tail_calls = outer


# ---- catch ------------------------------------------------------------------
def _with_catches(code: Builder, node: nodes.Try, destination: int) -> None:
    start = len(code.code)
    _protected(code, node.body, destination)
    end = len(code.code)
    if not code.can_fail(start):
        return
    ends: Label = []
    code.goto(ends, node)
    caught = code.top
    code.top += 1
    if _catches_all(node.catches[0]):
        code.handler(start, end, caught, CATCH_ALL)
        value = caught
    else:
        code.handler(start, end, caught, CATCH_SOME)
        value = code.top
        code.emit(MOVE, value + 1, caught, 0, node)
        code.native("thrown", value, 1, node)
        code.top += 1
    for clause in node.catches:
        inner = code.top
        following: Label = []
        if clause.pattern is not None:
            subject = Subject(value, constant=True)
            unless_fits(code, clause.pattern, subject, following, sole=True)
        if clause.guard is not None:
            condition(code, clause.guard, False, following)
        code.compile(clause.body, destination)
        code.goto(ends, clause)
        code.bind(following)
        code.top = inner
    code.emit(THROW, caught, 0, 0, node)
    code.bind(ends)


def _catches_all(clause: nodes.CatchClause) -> bool:
    pattern = clause.pattern
    everything = pattern is None or isinstance(
        pattern, nodes.NamePattern | nodes.WildcardPattern
    )
    return everything and clause.guard is None


# ---- finally ----------------------------------------------------------------
def _with_finally(
    code: Builder, node: nodes.Try, block: nodes.Block, destination: int
) -> None:
    final = Final(code.top, code.top + 1)
    code.top += 2
    inner = code.top
    target = final.value if destination != DISCARDED else DISCARDED
    start = len(code.code)
    code.finals.append(final)
    outer = code.tail_calls
    code.tail_calls = False
    if node.catches:
        _with_catches(code, node, target)
    else:
        code.compile(node.body, target)
    code.tail_calls = outer
    code.finals.pop()
    end = len(code.code)
    fails = code.can_fail(start)
    if code.reachable:
        if destination == DISCARDED:
            code.nil(final.value, node)
        _arrive(code, final, _END, node)
        ways = [_END]
    else:
        ways = []
    if fails:
        code.handler(start, end, final.value, FINALLY_BLOCK)
        _arrive(code, final, _THROWN, node)
        ways.append(_THROWN)
    ways += range(_EXITS, _EXITS + len(final.exits))
    code.bind(final.label)
    code.top = inner
    code.compile(block, DISCARDED)
    # The end comes last: the code behind the `try` follows it.
    for way in reversed(ways):
        following: Label = []
        if way != ways[0]:
            code.jump(UNLESS_EQ_INT, final.way, way + B_BIAS, following, node)
        _go_on(code, final, way, destination, node)
        code.bind(following)


def _arrive(code: Builder, final: Final, way: int, node: Node) -> None:
    """Go to a `finally` block, to go on from its end that way."""
    code.load((INT, way), final.way, node)
    code.goto(final.label, node)


def _leave(code: Builder, target: tuple[Loop, bool] | None, node: Node) -> None:
    """Go to the innermost `finally` block on the way to a return, or to a loop."""
    final = code.finals[-1]
    if target not in final.exits:
        final.exits.append(target)
    _arrive(code, final, _EXITS + final.exits.index(target), node)


def _go_on(code: Builder, final: Final, way: int, destination: int, node: Node) -> None:
    """What follows the end of a `finally` block."""
    if way == _END:
        if destination != DISCARDED:
            code.deliver(final.value, destination, node)
    elif way == _THROWN:
        code.emit(THROW, final.value, 0, 0, node)
    else:
        target = final.exits[way - _EXITS]
        if target is not None:
            leave_loop(code, *target, node)
        elif code.finals:
            code.deliver(final.value, code.finals[-1].value, node)
            _leave(code, None, node)
        else:
            code.emit(RETURN, final.value, 0, 0, node)


def leave_loop(code: Builder, loop: Loop, ends: bool, node: Node) -> None:
    """`break` where it ends the loop, else `continue`."""
    if len(code.finals) > loop.finals:
        code.nil(code.finals[-1].value, node)
        _leave(code, (loop, ends), node)
    else:
        code.goto(loop.exit if ends else loop.again, node)


def _return(code: Builder, node: nodes.Return, destination: int) -> None:
    target = code.finals[-1].value if code.finals else RETURNED
    if node.value is None:
        code.nil(target, node)
    else:
        code.compile(node.value, target)
    if code.finals:
        _leave(code, None, node)


FORMS: dict[type[Node], Form] = {
    nodes.Return: _return,
    nodes.Throw: _throw,
    nodes.Try: _try,
}
