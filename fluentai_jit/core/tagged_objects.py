"""Tagged values and their constructors as words of the heap, by core/layout.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .layout import (
    CONSTRUCTOR_FIELDS,
    CONSTRUCTOR_NAME,
    CONSTRUCTOR_OWNER,
    KIND_CONSTRUCTOR,
    KIND_TAGGED,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    TAGGED_DATA,
)
from .objects import string_text


class Shape(NamedTuple):
    """What makes a constructor the one it is.

    `owner` is the struct or enum that declares it, "" where nothing does; `names`
    are those of the fields, "" of one without a name.
    """

    name: str
    names: tuple[str, ...]
    owner: str = ""

    @property
    def named(self) -> bool:
        """Whether its fields have names."""
        return bool(self.names) and self.names[0] != ""


def constructor_words(shape: Shape, place: Callable[[str], int]) -> list[int]:
    """The words of a constructor; `place` gives the heap offset of a string."""
    strings = [
        place(text) if text else 0 for text in (shape.name, shape.owner, *shape.names)
    ]
    return [KIND_CONSTRUCTOR, len(shape.names), *strings]


def tagged_words(constructor: int, fields: Sequence[tuple[int, int]]) -> list[int]:
    """The words of a tagged value with these (tag, payload) fields."""
    words = [KIND_TAGGED | constructor << 8, len(fields)]
    for tag, payload in fields:
        words += (tag, payload)
    return words


def constructor_of(heap: memoryview | Sequence[int], tagged: int) -> int:
    """The heap offset of a tagged value's constructor."""
    return heap[tagged + OBJECT_HEADER] >> 8


def shape_at(heap: memoryview | Sequence[int], constructor: int) -> Shape:
    """The shape of the constructor at an offset."""

    def text(at: int) -> str:
        return string_text(heap, heap[at]) if heap[at] else ""

    first = constructor + CONSTRUCTOR_FIELDS
    count = heap[constructor + OBJECT_LENGTH]
    names = tuple(text(at) for at in range(first, first + count))
    name = text(constructor + CONSTRUCTOR_NAME)
    return Shape(name, names, text(constructor + CONSTRUCTOR_OWNER))


def tagged_fields(heap: memoryview, tagged: int) -> list[tuple[int, int]]:
    """The (tag, payload) fields of the tagged value at an offset."""
    start = tagged + TAGGED_DATA
    words = iter(heap[start : start + 2 * heap[tagged + OBJECT_LENGTH]])
    return list(zip(words, words, strict=True))
