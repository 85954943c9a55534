"""Backends of the JIT that work on the spot: as plain Python, or compiled here."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from .node import Key
from .slots import Slots
from .unit import Unit
from .vocabulary import constants


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


class SyncBackend:
    """Compiles in this process while the program waits: `jit.mode = sync`."""

    immediate = True

    def __init__(self, level: int = 2) -> None:
        self._level = level
        self._done: list[tuple[int, NativeResult]] = []

    def submit(self, ticket: int, unit: Unit) -> None:
        """Compile now."""
        from ..native.units import build_unit, lower_unit
        from .artifacts import semantics

        bitcode = semantics()
        began = time.perf_counter()
        modules = lower_unit(unit.source, unit.name, len(unit.table), constants())
        image, _module = build_unit(modules, bitcode, self._level)
        elapsed = (time.perf_counter() - began) * 1e3
        self._done.append((ticket, NativeResult(image, elapsed)))

    def finished(self) -> list[tuple[int, Any]]:
        """What was submitted since the last call."""
        done, self._done = self._done, []
        return list(done)
