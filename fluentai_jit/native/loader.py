"""Object code into the process, with llvmlite alone.

LLJIT, because MCJIT ends the process on an unknown symbol. A loaded object stays
mapped as long as its Code is referenced.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm

from ..core.primitives import MATH_FUNCTIONS, libm
from .elf import symbols_of
from .objects import initialise

# Symbols of the C library under names LLVM knows nothing about: with a known
# name it replaces pow(x, 2.0) by x * x, which has other bits now and then.
LIBM_PREFIX = "fluentai_libm_"

ENTRY_SYMBOL = "fluentai_entry"
TABLE_SYMBOL = "fluentai_table"
UNIT_SYMBOLS = (ENTRY_SYMBOL, TABLE_SYMBOL)
# What LLVM makes of loops that clear or copy memory, and the monotonic clock.
_LIBC = ("memset", "memcpy", "memmove", "clock_gettime")
# Left undefined in position-independent code, and given by the linker itself.
_LINKER_SYMBOLS = frozenset(["_GLOBAL_OFFSET_TABLE_"])

_jit: Any = None
_serial = itertools.count(1)


@functools.cache
def importable() -> dict[str, int]:
    """The symbols an object may import, and where they are: C library functions."""
    found = {
        LIBM_PREFIX + name: getattr(libm, name)
        for name, row in MATH_FUNCTIONS.items()
        if not row.exact
    }
    libc = ctypes.CDLL(None)
    found.update((name, getattr(libc, name)) for name in _LIBC)
    return {
        name: ctypes.cast(function, ctypes.c_void_p).value or 0
        for name, function in found.items()
    }


def refusal_of(image: bytes, symbols: tuple[str, ...]) -> str | None:
    """Why an object is not to be loaded for these symbols; None where it may be."""
    try:
        found = symbols_of(image)
    except ValueError as error:
        return str(error)
    unknown = found.undefined - importable().keys() - _LINKER_SYMBOLS
    if unknown:
        return f"it imports {', '.join(sorted(unknown))}"
    missing = set(symbols) - found.defined
    if missing:
        return f"it does not define {', '.join(sorted(missing))}"
    return None


class Code:
    """A loaded object: addresses of its exported symbols."""

    def __init__(self, tracker: Any, symbols: tuple[str, ...]) -> None:
        self._tracker = tracker
        self.addresses = {symbol: int(tracker[symbol]) for symbol in symbols}


def load(image: bytes, symbols: tuple[str, ...]) -> Code:
    """Link an object file into the process.

    Raises RuntimeError for an unknown symbol or a damaged object; a damaged
    object may also crash when run, so the store checks its hash before.
    """
    global _jit
    refusal = refusal_of(image, symbols)
    if refusal is not None:
        raise RuntimeError(f"the object is not loaded: {refusal}")
    initialise()
    if _jit is None:
        _jit = llvm.create_lljit_compiler()
    builder = llvm.JITLibraryBuilder()
    for name, address in importable().items():
        builder.import_symbol(name, address)
    builder.add_object_img(image)
    for symbol in symbols:
        builder.export_symbol(symbol)
    return Code(builder.link(_jit, f"unit{next(_serial)}"), symbols)


class UnitCode(Code):
    """A loaded unit: its entry, and its table filled in."""

    def __init__(self, code: Code, table: Sequence[int]) -> None:
        self._tracker = code._tracker
        self.addresses = code.addresses
        self.entry = code.addresses[ENTRY_SYMBOL]
        words = (ctypes.c_int64 * len(table)).from_address(code.addresses[TABLE_SYMBOL])
        words[:] = list(table)


def load_unit(image: bytes, table: Sequence[int]) -> UnitCode:
    """Load a unit's object and fill in its table. Raises RuntimeError as `load`.

    VMs share a unit whose table they fill alike; nothing in it is written later.
    """
    return _loaded_unit(image, tuple(table))


# Units stay loaded for the next VM of their program: linking one takes 2.6 ms, and
# LLVM never gives back some 9 kB of each. At most 50 kB of memory each.
@functools.lru_cache(maxsize=256)
def _loaded_unit(image: bytes, table: tuple[int, ...]) -> UnitCode:
    return UnitCode(load(image, UNIT_SYMBOLS), table)
