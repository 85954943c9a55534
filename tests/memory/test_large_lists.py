"""Lists of ten million items, and the limit that they may hit."""

import pytest

from fluentai_jit.errors import FluentError
from tests.memory.machines import machine

TEXT = "let xs = [] for i in 0..10000000 { xs = append(xs, i) }"


def test_a_list_of_ten_million_items_fits_into_its_limit() -> None:
    with machine(TEXT, memory_mb=1024) as vm:
        assert vm.state.heap.used_bytes() > 16 * 10_000_000


def test_a_list_beyond_the_limit_names_the_setting() -> None:
    expected = pytest.raises(FluentError, match=r"limits\.memory_mb")
    with expected, machine(TEXT, memory_mb=64):
        pass
