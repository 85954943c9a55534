"""Code of calls: of functions of the program, of the library, of values."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.hosts import HOST_INDEX, HOSTS
from ..core.library import LIBRARY
from ..core.library import Form as LibraryForm
from ..core.natives import ANY, NATIVE_INDEX, NATIVES
from ..core.opcodes import (
    CALL,
    CALL_CHUNK,
    HOST_CALL,
    LOAD_CONST,
    MOVE,
    RETURN,
    TAIL_CALL,
    TAIL_CALL_CHUNK,
    UNLESS_TAG,
)
from ..core.scalars import SCALAR_INDEX, SCALARS
from ..core.tags import CLOSURE, FUNCTION, MAP, TAGGED, UNBOUND
from ..graph import nodes
from ..graph.nodes import Expr, Node
from . import library
from .builder import DISCARDED, RETURNED, Builder, Form, Label
from .captures import is_itself
from .construction import construct
from .messages import arity_range_message
from .variables import Unit


def _call(code: Builder, node: nodes.Call, destination: int) -> None:
    if type(node.callee) is nodes.Name:
        _call_name(code, node, node.callee, node.callee.name, node.args, destination)
    else:
        _call_value(code, node, node.callee, node.args, destination)


def _method_call(code: Builder, node: nodes.MethodCall, destination: int) -> None:
    """`x.m(a)` is `m(x, a)`, unless x has a function in its field m.

    That is looked for where the name stands as a text, too, or means nothing else.
    """
    if node.id in code.resolution.enum_members:
        constructor = code.resolution.constructors.get(node.id)
        if constructor is not None:
            construct(code, node, constructor, node.args, destination)
        else:
            code.fail("UnknownIdentifier", code.resolution.unknown[node.id], node)
        return
    args: list[Expr] = [node.receiver, *node.args]
    known = node.id not in code.resolution.unknown
    if type(node.receiver) in _NO_MAPS or (
        known and node.name not in code.resolution.texts
    ):
        _call_name(code, node, node, node.name, args, destination)
        return
    top = code.top
    first = _first_argument(code, node, destination)
    registers = range(first, first + len(args))
    for register, argument in zip(registers, args, strict=True):
        code.top = register
        code.compile(argument, register)
    code.top = first + len(args)
    end = _field_call(code, node, first, destination)
    code.top = top
    args = [
        InRegister(argument.span, register)
        for register, argument in zip(registers, args, strict=True)
    ]
    _call_name(code, node, node, node.name, args, destination)
    code.bind(end)


_NO_MAPS = frozenset(
    (
        nodes.BoolLiteral,
        nodes.FloatLiteral,
        nodes.FString,
        nodes.IntLiteral,
        nodes.ListLiteral,
        nodes.NilLiteral,
        nodes.SetLiteral,
        nodes.StringLiteral,
        nodes.SymbolLiteral,
    )
)


class InRegister(Expr):
    """An argument that was evaluated into a register."""

    register: int


def _in_register(code: Builder, node: InRegister, destination: int) -> None:
    code.deliver(node.register, destination, node)


def _first_argument(code: Builder, node: nodes.MethodCall, destination: int) -> int:
    """Where the receiver is evaluated, so that the call as a function finds it there.

    Behind that where arguments are gathered to a list, which goes before them.
    """
    variable = code.bindings.get(node.id)
    if variable is not None and variable.chunk < 0:
        return code.top + 1
    row = LIBRARY.get(library.canonical(node.name))
    form = row.form(1 + len(node.args)) if row and variable is None else None
    if form and form.most == ANY and _target_arity(code, form.target) != ANY:
        return _result_register(code, destination) + 2
    return _result_register(code, destination) + 1


def _field_call(
    code: Builder, node: nodes.MethodCall, receiver: int, destination: int
) -> Label:
    """Call the receiver's field, its arguments above it; the label behind the call."""
    other: Label = []
    end: Label = []
    with_fields = 1 << MAP | 1 << TAGGED
    code.jump(UNLESS_TAG, receiver, with_fields, other, node)
    field = code.top
    code.emit(MOVE, field + 1, receiver, 0, node)
    code.emit(LOAD_CONST, field + 2, 0, code.pool.string(node.name), node)
    code.native("part", field, 2, node)
    code.jump(UNLESS_TAG, field, 1 << FUNCTION | 1 << CLOSURE, other, node)
    code.emit(MOVE, receiver, field, 0, node)
    tail = destination == RETURNED and code.tail_calls
    code.emit(TAIL_CALL if tail else CALL, receiver, len(node.args), 0, node)
    code.highest = max(code.highest, receiver + 1 + len(node.args))
    code.deliver(receiver, destination, node)
    code.goto(end, node)
    code.bind(other)
    return end


