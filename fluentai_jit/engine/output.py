"""A program's output: buffered, and flushed by size, at newlines on a terminal,
before anything else may write, and at the end."""

from __future__ import annotations

import sys
from typing import TextIO


class Output:
    """Collects text for a stream.

    `stream` is where it goes, or None for the process's stdout at the time of
    writing. A closed pipe raises BrokenPipeError from `flush`.
    """

    def __init__(self, stream: TextIO | None, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._parts: list[str] = []
        self._size = 0
        target = stream if stream is not None else sys.stdout
        self._by_line = bool(getattr(target, "isatty", lambda: False)())

    def write(self, text: str) -> None:
        """Append text."""
        self._parts.append(text)
        self._size += len(text)
        if self._size >= self._limit or (self._by_line and text.endswith("\n")):
            self.flush()

    def flush(self) -> None:
        """Hand everything to the stream."""
        if not self._parts:
            return
        text = "".join(self._parts)
        self._parts.clear()
        self._size = 0
        stream = self._stream if self._stream is not None else sys.stdout
        stream.write(text)
        stream.flush()
