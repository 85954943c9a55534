"""A folder for a code store in each test."""

from pathlib import Path

import pytest

from tests.native.stores import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)
