"""Stores in a test's own folder, and what they complained about."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from fluentai_jit.native.store import Store

SIZE = 4 << 20
FILE = "code.sqlite"


class Place:
    """A folder for a store; every store opened here warns into `warnings`."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "store"
        self.file = self.folder / FILE
        self.warnings: list[str] = []

    def open(self, size: int = SIZE) -> Store:
        return Store(self.folder, size, self.warnings.append)

    def filled(self, entries: dict[str, bytes]) -> None:
        """Put these entries and close the store."""
        store = self.open()
        for key, content in entries.items():
            assert store.put(key, content)
        store.close()
        assert not self.warnings

    def contents(self, keys: list[str]) -> dict[str, bytes | None]:
        """What a store opened now gives for these keys."""
        store = self.open()
        found = {key: store.get(key) for key in keys}
        store.close()
        return found

    def execute(self, statement: str, *values: object) -> None:
        """Change the file behind the store's back."""
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.execute(statement, values)
