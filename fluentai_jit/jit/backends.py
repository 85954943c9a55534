"""Backends of the JIT that work on the spot: as plain Python, or compiled here."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .artifacts import Artifacts
from .node import Key
from .slots import Slots

if TYPE_CHECKING:
    from .unit import Unit


@dataclass(slots=True)
class PlainResult:
    """A unit that runs as the Python it is."""

    milliseconds: float = 0.0
    error: str | None = None

    def install(self, slots: Slots, unit: Unit, key: Key, table: list[int]) -> None:
        """Put its entry in the slot."""
        slots.install_plain(unit, key[0], key[1], table)


@dataclass(slots=True)
class NativeResult:
    """Object code of a unit, or why there is none."""

    image: bytes
    milliseconds: float
    error: str | None = None

    def install(self, slots: Slots, unit: Unit, key: Key, table: list[int]) -> None:
        """Load it and put its entry in the slot."""
        slots.install_native(unit, key[0], key[1], table, self.image)


class PlainBackend:
    """Nothing is compiled: for the emitted engine."""

    immediate = True

    def __init__(self) -> None:
        self._done: list[tuple[int, PlainResult]] = []

    def submit(self, ticket: int, unit: Unit) -> None:
        """Done at once."""
        self._done.append((ticket, PlainResult()))

    def finished(self) -> list[tuple[int, Any]]:
        """What was submitted since the last call."""
        done, self._done = self._done, []
        return list(done)

    def prepare(self) -> None:
        """Nothing to do before the first unit."""

    def stored(self, unit: Unit) -> bool:
        """Units are always taken at once."""
        return True

    def close(self) -> None:
        """Nothing is under way."""


class SyncBackend:
    """Compiles in this process while the program waits: `jit.mode = sync`."""

    immediate = True

    def __init__(self, artifacts: Artifacts, level: int) -> None:
        self._artifacts = artifacts
        self._level = level
        self._done: list[tuple[int, NativeResult]] = []

    def submit(self, ticket: int, unit: Unit) -> None:
        """Compile now."""
        try:
            image, elapsed = self._artifacts.unit(
                unit.source, unit.name, len(unit.table), self._level
            )
            result = NativeResult(image, elapsed)
        except Exception as error:  # reported as a refusal of this unit
            result = NativeResult(b"", 0.0, f"{type(error).__name__}: {error}")
        self._done.append((ticket, result))

    def finished(self) -> list[tuple[int, Any]]:
        """What was submitted since the last call."""
        done, self._done = self._done, []
        return list(done)

    def prepare(self) -> None:
        """Nothing to do before the first unit."""

    def stored(self, unit: Unit) -> bool:
        """Units are always taken at once."""
        return True

    def close(self) -> None:
        """Nothing is under way."""


class ThreadBackend:
    """Compiles in a thread of this process: `compile.mode = thread`.

    The program runs at about a third of its speed meanwhile, because Numba holds
    Python's lock; for where no process can be started.
    """

    immediate = False

    def __init__(self, artifacts: Artifacts, level: int) -> None:
        self._artifacts = artifacts
        self._level = level
        self._requests: queue.SimpleQueue[tuple[int, Unit] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[int, NativeResult]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def _work(self) -> None:
        while (request := self._requests.get()) is not None:
            ticket, unit = request
            try:
                image, elapsed = self._artifacts.unit(
                    unit.source, unit.name, len(unit.table), self._level
                )
                result = NativeResult(image, elapsed)
            except Exception as error:  # reported as a refusal of this unit
                result = NativeResult(b"", 0.0, f"{type(error).__name__}: {error}")
            self._results.put((ticket, result))

    def submit(self, ticket: int, unit: Unit) -> None:
        """Hand a unit to the thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        self._requests.put((ticket, unit))

    def finished(self) -> list[tuple[int, Any]]:
        """Units that are done since the last call."""
        done = []
        while not self._results.empty():
            done.append(self._results.get())
        return done

    def prepare(self) -> None:
        """The thread is started by the first unit."""

    def stored(self, unit: Unit) -> bool:
        """Whether a unit would come from the store."""
        image = self._artifacts.stored_unit(unit.source, len(unit.table), self._level)
        return image is not None

    def close(self) -> None:
        """Let the thread end after what it is doing."""
        self._requests.put(None)
