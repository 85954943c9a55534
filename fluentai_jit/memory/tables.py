"""The hash tables of maps and sets.

Entries stand in the order in which their keys were added, and behind them, of a table
of more than a few entries, an index: open addressing, linear probing, at most half
full. A map is a value: the newest version owns the table and is changed in place, and
the one before it keeps what the changed entry held (as lists do, memory/lists.py). An
older version gets a table of its own when it is used.
"""

from __future__ import annotations

from ..core.comparison import op_equal
from ..core.heap import allocate, heap_of, variant_of
from ..core.layout import (
    ENTRY_HASH,
    ENTRY_VALUE,
    ENTRY_WORDS,
    HEAP_TOP,
    KIND_MAP,
    KIND_TABLE,
    MAP_DIFFERENCE,
    MAP_INDEX,
    MAP_OWNER,
    MAP_PAYLOAD,
    MAP_TABLE,
    MAP_TAG,
    MAP_UNHASHED,
    MAP_WORDS,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    TABLE_DATA,
    TABLE_SLOTS,
    TABLE_USED,
)
from ..core.primitives import Memory, load, logical_shift_right, store
from ..core.statuses import OK, Result
from ..core.stopping import stop_seen, stops_at
from ..core.tags import UNBOUND
from .hashing import hash_scalar
from .lists import copy_words
from .strings import clear
from .versions import count_change

# Entries of a table that are looked through without an index.
SMALL = 8


def slots_for(capacity: int) -> int:
    """The size of the index of so many entries: a power of two, or 0."""
    if capacity <= SMALL:
        return 0
    slots = 4 * SMALL
    while slots < 2 * capacity:
        slots *= 2
    return slots


def entry_at(table: int, position: int) -> int:
    """Where entry `position` of a table stands."""
    return table + TABLE_DATA + ENTRY_WORDS * position


def table_of(heap: Memory, at: int) -> int:
    """The table of a map that is up to date."""
    return load(heap, at + MAP_TABLE)


def put_map(heap: Memory, at: int, length: int, table: int) -> None:
    """Write the object of a map that owns its table."""
    store(heap, at + OBJECT_HEADER, KIND_MAP | MAP_OWNER << 8)
    store(heap, at + OBJECT_LENGTH, length)
    store(heap, at + MAP_TABLE, table)
    store(heap, at + MAP_INDEX, 0)
    store(heap, at + MAP_TAG, 0)
    store(heap, at + MAP_PAYLOAD, 0)


def put_table(heap: Memory, at: int, capacity: int, used: int) -> None:
    """Write the head of a table; entries and index are written by others."""
    store(heap, at + OBJECT_HEADER, KIND_TABLE)
    store(heap, at + OBJECT_LENGTH, capacity)
    store(heap, at + TABLE_USED, used)
    store(heap, at + TABLE_SLOTS, slots_for(capacity))


def new_map(ctx: Memory, capacity: int) -> int:
    """An empty map with room for so many keys; 0 where the heap has none.

    Also 0 where the program is to stop.
    """
    size = TABLE_DATA + ENTRY_WORDS * capacity + slots_for(capacity)
    at = allocate(ctx, MAP_WORDS + size)
    if at == 0:
        return 0
    heap = heap_of(ctx)
    table = at + MAP_WORDS
    put_map(heap, at, 0, table)
    put_table(heap, table, capacity, 0)
    clear(ctx, table + TABLE_DATA, size - TABLE_DATA)
    return at if stop_seen(ctx) == 0 else 0


def reindex(ctx: Memory, table: int) -> None:
    """Make the index of a table, in which all keys that have a value differ.

    May leave early.
    """
    heap = heap_of(ctx)
    slots = load(heap, table + TABLE_SLOTS)
    if slots == 0:
        return
    index = entry_at(table, load(heap, table + OBJECT_LENGTH))
    clear(ctx, index, slots)
    used = load(heap, table + TABLE_USED)
    position = 0
    # An index that is not clear has maybe no free slot.
    if stop_seen(ctx) != 0:
        return
    while position < used:
        if stops_at(ctx, position) != 0:
            return
        entry = entry_at(table, position)
        position += 1
        if load(heap, entry + ENTRY_VALUE) != UNBOUND:
            slot = load(heap, entry + ENTRY_HASH) & (slots - 1)
            while load(heap, index + slot) != 0:
                slot = slot + 1 & slots - 1
            store(heap, index + slot, position)


