"""From the code of all functions to one image."""

from __future__ import annotations

from dataclasses import replace

from ..core.opcodes import MAX_B, MAX_C, MAX_REGISTERS, RETURN, encode
from ..errors import NOT_SUPPORTED, FluentError, Source
from .builder import Builder
from .image import BackEdge, Chunk, Image
from .loops import enclosing_loops, weights
from .pool import Pool


def link(
    source: Source, builders: list[Builder], pool: Pool, global_names: list[str]
) -> Image:
    """The image of a program, without live masks.

    Raises FluentError of kind NotSupported where an instruction's fields are too
    small for the program.
    """
    image = Image(source, constants=pool.constants, heap=pool.heap)
    image.globals = global_names
    for builder in builders:
        _check_size(builder)
        _append(image, builder)
    return image


def _append(image: Image, builder: Builder) -> None:
    unit = builder.unit
    entry = len(image.code)
    # Control never gets here by itself: native code of a loop returns through it.
    builder.code.append(encode(RETURN))
    builder.nodes.append(unit.node)
    length = len(builder.code)
    parents = enclosing_loops(builder.back_edges)
    assert parents is not None, "loops of structured code are nested"
    weight, edge_weights = weights(length, builder.back_edges, parents)
    image.code.extend(builder.code)
    spans = [node.span for node in builder.nodes]
    image.nodes.extend([node.id for node in builder.nodes])
    image.starts.extend([span[1] for span in spans])
    image.ends.extend([span[2] for span in spans])
    for (pc, target), edge_weight in zip(builder.back_edges, edge_weights, strict=True):
        index = len(image.back_edges)
        image.back_edges.append(
            BackEdge(index, unit.index, entry + pc, entry + target, edge_weight)
        )
    first_handler = len(image.handlers)
    image.handlers.extend(
        replace(
            handler,
            start=entry + handler.start,
            end=entry + handler.end,
            target=entry + handler.target,
        )
        for handler in builder.handlers
    )
    image.chunks.append(
        Chunk(
            index=unit.index,
            name=unit.name,
            node_id=unit.node.id,
            span=unit.node.span,
            entry=entry,
            length=length,
            registers=builder.highest + 1,
            arity=unit.arity,
            weight=weight,
            parameters=tuple(parameter.name for parameter in unit.parameters),
            first_back_edge=builder.first_back_edge,
            back_edges=len(builder.back_edges),
            least=unit.least,
            rest=unit.rest,
            adapters=unit.adapters,
            adapter_count=unit.adapter_count,
            first_handler=first_handler,
            handlers=len(builder.handlers),
            captures=len(unit.captured),
            prelude=unit.prelude,
        )
    )


def _check_size(builder: Builder) -> None:
    unit = builder.unit
    if builder.highest >= MAX_REGISTERS:
        message = (
            f"function too large: {unit.name} needs more than {MAX_REGISTERS} registers"
        )
    elif len(builder.code) >= MAX_C:
        message = f"function too large: {unit.name} has over {MAX_C} instructions"
    elif builder.first_back_edge + len(builder.back_edges) > MAX_B:
        message = f"program too large: it has more than {MAX_B} loops"
    else:
        return
    hint = "divide it into several functions"
    raise FluentError(NOT_SUPPORTED, message, unit.node.span, hint=hint)