def _call_name(
    code: Builder,
    node: Expr,
    name_node: Expr,
    name: str,
    args: Sequence[Expr],
    destination: int,
) -> None:
    """A call of what the name at `name_node` means."""
    constructor = code.resolution.constructors.get(name_node.id)
    if constructor is not None:
        construct(code, node, constructor, args, destination)
        return
    variable = code.bindings.get(name_node.id)
    if variable is not None and code.unit.captured and is_itself(variable, code.unit):
        _call_unit(code, node, code.unit, args, destination)
    elif variable is not None and variable.chunk >= 0:
        unit = code.resolution.units[variable.chunk]
        _call_unit(code, node, unit, args, destination)
    elif variable is not None or name in library.CONSTANTS:
        _call_value(code, node, name_node, args, destination)
    elif name_node.id in code.resolution.unknown:
        # The callee is evaluated before the arguments, so it fails before them;
        # a method's receiver comes before its method.
        if type(node) is nodes.MethodCall:
            code.compile(args[0], DISCARDED)
        message = code.resolution.unknown[name_node.id]
        code.fail("UnknownIdentifier", message, name_node)
    else:
        _call_library(code, node, name, args, destination)


def _call_unit(
    code: Builder, node: Expr, unit: Unit, args: Sequence[Expr], destination: int
) -> None:
    if len(args) < unit.least or (len(args) > unit.arity and not unit.rest):
        most = None if unit.rest else unit.arity
        message = arity_range_message(unit.name, unit.least, most, len(args))
        _reject(code, node, message, args)
        return
    result = _result_register(code, destination)
    _given(code, unit, args, result, node)
    count = unit.arity
    if unit.captured:
        # The function calls itself: it hands its closure on.
        count += 1
        code.emit(MOVE, result + count, unit.arity, 0, node)
    tail = destination == RETURNED and code.tail_calls
    call = TAIL_CALL_CHUNK if tail else CALL_CHUNK
    code.emit(call, result, count, unit.index, node)
    code.deliver(result, destination, node)


def _given(
    code: Builder, unit: Unit, args: Sequence[Expr], result: int, node: Expr
) -> None:
    """Evaluate arguments as a function takes them: all others are missing."""
    plain = unit.arity - unit.rest
    _arguments(code, args[:plain], result)
    for position in range(len(args), plain):
        code.load((UNBOUND, 0), result + 1 + position, node)
    if unit.rest:
        top = code.top
        code.top = gathered = result + 1 + plain
        _arguments(code, args[plain:], gathered)
        code.native("list", gathered, max(0, len(args) - plain), node)
        code.top = top


def _call_value(
    code: Builder, node: Expr, callee: Expr, args: Sequence[Expr], destination: int
) -> None:
    """A call of whatever an expression gives, which is evaluated first.

    Where `callee` is the call itself, it is a method call, by its method's name.
    """
    top = code.top
    if callee is not node:
        code.compile(callee, top)
    elif callee.id in code.bindings:
        code.read(code.bindings[callee.id], top, node)
    else:
        assert isinstance(callee, nodes.MethodCall)
        code.load(library.CONSTANTS[callee.name], top, node)
    _arguments(code, args, top)
    tail = destination == RETURNED and code.tail_calls
    code.emit(TAIL_CALL if tail else CALL, top, len(args), 0, node)
    # A closure is put behind its arguments.
    code.highest = max(code.highest, top + 1 + len(args))
    code.deliver(top, destination, node)


