"""A store with the compiled kernel, for all tests of the benchmarks."""

from collections.abc import Iterator

import pytest

from benchmarks.processes import store


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with store(tmp_path_factory.mktemp("benchmarks") / "store") as path:
        yield path
