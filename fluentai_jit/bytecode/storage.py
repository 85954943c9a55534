"""Where every variable lives: a chunk, a literal, a global or a register."""

from __future__ import annotations

from .captures import is_constant, place_captures
from .fold import Folder
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
        if variable is not None and is_constant(variable):
            variable.chunk = unit.index
    place_captures(resolver, folder)
    in_registers: list[Variable] = []
    for variable in resolver.variables:
        if variable.chunk >= 0:
            continue
        if variable.top_level and variable.literal is None:
            if variable.shared:
                _make_global(variable, result.globals)
            else:
                in_registers.append(variable)
    # Those that loops use least go to globals, should there be too many.
    in_registers.sort(key=lambda variable: -variable.loop_uses)
    for variable in in_registers[MAX_TOP_LEVEL_REGISTERS:]:
        _make_global(variable, result.globals)


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
