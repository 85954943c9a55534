"""Values at which operations change what they do."""

from __future__ import annotations

import math
from array import array

from fluentai_jit.core.layout import ARRAY_MATRIX, CONTEXT_WORDS, HEAP, KIND_ARRAY
from fluentai_jit.core.objects import list_words, string_words
from fluentai_jit.core.tags import (
    ARRAY,
    BOOL,
    FLOAT,
    FUNCTION,
    INT,
    LIST,
    MAX_INT,
    MIN_INT,
    NIL,
    STRING,
)
from fluentai_jit.memory.words import Words
from tests.core.compiled import bits_of

Value = tuple[int, int]

INTS = (
    *(0, 1, -1, 2, -2, 3, 10, -63, 63, 64, 300, 301),
    *(1 << 31, (1 << 32) + 1, (1 << 53) - 1, 1 << 53, (1 << 53) + 1),
    *(3037000499, 3037000500, MAX_INT - 1, MAX_INT, MIN_INT, MIN_INT + 1),
)
FLOATS = (
    *(0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 2.5, -2.5, 3.7, 1e-8, 100.25),
    *(5e-324, 2.2250738585072014e-308, 1e300, -1e300, 1.7976931348623157e308),
    *(2.0**53, 2.0**53 + 2, 4503599627370495.5, 2.0**62, 2.0**63, -(2.0**63)),
    *(math.nextafter(2.0**63, 0), math.nextafter(-(2.0**63), -math.inf)),
    *(math.inf, -math.inf, math.nan, math.pi, 0.1),
)
FLOAT_BITS = tuple(bits_of(value) for value in FLOATS)
TEXTS = ("", "a", "ab", "b", "abcdefgh", "abcdefghi", "aé", "ä", "日本", "😀", "a😀")


class Memory:
    """A context with a heap of strings, lists and arrays."""

    def __init__(self) -> None:
        self.context = Words(CONTEXT_WORDS)
        self.heap = Words(1 << 12)
        self.context.view[HEAP] = self.heap.address
        self._top = 1
        self.strings = [self._place(string_words(text)) for text in TEXTS]
        # The same text at another place: equal, and not the same object.
        self.strings.append(self._place(string_words("ab")))
        empty = self._place(list_words([]))
        items = [(INT, 7), (FLOAT, bits_of(0.5)), (NIL, 0)]
        self.lists = [empty, self._place(list_words(items))]
        self._numbers = [
            Words.of(array("q", words))
            for words in ([3, -1, 4], FLOAT_BITS[:3], [3, -1, 4, MIN_INT])
        ]
        self.arrays = [
            self._place(self._record(*row))
            for row in (
                (0, INT, 3, 0),
                (1, FLOAT, 3, 0),
                (2, INT | ARRAY_MATRIX, 2, 2),
                (1, FLOAT | ARRAY_MATRIX, 1, 3),
                (0, INT, 0, 0),
            )
        ]

    def _record(self, numbers: int, variant: int, rows: int, columns: int) -> list[int]:
        count = rows * columns if variant & ARRAY_MATRIX else rows
        address = self._numbers[numbers].address
        return [KIND_ARRAY | variant << 8, count, rows, columns, address, 0, 0]

    def _place(self, words: list[int]) -> int:
        at = self._top
        for index, word in enumerate(words):
            self.heap.view[at + index] = word
        self._top += len(words)
        return at

    @property
    def views(self) -> dict[int, memoryview]:
        """What plain code takes for each address."""
        arrays = (self.context, self.heap, *self._numbers)
        return {words.address: words.view for words in arrays}

    def values(self) -> list[Value]:
        """Tagged values of every kind."""
        return [
            *((INT, value) for value in INTS),
            *((FLOAT, bits) for bits in FLOAT_BITS),
            *((BOOL, 0), (BOOL, 1), (NIL, 0), (FUNCTION, 0), (FUNCTION, 3)),
            *((STRING, offset) for offset in self.strings),
            *((LIST, offset) for offset in self.lists),
            *((ARRAY, offset) for offset in self.arrays),
        ]

    def few_values(self) -> list[Value]:
        """One or two of every kind, for functions of three values."""
        floats = (-0.0, 2.5, -1e300, math.nan, math.inf)
        return [
            *((INT, value) for value in (0, -3, 12, MAX_INT, MIN_INT)),
            *((FLOAT, bits_of(value)) for value in floats),
            *((BOOL, 1), (NIL, 0), (FUNCTION, 1)),
            *((STRING, offset) for offset in self.strings[1:3]),
            (LIST, self.lists[1]),
            *((ARRAY, offset) for offset in self.arrays[:3]),
        ]
