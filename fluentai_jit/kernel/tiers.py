"""The interpreter as a callable: tier 0 in Python, tier 1 as loaded code."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ..core.layout import CLOCK_SCALE, FLAGS, NATIVES, POWERS, SAMPLING, TIMING
from ..memory.words import Words
from ..native.symbols import (
    COLLECTOR_SYMBOL,
    CYCLES_SYMBOL,
    KERNEL_SYMBOL,
    KERNEL_SYMBOLS,
    NATIVES_SYMBOL,
    POWERS_SYMBOL,
    STACK_SYMBOL,
    THROW_SYMBOL,
    UNWIND_SYMBOL,
)
from .clock import clock_scale

if TYPE_CHECKING:
    from ..native.loader import Code


class Kernel(Protocol):
    """Runs a program from its context record until a status stops it."""

    tier: int

    def run(self, context: Words) -> int:
        """Execute; returns a status of core/statuses.py."""

    def collect(self, context: Words) -> int:
        """Collect garbage; returns the words in use after it."""

    def unwind(self, context: Words) -> int:
        """End the timed activations above frame BOTTOM; how many frames there are."""

    def throw(self, context: Words) -> int:
        """Go on at the handler of what THROWN holds: OK, RAISED or COLLECT."""

    def take_stack(self, context: Words) -> int:
        """Add the time since the last stack to the functions of this one."""


class PlainKernel:
    """Tier 0: the interpreter's source as it stands."""

    tier = 0

    def __init__(self) -> None:
        # Imported here: a program with a stored kernel never needs the source.
        from ..core.unwinding import take_stack, throw, unwind
        from ..memory import table  # noqa: F401  makes the operations known
        from ..memory.collector import collect
        from .interpreter import run

        self._run: Callable[[memoryview], int] = run
        self._unwind: Callable[[memoryview], int] = unwind
        self._throw: Callable[[memoryview], int] = throw
        self._take_stack: Callable[[memoryview], int] = take_stack
        self._collect: Callable[[memoryview], int] = collect
        self._powers = _powers()

    def run(self, context: Words) -> int:
        """Execute until a status stops the program."""
        context.view[POWERS] = self._powers.address
        context.view[CLOCK_SCALE] = 0
        return self._run(context.view)

    def collect(self, context: Words) -> int:
        """Collect garbage; returns the words in use after it."""
        return self._collect(context.view)

    def unwind(self, context: Words) -> int:
        """End the timed activations above frame BOTTOM; how many frames there are."""
        return self._unwind(context.view)

    def throw(self, context: Words) -> int:
        """Go on at the handler of what THROWN holds: OK, RAISED or COLLECT."""
        return self._throw(context.view)

    def take_stack(self, context: Words) -> int:
        """Add the time since the last stack to the functions of this one."""
        return self._take_stack(context.view)


@functools.cache
def _powers() -> Words:
    """The table of powers of ten for plain Python; compiled code has its own."""
    from ..core.powers_of_ten import powers_of_ten

    return Words.of(powers_of_ten())


@functools.lru_cache(maxsize=4)
def _loaded(image: bytes) -> Code:
    """The kernel in this process, loaded once: LLVM keeps 10 kB of each loading."""
    from ..native import loader

    return loader.load(image, KERNEL_SYMBOLS)


class CompiledKernel:
    """Tier 1: the kernel's object code; releases Python's lock while it runs."""

    tier = 1

    def __init__(self, image: bytes) -> None:
        self._code = _loaded(image)
        prototype = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)
        self._run = prototype(self._code.addresses[KERNEL_SYMBOL])
        self._collect = prototype(self._code.addresses[COLLECTOR_SYMBOL])
        self._unwind = prototype(self._code.addresses[UNWIND_SYMBOL])
        self._throw = prototype(self._code.addresses[THROW_SYMBOL])
        self._take_stack = prototype(self._code.addresses[STACK_SYMBOL])
        self._cycles = prototype(self._code.addresses[CYCLES_SYMBOL])
        self._natives = self._code.addresses[NATIVES_SYMBOL]
        self._powers = self._code.addresses[POWERS_SYMBOL]

    def run(self, context: Words) -> int:
        """Execute until a status stops the program."""
        context.view[NATIVES] = self._natives
        context.view[POWERS] = self._powers
        if context.view[FLAGS] & (TIMING | SAMPLING):
            context.view[CLOCK_SCALE] = clock_scale(self._cycles)
        return int(self._run(context.address))

    def collect(self, context: Words) -> int:
        """Collect garbage; returns the words in use after it."""
        return int(self._collect(context.address))

    def unwind(self, context: Words) -> int:
        """End the timed activations above frame BOTTOM; how many frames there are."""
        return int(self._unwind(context.address))

    def throw(self, context: Words) -> int:
        """Go on at the handler of what THROWN holds: OK, RAISED or COLLECT."""
        return int(self._throw(context.address))

    def take_stack(self, context: Words) -> int:
        """Add the time since the last stack to the functions of this one."""
        return int(self._take_stack(context.address))
