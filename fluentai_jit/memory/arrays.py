"""The memory of arrays: outside the heap, so that Python sees the same numbers."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.layout import ARRAY_MATRIX, KIND_ARRAY
from ..core.primitives import register_view, release_view

if TYPE_CHECKING:
    import numpy

ArrayShape = tuple[int, ...]

# Views by address, of all VMs of the process: two may share the memory of an array.
_views: dict[int, list[memoryview]] = {}


def _register(address: int, view: memoryview) -> None:
    views = _views.setdefault(address, [])
    views.append(view)
    register_view(address, max(views, key=len))


def _release(address: int, view: memoryview) -> None:
    views = _views[address]
    views.remove(view)
    if views:
        register_view(address, max(views, key=len))
    else:
        del _views[address]
        release_view(address)


@dataclass(frozen=True, slots=True, eq=False)
class ArrayMemory:
    """The numbers of one array: int64, or the bits of float64, in row-major order."""

    owner: array[int] | numpy.ndarray[ArrayShape, numpy.dtype[numpy.generic]]
    view: memoryview
    address: int
    tag: int
    shape: ArrayShape

    def shows(
        self, values: numpy.ndarray[ArrayShape, numpy.dtype[numpy.generic]], tag: int
    ) -> bool:
        """Whether its owner `values` is still as it was: it may have been reshaped."""
        if (self.tag, self.shape) != (tag, values.shape):
            return False
        return values.size == 0 or self.address == values.ctypes.data

    def words(self) -> int:
        """Words of memory that the VM pays for: none of an array of the host's."""
        return len(self.view) if isinstance(self.owner, array) else 0


class ArrayTable:
    """The arrays of one VM, by handle."""

    def __init__(self) -> None:
        self._memory: dict[int, ArrayMemory] = {}
        self._adopted: dict[int, list[int]] = {}  # by id of the array of the host
        self._last = 0
        self.words = 0  # in use
        self.new_words = 0  # of them taken since the last collection

    def __len__(self) -> int:
        return len(self._memory)

    def __getitem__(self, handle: int) -> ArrayMemory:
        return self._memory[handle]

    def new(self, items: array[int], tag: int, shape: ArrayShape) -> list[int]:
        """The record of a new array with these items."""
        if not items:
            items = array("q", [0])
        memory = ArrayMemory(
            items, memoryview(items), items.buffer_info()[0], tag, shape
        )
        return self._add(memory)

    def adopt(
        self, values: numpy.ndarray[ArrayShape, numpy.dtype[numpy.generic]], tag: int
    ) -> list[int]:
        """The record of an array that shares the memory of a NumPy array.

        Its items are int64 or float64, contiguous in row-major order, and writable.
        """
        for handle in self._adopted.get(id(values), ()):
            memory = self._memory[handle]
            if memory.shows(values, tag):
                return self._record(handle, memory)
        if values.size > 0:
            view = memoryview(values.data).cast("B").cast("q")
            address = values.ctypes.data
        else:
            nothing = array("q", [0])
            view, address = memoryview(nothing), nothing.buffer_info()[0]
        record = self._add(ArrayMemory(values, view, address, tag, values.shape))
        self._adopted.setdefault(id(values), []).append(self._last)
        return record

    def _add(self, memory: ArrayMemory) -> list[int]:
        self._last += 1
        self._memory[self._last] = memory
        _register(memory.address, memory.view)
        self.words += memory.words()
        self.new_words += memory.words()
        return self._record(self._last, memory)

    def _record(self, handle: int, memory: ArrayMemory) -> list[int]:
        rows, columns = (*memory.shape, 0)[:2]
        count = math.prod(memory.shape)
        variant = memory.tag | (ARRAY_MATRIX if len(memory.shape) == 2 else 0)
        header = KIND_ARRAY | variant << 8
        return [header, count, rows, columns, memory.address, handle, 0]

    def keep(self, handles: Iterable[int]) -> None:
        """Free the memory of all other arrays: what Python has of it stays valid."""
        for handle in self._memory.keys() - set(handles):
            memory = self._memory.pop(handle)
            _release(memory.address, memory.view)
            self.words -= memory.words()
            adopted = self._adopted.pop(id(memory.owner), [handle])
            adopted.remove(handle)
            if adopted:
                self._adopted[id(memory.owner)] = adopted
        self.new_words = 0
