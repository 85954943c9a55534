"""Code of blocks, bindings, branches and loops."""

from __future__ import annotations

from ..core.opcodes import FOR_LOOP, FOR_PREP, INDEX, LOOP, MOVE
from ..core.tags import INT
from ..graph import nodes
from ..graph.nodes import Node
from .builder import DISCARDED, Builder, Form, Label, Loop
from .conditions import condition
from .patterns import fit, match
from .throwing import leave_loop
from .variables import Variable


# ---- blocks and bindings ----------------------------------------------------
def _block(code: Builder, node: nodes.Block | nodes.Program, destination: int) -> None:
    if not node.items:
        code.nil(destination, node)
        return
    top = code.top
    for item in node.items[:-1]:
        code.compile(item, DISCARDED)
    code.compile(node.items[-1], destination)
    code.top = top


def _let(code: Builder, node: nodes.Let, destination: int) -> None:
    top = code.top
    if isinstance(node.pattern, nodes.NamePattern):
        code.declare(code.bindings[node.pattern.id], node.value, node)
    elif isinstance(node.pattern, nodes.WildcardPattern):
        code.compile(node.value, DISCARDED)
    else:
        _destructure(code, node.pattern, node.value)
    if node.body is None:
        code.nil(destination, node)
    else:
        code.compile(node.body, destination)
        code.top = top


def _destructure(code: Builder, pattern: nodes.Pattern, value: nodes.Expr) -> None:
    """Bind the variables of a pattern, which has to fit.

    Code after it uses registers above those of its variables only.
    """
    register = code.top
    code.compile(value, register)
    code.top = register + 1
    fit(code, pattern, register)


def _const(code: Builder, node: nodes.Const, destination: int) -> None:
    code.declare(code.bindings[node.id], node.value, node)
    code.nil(destination, node)


def _function(code: Builder, node: nodes.Function, destination: int) -> None:
    """A function is there from the start, unless it captures."""
    variable = code.bindings[node.id]
    unit = variable.unit
    assert unit is not None
    if unit.captured:
        register = code.top
        code.top += 1
        code.closure(unit, register, node)
        if variable.cell:
            code.make_cell(register, node)
        variable.register = register
    code.nil(destination, node)


def _declaration(code: Builder, node: Node, destination: int) -> None:
    """A declaration that needs no code; as an item its value is nil."""
    code.nil(destination, node)


# ---- branches ---------------------------------------------------------------
def _if(code: Builder, node: nodes.If, destination: int) -> None:
    ends: Label = []
    # A loop, for a chain of `else if` may be longer than Python's stack is deep.
    while True:
        otherwise: Label = []
        condition(code, node.condition, False, otherwise)
        code.compile(node.then, destination)
        if destination == DISCARDED and _is_empty(node.otherwise):
            code.bind(otherwise)
            break
        code.goto(ends, node)
        code.bind(otherwise)
        if node.otherwise is None:
            code.nil(destination, node)
            break
        if not isinstance(node.otherwise, nodes.If):
            code.compile(node.otherwise, destination)
            break
        node = node.otherwise
    code.bind(ends)


def _is_empty(node: Node | None) -> bool:
    return node is None or (isinstance(node, nodes.Block) and not node.items)


# ---- loops ------------------------------------------------------------------
def _while(code: Builder, node: nodes.While, destination: int) -> None:
    loop = Loop(len(code.finals))
    header = len(code.code)
    condition(code, node.condition, False, loop.exit)
    code.loops.append(loop)
    code.compile(node.body, DISCARDED)
    code.loops.pop()
    code.bind(loop.again)
    code.back_edge(LOOP, 0, header, node)
    code.bind(loop.exit)
    code.nil(destination, node)


def _for(code: Builder, node: nodes.For, destination: int) -> None:
    over = node.iterable
    top = code.top
    if isinstance(over, nodes.Range):
        # Three registers: a hidden counter, its last value, and the visible
        # variable, which the body may assign.
        counter = top
        code.compile(over.start, counter)
        code.top = counter + 1
        code.compile(over.end, counter + 1)
        closed = int(over.closed)
    else:
        # The sequence is a hidden variable; the counter counts its items.
        counter = top + 1
        code.top = top + 1
        code.compile(over, top + 1)
        code.native("sequence", top, 1, over)
        code.emit(MOVE, counter + 2, top, 0, over)
        code.native("iterations", counter + 1, 1, over)
        code.load((INT, 0), counter, over)
        closed = 0
    loop = Loop(len(code.finals))
    code.jump(FOR_PREP, counter, closed, loop.exit, over)
    header = len(code.code)
    code.top = counter + 3
    code.highest = max(code.highest, counter + 2)
    if counter > top:
        code.emit(INDEX, counter + 2, top, counter + 2, over)
    if isinstance(node.pattern, nodes.NamePattern):
        _bind_item(code, code.bindings[node.pattern.id], counter + 2, node)
    else:
        fit(code, node.pattern, counter + 2)
    code.loops.append(loop)
    code.compile(node.body, DISCARDED)
    code.loops.pop()
    code.bind(loop.again)
    code.back_edge(FOR_LOOP, counter, header, node)
    code.bind(loop.exit)
    code.top = top
    code.nil(destination, node)


def _bind_item(code: Builder, variable: Variable, item: int, node: Node) -> None:
    """The loop variable; one that closures share is a new cell every time."""
    variable.register = item
    if variable.cell:
        variable.register = code.top
        code.top += 1
        code.emit(MOVE, variable.register, item, 0, node)
        code.make_cell(variable.register, node)


def _break(code: Builder, node: nodes.Break, destination: int) -> None:
    leave_loop(code, code.loops[-1], True, node)


def _continue(code: Builder, node: nodes.Continue, destination: int) -> None:
    leave_loop(code, code.loops[-1], False, node)


FORMS: dict[type[Node], Form] = {
    nodes.Block: _block,
    nodes.Break: _break,
    nodes.Const: _const,
    nodes.EnumDecl: _declaration,
    nodes.Continue: _continue,
    nodes.For: _for,
    nodes.Function: _function,
    nodes.If: _if,
    nodes.Let: _let,
    nodes.Match: match,
    nodes.Program: _block,
    nodes.StructDecl: _declaration,
    nodes.TypeAlias: _declaration,
    nodes.While: _while,
}
