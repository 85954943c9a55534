"""A program's output: buffered, and flushed by size, at newlines on a terminal,
before anything else may write, and at the end."""

from __future__ import annotations

import io
import os
import select
import stat
import sys
from collections.abc import Callable
from typing import TextIO

from ..arguments import wrong_type
from ..errors import FluentError

# Characters handed over at a time where the other side may not take them: a pipe that
# takes anything takes 4096 bytes, so no write of these blocks.
_PIECE = 1000
_WAIT_MS = 10


class Output:
    """Collects text for a stream.

    While a pipe or a terminal takes nothing, `while_blocked` is called again and
    again with the milliseconds that passed since it took something; what it raises
    ends the wait, and the text that was not taken is kept for the next `flush`.

    `stream` is where it goes, or None for the process's stdout at the time of
    writing. A closed pipe raises BrokenPipeError from `flush`, a character that
    the stream cannot encode FluentError of kind HostError. `size` characters are
    kept. Where `most_kb` is not 0, a program that writes more KiB of UTF-8 gets
    FluentError of kind ResourceLimitExceeded instead of the text that is too much.
    """

    def __init__(self, stream: TextIO | None, size: int, most_kb: int = 0) -> None:
        if stream is not None and not _takes_text(stream):
            raise wrong_type("stdout", "a text stream", stream)
        self.while_blocked: Callable[[int], None] = lambda _: None
        # What was printed before, without `write`.
        self.printed: Callable[[], str] = str
        # Is told how many bytes may be printed like that.
        self.may_print: Callable[[int], None] = lambda _: None
        self._stream = stream
        self._kept = size
        self._most_kb = most_kb
        self._left = most_kb * 1024
        self._parts: list[str] = []
        self._size = 0
        target = stream if stream is not None else sys.stdout
        try:
            self.by_line = bool(getattr(target, "isatty", lambda: False)())
        except ValueError:
            raise FluentError("HostError", "stdout is closed") from None

    def start_limit(self) -> None:
        """From now on as much may be written as if nothing had been."""
        if self._most_kb:
            self._append(self.printed())
            self._left = self._most_kb * 1024
            self.may_print(self._left)

    def write(self, text: str) -> None:
        """Append text."""
        self._append_printed()
        self._count(text)
        self._append(text)
        if self._size >= self._kept or (self.by_line and text.endswith("\n")):
            self.flush()

    def _append_printed(self) -> None:
        text = self.printed()
        self._count(text)
        self._append(text)

    def _count(self, text: str) -> None:
        if not self._most_kb:
            return
        left = self._left - len(text.encode("utf-8", "surrogatepass"))
        if left < 0:
            limit = f"limits.output_kb ({self._most_kb} KiB)"
            message = f"the program printed more than {limit}"
            raise FluentError("ResourceLimitExceeded", message)
        self._left = left
        self.may_print(left)

    def _append(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._size += len(text)

    def flush(self) -> None:
        """Hand everything to the stream."""
        self._append_printed()
        if not self._parts:
            return
        text = "".join(self._parts)
        self._parts.clear()
        self._size = 0
        stream = self._stream if self._stream is not None else sys.stdout
        if stream is None:
            raise FluentError("HostError", "stdout is closed")
        descriptor = _may_block(stream)
        try:
            if descriptor is None:
                stream.write(text)
            else:
                self._write_pieces(stream, descriptor, text)
        except UnicodeEncodeError as error:
            code = ord(error.object[error.start])
            message = f"stdout cannot encode U+{code:04X} in {error.encoding}"
            raise FluentError("HostError", message) from None
        stream.flush()

    def _write_pieces(self, stream: TextIO, descriptor: int, text: str) -> None:
        """Write only what the other side takes at once."""
        waiting = select.poll()
        waiting.register(descriptor, select.POLLOUT)
        for start in range(0, len(text), _PIECE):
            waited = 0
            while not waiting.poll(_WAIT_MS):
                waited += _WAIT_MS
                try:
                    self.while_blocked(waited)
                except FluentError:
                    self._append(text[start:])
                    raise
            stream.write(text[start : start + _PIECE])
            stream.flush()

    def flush_rest(self, while_blocked: Callable[[int], None]) -> None:
        """`flush` with another `while_blocked`; what it raises drops the rest."""
        before = self.while_blocked
        self.while_blocked = while_blocked
        try:
            self.flush()
        finally:
            self._parts.clear()
            self._size = 0
            self.while_blocked = before


def _may_block(stream: TextIO) -> int | None:
    """The descriptor of a pipe, socket or terminal; None of what always takes text."""
    try:
        descriptor = stream.fileno()
        mode = os.fstat(descriptor).st_mode
        terminal = stat.S_ISCHR(mode) and os.isatty(descriptor)
    except (AttributeError, OSError, ValueError):
        return None
    blocks = terminal or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    return descriptor if blocks else None


def _takes_text(stream: object) -> bool:
    """Whether it looks like a text stream; trying would write to it."""
    # A temporary file is wrapped, and binary unless told otherwise.
    file = getattr(stream, "file", stream)
    if isinstance(file, io.RawIOBase | io.BufferedIOBase):
        return False
    return all(callable(getattr(stream, name, None)) for name in ("write", "flush"))
