"""Where every variable lives: a chunk, a literal, a global or a register."""

from __future__ import annotations

from ..errors import NOT_SUPPORTED, FluentError
from .fold import Folder
from .messages import unsupported_message
from .resolver import Resolver
from .variables import Unit, Variable

# Variables of the top level kept in registers; the rest of the 250 is for blocks,
# loops, temporaries and call windows.
MAX_TOP_LEVEL_REGISTERS = 128


def place(resolver: Resolver, folder: Folder) -> None:
    """Decide for each variable; adds to the resolver's errors.

    A variable that is only ever the one function is that chunk, and calls of it
    need no look-up. A variable of the top level that no function uses stays in a
    register, which makes loops there as fast as in functions.
    """
    result = resolver.result
    _settle(resolver)
    for unit in result.units:
        variable = unit.variable
        if variable is not None and _is_constant(variable):
            variable.chunk = unit.index
    in_registers: list[Variable] = []
    for variable in resolver.variables:
        if variable.chunk >= 0:
            continue
        if variable.shared and variable.value is not None and _is_constant(variable):
            variable.literal = folder.constant(variable.value)
        if variable.top_level and variable.literal is None:
            if variable.shared:
                _make_global(variable, result.globals)
            else:
                in_registers.append(variable)
    # Those that loops use least go to globals, should there be too many.
    in_registers.sort(key=lambda variable: -variable.loop_uses)
    for variable in in_registers[MAX_TOP_LEVEL_REGISTERS:]:
        _make_global(variable, result.globals)
    for variable, node in resolver.captures:
        if variable.chunk < 0 and variable.literal is None:
            message = f"a function that captures the variable '{variable.name}'"
            message = unsupported_message(message)
            resolver.errors.append(FluentError(NOT_SUPPORTED, message, node.span))


def _is_constant(variable: Variable) -> bool:
    """Whether every use finds the value of the declaration."""
    if variable.assigned:
        return False
    # Functions are there from the start; so is, for every use that is written
    # after it, what a block declares.
    declared = variable.fixed == "function" or not variable.top_level
    return declared or variable.settled


def _make_global(variable: Variable, names: list[str]) -> None:
    variable.slot = len(names)
    names.append(variable.name)


def _settle(resolver: Resolver) -> None:
    """Find the variables of the top level that cannot be used before their let.

    Code that runs before item `n` is that of the items up to it, and of functions
    that these refer to, whether they call them there or not.
    """
    reached: set[Variable | Unit] = set()
    for index, references in enumerate(resolver.item_references):
        waiting = [each for each in references if each not in reached]
        while waiting:
            each = waiting.pop()
            if each in reached:
                continue
            reached.add(each)
            unit = each if isinstance(each, Unit) else each.unit
            if unit is not None:
                waiting.extend(unit.references - reached)
        for variable in resolver.top.by_item.get(index, ()):
            variable.settled = variable not in reached
