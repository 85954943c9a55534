"""Standard streams: UTF-8 whatever the locale, and no traceback when one is closed."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

# Stderr, once it could not be written.
_silent: list[TextIO] = []


class OutputFailed(Exception):
    """Stdout could not be written; `reason` is None for a pipe that nobody reads."""

    def __init__(self, reason: str | None) -> None:
        super().__init__(reason)
        self.reason = reason


def prepare() -> None:
    """Make stdout and stderr UTF-8, and files of them where they were closed."""
    # Not for writing, so the first write fails; and no other file gets number 1 or 2.
    if sys.stdout is None:
        unwritable = os.open(os.devnull, os.O_RDONLY)
        sys.stdout = os.fdopen(unwritable, "w", encoding="utf-8")
    if sys.stderr is None:
        unwritable = os.open(os.devnull, os.O_RDONLY)
        sys.stderr = os.fdopen(unwritable, "w", encoding="utf-8")
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
        _silent.append(sys.stderr)


def is_silent(stream: TextIO) -> bool:
    """Whether something could not be said on stderr, and nothing will be."""
    return stream in _silent


def say_warning(message: object) -> None:
    """Say what is wrong and keeps nothing from going on."""
    say(f"fluentai-jit: {message}\n")


def say_failed(failure: OutputFailed) -> None:
    """Say why stdout could not be written, once; nothing where its reader has left."""
    reason, failure.reason = failure.reason, None
    if reason is not None:
        say(f"error: cannot write the output: {reason}\n")


def tell(text: str) -> None:
    """Write a command's result to stdout. Raises OutputFailed within `guarded`."""
    sys.stdout.write(text)
    sys.stdout.flush()


@contextmanager
def guarded() -> Iterator[None]:
    """Let failures of stdout be OutputFailed, whoever writes to it: click does, too."""
    stream = sys.stdout
    sys.stdout = cast(TextIO, _Guarded(stream))
    try:
        yield
    finally:
        sys.stdout = stream


class _Guarded:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._failure: OutputFailed | None = None

    def write(self, text: str) -> int:
        with self._guarded():
            return self._stream.write(text)

    def flush(self) -> None:
        with self._guarded():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        # Again, as click tries a stream out and takes no notice of what happens then.
        if self._failure is not None:
            raise self._failure
        try:
            yield
        except OSError as error:
            discard(self._stream)
            self._failure = OutputFailed(_reason(error))
            raise self._failure from error


def _reason(error: OSError) -> str | None:
    if error.errno == errno.EBADF:
        return "stdout is closed"
    left = isinstance(error, BrokenPipeError)
    return None if left else error.strerror or str(error)


def discard(stream: TextIO) -> None:
    """Discard what the stream still holds, or Python would fail again at exit."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