def copy_present(ctx: Memory, source: int, used: int, target: int) -> None:
    """Copy those of `used` entries that have a value; may leave early."""
    heap = heap_of(ctx)
    end = source + ENTRY_WORDS * used
    while source < end:
        if stops_at(ctx, source) != 0:
            return
        if load(heap, source + ENTRY_VALUE) == UNBOUND:
            source += ENTRY_WORDS
            continue
        stop = source + ENTRY_WORDS
        while source < stop:
            store(heap, target, load(heap, source))
            source += 1
            target += 1


def copied(ctx: Memory, at: int, capacity: int) -> int:
    """A copy of a map, up to date, with room for so many keys; 0 without memory.

    Also 0 where the program is to stop.
    """
    result = new_map(ctx, capacity)
    if result == 0:
        return 0
    heap = heap_of(ctx)
    length = load(heap, at + OBJECT_LENGTH)
    source = table_of(heap, at)
    table = table_of(heap, result)
    used = load(heap, source + TABLE_USED)
    copy_present(ctx, source + TABLE_DATA, used, table + TABLE_DATA)
    store(heap, result + OBJECT_LENGTH, length)
    store(heap, table + TABLE_USED, length)
    reindex(ctx, table)
    return result if stop_seen(ctx) == 0 else 0


def hash_entries(ctx: Memory, table: int) -> None:
    """Give the keys that came from outside their hashes; they are no collections.

    May leave early.
    """
    heap = heap_of(ctx)
    entry = table + TABLE_DATA
    end = entry + ENTRY_WORDS * load(heap, table + TABLE_USED)
    while entry < end:
        if stops_at(ctx, entry) != 0:
            return
        if load(heap, entry + ENTRY_HASH) == 0:
            _t, value, _s = hash_scalar(ctx, load(heap, entry), load(heap, entry + 1))
            store(heap, entry + ENTRY_HASH, value)
        entry += ENTRY_WORDS


def undo(ctx: Memory, at: int, owner: int, entries: int, steps: int) -> None:
    """Let entries copied from the owner's table be those of an older version.

    The way to the owner is written to `steps`, and walked back: what is older has the
    last word. May leave early.
    """
    heap = heap_of(ctx)
    step = steps
    while at != owner:
        if stops_at(ctx, step) != 0:
            return
        store(heap, step, at)
        at = load(heap, at + MAP_TABLE)
        step += 1
    while step > steps:
        step -= 1
        if stops_at(ctx, step) != 0:
            return
        older = load(heap, step)
        value = entries + ENTRY_WORDS * load(heap, older + MAP_INDEX) + ENTRY_VALUE
        store(heap, value, load(heap, older + MAP_TAG))
        store(heap, value + 1, load(heap, older + MAP_PAYLOAD))


def current(ctx: Memory, at: int) -> int:
    """Bring a map up to date, so that it owns its table; 0 where there is no room.

    Also 0 where the program is to stop.
    """
    heap = heap_of(ctx)
    if variant_of(heap, at) == MAP_OWNER:
        return 1
    owner = at
    count = 0
    while variant_of(heap, owner) == MAP_DIFFERENCE:
        if stops_at(ctx, count) != 0:
            return 0
        owner = load(heap, owner + MAP_TABLE)
        count += 1
    source = load(heap, owner + MAP_TABLE)
    used = load(heap, source + TABLE_USED)
    # Entries stay where they are: what is older still counts on it.
    capacity = used + logical_shift_right(used, 3) + 1
    size = TABLE_DATA + ENTRY_WORDS * capacity + slots_for(capacity)
    table = allocate(ctx, size + count)
    if table == 0:
        return 0
    if variant_of(heap, at) == MAP_UNHASHED:
        hash_entries(ctx, source)
    entries = table + TABLE_DATA
    words = ENTRY_WORDS * used
    copy_words(ctx, source + TABLE_DATA, entries, words)
    undo(ctx, at, owner, entries, table + size)
    clear(ctx, entries + words, table + size - entries - words)
    put_table(heap, table, capacity, used)
    # Versions older than this one are now older versions of the new table.
    older_count = variant_of(heap, source) - count
    store(heap, table + OBJECT_HEADER, KIND_TABLE | older_count << 8)
    reindex(ctx, table)
    if stop_seen(ctx) != 0:
        return 0
    put_map(heap, at, load(heap, at + OBJECT_LENGTH), table)
    # What was needed on the way is free again.
    store(ctx, HEAP_TOP, table + size)
    return 1


