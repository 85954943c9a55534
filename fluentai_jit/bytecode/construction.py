"""Code that makes tagged values: calls of constructors, and struct literals."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.opcodes import CALL_CHUNK, LOAD_CONST, MOVE, RETURN
from ..core.tags import FUNCTION, UNBOUND
from ..graph import nodes
from ..graph.nodes import Expr, Node
from .builder import DISCARDED, Builder, Form
from .constructors import EMPTY_LIST, LIST_PAIR, Constructor
from .messages import arity_range_message, no_field_message


def constructor_value(
    code: Builder, constructor: Constructor, destination: int, node: Node
) -> None:
    """The constructor's name alone: its one value, or a function."""
    register = destination if destination >= 0 else code.top
    if constructor is EMPTY_LIST:
        code.native("list", code.top, 0, node)
        code.deliver(code.top, register, node)
    elif constructor.count == 0:
        index = code.pool.like(constructor.shape)
        code.emit(LOAD_CONST, register, 0, index, node)
    else:
        assert constructor.unit is not None
        code.load((FUNCTION, constructor.unit.index), register, node)
    code.deliver(register, destination, node)


def construct(
    code: Builder,
    node: Expr,
    constructor: Constructor,
    args: Sequence[Expr],
    destination: int,
) -> None:
    """A call of a constructor."""
    if constructor is LIST_PAIR:
        _pair(code, node, args, destination)
    elif not constructor.least <= len(args) <= constructor.count:
        for argument in args:
            code.compile(argument, DISCARDED)
        name, most = constructor.name, constructor.count
        message = arity_range_message(name, constructor.least, most, len(args))
        code.fail("ArityError", message, node)
    elif constructor is EMPTY_LIST or (not args and constructor.count == 0):
        constructor_value(code, constructor, destination, node)
    else:
        _make(code, node, constructor, list(enumerate(args)), destination)


def _struct_literal(code: Builder, node: nodes.StructLiteral, destination: int) -> None:
    constructor = code.resolution.constructors.get(node.id)
    if constructor is None:
        code.fail("UnknownIdentifier", code.resolution.unknown[node.id], node)
        return
    names = constructor.shape.names
    given = {field.name for field in node.fields}
    for field in node.fields:
        if field.name not in names:
            message = no_field_message(node.name, field.name, names)
            code.fail("KeyError", message, field)
    for name, default in zip(names, constructor.defaults, strict=True):
        if name not in given and default is None:
            what = f"'{name}'" if name else "its values in parentheses"
            code.fail("TypeError", f"{node.name} needs {what}", node)
    if not code.reachable:
        return
    if constructor.count == 0:
        constructor_value(code, constructor, destination, node)
        return
    values = [(names.index(field.name), field.value) for field in node.fields]
    _make(code, node, constructor, values, destination)


def _make(
    code: Builder,
    node: Expr,
    constructor: Constructor,
    values: Sequence[tuple[int, Expr]],
    destination: int,
) -> None:
    """A value of a constructor, its fields given by position in source order."""
    top = result = code.top
    count = constructor.count
    # Without defaults it is made here, else by the function that has them.
    direct = len(values) == count
    first = result + 2 if direct else result + 1
    in_order = all(values[i][0] == i for i in range(len(values)))
    for position, value in values:
        # Values that are evaluated later must not be overwritten.
        code.top = first + (position if in_order else count)
        code.compile(value, first + position)
    code.top = top
    given = {position for position, _value in values}
    for position in range(count):
        if position not in given:
            code.load((UNBOUND, 0), first + position, node)
    code.highest = max(code.highest, first + count - 1)
    if direct:
        code.emit(LOAD_CONST, result + 1, 0, code.pool.like(constructor.shape), node)
        code.native("tagged", result, 1 + count, node)
    else:
        assert constructor.unit is not None
        code.emit(CALL_CHUNK, result, count, constructor.unit.index, node)
    code.deliver(result, destination, node)


def _pair(code: Builder, node: Expr, args: Sequence[Expr], destination: int) -> None:
    """`Cons(head, tail)`, a list."""
    top = result = code.top
    code.top = result + 3
    code.compile(args[0], result + 2)
    code.compile(args[1], result + 1)
    code.top = top
    code.native("prepend", result, 2, node)
    code.deliver(result, destination, node)


def constructor_body(code: Builder, constructor: Constructor) -> None:
    """The body of the function that a constructor is."""
    unit = code.unit
    result = code.top
    index = code.pool.like(constructor.shape)
    code.emit(LOAD_CONST, result + 1, 0, index, unit.node)
    for register in range(unit.arity):
        code.emit(MOVE, result + 2 + register, register, 0, unit.node)
    code.native("tagged", result, 1 + unit.arity, unit.node)
    code.emit(RETURN, result, 0, 0, unit.node)


FORMS: dict[type[Node], Form] = {
    nodes.StructLiteral: _struct_literal,
}
