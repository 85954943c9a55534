"""From a program's graph to its image: resolve names, place variables, emit, link."""

from __future__ import annotations

from ..errors import SYNTAX_ERROR, FluentError
from ..graph.nodes import Graph
from . import calls, conditions, control, expressions, throwing
from .builder import RETURNED, Builder
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
    expressions.FORMS | calls.FORMS | conditions.FORMS | control.FORMS | throwing.FORMS
)


def compile_graph(graph: Graph) -> Image:
    """Compile a program; the image is complete, with its live masks.

    Raises FluentError: of kind NotSupported or AssignmentError, or SyntaxError for
    what is wrong whatever the program does, with the further errors in `related`.
    """
    try:
        return _compile(graph)
    except RecursionError:
        span = graph.root.span
        message = "this program is nested too deeply"
        raise FluentError(SYNTAX_ERROR, message, span) from None


def _compile(graph: Graph) -> Image:
    resolver = Resolver(graph.root)
    resolver.program(graph.root)
    folder = Folder(resolver.result)
    place(resolver, folder)
    if resolver.errors:
        raise _combined(resolver.errors)
    pool = Pool()
    builders = _generate(resolver.result, folder, pool)
    image = link(graph.source, builders, pool, resolver.result.globals)
    fill_masks(image)
    return image


def _generate(resolution: Resolution, folder: Folder, pool: Pool) -> list[Builder]:
    builders: list[Builder] = []
    back_edges = 0
    for unit in resolution.units:
        code = Builder(
            unit, resolution, folder, pool, back_edges, _FORMS, expressions.VALUES
        )
        for register, parameter in enumerate(unit.parameters):
            parameter.register = register
        inputs = unit.arity + bool(unit.captured)
        code.top = inputs
        code.highest = max(0, inputs - 1)
        for parameter in unit.parameters:
            if parameter.cell:
                code.make_cell(parameter.register, unit.node)
        if unit.body is None:
            calls.library_body(code)
        else:
            code.compile(unit.body, RETURNED)
        back_edges += len(code.back_edges)
        builders.append(code)
    return builders


def _combined(errors: list[FluentError]) -> FluentError:
    errors.sort(key=lambda error: error.span.start if error.span else 0)
    first = errors[0]
    first.related = tuple(errors[1:MAX_ERRORS])
    return first
