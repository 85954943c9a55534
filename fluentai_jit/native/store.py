"""The code store: object code of units and of the kernel, kept between runs.

Loading an object is running it. So the folder must belong to the user and be
closed to others; an entry is used only if the SHA-256 over its key and content
agrees, and if its undefined symbols are among those that the loader defines.
Anything else is a miss. SQLite keeps entries whole when a process is killed and
lets several processes use the store at once.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import struct
import time
from collections.abc import Callable, Iterable
from pathlib import Path

_FILE = "code.sqlite"
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, digest BLOB NOT NULL,"
    " content BLOB NOT NULL, used REAL NOT NULL)"
)
_BUSY_S = 1.0

Warn = Callable[[str], None]


class Store:
    """A folder of object code; every failure of it is a miss.

    `warn` is told once what is wrong with the store as a whole.
    """

    def __init__(self, folder: Path, max_bytes: int, warn: Warn) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._warn = warn
        self._warned = False
        self._connection: sqlite3.Connection | None = None
        self.usable = self._open()

    # ---- opening ------------------------------------------------------------------
    def _fault(self, message: str) -> None:
        if not self._warned:
            self._warned = True
            self._warn(f"{message}; going on without stored code")

    def _open(self) -> bool:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = self.folder.lstat()
        except OSError as error:
            self._fault(
                f"the code store {self.folder} cannot be made: {error.strerror}"
            )
            return False
        if not stat.S_ISDIR(status.st_mode):
            self._fault(f"the code store {self.folder} is not a folder")
            return False
        if status.st_uid != os.getuid() or status.st_mode & 0o077:
            self._fault(
                f"the code store {self.folder} must be a folder of yours with mode 0700"
            )
            return False
        return self._connect()

    def _connect(self) -> bool:
        path = self.folder / _FILE
        if path.is_symlink() or (path.exists() and path.stat().st_uid != os.getuid()):
            self._fault(f"{path} belongs to somebody else")
            return False
        try:
            self._connection = self._connected(path)
        except sqlite3.OperationalError:
            return self._connect_readonly(path)
        except sqlite3.DatabaseError:
            return self._replace_damaged(path)
        return True

    def _connected(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False)
        connection.execute("PRAGMA synchronous=NORMAL")
        with connection:
            connection.execute(_SCHEMA)
        return connection

    def _connect_readonly(self, path: Path) -> bool:
        if not path.exists():
            self._fault(f"the code store {self.folder} cannot be written")
            return False
        try:
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._connection.execute("SELECT count(*) FROM entries")
        except sqlite3.DatabaseError:
            self._connection = None
            self._fault(f"the code store {self.folder} cannot be read")
            return False
        return True

    def _replace_damaged(self, path: Path) -> bool:
        self._fault(f"the code store {path} is damaged and was emptied")
        try:
            path.unlink()
            self._connection = self._connected(path)
        except (OSError, sqlite3.DatabaseError):
            self._connection = None
            return False
        return True

    # ---- entries ---------------------------------------------------------------------
    def get(self, key: str) -> bytes | None:
        """The content under a key, or None where there is none to trust."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute(
                "SELECT digest, content FROM entries WHERE key = ?", (key,)
            ).fetchone()
        except sqlite3.DatabaseError as error:
            self._lost(error)
            return None
        if row is None:
            return None
        digest, content = row
        if not isinstance(content, bytes) or digest != _digest(key, content):
            return None
        return content

    def put(self, key: str, content: bytes) -> bool:
        """Keep content under a key; whether it is kept."""
        if self._connection is None or len(content) > self._max_bytes:
            return False
        try:
            with self._connection:
                self._connection.execute(
                    "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)",
                    (key, _digest(key, content), content, time.time()),
                )
                self._trim()
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                self._lost(error)
            return False
        return True

    def _trim(self) -> None:
        """Forget the oldest entries where all together take too much room."""
        assert self._connection is not None
        rows = self._connection.execute(
            "SELECT key, length(content) FROM entries ORDER BY used DESC"
        ).fetchall()
        total = 0
        for key, size in rows:
            total += size
            if total > self._max_bytes:
                self._connection.execute("DELETE FROM entries WHERE key = ?", (key,))

    def _lost(self, error: sqlite3.DatabaseError) -> None:
        # A read error of a damaged file: close it, the next process replaces it.
        self._fault(f"the code store {self.folder / _FILE} is damaged ({error})")
        if self._connection is not None and not isinstance(
            error, sqlite3.OperationalError
        ):
            self._connection.close()
            self._connection = None

    # ---- upkeep --------------------------------------------------------------------
    def entries(self) -> list[tuple[str, int, bool]]:
        """(key, size in bytes, whether its digest agrees) of every entry."""
        if self._connection is None:
            return []
        try:
            rows = self._connection.execute(
                "SELECT key, digest, content FROM entries ORDER BY key"
            ).fetchall()
        except sqlite3.DatabaseError as error:
            self._lost(error)
            return []
        return [
            (key, len(content), digest == _digest(key, content))
            for key, digest, content in rows
        ]

    def clear(self) -> int:
        """Remove every entry; how many there were."""
        if self._connection is None:
            return 0
        with self._connection:
            count = self._connection.execute("DELETE FROM entries").rowcount
        self._connection.execute("VACUUM")
        return count

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _digest(key: str, content: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + content).digest()


def key_of(parts: Iterable[str]) -> str:
    """The key of everything that went into an entry."""
    text = "\0".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def undefined_symbols(image: bytes) -> set[str]:
    """Names that an ELF64 object expects others to define.

    Raises ValueError where it is no such object.
    """
    if image[:6] != b"\x7fELF\x02\x01" or len(image) < 64:
        raise ValueError("not a little-endian ELF64 object")
    (offset,) = struct.unpack_from("<Q", image, 40)
    entry_size, count = struct.unpack_from("<HH", image, 58)
    sections = [
        struct.unpack_from("<IIQQQQIIQQ", image, offset + entry_size * index)
        for index in range(count)
    ]
    names = set()
    for section in sections:
        if section[1] == 2:  # SHT_SYMTAB
            strings = sections[section[6]]
            names |= _undefined_in(image, section[4], section[5], strings[4])
    return names


def _undefined_in(image: bytes, start: int, size: int, strings: int) -> set[str]:
    names = set()
    for at in range(start + 24, start + size, 24):
        name, _info, _other, section = struct.unpack_from("<IBBH", image, at)
        if section == 0:
            end = image.index(b"\0", strings + name)
            names.add(image[strings + name : end].decode())
    return names
