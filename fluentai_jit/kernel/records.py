"""What the arrays of a program begin with, from its image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..bytecode.image import Image
from ..core.layout import (
    BACK_EDGE_HEAT,
    BACK_EDGE_WEIGHT,
    BACK_EDGE_WORDS,
    CHUNK_ADAPTER_COUNT,
    CHUNK_ADAPTERS,
    CHUNK_ARITY,
    CHUNK_ENTRY,
    CHUNK_HANDLERS,
    CHUNK_HEAT,
    CHUNK_LAST,
    CHUNK_WEIGHT,
    CHUNK_WORDS,
    MASK_WORDS,
)
from ..memory.words import Words

# Heat of what is never to become hot.
COLD = 1 << 62


def chunk_records(image: Image) -> Iterable[int]:
    """A record for each chunk, and one for the stub."""
    for chunk in image.chunks:
        record = [0] * CHUNK_WORDS
        record[CHUNK_ENTRY] = chunk.entry
        record[CHUNK_LAST] = chunk.last
        record[CHUNK_ARITY] = -1 if chunk.rest else chunk.arity
        record[CHUNK_ADAPTERS] = chunk.adapters
        record[CHUNK_ADAPTER_COUNT] = chunk.adapter_count
        record[CHUNK_WEIGHT] = chunk.weight
        record[CHUNK_HEAT] = COLD
        record[CHUNK_HANDLERS] = chunk.first_handler
        yield from record
    # The stub's own record.
    record = [0] * CHUNK_WORDS
    record[CHUNK_HANDLERS] = len(image.handlers)
    yield from record


def handler_records(image: Image) -> Iterable[int]:
    """A record for each row of the table of handlers."""
    for row in image.handlers:
        yield from (row.start, row.end, row.target, row.register, row.kind)


def back_edge_records(image: Image) -> Iterable[int]:
    """A record for each back-edge."""
    for edge in image.back_edges:
        record = [0] * BACK_EDGE_WORDS
        record[BACK_EDGE_WEIGHT] = edge.weight
        record[BACK_EDGE_HEAT] = COLD
        yield from record


def fill_masks(words: Words, masks: Mapping[int, int]) -> None:
    """Write the masks of live registers that are not 0."""
    for pc, mask in masks.items():
        at = MASK_WORDS * pc
        while mask:
            low = mask & (1 << 64) - 1
            words.view[at] = low - (1 << 64) if low >> 63 else low
            mask >>= 64
            at += 1