def first_slot(heap: Memory, table: int, value: int) -> int:
    """Where a search for a key with this hash begins."""
    slots = load(heap, table + TABLE_SLOTS)
    return value & (slots - 1) if slots != 0 else 0


def probe(ctx: Memory, table: int, value: int, t: int, v: int, at: int) -> Result:
    """Search for a key with the hash `value` from slot `at` on.

    The entry's position, -1 if there is none, the slot where the search ended, and OK,
    or NATIVE where that entry's key has to be compared by a native operation, or
    COLLECT. With an index a key has one slot, also after it was removed.
    """
    heap = heap_of(ctx)
    slots = load(heap, table + TABLE_SLOTS)
    used = load(heap, table + TABLE_USED)
    index = entry_at(table, load(heap, table + OBJECT_LENGTH))
    while True:
        position = at
        if slots != 0:
            position = load(heap, index + (at & (slots - 1))) - 1
            if position < 0:
                return -1, at, OK
        elif at >= used:
            return -1, at, OK
        entry = entry_at(table, position)
        if load(heap, entry + ENTRY_HASH) == value:
            if slots != 0 or load(heap, entry + ENTRY_VALUE) != UNBOUND:
                key = load(heap, entry)
                _t, same, s = op_equal(ctx, key, load(heap, entry + 1), t, v)
                if s != OK or same != 0:
                    return position, at, s
        at += 1


def is_present(heap: Memory, table: int, position: int) -> int:
    """1 where a search has found an entry that has a value."""
    if position < 0:
        return 0
    tag = load(heap, entry_at(table, position) + ENTRY_VALUE)
    return 1 if tag != UNBOUND else 0


def add_entry(
    heap: Memory, table: int, at: int, value: int, t: int, v: int, t2: int, v2: int
) -> int:
    """Add a key, for which a search ended at slot `at`, with the value (t2, v2).

    There is room; returns the entry.
    """
    used = load(heap, table + TABLE_USED)
    entry = entry_at(table, used)
    store(heap, entry, t)
    store(heap, entry + 1, v)
    store(heap, entry + ENTRY_VALUE, t2)
    store(heap, entry + ENTRY_VALUE + 1, v2)
    store(heap, entry + ENTRY_HASH, value)
    store(heap, table + TABLE_USED, used + 1)
    slots = load(heap, table + TABLE_SLOTS)
    if slots != 0:
        index = entry_at(table, load(heap, table + OBJECT_LENGTH))
        store(heap, index + (at & (slots - 1)), used + 1)
    return entry


def change_entry(
    heap: Memory, older: int, newer: int, position: int, t: int, v: int, length: int
) -> None:
    """Let `newer` be the map `older` with another value at an entry of its table."""
    table = table_of(heap, older)
    entry = entry_at(table, position) + ENTRY_VALUE
    put_map(heap, newer, length, table)
    store(heap, older + OBJECT_HEADER, KIND_MAP | MAP_DIFFERENCE << 8)
    store(heap, older + MAP_TABLE, newer)
    store(heap, older + MAP_INDEX, position)
    store(heap, older + MAP_TAG, load(heap, entry))
    store(heap, older + MAP_PAYLOAD, load(heap, entry + 1))
    store(heap, entry, t)
    store(heap, entry + 1, v)
    count_change(heap, table)
