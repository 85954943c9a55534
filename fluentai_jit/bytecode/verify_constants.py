"""Verification of constants and of the heap objects that they refer to."""

from __future__ import annotations

from ..core.layout import (
    CONSTRUCTOR_FIELDS,
    CONSTRUCTOR_NAME,
    CONSTRUCTOR_OWNER,
    KIND_CONSTRUCTOR,
    KIND_LIST,
    KIND_STRING,
    KIND_TAGGED,
    LIST_DATA,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    STRING_DATA,
    TAGGED_DATA,
)
from ..core.tags import (
    BOOL,
    FLOAT,
    FUNCTION,
    INT,
    LIST,
    NIL,
    STRING,
    SYMBOL,
    TAG_NAMES,
    TAGGED,
)
from .image import Image
from .verification_error import VerificationError

_MAX_CODE_POINT = 0x10FFFF
_STRING_WIDTHS = {KIND_STRING | width << 8: width for width in (1, 2, 4)}


def check_constants(image: Image) -> None:
    """Check that every constant is a value that may stand in a register."""
    constants = image.constants
    if len(constants) % 2:
        raise VerificationError("the constants are no pairs")
    if not image.heap:
        raise VerificationError("the heap lacks its reserved word")
    waiting = [
        (constants[at], constants[at + 1], f"constant {at // 2}")
        for at in range(0, len(constants), 2)
    ]
    seen: set[tuple[int, int]] = set()
    while waiting:
        tag, payload, where = waiting.pop()
        if tag in (STRING, SYMBOL, LIST, TAGGED):
            kind = STRING if tag == SYMBOL else tag
            if (kind, payload) not in seen:
                seen.add((kind, payload))
                if kind == STRING:
                    _check_string(image, payload, where)
                elif tag == TAGGED:
                    _check_tagged(image, payload, where)
                else:
                    waiting.extend(_list_items(image, payload, where))
        else:
            check_immediate(image, tag, payload, where)


def check_immediate(
    image: Image, tag: int, payload: int, where: str, pc: int | None = None
) -> None:
    """Check a value that is no reference into the heap."""
    if tag == BOOL:
        legal = payload in (0, 1)
    elif tag == NIL:
        legal = payload == 0
    elif tag == FUNCTION:
        # One that captures is a value only together with what it captured.
        legal = 0 <= payload < len(image.chunks) and not image.chunks[payload].captures
    else:
        legal = tag in (INT, FLOAT)
    if not legal:
        name = TAG_NAMES[tag] if 0 <= tag < len(TAG_NAMES) else f"tag {tag}"
        raise VerificationError(f"{where} cannot be {name} {payload}", pc)


def _header(image: Image, offset: int, where: str) -> int:
    """The header of an object, whose length word is in the heap as well."""
    if not 1 <= offset < len(image.heap) - OBJECT_LENGTH:
        raise VerificationError(f"{where} refers outside the heap, to {offset}")
    return image.heap[offset + OBJECT_HEADER]


def _length(image: Image, offset: int, where: str) -> int:
    length = image.heap[offset + OBJECT_LENGTH]
    # No object is longer than the heap has bytes.
    if not 0 <= length <= 8 * len(image.heap):
        raise VerificationError(f"{where} has the impossible length {length}")
    return length


def _check_string(image: Image, offset: int, where: str) -> None:
    heap = image.heap
    width = _STRING_WIDTHS.get(_header(image, offset, where))
    if width is None:
        raise VerificationError(f"{where} is no string in the heap")
    length = _length(image, offset, where)
    start = offset + STRING_DATA
    end = start + (length * width + 7) // 8
    if end > len(heap):
        raise VerificationError(f"{where} ends outside the heap")
    data = heap[start:end].tobytes()
    if any(data[length * width :]):
        raise VerificationError(f"{where} is not padded with zeros")
    if width > 1:
        characters = memoryview(data)
        codes = characters.cast("H") if width == 2 else characters.cast("I")
        widest = max(codes, default=0)
        if widest > _MAX_CODE_POINT:
            raise VerificationError(f"{where} has a character beyond Unicode")
        # Equal strings have equal words; hashing relies on it.
        if widest < 1 << 4 * width:
            raise VerificationError(f"{where} is wider than its characters")


def _check_tagged(image: Image, offset: int, where: str) -> None:
    """Check a tagged value of which others are made: its fields are nil."""
    heap = image.heap
    header = _header(image, offset, where)
    if header & 255 != KIND_TAGGED:
        raise VerificationError(f"{where} is no tagged value in the heap")
    constructor = header >> 8
    name = f"the constructor of {where}"
    if _header(image, constructor, name) != KIND_CONSTRUCTOR:
        raise VerificationError(f"{name} is none")
    count = _length(image, constructor, name)
    first = constructor + CONSTRUCTOR_FIELDS
    if first + count > len(heap):
        raise VerificationError(f"{name} ends outside the heap")
    _check_string(image, heap[constructor + CONSTRUCTOR_NAME], name)
    for at in (constructor + CONSTRUCTOR_OWNER, *range(first, first + count)):
        if heap[at] != 0:
            _check_string(image, heap[at], name)
    start = offset + TAGGED_DATA
    end = start + 2 * count
    if _length(image, offset, where) != count or end > len(heap):
        raise VerificationError(f"{where} has not the fields of its constructor")
    if any(heap[at] != (0 if (at - start) % 2 else NIL) for at in range(start, end)):
        raise VerificationError(f"{where} has fields that are not nil")


def _list_items(image: Image, offset: int, where: str) -> list[tuple[int, int, str]]:
    heap = image.heap
    if _header(image, offset, where) != KIND_LIST:
        raise VerificationError(f"{where} is no list in the heap")
    length = _length(image, offset, where)
    start = offset + LIST_DATA
    end = start + 2 * length
    if end > len(heap):
        raise VerificationError(f"{where} ends outside the heap")
    item = f"an item of {where.removeprefix('an item of ')}"
    return [(heap[at], heap[at + 1], item) for at in range(start, end, 2)]
