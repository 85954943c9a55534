"""What host functions get of the VM that calls them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from ..core.objects import string_words
from ..core.tags import ARRAY, STRING
from ..kernel.state import State
from ..memory.arrays import ArrayShape
from .driver import Driver
from .output import Output
from .values import describe, display

Value = tuple[int, int]


class ProgramHost:
    """The stdlib.host.Host of one VM; `arguments` is the list that `args()` gives."""

    def __init__(
        self, state: State, arguments: Value, output: Output, driver: Driver
    ) -> None:
        self.state = state
        self.arguments = arguments
        self.write = output.write
        self.flush = output.flush
        self._driver = driver
        self.check_stops = driver.check_stops

    def text_of(self, value: Value) -> str:
        """The text of a value as printed."""
        return display(self.state, *value)

    def described(self, value: Value) -> str:
        """A value in an error message."""
        return describe(self.state, *value)

    def new_string(self, text: str) -> Value:
        """A string of the program; may move every other value. Raises HeapFull."""
        return STRING, self._driver.heap.place(string_words(text), self._driver.kernel)

    def new_object(self, tag: int, words: Sequence[int]) -> Value:
        """An object that refers to nothing that may move. Raises HeapFull."""
        return tag, self._driver.heap.place(words, self._driver.kernel)

    def reserve(self, count: int) -> None:
        """Have room for so many words; may move every value. Raises HeapFull."""
        self._driver.heap.reserve(count, self._driver.kernel)

    def new_array(
        self, count: int, items: Callable[[], array[int]], tag: int, shape: ArrayShape
    ) -> Value:
        """An array of the program; may move every other value. Raises HeapFull."""
        self._driver.heap.reserve_array(count, self._driver.kernel)
        record = self.state.arrays.new(items(), tag, shape)
        return ARRAY, self.state.new_object(record)
