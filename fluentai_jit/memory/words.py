"""Flat arrays of int64 that plain Python and compiled code share."""

from __future__ import annotations

import ctypes
import mmap
from array import array

from ..core.primitives import register_view, release_view

_PAGE = mmap.PAGESIZE


class Words:
    """Zeroed memory of `count` words at a fixed address.

    It is reserved, not used: a page costs memory only once it was written, so a
    register file for a million frames is a reservation. Raises MemoryError
    where the address space cannot be had.
    """

    __slots__ = ("_map", "address", "count", "view")

    def __init__(self, count: int) -> None:
        self.count = count
        size = max(_PAGE, -(-count * 8 // _PAGE) * _PAGE)
        flags = (
            mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0)
        )
        try:
            self._map = mmap.mmap(-1, size, flags=flags)
        except (OSError, ValueError, OverflowError) as error:
            raise MemoryError(f"cannot reserve {size / 2**20:,.1f} MiB") from error
        anchor = ctypes.c_char.from_buffer(self._map)
        self.address = ctypes.addressof(anchor)
        self.view = memoryview(self._map).cast("q")
        register_view(self.address, self.view)

    @classmethod
    def of(cls, values: array[int], spare: int = 0) -> Words:
        """Memory that begins with these values, and `spare` zero words after."""
        result = cls(len(values) + spare)
        if values:
            result.view[: len(values)] = memoryview(values).cast("B").cast("q")
        return result

    def fill(self, values: list[int]) -> None:
        """Set the first words to these values."""
        self.view[: len(values)] = memoryview(array("q", values))

    def release(self) -> None:
        """Unregister the array; its memory goes when nothing refers to it."""
        if hasattr(self, "address"):
            release_view(self.address)

    def __del__(self) -> None:
        # A VM that nobody closed must not keep its memory.
        self.release()

    def give_back(self, first: int, end: int) -> None:
        """Let the system have the whole pages of these words, which are 0 then."""
        start = -(-8 * first // _PAGE) * _PAGE
        size = 8 * end // _PAGE * _PAGE - start
        if size > 0:
            self._map.madvise(mmap.MADV_DONTNEED, start, size)

    def used_bytes(self) -> int:
        """Bytes of this array that are in memory now, in whole pages."""
        return resident_bytes(self.address, len(self.view) * 8)


def resident_bytes(address: int, size: int) -> int:
    """Bytes in memory of an address range, asked of the kernel by mincore."""
    pages = (size + _PAGE - 1) // _PAGE
    vector = (ctypes.c_ubyte * pages)()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(size), vector) != 0:
        raise OSError(ctypes.get_errno(), "mincore")
    return sum(entry & 1 for entry in bytes(vector)) * _PAGE
