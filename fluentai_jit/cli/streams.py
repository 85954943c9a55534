"""Standard streams: UTF-8 whatever the locale, and no traceback when one is closed."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO, cast


class OutputFailed(Exception):
    """The program's output could not be written; `reason` is None for a closed pipe."""

    def __init__(self, reason: str | None) -> None:
        super().__init__(reason)
        self.reason = reason


def prepare() -> None:
    """Make stdout and stderr UTF-8, and both usable where they were closed."""
    if sys.stdout is None:
        # A pipe that nobody reads: the first write fails as on a closed terminal.
        reader, writer = os.pipe()
        os.close(reader)
        sys.stdout = os.fdopen(writer, "w", encoding="utf-8")
    if sys.stderr is None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        sys.stderr = os.fdopen(nowhere, "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        # Not so where a test or an embedder has put something else in its place.
        if isinstance(stream, io.TextIOWrapper):
            # A file name that is no UTF-8 must not end a program that prints it.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str) -> None:
    """Write to stderr; nothing can be said where that is closed."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)


def tell(text: str) -> None:
    """Write a command's result to stdout. Raises OutputFailed."""
    output = program_output()
    output.write(text)
    output.flush()


def program_output() -> TextIO:
    """Stdout for a program; its failures raise OutputFailed and nothing else does."""
    return cast(TextIO, _Guarded(sys.stdout))


class _Guarded:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        try:
            self._stream.write(text)
        except OSError as error:
            raise self._failed(error) from error

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            raise self._failed(error) from error

    def isatty(self) -> bool:
        return self._stream.isatty()

    def _failed(self, error: OSError) -> OutputFailed:
        discard(self._stream)
        closed = isinstance(error, BrokenPipeError)
        return OutputFailed(None if closed else error.strerror or str(error))


def discard(stream: TextIO) -> None:
    """Discard what the stream still holds, or Python would fail again at exit."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
