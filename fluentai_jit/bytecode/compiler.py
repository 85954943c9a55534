"""From a program's graph to its image: resolve names, place variables, emit, link."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.opcodes import UNLESS_TAG
from ..core.tags import UNBOUND
from ..errors import SYNTAX_ERROR, FluentError
from ..graph.nodes import Graph, Node, children
from . import calls, conditions, construction, control, expressions, throwing
from .adapters import adapter_body, adapters_of
from .builder import RETURNED, Builder, Label
from .fold import Folder
from .image import Image
from .linker import link
from .liveness import fill_masks
from .pool import Pool
from .resolver import Resolver
from .storage import place
from .variables import Resolution

# An author with more mistakes than this starts with the first ones.
MAX_ERRORS = 20

_FORMS = (
    expressions.FORMS
    | calls.FORMS
    | conditions.FORMS
    | construction.FORMS
    | control.FORMS
    | throwing.FORMS
)


def compile_graph(graph: Graph, functions: Sequence[str] = ()) -> Image:
    """Compile a program; the image is complete, with its live masks.

    `functions` are the names of functions that the host gives.

    Raises FluentError: of kind NotSupported or AssignmentError, or SyntaxError for
    what is wrong whatever the program does, with the further errors in `related`.
    """
    try:
        return _compile(graph, functions)
    except RecursionError:
        message = "this is nested too deeply"
        hint = "give parts of it a name"
        span = _deepest(graph.root).span
        raise FluentError(SYNTAX_ERROR, message, span, hint=hint) from None


def _deepest(root: Node) -> Node:
    """The first of the nodes that most others are around."""
    found, level = root, 0
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > level:
            found, level = node, depth
        waiting.extend((child, depth + 1) for child in reversed(children(node)))
    return found


def _compile(graph: Graph, functions: Sequence[str]) -> Image:
    resolver = Resolver(graph.root)
    resolver.give(functions)
    resolver.program(graph.root)
    folder = Folder(resolver.result)
    place(resolver, folder)
    if resolver.errors:
        raise _combined(resolver.errors)
    pool = Pool()
    for constructor in resolver.result.declared:
        pool.like(constructor.shape)
    builders = _generate(resolver.result, folder, pool)
    image = link(graph.source, builders, pool, resolver.result.globals)
    image.functions = {name: each.slot for name, each in resolver.given.items()}
    fill_masks(image)
    return image


def _generate(resolution: Resolution, folder: Folder, pool: Pool) -> list[Builder]:
    builders: list[Builder] = []
    back_edges = 0
    units = list(resolution.units)
    written = len(units)
    for index, unit in enumerate(units):
        code = Builder(
            unit, resolution, folder, pool, back_edges, _FORMS, expressions.VALUES
        )
        for register, parameter in enumerate(unit.parameters):
            parameter.register = register
        inputs = unit.arity + bool(unit.captured)
        code.top = inputs
        code.highest = max(0, inputs - 1)
        _begin(code)
        if unit.adapts is not None:
            adapter_body(code, unit.adapts)
        elif unit.constructor is not None:
            construction.constructor_body(code, unit.constructor)
        elif unit.body is None:
            calls.library_body(code)
        else:
            code.compile(unit.body, RETURNED)
        back_edges += len(code.back_edges)
        builders.append(code)
        if index + 1 == written:
            units += adapters_of(resolution, builders)
    return builders


def _begin(code: Builder) -> None:
    """Give parameters their defaults, and cells to those that closures share."""
    unit = code.unit
    for index, parameter in enumerate(unit.parameters):
        default = unit.defaults[index] if unit.defaults else None
        if default is not None:
            given: Label = []
            register = parameter.register
            code.jump(UNLESS_TAG, register, 1 << UNBOUND, given, default)
            code.compile(default, register)
            code.bind(given)
        if parameter.cell:
            code.make_cell(parameter.register, unit.node)


def _combined(errors: list[FluentError]) -> FluentError:
    errors.sort(key=lambda error: error.span.start if error.span else 0)
    first = errors[0]
    first.related = tuple(errors[1:MAX_ERRORS])
    return first
