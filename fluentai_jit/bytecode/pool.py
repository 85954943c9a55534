"""The constants of an image, and the strings in its heap; equal ones once."""

from __future__ import annotations

from array import array

from ..core.objects import string_words
from ..core.tags import STRING


class Pool:
    """Constants in the order of their first use, laid out by core/layout.py."""

    def __init__(self) -> None:
        self.constants: array[int] = array("q")
        # Offset 0 is no object, so that it can stand for none.
        self.heap: array[int] = array("q", [0])
        self._indices: dict[tuple[int, int], int] = {}
        self._strings: dict[str, int] = {}

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
        offset = self._strings.get(text)
        if offset is None:
            offset = self._strings[text] = len(self.heap)
            self.heap.extend(string_words(text))
        return self.constant(tag, offset)
