"""Compiled code by what it is made from: out of the store, or built and kept."""

from __future__ import annotations

import time

from ..native import keys
from ..native.store import Store


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
        return self._stored(keys.kernel_key())

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
        return self._stored(keys.unit_key(source, table_size, level))

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
