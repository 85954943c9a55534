"""The constants of an image, and the strings in its heap; equal ones once."""

from __future__ import annotations

from array import array

from ..core.objects import string_words
from ..core.tagged_objects import Shape, constructor_words, tagged_words
from ..core.tags import NIL, STRING, TAGGED


class Pool:
    """Constants in the order of their first use, laid out by core/layout.py."""

    def __init__(self) -> None:
        self.constants: array[int] = array("q")
        # Offset 0 is no object, so that it can stand for none.
        self.heap: array[int] = array("q", [0])
        self._indices: dict[tuple[int, int], int] = {}
        self._strings: dict[str, int] = {}
        self._shapes: dict[Shape, int] = {}

    def constant(self, tag: int, payload: int) -> int:
        """The index of a constant, which is added if it is new."""
        index = self._indices.get((tag, payload))
        if index is None:
            index = self._indices[tag, payload] = len(self._indices)
            self.constants.append(tag)
            self.constants.append(payload)
        return index

    def string(self, text: str, tag: int = STRING) -> int:
        """The index of a constant that is a string, or a symbol of that name."""
        return self.constant(tag, self._text(text))

    def like(self, shape: Shape) -> int:
        """The index of a tagged value of that shape whose fields are all nil."""
        index = self._shapes.get(shape)
        if index is None:
            words = constructor_words(shape, self._text)
            constructor = len(self.heap)
            self.heap.extend(words)
            at = len(self.heap)
            self.heap.extend(tagged_words(constructor, [(NIL, 0)] * len(shape.names)))
            index = self._shapes[shape] = self.constant(TAGGED, at)
        return index

    def _text(self, text: str) -> int:
        offset = self._strings.get(text)
        if offset is None:
            offset = self._strings[text] = len(self.heap)
            self.heap.extend(string_words(text))
        return offset
