"""Object code into the process, with llvmlite alone.

LLJIT, because MCJIT ends the process on an unknown symbol. A loaded object stays
mapped as long as its Code is referenced.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm

from ..core.primitives import LIBM_BINARY, LIBM_UNARY, libm
from .objects import initialise

LIBM_PREFIX = "fluentai_libm_"

ENTRY_SYMBOL = "fluentai_entry"
TABLE_SYMBOL = "fluentai_table"

_jit: Any = None
_serial = itertools.count(1)


def libm_addresses() -> dict[str, int]:
    """The symbols an object may import: the C mathematics library's functions."""
    return {
        LIBM_PREFIX + name: ctypes.cast(getattr(libm, name), ctypes.c_void_p).value or 0
        for name in [*LIBM_UNARY, *LIBM_BINARY]
    }


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
    initialise()
    if _jit is None:
        _jit = llvm.create_lljit_compiler()
    builder = llvm.JITLibraryBuilder()
    for name, address in libm_addresses().items():
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
    """Load a unit's object and fill in its table. Raises RuntimeError as `load`."""
    return UnitCode(load(image, (ENTRY_SYMBOL, TABLE_SYMBOL)), table)
