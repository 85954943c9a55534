"""The interpreter as a callable: tier 0 in Python, tier 1 as loaded code."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ..memory.words import Words

if TYPE_CHECKING:
    from ..native.loader import Code

KERNEL_SYMBOL = "fluentai_kernel"


class Kernel(Protocol):
    """Runs a program from its context record until a status stops it."""

    tier: int

    def run(self, context: Words) -> int:
        """Execute; returns a status of core/statuses.py."""


class PlainKernel:
    """Tier 0: the interpreter's source as it stands."""

    tier = 0

    def __init__(self) -> None:
        # Imported here: a program with a stored kernel never needs the source.
        from .interpreter import run

        self._run: Callable[[memoryview], int] = run

    def run(self, context: Words) -> int:
        """Execute until a status stops the program."""
        return self._run(context.view)


@functools.lru_cache(maxsize=4)
def _loaded(image: bytes) -> Code:
    """The kernel in this process, loaded once: LLVM keeps 10 kB of each loading."""
    from ..native import loader

    return loader.load(image, (KERNEL_SYMBOL,))


class CompiledKernel:
    """Tier 1: the kernel's object code; releases Python's lock while it runs."""

    tier = 1

    def __init__(self, image: bytes) -> None:
        self._code = _loaded(image)
        prototype = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)
        self._run = prototype(self._code.addresses[KERNEL_SYMBOL])

    def run(self, context: Words) -> int:
        """Execute until a status stops the program."""
        return int(self._run(context.address))
