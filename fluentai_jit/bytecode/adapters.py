"""Functions that take their arguments in other numbers than they were written with.

A function with defaults or a rest parameter takes all its parameters; who calls it by
name gives them all, with UNBOUND for what is missing and a list for the rest. A call
of a function value does not know its function: it reaches an adapter, a small function
for one number of arguments, which calls the function proper in tail position. So only
programs that need one have one, and other calls cost nothing. Functions of the library
that take several numbers of arguments have adapters as well, where they are values.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..core.opcodes import CALL, MOVE, RETURN, TAIL_CALL, TAIL_CALL_CHUNK
from ..core.tags import UNBOUND
from ..graph import nodes
from ..graph.nodes import Node
from . import library
from .builder import Builder
from .variables import Resolution, Unit, argument_variables


def adapters_of(resolution: Resolution, builders: Iterable[Builder]) -> list[Unit]:
    """New units for every number of arguments that a call of a value may give.

    Each flexible function that is a value notes where its own begin.
    """
    most = max((_most_given(builder) for builder in builders), default=-1)
    found: list[Unit] = []
    for unit in list(resolution.units):
        if not (unit.flexible and unit.is_value):
            continue
        end = most + 1 if unit.rest else min(most + 1, unit.arity)
        unit.adapters = len(resolution.units)
        for count in range(unit.least, end):
            adapter = _adapter(unit, count, len(resolution.units))
            resolution.units.append(adapter)
            found.append(adapter)
        unit.adapter_count = len(resolution.units) - unit.adapters
    for name, unit in resolution.wrappers.items():
        counts = library.value_counts(name, most)
        if set(counts) <= {unit.arity}:
            continue
        unit.adapters = len(resolution.units)
        for count in counts:
            adapter = _library_adapter(name, unit, count, len(resolution.units))
            resolution.units.append(adapter)
            found.append(adapter)
        unit.adapter_count = len(resolution.units) - unit.adapters
    return found


def _most_given(builder: Builder) -> int:
    calls = (CALL, TAIL_CALL)
    return max(
        (word >> 24 & 0xFFFF for word in builder.code if word & 255 in calls),
        default=-1,
    )


def _adapter(unit: Unit, count: int, index: int) -> Unit:
    adapter = Unit(index, f"{unit.name}/{count}", _first_parameter(unit.node))
    adapter.adapts = unit
    adapter.captured = unit.captured
    adapter.parameters = argument_variables(adapter, count)
    return adapter


def _library_adapter(name: str, unit: Unit, count: int, index: int) -> Unit:
    node = unit.node
    adapter = Unit(index, name, node if unit.library else _first_parameter(node))
    adapter.library = name
    adapter.parameters = argument_variables(adapter, count)
    return adapter


def _first_parameter(node: Node) -> Node:
    """A node of its own: an adapter's calls are no executions of the function."""
    if isinstance(node, nodes.Function | nodes.Lambda):
        return node.params[0]
    assert isinstance(node, nodes.StructDecl | nodes.Variant)
    return node.fields[0]


def adapter_body(code: Builder, unit: Unit) -> None:
    """The body of an adapter of `unit`."""
    node = code.unit.node
    given = code.unit.arity
    result = code.top
    plain = unit.arity - unit.rest
    for position in range(plain):
        target = result + 1 + position
        if position < given:
            code.emit(MOVE, target, position, 0, node)
        else:
            code.load((UNBOUND, 0), target, node)
    if unit.rest:
        code.gather(result, plain, given, node)
    count = unit.arity
    if unit.captured:
        count += 1
        code.emit(MOVE, result + count, given, 0, node)
    code.emit(TAIL_CALL_CHUNK, result, count, unit.index, node)
    code.emit(RETURN, result, 0, 0, node)
