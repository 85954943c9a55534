"""What functions capture: which values stand in their closures, and which in cells."""

from __future__ import annotations

from ..errors import NOT_SUPPORTED, FluentError
from ..graph.nodes import Node
from .fold import Folder
from .messages import unsupported_message
from .resolver import Resolver
from .variables import Unit, Variable


def is_constant(variable: Variable) -> bool:
    """Whether every use finds the value of the declaration."""
    if variable.assigned:
        return False
    # Functions are there from the start; so is, for every use that is written
    # after it, what a block declares.
    declared = variable.fixed == "function" or not variable.top_level
    return declared or variable.settled


def place_captures(resolver: Resolver, folder: Folder) -> None:
    """Decide what each function's closure holds; adds to the resolver's errors.

    A function that captures is a closure made where it is declared, so who uses it
    captures it in turn; that may make closures of others, until nothing changes.
    """
    for variable in resolver.variables:
        if variable.chunk < 0 and variable.shared and variable.value is not None:
            if is_constant(variable):
                variable.literal = folder.constant(variable.value)
    changed = True
    while changed:
        changed = False
        for variable, _node, unit in resolver.captures:
            if variable.chunk < 0 and variable.literal is None:
                changed |= _capture(variable, unit)
        for unit in resolver.result.units:
            if unit.captured and unit.variable is not None and unit.variable.chunk >= 0:
                unit.variable.chunk = -1
                changed = True
    for variable, node, unit in resolver.captures:
        _check_order(resolver, variable, node, unit)
        if unit.constructor is not None and unit.captured:
            # A constructor is called by its chunk, without a closure.
            message = unsupported_message("a field's default that captures variables")
            error = FluentError(NOT_SUPPORTED, message, node.span)
            resolver.errors.append(error)


def _capture(variable: Variable, unit: Unit) -> bool:
    """Add a variable to the closures of all functions between it and its use."""
    added = False
    inner: Unit | None = unit
    while inner is not None and inner is not variable.owner:
        if is_itself(variable, inner):
            break
        if variable not in inner.captured:
            inner.captured.append(variable)
            added = True
        inner = inner.outer
    variable.cell = variable.assigned
    return added


def is_itself(variable: Variable, unit: Unit) -> bool:
    """Whether a variable is, in a function, always that function's own closure."""
    return variable is unit.variable and is_constant(variable)


def _check_order(
    resolver: Resolver, variable: Variable, node: Node, unit: Unit
) -> None:
    """A closure is there from its declaration on."""
    made = variable.unit
    if made is None or not made.captured or unit is made:
        return
    if unit.node.span.start < made.node.span.start:
        thing = f"using '{variable.name}', which captures variables, before it"
        message = unsupported_message(thing)
        resolver.errors.append(FluentError(NOT_SUPPORTED, message, node.span))
