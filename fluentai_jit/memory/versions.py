"""The parts of lists that show a buffer; how many older versions a buffer may have."""

from __future__ import annotations

from ..core.heap import variant_of
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
from ..core.primitives import Memory, load, store

# Changes that even a small collection takes before it is copied: at 32 a list of
# three items allocates 9.5 words a change instead of 9.
LEAST_CHANGES = 32


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


def may_change(heap: Memory, at: int, items: int) -> int:
    """1 while a buffer or table with so many items may get one more older version.

    Each is a difference that lives as long as any version older than it.
    """
    return 1 if variant_of(heap, at) < items + LEAST_CHANGES else 0


def count_change(heap: Memory, at: int) -> None:
    """A buffer or table has one more older version."""
    store(heap, at + OBJECT_HEADER, load(heap, at + OBJECT_HEADER) + 256)
