"""Where a report goes: stderr, a stream that a path names, or a file.

A file is replaced as a whole, so there is the old report or the new one, and never
an empty or half a one, whatever ends the process.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import sys
from collections.abc import Iterator
from typing import TextIO

from ..errors import FluentError

# Why a file cannot be replaced that may be written: its folder belongs to others,
# or it is mounted by itself.
_NOT_REPLACED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY)
_MOST_LINKS = 40
# A file name that is no UTF-8 must not cost the report.
_ERRORS = "backslashreplace"


class Target:
    """What to write to is `stream`; it is there once `finish` returns.

    `path` is None for stderr. Raises OSError for a path that cannot be written.
    """

    def __init__(self, path: str | None) -> None:
        # For messages about it.
        self.where = "" if path is None else f" to {path}"
        self._replaced: tuple[str, io.StringIO] | None = None
        self.stream: TextIO = sys.stderr
        if path is None:
            return
        descriptor = _descriptor_for(path)
        if descriptor is None:
            self.stream = held = io.StringIO()
            self._replaced = os.path.realpath(path), held
        else:
            self.stream = os.fdopen(descriptor, "w", encoding="utf-8", errors=_ERRORS)

    def finish(self) -> None:
        """Write what the stream holds. Raises OSError."""
        if self._replaced is None:
            self.stream.flush()
            return
        path, held = self._replaced
        data = held.getvalue().encode("utf-8", _ERRORS)
        try:
            _replace(path, data)
        except OSError as error:
            if error.errno not in _NOT_REPLACED:
                raise
            with open(path, "wb") as file:
                file.write(data)

    def close(self) -> None:
        """Close what was opened."""
        if self.stream is not sys.stderr:
            self.stream.close()


@contextlib.contextmanager
def opened(path: str | None) -> Iterator[Target]:
    """A target, closed afterwards. Raises FluentError where it cannot be written."""
    try:
        target = Target(path)
    except OSError as error:
        message = f"cannot write the report to {path}: {error.strerror}"
        raise FluentError("FileError", message) from None
    with contextlib.closing(target):
        yield target


def _descriptor_for(path: str) -> int | None:
    """An open descriptor for what cannot be replaced; None for a file, old or new."""
    own = _own_descriptor(path)
    if own is not None:
        # Not opened anew: the report goes behind what is written already.
        return os.dup(own)
    try:
        regular = stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        _check_new(path)
        return None
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    if regular:
        os.close(descriptor)
        return None
    return descriptor


def _own_descriptor(path: str) -> int | None:
    """The number that /dev/stdout, /dev/fd/N and links to them stand for."""
    descriptors = os.path.realpath("/proc/self/fd")
    for _link in range(_MOST_LINKS):
        if not os.path.islink(path):
            break
        folder, name = os.path.split(path)
        if os.path.realpath(folder) == descriptors:
            return int(name)
        path = os.path.join(folder, os.readlink(path))
    return None


def _check_new(path: str) -> None:
    """Raise OSError for a file that cannot be made."""
    if not os.path.basename(path):
        code = errno.EISDIR if path else errno.ENOENT
        raise OSError(code, os.strerror(code))
    name, descriptor = _temporary(os.path.dirname(os.path.realpath(path)))
    os.close(descriptor)
    os.unlink(name)


def _temporary(folder: str) -> tuple[str, int]:
    name = f".fluentai_jit-{os.getpid()}-{os.urandom(4).hex()}.tmp"
    path = os.path.join(folder, name)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return path, os.open(path, flags, 0o666)


def _replace(path: str, data: bytes) -> None:
    temporary, descriptor = _temporary(os.path.dirname(path))
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            _take_after(path, descriptor)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _take_after(path: str, descriptor: int) -> None:
    """Give a file the owner and the mode of the one it replaces."""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        status = os.stat(path)
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
        os.fchown(descriptor, status.st_uid, status.st_gid)
