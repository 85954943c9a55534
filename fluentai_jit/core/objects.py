"""Heap objects as words: strings, lists, maps and sets, by core/layout.py."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from .layout import (
    ENTRY_WORDS,
    ERROR_KIND,
    ERROR_MESSAGE,
    KIND_ERROR,
    KIND_LIST,
    KIND_MAP,
    KIND_SHARED,
    KIND_STRING,
    KIND_TABLE,
    KIND_VERSION,
    KIND_VIEW,
    LIST_DATA,
    MAP_DIFFERENCE,
    MAP_INDEX,
    MAP_PAYLOAD,
    MAP_TABLE,
    MAP_TAG,
    MAP_UNHASHED,
    MAP_WORDS,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    STRING_BUFFER,
    STRING_DATA,
    TABLE_DATA,
    TABLE_USED,
    VERSION_DIFFERENCE,
    VERSION_HIGH,
    VERSION_LOW,
    VERSION_NEXT,
    VERSION_PAYLOAD,
    VERSION_RANGE,
    VIEW_START,
    VIEW_VERSION,
    VIEW_WORDS,
)
from .tags import INT, STRING, UNBOUND


def string_words(text: str) -> list[int]:
    """The words of a string object: 1, 2 or 4 bytes a character."""
    widest = max(map(ord, text), default=0)
    if widest < 0x100:
        width, data = 1, text.encode("latin-1")
    elif widest < 0x10000:
        width, data = 2, text.encode("utf-16-le", "surrogatepass")
    else:
        width, data = 4, text.encode("utf-32-le", "surrogatepass")
    data += bytes(-len(data) % 8)
    body = struct.unpack(f"<{len(data) // 8}q", data)
    return [KIND_STRING | width << 8, len(text), 0, *body]


# More than any object has room for.
_ALL = 1 << 62


def character_words() -> list[int]:
    """The words of the strings of one character up to U+00FF, in order."""
    words: list[int] = []
    for character in range(0x100):
        words += (KIND_STRING | 1 << 8, 1, 0, character)
    return words


def string_text(heap: memoryview | Sequence[int], offset: int, most: int = _ALL) -> str:
    """The text of the string object at `offset`, its first `most` characters."""
    width = heap[offset + OBJECT_HEADER] >> 8
    length = min(most, heap[offset + OBJECT_LENGTH])
    count = (length * width + 7) // 8
    start = offset + STRING_DATA
    if heap[offset + OBJECT_HEADER] & 255 == KIND_SHARED:
        start = heap[offset + STRING_BUFFER] + STRING_DATA
    words = heap[start : start + count]
    if isinstance(words, memoryview):
        data = words.tobytes()
    else:
        data = struct.pack(f"<{count}q", *words)
    encoding = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}[width]
    return data[: length * width].decode(encoding, "surrogatepass")


def error_words(kind: int, message: int) -> list[int]:
    """The words of an error object with these strings, which was thrown nowhere."""
    return [KIND_ERROR, 0, STRING, kind, STRING, message, 0]


def error_texts(heap: memoryview, offset: int) -> tuple[str, str]:
    """The kind and the message of the error object at `offset`; see `error_string`."""
    kind = heap[offset + ERROR_KIND + 1]
    if heap[offset + ERROR_KIND] != STRING:
        return "", ""
    return string_text(heap, kind), string_text(heap, heap[offset + ERROR_MESSAGE + 1])


def list_words(items: Sequence[tuple[int, int]]) -> list[int]:
    """The words of a list object with these (tag, payload) items."""
    words = [KIND_LIST, len(items)]
    for tag, payload in items:
        words += (tag, payload)
    return words


def range_words(at: int, first: int, count: int) -> list[int]:
    """The words of a range's objects, the first of which is to stand at `at`."""
    view = [KIND_VIEW, count, 0, at + VIEW_WORDS]
    return [*view, KIND_VERSION | VERSION_RANGE << 8, 0, 0, count, first]


