"""The code store: what it keeps, and what it forgets first."""

from __future__ import annotations

import stat
import threading
import time
from pathlib import Path

import pytest

from fluentai_jit.native.store import Store, key_of
from tests.native.stores import Place


def test_an_entry_comes_back_in_the_next_process(place: Place) -> None:
    place.filled({"a": b"first", "b": b"second", "empty": b""})
    assert place.contents(["a", "b", "empty", "c"]) == {
        "a": b"first",
        "b": b"second",
        "empty": b"",
        "c": None,
    }
    assert not place.warnings


def test_an_entry_is_replaced(place: Place) -> None:
    place.filled({"a": b"first"})
    place.filled({"a": b"second"})
    assert place.contents(["a"]) == {"a": b"second"}


def test_the_folder_is_made_for_its_owner_alone(place: Place) -> None:
    place.filled({})
    assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700


def test_entries_are_listed_with_size_and_state(place: Place) -> None:
    place.filled({"b": b"12345", "a": b"1"})
    store = place.open()
    assert store.entries() == [("a", 1, True), ("b", 5, True)]


def test_clearing_counts_and_forgets(place: Place) -> None:
    place.filled({"a": b"1", "b": b"2"})
    store = place.open()
    assert store.clear() == 2
    assert store.get("a") is None
    assert store.entries() == []
    assert store.clear() == 0


def test_a_closed_store_misses(place: Place) -> None:
    store = place.open()
    store.put("a", b"1")
    store.close()
    store.close()
    assert store.get("a") is None
    assert not store.put("a", b"1")
    assert store.entries() == []
    assert store.clear() == 0
    assert not place.warnings


# ---- size -----------------------------------------------------------------------
class Clock:
    """The store's clock, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1e9
        monkeypatch.setattr(time, "time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def filled_to_the_brim(place: Place, clock: Clock) -> Store:
    """A store of 1000 bytes with 9 entries of 100, a second apart."""
    store = place.open(1000)
    for index in range(9):
        clock.now += 1
        assert store.put(f"k{index}", bytes(100))
    return store


def keys(store: Store) -> list[str]:
    return [key for key, _size, _whole in store.entries()]


def test_the_newest_entries_stay_within_the_size(place: Place, clock: Clock) -> None:
    store = filled_to_the_brim(place, clock)
    clock.now += 1
    assert store.put("large", bytes(400))
    assert keys(store) == ["k3", "k4", "k5", "k6", "k7", "k8", "large"]
    assert sum(size for _key, size, _whole in store.entries()) <= 1000


def test_what_was_used_lately_is_kept(place: Place, clock: Clock) -> None:
    store = filled_to_the_brim(place, clock)
    clock.now += 2 * 86_400
    assert store.get("k0") is not None
    clock.now += 1
    assert store.put("large", bytes(400))
    assert keys(store) == ["k0", "k4", "k5", "k6", "k7", "k8", "large"]


def test_reading_writes_at_most_once_a_day(place: Place, clock: Clock) -> None:
    store = filled_to_the_brim(place, clock)
    before = place.file.read_bytes()
    clock.now += 3600
    assert store.get("k0") is not None
    assert place.file.read_bytes() == before
    clock.now += 86_400
    assert store.get("k0") is not None
    assert place.file.read_bytes() != before


def test_what_is_larger_than_the_store_is_not_kept(place: Place) -> None:
    store = place.open(1000)
    assert store.put("a", bytes(1000))
    assert not store.put("b", bytes(1001))
    assert keys(store) == ["a"]
    assert not place.warnings


# ---- threads and keys -----------------------------------------------------------
def test_threads_share_a_store(place: Place) -> None:
    store = place.open()
    failures: list[str] = []

    def work(number: int) -> None:
        for index in range(40):
            key, content = f"{number}.{index}", f"{number * index}".encode()
            if not store.put(key, content) or store.get(key) != content:
                failures.append(key)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(store.entries()) == 160
    assert not place.warnings


def test_a_key_has_every_part_at_its_place() -> None:
    parts = [["a", "b"], ["b", "a"], ["ab"], ["a", "b", ""], ["", "a", "b"], ["ab", ""]]
    assert len({key_of(row) for row in parts}) == len(parts)
    assert len(key_of(["\ud800"])) == 64


def test_a_path_with_odd_characters_is_a_path(tmp_path: Path) -> None:
    place = Place(tmp_path / "a b?c#d%20é")
    place.filled({"a": b"1"})
    assert place.contents(["a"]) == {"a": b"1"}
    assert [path.name for path in place.folder.iterdir()] == ["code.sqlite"]
