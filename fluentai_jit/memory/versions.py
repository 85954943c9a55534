"""The parts of lists that show a buffer."""

from __future__ import annotations

from ..core.layout import (
    KIND_VERSION,
    KIND_VIEW,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    VERSION_HIGH,
    VERSION_LOW,
    VERSION_NEXT,
    VERSION_PAYLOAD,
    VIEW_START,
    VIEW_VERSION,
)
from ..core.primitives import Memory, store


def put_view(heap: Memory, at: int, length: int, start: int, version: int) -> None:
    """Write the object of a list that shows part of a buffer."""
    store(heap, at + OBJECT_HEADER, KIND_VIEW)
    store(heap, at + OBJECT_LENGTH, length)
    store(heap, at + VIEW_START, start)
    store(heap, at + VIEW_VERSION, version)


def put_version(
    heap: Memory, at: int, state: int, following: int, low: int, high: int
) -> None:
    """Write a version that owns or shares a buffer."""
    store(heap, at + OBJECT_HEADER, KIND_VERSION | state << 8)
    store(heap, at + VERSION_NEXT, following)
    store(heap, at + VERSION_LOW, low)
    store(heap, at + VERSION_HIGH, high)
    store(heap, at + VERSION_PAYLOAD, 0)
