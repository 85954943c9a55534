"""The code store: object code of units and of the kernel, kept between runs.

Loading an object is running it. So the folder must belong to the user and be
closed to others; an entry is used only if the SHA-256 over its key and content
agrees, and if its undefined symbols are among those that the loader defines.
Anything else is a miss. SQLite keeps entries whole when a process is killed and
lets several processes use the store at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

_FILE = "code.sqlite"
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, digest BLOB NOT NULL,"
    " content BLOB NOT NULL, used REAL NOT NULL)"
)
_BUSY_S = 1.0
# How old the time of an entry's last use gets before it is written again.
_TOUCH_S = 86_400

# What SQLite raises. A size read from a damaged file may be asked of memory, and a
# message that quotes from it may be no text.
_FAILURES = (sqlite3.Error, MemoryError, OverflowError, UnicodeDecodeError)
# Failures that say nothing about the file: locked, no permission, no room.
_OUTSIDE = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_TOOBIG,
    )
)

Warn = Callable[[str], None]


class Store:
    """A folder of object code; every failure of it is a miss.

    `refusal` says why nothing can be kept there, and is None where something can;
    `warn` is told, once, of damage that has cost what was kept. Threads of a process
    may share a store.
    """

    def __init__(self, folder: Path, max_bytes: int, warn: Warn) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._warn = warn
        self.damaged = False
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self.readonly = False
        self.refusal = self._open()

    # ---- opening ------------------------------------------------------------------
    def _open(self) -> str | None:
        """Open the store; what is against it, if something is."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = self.folder.lstat()
        except OSError as error:
            return f"the code store {self.folder} cannot be made: {error.strerror}"
        return self._refused(status) or self._connect()

    def _refused(self, status: os.stat_result) -> str | None:
        if not stat.S_ISDIR(status.st_mode):
            return f"the code store {self.folder} is not a folder"
        if status.st_uid != os.getuid():
            return f"the code store {self.folder} belongs to somebody else"
        if status.st_mode & 0o022:
            # With another mode it would still hold what others have put there.
            return (
                f"others can write to the code store {self.folder}, and what it holds "
                "is executed: set store.path to a folder of mode 0700"
            )
        if status.st_mode & 0o055:
            # Imported here: few starts need it.
            import shlex

            return (
                f"the code store {self.folder} must have mode 0700: "
                f"chmod 700 {shlex.quote(str(self.folder))}"
            )
        return None

    def _connect(self) -> str | None:
        path = self.folder / _FILE
        try:
            if path.is_symlink() or (
                path.exists() and path.stat().st_uid != os.getuid()
            ):
                return f"{path} belongs to somebody else"
        except OSError as error:
            return f"the code store {path} cannot be read: {error.strerror}"
        try:
            self._connection = self._connected(path)
        except _FAILURES as error:
            if _is_damage(error):
                return self._replace_damaged()
            return self._connect_readonly(path)
        return None

    def _connected(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False)
        # A damaged key must not keep the others from being listed and trimmed.
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            connection.execute("PRAGMA synchronous=NORMAL")
            with connection:
                connection.execute(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect_readonly(self, path: Path) -> str | None:
        if not path.exists():
            return f"the code store {self.folder} cannot be written"
        try:
            self.readonly = True
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._connection.execute("SELECT count(*) FROM entries")
        except _FAILURES:
            self._disconnect()
            return f"the code store {self.folder} cannot be read"
        return None

    def _replace_damaged(self) -> str | None:
        path = self.folder / _FILE
        self._disconnect()
        try:
            path.unlink()
            # It belongs to the damaged file, and would be applied to the new one.
            path.with_name(f"{_FILE}-journal").unlink(missing_ok=True)
            self._connection = self._connected(path)
        except (OSError, *_FAILURES):
            self._connection = None
            return f"the code store {path} is damaged and cannot be replaced"
        self._tell_damage(f"the code store {path} is damaged and was emptied")
        return None

    def _tell_damage(self, message: str) -> None:
        if not self.damaged:
            self.damaged = True
            self._warn(message)

    # ---- entries ---------------------------------------------------------------------
    def get(self, key: str) -> bytes | None:
        """The content under a key, or None where there is none to trust."""
        with self._lock:
            if self._connection is None:
                return None
            try:
                row = self._connection.execute(
                    "SELECT digest, content, used FROM entries WHERE key = ?", (key,)
                ).fetchone()
            except _FAILURES as error:
                self._failed(error)
                return None
            if row is None or not _is_whole(key, row[0], row[1]):
                return None
            self._touch(key, row[2])
        content: bytes = row[1]
        return content

    def _touch(self, key: str, used: object) -> None:
        """Note that an entry is in use, so that others go first."""
        now = time.time()
        if self._connection is None or (
            isinstance(used, float) and 0 <= now - used < _TOUCH_S
        ):
            return
        # A store that cannot be written forgets nothing either.
        with contextlib.suppress(*_FAILURES), self._connection:
            self._connection.execute(
                "UPDATE entries SET used = ? WHERE key = ?", (now, key)
            )

    def put(self, key: str, content: bytes) -> bool:
        """Keep content under a key; whether it is kept."""
        with self._lock:
            if self._connection is None or len(content) > self._max_bytes:
                return False
            try:
                with self._connection:
                    self._connection.execute(
                        "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)",
                        (key, _digest(key, content), content, time.time()),
                    )
                    self._trim()
            except _FAILURES as error:
                self._failed(error)
                return False
        return True

    def _trim(self) -> None:
        """Forget what was unused for longest where all together is too large."""
        assert self._connection is not None
        rows = self._connection.execute(
            "SELECT rowid, length(content) FROM entries ORDER BY used DESC"
        ).fetchall()
        total = 0
        for row, size in rows:
            total += size
            if total > self._max_bytes:
                self._connection.execute("DELETE FROM entries WHERE rowid = ?", (row,))

    def _failed(self, error: BaseException) -> None:
        # What cannot be written may be changing under somebody who can write it.
        if _is_damage(error) and not self.readonly:
            refusal = self._replace_damaged()
            if refusal is not None:
                self._tell_damage(refusal)

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    # ---- upkeep --------------------------------------------------------------------
    def entries(self) -> list[tuple[str, int, bool]]:
        """(key, size in bytes, whether its digest agrees) of every entry."""
        with self._lock:
            if self._connection is None:
                return []
            try:
                rows = self._connection.execute(
                    "SELECT key, digest, content FROM entries ORDER BY key"
                ).fetchall()
            except _FAILURES as error:
                self._failed(error)
                return []
        return [
            (str(key), len(content) if isinstance(content, bytes) else 0, whole)
            for key, digest, content in rows
            for whole in [_is_whole(key, digest, content)]
        ]

    def clear(self) -> int:
        """Remove every entry; how many there were.

        Raises OSError where the store cannot be written.
        """
        with self._lock:
            if self._connection is None:
                return 0
            try:
                with self._connection:
                    count = self._connection.execute("DELETE FROM entries").rowcount
                self._connection.execute("VACUUM")
            except _FAILURES as error:
                raise OSError(f"cannot clear {self.folder / _FILE}: {error}") from error
        return count

    def close(self) -> None:
        """Close the file; afterwards everything is a miss."""
        with self._lock:
            self._disconnect()

    def __del__(self) -> None:
        # Of a store that nobody closed; Python 3.13 complains about such databases.
        if hasattr(self, "_connection"):
            self._disconnect()


def _is_damage(error: BaseException) -> bool:
    if isinstance(error, UnicodeDecodeError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    # The lower byte of an extended code is the code it extends.
    return code is not None and code & 0xFF not in _OUTSIDE


def _is_whole(key: object, digest: object, content: object) -> bool:
    """Whether an entry is what was put; a damaged file may hold any types."""
    return (
        isinstance(key, str)
        and isinstance(content, bytes)
        and digest == _digest(key, content)
    )


def _digest(key: str, content: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + content).digest()


def key_of(parts: Iterable[str]) -> str:
    """The key of everything that went into an entry."""
    text = "\0".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
