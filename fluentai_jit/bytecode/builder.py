"""The code of one function while it is made: instructions, labels, registers.

What a form of the language compiles to is in expressions.py, calls.py,
conditions.py, control.py and patterns.py, as functions over this class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ..core.natives import ANY, NATIVE_INDEX, NATIVES
from ..core.opcodes import (
    FAIL,
    FAIL_KINDS,
    GET_CELL,
    GET_FIELD,
    GET_GLOBAL,
    JUMP,
    LOAD,
    LOAD_CONST,
    MAX_C,
    MIN_C,
    MOVE,
    NATIVE_CALL,
    NATIVE_CALL_ANY,
    OPCODES,
    RETURN,
    SCALAR,
    SET_CELL,
    SET_GLOBAL,
)
from ..core.scalars import SCALAR_INDEX
from ..core.tags import FLOAT, FUNCTION, INT, NIL
from ..errors import NOT_SUPPORTED, FluentError
from ..graph.nodes import (
    BoolLiteral,
    FloatLiteral,
    IntLiteral,
    Lambda,
    Name,
    NilLiteral,
    Node,
    StringLiteral,
    SymbolLiteral,
)
from .captures import is_itself
from .fold import Folder
from .image import Handler
from .messages import unsupported_message
from .pool import Pool
from .variables import Constant, Resolution, Unit, Variable

# Where the value of an expression goes: a register, or one of these. A register is
# either the next free one, which may be used on the way to the value, or one of a
# variable, which is written last, when everything has been read.
DISCARDED = -1
RETURNED = -2

# The jumps, by index, that wait for the place they lead to.
Label: TypeAlias = list[int]
Form: TypeAlias = Callable[["Builder", Any, int], None]

# NATIVE_CALL reads three argument registers, whatever the operation takes.
NATIVE_ARGUMENTS = 3
_ENDS = [row.ends for row in OPCODES]
_EXITS = [row.exits for row in OPCODES]
_PURE = frozenset(
    (
        BoolLiteral,
        FloatLiteral,
        IntLiteral,
        Lambda,
        NilLiteral,
        StringLiteral,
        SymbolLiteral,
    )
)


class Loop:
    """The labels of a loop under way: behind it, and at its jump back.

    `finals` is the number of `finally` blocks around it.
    """

    __slots__ = ("again", "exit", "finals")

    def __init__(self, finals: int) -> None:
        self.exit: Label = []
        self.again: Label = []
        self.finals = finals


class Final:
    """A `finally` block that is to run when its `try` is left.

    The way on from its end is in register `way`, an index of `exits`, and the value
    that it leads on with, or what was thrown, in register `value`.
    """

    __slots__ = ("exits", "label", "value", "way")

    def __init__(self, way: int, value: int) -> None:
        self.way = way
        self.value = value
        self.label: Label = []
        # A loop to leave and whether it ends, or None of a return.
        self.exits: list[tuple[Loop, bool] | None] = []


class Builder:
    """Emits the instructions of one unit.

    `forms` compile to any of the three kinds of destination, `values` only to a
    register. Code that nothing can reach is not emitted.
    """

    def __init__(
        self,
        unit: Unit,
        resolution: Resolution,
        folder: Folder,
        pool: Pool,
        first_back_edge: int,
        forms: Mapping[type[Node], Form],
        values: Mapping[type[Node], Form],
    ) -> None:
        self.unit = unit
        self.resolution = resolution
        self.bindings = resolution.bindings
        self.folder = folder
        self.pool = pool
        self.first_back_edge = first_back_edge
        self.back_edges: list[tuple[int, int]] = []  # (jump, loop header)
        self.code: list[int] = []
        self.nodes: list[Node] = []
        self.top = 0  # next free register
        self.highest = 0  # highest register in use anywhere
        self.reachable = True
        self._bound = -1  # the last place that a jump forward leads to
        self.loops: list[Loop] = []
        self.finals: list[Final] = []  # around the place, the innermost last
        self.handlers: list[Handler] = []  # relative to the unit's first instruction
        # The top level is no function, so what it calls last is no tail call.
        self.tail_calls = unit.index != 0
        self._forms = forms
        self._values = values

    # ---- instructions -------------------------------------------------------
    def emit(self, op: int, a: int, b: int, c: int, node: Node) -> None:
        """Append an instruction; `node` is what fails where it fails."""
        if not self.reachable:
            return
        self.code.append(c << 40 | b << 24 | a << 8 | op)
        self.nodes.append(node)
        if a > self.highest:
            self.highest = a
        if _ENDS[op]:
            self.reachable = False

    def jump(self, op: int, a: int, b: int, label: Label, node: Node) -> None:
        """Append a jump to a label that comes later."""
        if self.reachable:
            label.append(len(self.code))
            self.emit(op, a, b, 0, node)

    def bind(self, label: Label) -> None:
        """Let the jumps of a label lead here."""
        if not label:
            return
        here = len(self.code)
        if label[-1] == here - 1 and self.code[-1] == JUMP and self._bound < here:
            # A jump to the next instruction, which nothing else leads to.
            self.code.pop()
            self.nodes.pop()
            label.pop()
            here -= 1
        for index in label:
            self.code[index] |= (here - index) << 40
        if label:
            self._bound = here
        self.reachable = True

    def back_edge(self, op: int, a: int, header: int, node: Node) -> None:
        """Append the jump of a loop back to its header."""
        if self.reachable:
            here = len(self.code)
            index = self.first_back_edge + len(self.back_edges)
            self.back_edges.append((here, header))
            self.emit(op, a, index, header - here, node)

    def can_fail(self, start: int) -> bool:
        """Whether an error can come of the instructions from `start` to here."""
        return any(_EXITS[word & 255] for word in self.code[start:])

    def handler(self, start: int, end: int, register: int, kind: int) -> None:
        """Let errors of the instructions from `start` to before `end` lead here."""
        target = len(self.code)
        self.handlers.append(Handler(start, end, target, register, kind))
        self.highest = max(self.highest, register)
        self._bound = target
        self.reachable = True

    def fail(self, kind: str, message: str, node: Node) -> None:
        """Append the raising of an error that is known now."""
        if self.reachable:
            constant = self.pool.string(message)
            self.emit(FAIL, 0, FAIL_KINDS.index(kind), constant, node)

    def scalar(self, name: str, result: int, count: int, node: Node) -> None:
        """Append a scalar function of the `count` registers above the result's."""
        self.emit(SCALAR, result, SCALAR_INDEX[name], count, node)
        self.highest = max(self.highest, result + NATIVE_ARGUMENTS)

    def gather(self, result: int, plain: int, given: int, node: Node) -> None:
        """Put the arguments in registers `plain` to before `given` into one list.

        It is the parameter behind `plain` others, which are above `result`.
        """
        gathered = result + 1 + plain
        rest = max(0, given - plain)
        for offset in range(rest):
            self.emit(MOVE, gathered + 1 + offset, plain + offset, 0, node)
        self.native("list", gathered, rest, node)

    def native(self, name: str, result: int, count: int, node: Node) -> None:
        """Append a native operation on the `count` registers above the result's."""
        index = NATIVE_INDEX[name]
        if NATIVES[index].arity == ANY:
            self.emit(NATIVE_CALL_ANY, result, index, count, node)
            self.highest = max(self.highest, result + count)
        else:
            self.emit(NATIVE_CALL, result, index, count, node)
            self.highest = max(self.highest, result + NATIVE_ARGUMENTS)

    # ---- values -------------------------------------------------------------
    def compile(self, node: Node, destination: int) -> None:
        """Emit an expression or item, its value going to the destination."""
        if not self.reachable:
            return
        kind = type(node)
        form = self._forms.get(kind)
        if form is not None:
            form(self, node, destination)
        elif destination >= 0:
            self._values[kind](self, node, destination)
        elif destination == RETURNED:
            register = self.top
            self._values[kind](self, node, register)
            self.emit(RETURN, register, 0, 0, node)
        elif kind not in _PURE:
            self._values[kind](self, node, self.top)

    def operand(self, node: Node) -> int:
        """The register of an expression's value: a variable's own, or the next."""
        if type(node) is Name:
            variable = self.bindings.get(node.id)
            if variable is not None and self.in_register(variable):
                return variable.register
        register = self.top
        self.compile(node, register)
        self.top = register + 1
        return register

    def deliver(self, register: int, destination: int, node: Node) -> None:
        """Bring a value that is in a register to its destination."""
        if destination >= 0:
            if destination != register:
                self.emit(MOVE, destination, register, 0, node)
        elif destination == RETURNED:
            self.emit(RETURN, register, 0, 0, node)

    def load(self, constant: Constant, destination: int, node: Node) -> None:
        """Bring a constant to its destination."""
        if destination == DISCARDED:
            return
        register = destination if destination >= 0 else self.top
        tag, payload = constant
        if tag == FUNCTION:
            self.resolution.units[payload].is_value = True
        if tag != FLOAT and MIN_C <= payload <= MAX_C:
            self.emit(LOAD, register, tag, payload, node)
        else:
            index = self.pool.constant(tag, payload)
            self.emit(LOAD_CONST, register, 0, index, node)
        if destination == RETURNED:
            self.emit(RETURN, register, 0, 0, node)

    def nil(self, destination: int, node: Node) -> None:
        """Bring nil to its destination."""
        self.load((NIL, 0), destination, node)

    # ---- variables ----------------------------------------------------------
    def read(self, variable: Variable, destination: int, node: Node) -> None:
        """Bring a variable's value to its destination."""
        if variable.chunk >= 0:
            self.load((FUNCTION, variable.chunk), destination, node)
        elif variable.literal is not None:
            self.load(variable.literal, destination, node)
        elif self.in_register(variable):
            self.deliver(variable.register, destination, node)
        elif variable.slot < 0:
            register = destination if destination >= 0 else self.top
            self._read_captured(variable, register, node)
            self.deliver(register, destination, node)
        else:
            # Read even where nothing uses the value: the read may fail.
            register = destination if destination >= 0 else self.top
            self.emit(GET_GLOBAL, register, 0, variable.slot, node)
            self.deliver(register, destination, node)

    def in_register(self, variable: Variable) -> bool:
        """Whether the variable's value itself stands in a register of this function."""
        return (
            variable.owner is self.unit and variable.register >= 0 and not variable.cell
        )

    def _read_captured(self, variable: Variable, register: int, node: Node) -> None:
        if is_itself(variable, self.unit):
            self.emit(MOVE, register, self.unit.arity, 0, node)
            return
        holder = self.holder(variable, register, node)
        if variable.cell:
            self.emit(GET_CELL, register, holder, 0, node)

    def holder(self, variable: Variable, register: int, node: Node) -> int:
        """The register of a cell, or of a captured value; `register` is free for it.

        Raises FluentError of kind NotSupported for a closure before its declaration.
        """
        if variable.owner is not self.unit:
            index = self.unit.captured.index(variable)
            self.emit(GET_FIELD, register, self.unit.arity, index, node)
            return register
        if variable.register < 0:
            thing = f"using '{variable.name}', which captures variables, before it"
            raise FluentError(NOT_SUPPORTED, unsupported_message(thing), node.span)
        return variable.register

    def assign(self, variable: Variable, register: int, node: Node) -> None:
        """Assign a variable that exists a value that is in a register."""
        if self.in_register(variable):
            self.deliver(register, variable.register, node)
        elif variable.slot >= 0:
            self.emit(SET_GLOBAL, register, 0, variable.slot, node)
        else:
            free = max(self.top, register + 1)
            cell = self.holder(variable, free, node)
            self.emit(SET_CELL, cell, register, 0, node)

    def make_cell(self, register: int, node: Node) -> None:
        """Let the value in a register become a cell that holds it."""
        result = max(self.top, register + 1)
        self.emit(MOVE, result + 1, register, 0, node)
        self.native("cell", result, 1, node)
        self.emit(MOVE, register, result, 0, node)

    def closure(self, unit: Unit, register: int, node: Node) -> None:
        """Make the closure of a function that captures."""
        unit.is_value = True
        top = result = self.top
        self.load((INT, unit.index), result + 1, node)
        for offset, variable in enumerate(unit.captured):
            target = result + 2 + offset
            self.top = target
            if variable.cell:
                self.deliver(self.holder(variable, target, node), target, node)
            else:
                self.read(variable, target, node)
        self.top = top
        self.native("closure", result, 1 + len(unit.captured), node)
        self.deliver(result, register, node)

    def declare(self, variable: Variable, value: Node, node: Node) -> None:
        """Make a variable with its first value."""
        if variable.chunk >= 0 or variable.literal is not None:
            return
        if variable.slot >= 0:
            top = self.top
            register = self.operand(value)
            self.top = top
            self.emit(SET_GLOBAL, register, 0, variable.slot, node)
        else:
            register = self.top
            self.compile(value, register)
            self.top = register + 1
            if variable.cell:
                self.make_cell(register, node)
            variable.register = register

    def goto(self, label: Label, node: Node) -> None:
        """Append an unconditional jump."""
        self.jump(JUMP, 0, 0, label, node)