def _call_library(
    code: Builder, node: Expr, name: str, args: Sequence[Expr], destination: int
) -> None:
    message = library.wrong_count(name, len(args))
    form = library.form_of(name, len(args))
    if message is not None or form is None:
        _reject(code, node, message or "", args)
        return
    result = _result_register(code, destination)
    count = _library_arguments(code, form, args, result, node)
    tail = destination == RETURNED and code.tail_calls
    _library_instruction(code, form.target, result, count, tail, node)
    code.deliver(result, destination, node)


def _library_arguments(
    code: Builder, form: LibraryForm, args: Sequence[Expr], result: int, node: Expr
) -> int:
    """Evaluate arguments as what carries out the call takes them, and count them."""
    arity = _target_arity(code, form.target)
    if arity == ANY:
        _arguments(code, args, result)
        return len(args)
    if form.most != ANY:
        _arguments(code, args, result)
        for register in range(result + 1 + len(args), result + 1 + arity):
            code.nil(register, node)
        return arity
    # The last parameter takes all the others, as a list.
    top = code.top
    _arguments(code, args[: arity - 1], result)
    code.top = gathered = result + arity
    _arguments(code, args[arity - 1 :], gathered)
    code.native("list", gathered, len(args) - arity + 1, node)
    code.top = top
    return arity


def _target_arity(code: Builder, target: str) -> int:
    if target in code.resolution.prelude:
        return code.resolution.prelude[target].arity
    if target in SCALAR_INDEX:
        return SCALARS[SCALAR_INDEX[target]].arity
    if target in NATIVE_INDEX:
        return NATIVES[NATIVE_INDEX[target]].arity
    return HOSTS[HOST_INDEX[target]].arity


def _library_instruction(
    code: Builder, target: str, result: int, count: int, tail: bool, node: Node
) -> None:
    """Call what carries out a library function; its arguments are above `result`."""
    if target in code.resolution.prelude:
        index = code.resolution.prelude[target].index
        call = TAIL_CALL_CHUNK if tail else CALL_CHUNK
        code.emit(call, result, count, index, node)
    elif target in SCALAR_INDEX:
        code.scalar(target, result, count, node)
    elif target in NATIVE_INDEX:
        code.native(target, result, count, node)
    else:
        code.emit(HOST_CALL, result, HOST_INDEX[target], count, node)


def _reject(code: Builder, node: Expr, message: str, args: Sequence[Expr]) -> None:
    for argument in args:
        code.compile(argument, DISCARDED)
    code.fail("ArityError", message, node)


def _result_register(code: Builder, destination: int) -> int:
    """The register below the arguments: the destination if it is just there."""
    if destination >= 0 and code.top - 1 <= destination <= code.top:
        return destination
    return code.top


def _arguments(code: Builder, args: Sequence[Expr], result: int) -> None:
    """Evaluate arguments into the registers above the result's."""
    top = code.top
    register = result
    for argument in args:
        register += 1
        code.top = register
        code.compile(argument, register)
    code.top = top


def _printable(code: Builder, node: nodes.Printable, destination: int) -> None:
    _call_library(code, node, "println", [node.value], destination)


def library_body(code: Builder) -> None:
    """The body of a unit that stands for a library function used as a value."""
    unit = code.unit
    result = unit.arity
    form = library.form_of(unit.library, unit.arity)
    assert form is not None
    count = unit.arity
    arity = _target_arity(code, form.target)
    gathers = form.most == ANY and arity != ANY
    plain = arity - 1 if gathers else count
    for index in range(plain):
        code.emit(MOVE, result + 1 + index, index, 0, unit.node)
    if gathers:
        code.gather(result, plain, count, unit.node)
        count = arity
    while count < arity:
        count += 1
        code.nil(result + count, unit.node)
    _library_instruction(code, form.target, result, count, True, unit.node)
    code.emit(RETURN, result, 0, 0, unit.node)


FORMS: dict[type[Node], Form] = {
    nodes.Call: _call,
    InRegister: _in_register,
    nodes.MethodCall: _method_call,
    nodes.Printable: _printable,
}