def list_items(
    heap: memoryview, offset: int, most: int = _ALL
) -> list[tuple[int, int]]:
    """The first `most` (tag, payload) items of the list object at `offset`."""
    return next(list_stretches(heap, offset, most), []) if most > 0 else []


def list_stretches(
    heap: memoryview, offset: int, size: int
) -> Iterator[list[tuple[int, int]]]:
    """The (tag, payload) items of the list object at `offset`, so many at a time."""
    length = heap[offset + OBJECT_LENGTH]
    at = offset + LIST_DATA
    # The way from an older version to the owner of the buffer, what differs first.
    differing: dict[int, tuple[int, int]] = {}
    if heap[offset + OBJECT_HEADER] != KIND_LIST:
        start = heap[offset + VIEW_START]
        version = heap[offset + VIEW_VERSION]
        if heap[version + OBJECT_HEADER] >> 8 == VERSION_RANGE:
            yield from _range_stretches(
                heap[version + VERSION_PAYLOAD] + start, length, size
            )
            return
        while heap[version + OBJECT_HEADER] >> 8 == VERSION_DIFFERENCE:
            index = heap[version + VERSION_LOW] - start
            item = heap[version + VERSION_HIGH], heap[version + VERSION_PAYLOAD]
            differing.setdefault(index, item)
            version = heap[version + VERSION_NEXT]
        at = heap[version + VERSION_NEXT] + LIST_DATA + 2 * start
    for begin in range(0, length, size):
        end = min(begin + size, length)
        items = _pairs(heap, at + 2 * begin, end - begin)
        few = len(differing) <= end - begin
        for index in differing if few else range(begin, end):
            if begin <= index < end and index in differing:
                items[index - begin] = differing[index]
        yield items


def _range_stretches(
    first: int, length: int, size: int
) -> Iterator[list[tuple[int, int]]]:
    for begin in range(first, first + length, size):
        end = min(begin + size, first + length)
        yield [(INT, item) for item in range(begin, end)]


# Key and value, each a (tag, payload) pair.
Entry = tuple[tuple[int, int], tuple[int, int]]


def map_words(entries: Sequence[Entry], hashes: Sequence[int], at: int) -> list[int]:
    """The words of a map, or set, with these entries, when it stands at `at`.

    A hash may be 0 for a key that is no collection: it is computed on the first use.
    """
    words = [KIND_MAP | MAP_UNHASHED << 8, len(entries), at + MAP_WORDS, 0, 0, 0]
    words += (KIND_TABLE, len(entries), len(entries), 0)
    for ((kt, kv), (vt, vv)), known in zip(entries, hashes, strict=True):
        words += (kt, kv, vt, vv, known)
    return words


def map_entries(heap: memoryview, offset: int, most: int = _ALL) -> list[Entry]:
    """The entries of the map or set at `offset`, the first `most` of them."""
    differing: dict[int, tuple[int, int]] = {}
    while heap[offset + OBJECT_HEADER] >> 8 == MAP_DIFFERENCE:
        value = heap[offset + MAP_TAG], heap[offset + MAP_PAYLOAD]
        differing.setdefault(heap[offset + MAP_INDEX], value)
        offset = heap[offset + MAP_TABLE]
    table = heap[offset + MAP_TABLE]
    entries: list[Entry] = []
    at = table + TABLE_DATA
    for index in range(heap[table + TABLE_USED]):
        key_tag, key, tag, payload = heap[at : at + 4]
        value = differing.get(index, (tag, payload))
        if value[0] != UNBOUND:
            entries.append(((key_tag, key), value))
            if len(entries) >= most:
                break
        at += ENTRY_WORDS
    return entries


def _pairs(heap: memoryview, start: int, count: int) -> list[tuple[int, int]]:
    words = iter(heap[start : start + 2 * count])
    return list(zip(words, words, strict=True))
