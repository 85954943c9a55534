"""Files are read to their end, and endless ones to a limit."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from fluentai_jit import FluentError, compile, files


class Endless(io.RawIOBase):
    """Gives zeros, and counts them."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = memoryview(buffer).nbytes
        self.given += size
        return size


@pytest.fixture
def one_mib(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(files, "MOST_MIB", 1)
    return 1 << 20


@pytest.mark.parametrize("size", [0, 1, 1 << 20])
def test_a_file_of_the_largest_size_is_read(one_mib: int, size: int) -> None:
    data = bytes(range(256)) * (size // 256) or b"x" * size
    assert files.read_all(io.BytesIO(data)) == data


def test_a_byte_more_is_too_much(one_mib: int) -> None:
    with pytest.raises(OSError, match="it is larger than 1 MiB"):
        files.read_all(io.BytesIO(bytes(one_mib + 1)))


def test_of_an_endless_file_no_more_than_a_byte_too_much_is_read(one_mib: int) -> None:
    endless = Endless()
    with pytest.raises(OSError, match="larger"):
        files.read_all(io.BufferedReader(endless))
    assert endless.given == one_mib + 1


def test_a_program_that_is_too_large_is_an_error() -> None:
    with pytest.raises(FluentError) as caught:
        compile(Path("/dev/zero"))
    assert caught.value.kind == "FileError"
    limit = f"it is larger than {files.MOST_MIB} MiB"
    assert caught.value.message == f"cannot read /dev/zero: {limit}"
