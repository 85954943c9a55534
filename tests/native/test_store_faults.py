"""A store that is damaged, foreign, full or locked is a miss, and never a crash."""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fluentai_jit.native import store as store_module
from fluentai_jit.native.store import Store
from tests.native.stores import SIZE, Place

_RANDOM = random.Random(7)
ENTRIES = {f"{n:064x}": _RANDOM.randbytes(200 + 900 * n) for n in range(12)}
KEYS = list(ENTRIES)


def assert_misses_or_right(place: Place) -> int:
    """Read all entries, then go on using the store; how many were still there."""
    store = place.open()
    found = {key: store.get(key) for key in KEYS}
    for key, content in found.items():
        assert content in (None, ENTRIES[key])
    store.entries()
    # Damage that is met by a `put` costs that one.
    kept = store.put("new", b"new") or store.put("new", b"new")
    assert store.get("new") == (b"new" if kept else None)
    # The file's own byte that says it is to be read only.
    assert kept or place.file.read_bytes()[18] != 1
    store.close()
    assert len(place.warnings) <= 1
    return sum(content is not None for content in found.values())


def damaged(place: Place, data: bytes) -> int:
    place.warnings.clear()
    place.file.write_bytes(data)
    return assert_misses_or_right(place)


# ---- damage ---------------------------------------------------------------------
def test_a_truncated_file_is_a_miss(place: Place) -> None:
    place.filled(ENTRIES)
    data = place.file.read_bytes()
    steps = [0, 1, 15, 16, 99, 100, 101, 512, 1024, *range(4095, len(data), 4096)]
    found = [damaged(place, data[:size]) for size in steps]
    assert min(found) == 0
    assert damaged(place, data) == len(KEYS)


def test_flipped_bits_never_give_wrong_content(place: Place) -> None:
    place.filled(ENTRIES)
    data = place.file.read_bytes()
    choose = random.Random(11)
    # The header and the pages of the tree, and bits anywhere.
    bits = [choose.randrange(100 * 8) for _ in range(30)]
    bits += [choose.randrange(3 * 4096 * 8) for _ in range(30)]
    bits += [choose.randrange(len(data) * 8) for _ in range(60)]
    # SQLite quotes the damaged statement, which is then no UTF-8.
    bits += [8 * data.index(b"TABLE entries") + 7]
    found = []
    for bit in bits:
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        found.append(damaged(place, bytes(flipped)))
    # Most flips hit one entry, if any: the others are still there.
    assert max(found) == len(KEYS)
    assert sum(found) > len(KEYS) * len(bits) // 2


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 8192, b"nonsense" * 1000, b"SQLite format 3\0" + b"\xff" * 99]
)
def test_a_damaged_file_is_replaced(place: Place, data: bytes) -> None:
    place.filled(ENTRIES)
    place.file.write_bytes(data)
    place.warnings.clear()
    assert place.contents([KEYS[0]]) == {KEYS[0]: None}
    place.warnings.clear()
    place.filled({KEYS[0]: ENTRIES[KEYS[0]]})
    assert place.contents([KEYS[0]]) == {KEYS[0]: ENTRIES[KEYS[0]]}


def test_damage_that_is_met_later_is_repaired_too(place: Place) -> None:
    place.filled(ENTRIES)
    store = place.open()
    # All but the first pages, behind the back of an open store.
    data = place.file.read_bytes()
    place.file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    assert store.get(KEYS[3]) is None
    assert store.put("a", b"1")
    assert store.get("a") == b"1"
    assert len(place.warnings) == 1
    assert "damaged" in place.warnings[0]


def test_a_foreign_table_is_replaced(place: Place) -> None:
    place.folder.mkdir(mode=0o700)
    place.execute("CREATE TABLE entries (something TEXT)")
    store = place.open()
    assert store.get("a") is None
    assert store.put("a", b"1")
    assert store.get("a") == b"1"


