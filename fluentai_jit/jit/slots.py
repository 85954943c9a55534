"""The slot table: the one place where native code is installed and retired.

The driver calls this between runs of the kernel, when no native frame of its VM
is on any stack, so a unit may leave its slot at once; its code stays mapped as long
as any VM refers to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.entries import register_entry, release_entry
from ..core.layout import (
    BACK_EDGE_SLOT,
    BACK_EDGE_WORDS,
    CHUNK_SLOT,
    CHUNK_WORDS,
)
from ..memory.words import Words

if TYPE_CHECKING:
    from .unit import Unit


@dataclass(slots=True)
class Installed:
    """A unit in its slot."""

    unit: Unit
    chunk: int
    back_edge: int | None
    address: int
    code: Any  # keeps loaded object code mapped; None for plain Python
    exits: int = 0


class Slots:
    """Slots of the chunks and back-edges of one VM.

    `chunks` and `back_edges` are the VM's tables; `empty` gives what an empty slot
    holds.
    """

    def __init__(
        self, chunks: Words, back_edges: Words, empty: Callable[[], int]
    ) -> None:
        self._chunks = chunks
        self._back_edges = back_edges
        self._empty = empty
        self.installed: dict[tuple[int, int | None], Installed] = {}

    def _write(self, chunk: int, back_edge: int | None, address: int) -> None:
        if back_edge is None:
            self._chunks.view[chunk * CHUNK_WORDS + CHUNK_SLOT] = address
        else:
            at = back_edge * BACK_EDGE_WORDS + BACK_EDGE_SLOT
            self._back_edges.view[at] = address

    def install_plain(
        self, unit: Unit, chunk: int, back_edge: int | None, table: Sequence[int]
    ) -> Installed:
        """Install a unit as the Python that it is."""
        from .plain_units import plain_entry

        handle = register_entry(plain_entry(unit, table))
        return self._install(Installed(unit, chunk, back_edge, handle, None))

    def install_native(
        self,
        unit: Unit,
        chunk: int,
        back_edge: int | None,
        table: Sequence[int],
        image: bytes,
    ) -> Installed:
        """Load a unit's object code, fill in its table and install it.

        Raises RuntimeError where the object cannot be linked.
        """
        from ..native.loader import load_unit

        code = load_unit(image, table)
        return self._install(Installed(unit, chunk, back_edge, code.entry, code))

    def _install(self, row: Installed) -> Installed:
        key = (row.chunk, row.back_edge)
        if key in self.installed:
            self.retire(*key)
        self.installed[key] = row
        self._write(row.chunk, row.back_edge, row.address)
        return row

    def retire(self, chunk: int, back_edge: int | None) -> Installed:
        """Take a unit out of its slot."""
        row = self.installed.pop((chunk, back_edge))
        self._write(chunk, back_edge, self._empty())
        if row.code is None:
            release_entry(row.address)
        return row

    def retire_all(self) -> None:
        """Empty every slot."""
        for key in list(self.installed):
            self.retire(*key)
