"""Compiled code by what it is made from: out of the store, or built and kept."""

from __future__ import annotations

import time

from ..native import keys
from ..native.store import Store
from ..native.symbols import KERNEL_SYMBOLS


class Artifacts:
    """Builds the kernel, the semantic functions and units, each at most once.

    With a store, what is there is not built again, and what is built is kept.
    `store` may be None.
    """

    def __init__(self, store: Store | None) -> None:
        self.store = store
        self._semantics: bytes | None = None

    def _stored(self, key: str) -> bytes | None:
        return None if self.store is None else self.store.get(key)

    def _stored_object(self, key: str, symbols: tuple[str, ...]) -> bytes | None:
        """A stored object that may be loaded; any other is as good as none."""
        # Imported here: making the key has imported LLVM already.
        from ..native.loader import refusal_of

        image = self._stored(key)
        if image is None or refusal_of(image, symbols) is not None:
            return None
        return image

    def _keep(self, key: str, content: bytes) -> None:
        if self.store is not None:
            self.store.put(key, content)

    def semantics(self) -> bytes:
        """LLVM bitcode of the semantic functions."""
        if self._semantics is None:
            key = keys.semantics_key()
            self._semantics = self._stored(key)
            if self._semantics is None:
                from ..kernel.build import build_semantics

                self._semantics = build_semantics()
                self._keep(key, self._semantics)
        return self._semantics

    def stored_kernel(self) -> bytes | None:
        """Object code of the kernel if it is stored."""
        return self._stored_object(keys.kernel_key(), KERNEL_SYMBOLS)

    def kernel(self) -> bytes:
        """Object code of the kernel."""
        image = self.stored_kernel()
        if image is None:
            from ..kernel.build import build_kernel

            image = build_kernel(self.semantics())
            self._keep(keys.kernel_key(), image)
        return image

    def stored_unit(self, source: str, table_size: int, level: int) -> bytes | None:
        """Object code of a unit if it is stored."""
        from ..native.loader import UNIT_SYMBOLS

        key = keys.unit_key(source, table_size, level)
        return self._stored_object(key, UNIT_SYMBOLS)

    def unit(
        self, source: str, name: str, table_size: int, level: int
    ) -> tuple[bytes, float]:
        """(object code of a unit, milliseconds it took to get it)."""
        began = time.perf_counter()
        image = self.stored_unit(source, table_size, level)
        if image is None:
            from ..native.units import build_unit, lower_unit
            from .vocabulary import constants

            modules = lower_unit(source, name, table_size, constants())
            image, _module = build_unit(modules, self.semantics(), level)
            self._keep(keys.unit_key(source, table_size, level), image)
        return image, (time.perf_counter() - began) * 1e3