@pytest.mark.parametrize(
    "assignment",
    [
        "digest = 12",
        "content = 'text'",
        "content = 7",
        "content = 1.5",
        "content = zeroblob(10)",
        "used = 'never'",
    ],
)
def test_entries_of_any_type_are_read(place: Place, assignment: str) -> None:
    place.filled(ENTRIES)
    place.execute(f"UPDATE entries SET {assignment} WHERE key = ?", KEYS[2])
    store = place.open()
    assert store.get(KEYS[2]) in (None, ENTRIES[KEYS[2]])
    states = {key: whole for key, _size, whole in store.entries()}
    assert len(states) == len(KEYS)
    assert states[KEYS[2]] is (store.get(KEYS[2]) is not None)
    assert sum(states.values()) >= len(KEYS) - 1


# ---- planted entries ------------------------------------------------------------
def planted(place: Place, key: str, digest: bytes, content: bytes) -> None:
    place.execute(
        "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, 0)", key, digest, content
    )


def test_an_entry_under_another_key_is_a_miss(place: Place) -> None:
    place.filled(ENTRIES)
    content = ENTRIES[KEYS[0]]
    digest = hashlib.sha256(KEYS[0].encode() + b"\0" + content).digest()
    planted(place, "other", digest, content)
    assert place.contents(["other", KEYS[0]]) == {"other": None, KEYS[0]: content}


def test_an_entry_with_a_wrong_digest_is_a_miss(place: Place) -> None:
    place.filled(ENTRIES)
    content = b"planted"
    for digest in (hashlib.sha256(content).digest(), bytes(32), b""):
        planted(place, KEYS[0], digest, content)
        assert place.contents([KEYS[0]]) == {KEYS[0]: None}
    assert not place.warnings


# ---- owners, modes, places ------------------------------------------------------
def assert_off(place: Place, message: str) -> None:
    store = place.open()
    assert store.refusal is not None
    assert message in store.refusal
    assert store.get(KEYS[0]) is None
    assert not store.put(KEYS[0], b"")
    assert store.entries() == []
    assert not place.warnings


def test_a_folder_of_somebody_else_is_not_used(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.filled(ENTRIES)
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert_off(place, "belongs to somebody else")


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o755])
def test_a_folder_open_to_others_is_not_used(place: Place, mode: int) -> None:
    place.filled(ENTRIES)
    place.folder.chmod(mode)
    assert_off(place, f"must have mode 0700: chmod 700 {place.folder}")
    place.folder.chmod(0o700)
    assert place.open().refusal is None


def test_the_command_that_mends_a_folder_can_be_pasted(tmp_path: Path) -> None:
    place = Place(tmp_path / "it's here")
    place.filled({})
    place.folder.chmod(0o755)
    refusal = place.open().refusal
    assert refusal is not None
    command = refusal.partition(": ")[2]
    subprocess.run(["/bin/sh", "-c", command], check=True)
    assert place.open().refusal is None


@pytest.mark.parametrize("mode", [0o777, 0o720, 0o702, 0o1777])
def test_a_folder_that_others_can_write_to_is_not_used(place: Place, mode: int) -> None:
    place.filled(ENTRIES)
    place.folder.chmod(mode)
    assert_off(place, "others can write to the code store")


