"""Images from instructions written by hand, right but for what a test is about."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from fluentai_jit.bytecode.image import BackEdge, Chunk, Image
from fluentai_jit.bytecode.liveness import fill_masks
from fluentai_jit.bytecode.loops import enclosing_loops, weights
from fluentai_jit.core.objects import string_words
from fluentai_jit.core.opcodes import BY_NAME, RETURN, encode
from fluentai_jit.core.tags import FLOAT, STRING
from fluentai_jit.errors import Source, Span

Instruction = tuple[str | int, ...]


def assemble(*instructions: Instruction, arity: int = 0, registers: int = 4) -> Image:
    """An image: a top level that returns, and this chunk, ended by RETURN 0.

    Constant 0 is a float and constant 1 a string; there is one global variable.
    LOOP and FOR_LOOP get back-edges with the target they have.
    """
    source = Source("assembled", "nothing")
    image = Image(source)
    image.constants.extend((FLOAT, 0, STRING, 1))
    image.heap.extend((0, *string_words("text")))
    image.globals.append("variable")
    _append(image, [("LOAD", 0, 3, 0), ("RETURN", 0)], 0, 1)
    _append(image, list(instructions), arity, registers)
    image.nodes.extend([1] * len(image.code))
    image.starts.extend([0] * len(image.code))
    image.ends.extend([7] * len(image.code))
    # A jump out of the chunk has no masks.
    with suppress(IndexError):
        fill_masks(image)
    return image


def _append(
    image: Image, instructions: Sequence[Instruction], arity: int, registers: int
) -> None:
    entry = len(image.code)
    loops = []
    for index, (name, *fields) in enumerate(instructions):
        row = BY_NAME[str(name)]
        numbers = [int(field) for field in fields]
        image.code.append(encode(row.code, *numbers))
        if row.name in ("LOOP", "FOR_LOOP"):
            loops.append((index, index + numbers[2]))
    image.code.append(encode(RETURN))
    length = len(image.code) - entry
    weight, edge_weights = weights(
        length, loops, enclosing_loops(loops) or [-1] * len(loops)
    )
    index = len(image.chunks)
    parameters = tuple(f"p{i}" for i in range(arity))
    image.chunks.append(
        Chunk(
            index,
            f"chunk{index}",
            1,
            Span(image.source, 0, 7),
            entry,
            length,
            registers,
            arity,
            weight,
            parameters,
            len(image.back_edges),
            len(loops),
        )
    )
    for (pc, target), edge_weight in zip(loops, edge_weights, strict=True):
        edge = BackEdge(
            len(image.back_edges), index, entry + pc, entry + target, edge_weight
        )
        image.back_edges.append(edge)
