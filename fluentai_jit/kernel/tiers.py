"""The interpreter as a callable: tier 0 in Python, tier 1 as loaded code."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Protocol

from ..memory.words import Words

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


class CompiledKernel:
    """Tier 1: the kernel's object code; releases Python's lock while it runs."""

    tier = 1

    def __init__(self, image: bytes) -> None:
        from ..native import loader

        self._code = loader.load(image, (KERNEL_SYMBOL,))
        prototype = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)
        self._run = prototype(self._code.addresses[KERNEL_SYMBOL])

    def run(self, context: Words) -> int:
        """Execute until a status stops the program."""
        return int(self._run(context.address))
