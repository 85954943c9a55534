"""The constructors of a running program; values from outside may bring new ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..bytecode.image import Image
from ..core.objects import string_words
from ..core.tagged_objects import (
    Shape,
    constructor_of,
    constructor_words,
    shape_at,
)
from ..core.tags import TAGGED


class ConstructorTable:
    """Constructors by what Python knows of them; `allocate` places what never moves."""

    def __init__(self, image: Image, allocate: Callable[[Sequence[int]], int]) -> None:
        self._allocate = allocate
        self._strings: dict[str, int] = {}
        self._found: dict[tuple[str, tuple[str, ...] | int], int] = {}
        constants = image.constants
        for tag, payload in zip(constants[::2], constants[1::2], strict=True):
            if tag == TAGGED:
                at = constructor_of(image.heap, payload)
                self._add(shape_at(image.heap, at), at)

    def _add(self, shape: Shape, at: int) -> None:
        # Of several of one name the one that was declared first is meant.
        self._found.setdefault((shape.name, len(shape.names)), at)
        if shape.named:
            self._found.setdefault((shape.name, shape.names), at)

    def find(self, name: str, names: tuple[str, ...], count: int) -> int:
        """The constructor of that name with these fields, or with so many."""
        key = (name, names or count)
        if key not in self._found:
            shape = Shape(name, names or ("",) * count)
            words = constructor_words(shape, self._place)
            self._add(shape, self._allocate(words))
        return self._found[key]

    def _place(self, text: str) -> int:
        if text not in self._strings:
            self._strings[text] = self._allocate(string_words(text))
        return self._strings[text]
