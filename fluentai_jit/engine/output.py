"""A program's output: buffered, and flushed by size, at newlines on a terminal,
before anything else may write, and at the end."""

from __future__ import annotations

import io
import sys
from typing import TextIO

from ..arguments import wrong_type
from ..errors import FluentError


class Output:
    """Collects text for a stream.

    `stream` is where it goes, or None for the process's stdout at the time of
    writing. A closed pipe raises BrokenPipeError from `flush`, a character that
    the stream cannot encode FluentError of kind HostError.
    """

    def __init__(self, stream: TextIO | None, limit: int) -> None:
        if stream is not None and not _takes_text(stream):
            raise wrong_type("stdout", "a text stream", stream)
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
        if stream is None:
            raise FluentError("HostError", "stdout is closed")
        try:
            stream.write(text)
        except UnicodeEncodeError as error:
            code = ord(error.object[error.start])
            message = f"stdout cannot encode U+{code:04X} in {error.encoding}"
            raise FluentError("HostError", message) from None
        stream.flush()


def _takes_text(stream: object) -> bool:
    """Whether it looks like a text stream; trying would write to it."""
    # A temporary file is wrapped, and binary unless told otherwise.
    file = getattr(stream, "file", stream)
    if isinstance(file, io.RawIOBase | io.BufferedIOBase):
        return False
    return all(callable(getattr(stream, name, None)) for name in ("write", "flush"))