def test_a_file_of_somebody_else_is_not_used(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.filled(ENTRIES)
    real = Path.stat

    def foreign(path: Path, **options: Any) -> os.stat_result:
        found = real(path, **options)
        if path != place.file:
            return found
        values = list(found)
        values[stat.ST_UID] += 1
        return os.stat_result(values)

    monkeypatch.setattr(Path, "stat", foreign)
    assert_off(place, "belongs to somebody else")


def test_a_linked_file_is_not_used(place: Place, tmp_path: Path) -> None:
    place.filled(ENTRIES)
    place.file.rename(tmp_path / "elsewhere")
    place.file.symlink_to(tmp_path / "elsewhere")
    assert_off(place, "belongs to somebody else")


def test_a_linked_folder_is_not_used(place: Place, tmp_path: Path) -> None:
    place.filled(ENTRIES)
    place.folder.rename(tmp_path / "elsewhere")
    place.folder.symlink_to(tmp_path / "elsewhere")
    assert_off(place, "is not a folder")


def test_a_file_in_place_of_the_folder_is_no_store(place: Place) -> None:
    place.folder.write_text("not a folder")
    assert_off(place, "cannot be made")


def test_a_folder_in_place_of_the_file_is_no_store(place: Place) -> None:
    place.file.mkdir(parents=True)
    place.folder.chmod(0o700)
    assert_off(place, "cannot be read")


def test_a_folder_that_cannot_be_looked_into_is_no_store(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.filled({})

    def denied(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_symlink", denied)
    assert_off(place, "Permission denied")


# ---- no room, no permission -----------------------------------------------------
def test_a_store_that_cannot_be_written_is_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.filled(ENTRIES)
    real = sqlite3.connect

    def connect(database: Any, **options: Any) -> sqlite3.Connection:
        # Root cannot be denied writing by a mode; SQLite can.
        if not options.get("uri"):
            database, options["uri"] = f"file:{database}?mode=ro", True
        connection: sqlite3.Connection = real(database, **options)
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)
    store = place.open()
    assert store.refusal is None
    assert {key: store.get(key) for key in KEYS} == ENTRIES
    assert not store.put("new", b"1")
    assert store.get("new") is None
    with pytest.raises(OSError, match="cannot clear"):
        store.clear()
    assert len(place.warnings) <= 1


def test_a_read_only_file_system_is_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.filled(ENTRIES)
    real = sqlite3.connect

    def connect(database: Any, **options: Any) -> sqlite3.Connection:
        if not options.get("uri"):
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        connection: sqlite3.Connection = real(database, **options)
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)
    store = place.open()
    assert store.refusal is None
    assert store.readonly
    assert {key: store.get(key) for key in KEYS} == ENTRIES
    assert not store.put("new", b"1")
    with pytest.raises(OSError, match="cannot clear"):
        store.clear()
    assert not place.warnings
    place.file.unlink()
    assert_off(place, "cannot be written")


def limited(monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """Let a database grow to so many pages, as a full disk would."""
    real = sqlite3.connect

    def connect(database: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(database, **options)
        connection.execute(f"PRAGMA max_page_count={pages}")
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)


def test_a_full_disk_keeps_what_fits(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, 8)
    store = place.open()
    assert store.put("small", b"1")
    assert not store.put("large", bytes(100_000))
    assert store.get("small") == b"1"
    assert store.get("large") is None
    assert len(place.warnings) <= 1


def test_a_full_disk_at_the_start_is_a_store_without_entries(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, 1)
    store = place.open()
    assert store.get("a") is None
    assert not store.put("a", b"1")
    assert len(place.warnings) <= 1


def test_a_locked_store_misses_and_is_not_replaced(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.filled(ENTRIES)
    monkeypatch.setattr(store_module, "_BUSY_S", 0.01)
    store = place.open()
    holder = sqlite3.connect(place.file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert store.get(KEYS[0]) is None
    assert not store.put("a", b"1")
    holder.execute("ROLLBACK")
    holder.close()
    assert {key: store.get(key) for key in KEYS} == ENTRIES
    assert not place.warnings


def test_a_warning_is_given_once(tmp_path: Path) -> None:
    warnings: list[str] = []
    store = Store(tmp_path / "store", SIZE, warnings.append)
    file = tmp_path / "store" / "code.sqlite"
    for _round in range(3):
        file.write_bytes(b"no database" * 1000)
        store.get("a")
        store.put("a", b"1")
    assert len(warnings) == 1
    assert warnings[0] == f"the code store {file} is damaged and was emptied"
