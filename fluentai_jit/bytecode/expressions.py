"""Code of literals, names, operators and assignments."""

from __future__ import annotations

from typing import TypeAlias

from ..core import opcodes as op
from ..core.opcodes import GET_GLOBAL, INDEX, MAX_C, MIN_C, MOVE, NEG, NOT
from ..core.primitives import bits_of_float
from ..core.tags import BOOL, FLOAT, FUNCTION, INT, SYMBOL
from ..graph import nodes
from ..graph.nodes import Expr, Node, walk
from . import library
from .builder import DISCARDED, Builder, Form
from .construction import constructor_value
from .sequences import fstring, list_literal, map_literal, set_literal
from .variables import Variable

_OPCODES = {
    "+": op.ADD,
    "-": op.SUB,
    "*": op.MUL,
    "/": op.DIV,
    "%": op.MOD,
    "**": op.POW,
    "==": op.EQ,
    "!=": op.NE,
    "<": op.LT,
    "<=": op.LE,
    ">": op.GT,
    ">=": op.GE,
}
# A part of a place that is assigned.
Part: TypeAlias = nodes.Index | nodes.Member
# With an int in the instruction as the right operand.
_IMMEDIATE = {
    "+": op.ADD_INT,
    "-": op.SUB_INT,
    "*": op.MUL_INT,
    "/": op.DIV_INT,
    "%": op.MOD_INT,
}


# ---- literals and names -----------------------------------------------------
def _int(code: Builder, node: nodes.IntLiteral, register: int) -> None:
    code.load((INT, node.value), register, node)


def _float(code: Builder, node: nodes.FloatLiteral, register: int) -> None:
    code.load((FLOAT, bits_of_float(node.value)), register, node)


def _bool(code: Builder, node: nodes.BoolLiteral, register: int) -> None:
    code.load((BOOL, int(node.value)), register, node)


def _nil(code: Builder, node: nodes.NilLiteral, register: int) -> None:
    code.nil(register, node)


def _string(code: Builder, node: nodes.StringLiteral, register: int) -> None:
    index = code.pool.string(node.value)
    code.emit(op.LOAD_CONST, register, 0, index, node)


def _symbol(code: Builder, node: nodes.SymbolLiteral, register: int) -> None:
    index = code.pool.string(node.name, SYMBOL)
    code.emit(op.LOAD_CONST, register, 0, index, node)


def _lambda(code: Builder, node: nodes.Lambda, register: int) -> None:
    unit = code.resolution.lambdas[node.id]
    if unit.captured:
        code.closure(unit, register, node)
    else:
        code.load((FUNCTION, unit.index), register, node)


def _name(code: Builder, node: nodes.Name, destination: int) -> None:
    variable = code.bindings.get(node.id)
    constructor = code.resolution.constructors.get(node.id)
    if constructor is not None:
        constructor_value(code, constructor, destination, node)
    elif variable is not None:
        code.read(variable, destination, node)
    elif node.id in code.resolution.unknown:
        message = code.resolution.unknown[node.id]
        code.fail("UnknownIdentifier", message, node)
    elif node.name in library.CONSTANTS:
        code.load(library.CONSTANTS[node.name], destination, node)
    else:
        unit = code.resolution.wrappers[library.canonical(node.name)]
        code.load((FUNCTION, unit.index), destination, node)


# ---- operators --------------------------------------------------------------
def _unary(code: Builder, node: nodes.Unary, register: int) -> None:
    constant = code.folder.constant(node)
    if constant is not None:
        code.load(constant, register, node)
        return
    top = code.top
    operand = code.operand(node.operand)
    code.top = top
    code.emit(NEG if node.op == "-" else NOT, register, operand, 0, node)


def _binary(code: Builder, node: nodes.Binary, register: int) -> None:
    # Down the left side and up again: a chain of operators may be longer than
    # Python's stack is deep.
    chain: list[nodes.Binary] = []
    below: Expr = node
    while isinstance(below, nodes.Binary) and code.folder.constant(below) is None:
        chain.append(below)
        below = below.left
    if not chain:
        constant = code.folder.constant(node)
        assert constant is not None
        code.load(constant, register, node)
        return
    scratch = code.top
    left = _first_operand(code, below, chain[-1].right)
    while chain:
        operator = chain.pop()
        target = scratch if chain else register
        arithmetic(code, operator.op, left, operator.right, target, operator)
        left = scratch
        code.top = scratch + 1
    code.top = scratch


def _first_operand(code: Builder, node: Expr, second: Expr) -> int:
    """The register of `node`'s value, which evaluating `second` leaves as it is."""
    top = code.top
    constant = code.folder.constant(node)
    if constant is not None:
        code.load(constant, top, node)
    else:
        register = code.operand(node)
        if register < top:
            if not _assigns(code, second, node):
                return register
            code.emit(MOVE, top, register, 0, node)
    code.top = top + 1
    return top


