"""Arrays of words: memory that plain Python and compiled code share."""

from __future__ import annotations

import ctypes
import mmap
from array import array

import pytest

from fluentai_jit.core.primitives import pointer
from fluentai_jit.core.tags import MAX_INT, MIN_INT
from fluentai_jit.memory.words import Words, resident_bytes


def test_new_memory_is_zero() -> None:
    words = Words(1000)
    assert words.count == 1000
    assert not any(words.view)


def test_an_array_begins_with_its_values_and_has_spare_words() -> None:
    words = Words.of(array("q", [MIN_INT, -1, MAX_INT]), spare=5)
    assert words.view[:8].tolist() == [MIN_INT, -1, MAX_INT, 0, 0, 0, 0, 0]


def test_an_empty_array_has_an_address() -> None:
    words = Words.of(array("q"))
    assert words.count == 0
    assert words.address != 0


def test_the_address_is_where_the_view_is() -> None:
    words = Words(4)
    words.view[2] = MIN_INT
    assert ctypes.c_int64.from_address(words.address + 16).value == MIN_INT
    ctypes.c_int64.from_address(words.address + 24).value = 7
    assert words.view[3] == 7


def test_a_word_outside_the_array_is_an_error() -> None:
    words = Words(mmap.PAGESIZE // 8)
    with pytest.raises(IndexError):
        words.view[words.count] = 1


def test_fill_sets_the_first_words() -> None:
    words = Words.of(array("q", [1, 2, 3, 4]))
    words.fill([9, MAX_INT])
    assert words.view[:4].tolist() == [9, MAX_INT, 3, 4]


def test_an_address_leads_back_to_the_array_until_it_is_released() -> None:
    words, table = Words(4), Words(1)
    table.view[0] = words.address
    words.view[1] = 5
    assert pointer(table.view, 0)[1] == 5
    words.release()
    with pytest.raises(KeyError):
        pointer(table.view, 0)
    # What still refers to the memory may go on using it.
    assert words.view[1] == 5
    words.release()


def test_a_reservation_costs_memory_only_where_it_was_written() -> None:
    words = Words(1 << 30)  # 8 GiB
    assert words.used_bytes() == 0
    words.view[5 * mmap.PAGESIZE // 8] = 1
    assert 0 < words.used_bytes() <= 2 << 20
    assert resident_bytes(words.address, mmap.PAGESIZE) in (0, mmap.PAGESIZE)


@pytest.mark.parametrize("count", [1 << 59, 1 << 61, 1 << 70])
def test_what_cannot_be_reserved_is_a_memory_error(count: int) -> None:
    with pytest.raises(MemoryError, match="cannot reserve"):
        Words(count)


def test_resident_bytes_of_what_is_not_mapped_is_an_error() -> None:
    with pytest.raises(OSError, match="mincore"):
        resident_bytes(mmap.PAGESIZE, mmap.PAGESIZE)
