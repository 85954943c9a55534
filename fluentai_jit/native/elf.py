"""The symbols of an object file: what it defines, and what it takes from others."""

from __future__ import annotations

import struct
from typing import NamedTuple

_MAGIC = b"\x7fELF\x02\x01"  # 64 bit, little-endian
_SYMBOL_TABLE = 2  # SHT_SYMTAB
_SYMBOL_SIZE = 24


class Symbols(NamedTuple):
    """Names that an object defines for others, and that it expects of others."""

    defined: frozenset[str]
    undefined: frozenset[str]


def symbols_of(image: bytes) -> Symbols:
    """The symbols of an ELF64 object. Raises ValueError where it is no such object."""
    if image[:6] != _MAGIC:
        raise ValueError("not a little-endian ELF64 object")
    defined: set[str] = set()
    undefined: set[str] = set()
    try:
        for start, size, strings in _tables(image):
            for at in range(start + _SYMBOL_SIZE, start + size, _SYMBOL_SIZE):
                name, info, _other, section = struct.unpack_from("<IBBH", image, at)
                # The upper half of `info` is the binding; 0 is local.
                if section == 0:
                    undefined.add(_name(image, strings + name))
                elif info >> 4:
                    defined.add(_name(image, strings + name))
    except (struct.error, IndexError) as error:
        raise ValueError("a damaged ELF64 object") from error
    return Symbols(frozenset(defined), frozenset(undefined))


def _tables(image: bytes) -> list[tuple[int, int, int]]:
    """(offset, size, offset of its strings) of every symbol table."""
    (offset,) = struct.unpack_from("<Q", image, 40)
    entry_size, count = struct.unpack_from("<HH", image, 58)
    sections = [
        struct.unpack_from("<IIQQQQIIQQ", image, offset + entry_size * index)
        for index in range(count)
    ]
    return [
        (section[4], section[5], sections[section[6]][4])
        for section in sections
        if section[1] == _SYMBOL_TABLE
    ]


def _name(image: bytes, start: int) -> str:
    # ValueError where no zero byte follows.
    return image[start : image.index(b"\0", start)].decode("latin-1")