def arithmetic(
    code: Builder, operator: str, left: int, right: Expr, target: int, node: Node
) -> None:
    """`target := left operator right`, also of comparisons; `node` may fail."""
    constant = code.folder.constant(right)
    if constant is not None and constant[0] == INT:
        immediate = _IMMEDIATE.get(operator)
        if immediate is not None and MIN_C <= constant[1] <= MAX_C:
            code.emit(immediate, target, left, constant[1], node)
            return
    top = code.top
    second = code.operand(right)
    code.top = top
    code.emit(_OPCODES[operator], target, left, second, node)


def _index(code: Builder, node: nodes.Index, register: int) -> None:
    top = code.top
    if node.column is not None:
        for offset, part in enumerate((node.object, node.index, node.column), 1):
            code.top = top + offset
            code.compile(part, code.top)
        code.top = top
        code.native("matrix_item", top, 3, node)
        code.deliver(top, register, node)
        return
    collection = _first_operand(code, node.object, node.index)
    index = code.operand(node.index)
    code.top = top
    code.emit(INDEX, register, collection, index, node)


def _member(code: Builder, node: nodes.Member, register: int) -> None:
    if node.id in code.resolution.enum_members:
        constructor = code.resolution.constructors.get(node.id)
        if constructor is not None:
            constructor_value(code, constructor, register, node)
        else:
            code.fail("UnknownIdentifier", code.resolution.unknown[node.id], node)
        return
    top = code.top
    code.top = top + 1
    code.compile(node.object, top + 1)
    code.top = top
    _member_name(code, node, top + 2)
    code.native("member", top, 2, node)
    code.deliver(top, register, node)


def _member_name(code: Builder, node: nodes.Member, register: int) -> None:
    code.emit(op.LOAD_CONST, register, 0, code.pool.string(node.name), node)


def _range(code: Builder, node: nodes.Range, register: int) -> None:
    top = code.top
    code.top = top + 1
    code.compile(node.start, top + 1)
    code.top = top + 2
    code.compile(node.end, top + 2)
    code.load((INT, int(node.closed)), top + 3, node)
    code.top = top
    code.native("range", top, 3, node)
    code.deliver(top, register, node)


def comparands(code: Builder, node: nodes.Binary) -> tuple[int, int]:
    """The registers of both operands, the left one's value taken first."""
    top = code.top
    left = _first_operand(code, node.left, node.right)
    right = code.operand(node.right)
    code.top = top
    return left, right


def first_operand(code: Builder, node: nodes.Binary) -> int:
    """The register of the left operand alone, where the right one is a constant."""
    top = code.top
    register = _first_operand(code, node.left, node.right)
    code.top = top
    return register


def _assigns(code: Builder, node: Expr, name: Expr) -> bool:
    """Whether evaluating `node` assigns the variable that `name` stands for."""
    variable = code.bindings.get(name.id)
    return (
        variable is not None
        and variable.assigned
        and variable in assigned_variables(code, node)
    )


def assigned_variables(code: Builder, node: Node) -> set[Variable]:
    """The variables that an expression assigns; no call assigns a register."""
    found: set[Variable] = set()
    for each in walk(node):
        if type(each) is nodes.Assign:
            place = each.target
            while isinstance(place, nodes.Index | nodes.Member):
                place = place.object
            variable = code.bindings.get(place.id)
        elif type(each) is nodes.Define:
            variable = code.bindings.get(each.id)
        else:
            continue
        if variable is not None:
            found.add(variable)
    return found


# ---- assignments ------------------------------------------------------------
def _assign(code: Builder, node: nodes.Assign, destination: int) -> None:
    if isinstance(node.target, nodes.Index | nodes.Member):
        _assign_item(code, node, node.target, destination)
    else:
        _assign_name(code, node, destination)


def _assign_item(
    code: Builder, node: nodes.Assign, target: Part, destination: int
) -> None:
    """`xs[i].f = v`: the indices, then v, then the containers from the inside out."""
    top = code.top
    place: Expr = target
    parts: list[Part] = []
    while isinstance(place, nodes.Index | nodes.Member):
        parts.append(place)
        place = place.object
    parts.reverse()
    variable = code.bindings.get(place.id)
    if len(parts) == 1 and node.operator is None and variable is not None:
        if _set_in_register(code, node, parts[0], variable, destination):
            return
    indices = []
    for part in parts:
        indices.append(code.top)
        if isinstance(part, nodes.Member):
            _member_name(code, part, code.top)
            code.top += 1
            continue
        for index in (part.index, part.column):
            if index is not None:
                code.compile(index, code.top)
                code.top += 1
    value = code.top
    if node.operator is None:
        code.compile(node.value, value)
    else:
        # `xs[i] += e` reads xs[i] before it evaluates e.
        code.compile(place, value)
        for part, at in zip(parts, indices, strict=True):
            _part(code, value, value, at, part)
        code.top = value + 1
        arithmetic(code, node.operator, value, node.value, value, node)
    # Every container on the way in, the variable's own first.
    containers = [value + 1 + depth for depth in range(len(parts))]
    code.top = containers[0]
    in_register = variable is not None and code.in_register(variable)
    if variable is not None and in_register:
        containers[0] = variable.register
    else:
        code.compile(place, containers[0])
    for depth, inner in enumerate(containers[1:]):
        _part(code, inner, containers[depth], indices[depth], parts[depth])
    result = value + 1 + len(parts)
    changed = value
    for depth in range(len(parts) - 1, -1, -1):
        container, part = containers[depth], parts[depth]
        sources = [container, indices[depth], changed]
        changed = container
        if isinstance(part, nodes.Index) and part.column is None:
            code.emit(op.SET_INDEX, container, indices[depth], sources[2], part)
            continue
        name = "set_member"
        if isinstance(part, nodes.Index):
            sources.insert(2, indices[depth] + 1)
            name = "set_matrix_item"
        for offset, source in enumerate(sources, 1):
            code.emit(MOVE, result + offset, source, 0, node)
        code.native(name, result, len(sources), part)
        code.emit(MOVE, container, result, 0, node)
    if variable is not None and not in_register:
        code.assign(variable, containers[0], node)
    code.top = top
    code.deliver(value, destination, node)


