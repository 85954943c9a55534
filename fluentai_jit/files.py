"""Reading the user's files, which may be endless: a device, a pipe."""

from __future__ import annotations

import errno
from typing import Protocol

# Of a program, a report or settings.
MOST_MIB = 64
_PART = 1 << 20


class Readable(Protocol):
    """A buffered binary file."""

    # Not `read`, which fills a buffer with more than was asked for.
    def read1(self, size: int, /) -> bytes: ...


def read_all(file: Readable) -> bytes:
    """What a file holds to its end.

    Raises OSError, also where that is more than MOST_MIB; a byte more is then read.
    """
    parts = []
    left = (MOST_MIB << 20) + 1
    while left and (part := file.read1(min(left, _PART))):
        parts.append(part)
        left -= len(part)
    if not left:
        raise OSError(errno.EFBIG, f"it is larger than {MOST_MIB} MiB")
    return b"".join(parts)