def _set_in_register(
    code: Builder, node: nodes.Assign, part: Part, variable: Variable, destination: int
) -> bool:
    """`xs[i] = v` of a variable in a register: one instruction after its operands."""
    if not isinstance(part, nodes.Index) or part.column is not None:
        return False
    if not code.in_register(variable):
        return False
    top = code.top
    index = _first_operand(code, part.index, node.value)
    value = code.operand(node.value)
    code.emit(op.SET_INDEX, variable.register, index, value, part)
    code.top = top
    code.deliver(value, destination, node)
    return True


def _part(code: Builder, target: int, container: int, index: int, part: Part) -> None:
    """R[target] := an item or field of a container.

    Its index, or its name, is in a register, or its indices are in two.
    """
    name = "member"
    sources = [container, index]
    if isinstance(part, nodes.Index):
        if part.column is None:
            code.emit(INDEX, target, container, index, part)
            return
        name = "matrix_item"
        sources.append(index + 1)
    result = max(code.top, target) + 1
    for offset, source in enumerate(sources, 1):
        code.emit(MOVE, result + offset, source, 0, part)
    code.native(name, result, len(sources), part)
    code.emit(MOVE, target, result, 0, part)


def _assign_name(code: Builder, node: nodes.Assign, destination: int) -> None:
    target = node.target
    variable = code.bindings.get(target.id)
    if variable is None:
        # `x += e` reads x before it evaluates e.
        if node.operator is None:
            code.compile(node.value, DISCARDED)
        message = code.resolution.unknown[target.id]
        code.fail("UnknownIdentifier", message, target)
    elif node.operator is None:
        _store(code, variable, node.value, destination, node)
    elif not code.in_register(variable):
        register = code.top
        code.read(variable, register, target)
        code.top = register + 1
        arithmetic(code, node.operator, register, node.value, register, node)
        code.top = register
        code.assign(variable, register, node)
        code.deliver(register, destination, node)
    else:
        top = code.top
        left = _first_operand(code, target, node.value)
        arithmetic(code, node.operator, left, node.value, variable.register, node)
        code.top = top
        code.deliver(variable.register, destination, node)


def _store(
    code: Builder, variable: Variable, value: Expr, destination: int, node: Expr
) -> None:
    """Assign a variable that exists; its value is also the expression's."""
    register = variable.register
    if code.in_register(variable):
        code.compile(value, register)
    else:
        top = code.top
        register = code.operand(value)
        # Code of the top level stands behind the let; a function may run before.
        if variable.slot >= 0 and code.unit.index != 0 and not variable.settled:
            code.emit(GET_GLOBAL, code.top, 0, variable.slot, node)
        code.assign(variable, register, node)
        code.top = top
    code.deliver(register, destination, node)


def _define(code: Builder, node: nodes.Define, destination: int) -> None:
    variable = code.bindings[node.id]
    if node.id in code.resolution.defines:
        code.declare(variable, node.value, node)
        code.read(variable, destination, node)
    else:
        _store(code, variable, node.value, destination, node)


FORMS: dict[type[Node], Form] = {
    nodes.Assign: _assign,
    nodes.Define: _define,
    nodes.Name: _name,
}
VALUES: dict[type[Node], Form] = {
    nodes.Binary: _binary,
    nodes.BoolLiteral: _bool,
    nodes.FString: fstring,
    nodes.FloatLiteral: _float,
    nodes.Index: _index,
    nodes.IntLiteral: _int,
    nodes.Lambda: _lambda,
    nodes.ListLiteral: list_literal,
    nodes.MapLiteral: map_literal,
    nodes.Member: _member,
    nodes.NilLiteral: _nil,
    nodes.Range: _range,
    nodes.SetLiteral: set_literal,
    nodes.StringLiteral: _string,
    nodes.SymbolLiteral: _symbol,
    nodes.Unary: _unary,
}
