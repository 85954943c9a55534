"""Native operations on maps and sets; how they are kept is in memory/tables.py."""

from __future__ import annotations

from ..core.heap import allocate, heap_of, item_at
from ..core.layout import (
    ENTRY_HASH,
    ENTRY_VALUE,
    ENTRY_WORDS,
    LIST_DATA,
    MAP_WORDS,
    OBJECT_LENGTH,
    REGISTERS,
    TABLE_DATA,
    TABLE_USED,
)
from ..core.primitives import Memory, load, logical_shift_right, pointer, store
from ..core.statuses import COLLECT, KEY_ERROR, OK, TYPE_ERROR, Result
from ..core.stopping import stops_at
from ..core.tags import BOOL, LIST, MAP, NIL, SET, UNBOUND
from .keys import key_hash, locate
from .lists import put_flat, up_to_date
from .tables import (
    add_entry,
    change_entry,
    copied,
    current,
    entry_at,
    is_present,
    new_map,
    table_of,
)
from .versions import may_change

# What `listed` gives of each entry.
KEYS = 0
VALUES = 1
PAIRS = 2


# ---- one key ------------------------------------------------------------------
def find_key(ctx: Memory, t: int, v: int, kt: int, kv: int) -> Result:
    """(position of a key or -1, its hash, OK); the slot is searched again if needed.

    TYPE_ERROR where the key can be none.
    """
    _t, value, s = key_hash(ctx, t, kt, kv)
    if s != OK:
        return NIL, 0, s
    if current(ctx, v) == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    table = table_of(heap, v)
    position, _at, s = locate(ctx, table, value, kt, kv)
    if is_present(heap, table, position) == 0:
        position = -1
    return position, value, s


def lookup(ctx: Memory, t: int, v: int, kt: int, kv: int) -> Result:
    """The value of a key; KEY_ERROR where it is missing."""
    position, _value, s = find_key(ctx, t, v, kt, kv)
    if s != OK:
        return NIL, 0, s
    if position < 0:
        return NIL, 0, KEY_ERROR
    heap = heap_of(ctx)
    at = entry_at(table_of(heap, v), position) + ENTRY_VALUE
    return load(heap, at), load(heap, at + 1), OK


def add_key(
    ctx: Memory, at: int, value: int, kt: int, kv: int, vt: int, vv: int
) -> int:
    """Give a key a value in a map that nobody else has and that has room; a status."""
    heap = heap_of(ctx)
    table = table_of(heap, at)
    position, slot, s = locate(ctx, table, value, kt, kv)
    if s != OK:
        return s
    if is_present(heap, table, position) != 0:
        entry = entry_at(table, position) + ENTRY_VALUE
        store(heap, entry, vt)
        store(heap, entry + 1, vv)
        return OK
    add_entry(heap, table, slot, value, kt, kv, vt, vv)
    store(heap, at + OBJECT_LENGTH, load(heap, at + OBJECT_LENGTH) + 1)
    return OK


def with_value(
    ctx: Memory, t: int, v: int, kt: int, kv: int, vt: int, vv: int
) -> Result:
    """The map with a value for a key, or the set with an element."""
    position, value, s = find_key(ctx, t, v, kt, kv)
    if s != OK:
        return NIL, 0, s
    heap = heap_of(ctx)
    table = table_of(heap, v)
    length = load(heap, v + OBJECT_LENGTH)
    capacity = load(heap, table + OBJECT_LENGTH)
    room = 0
    if position >= 0:
        entry = entry_at(table, position) + ENTRY_VALUE
        if load(heap, entry) == vt and load(heap, entry + 1) == vv:
            return t, v, OK
        if may_change(heap, table, capacity) == 0:
            room = length
    elif (
        load(heap, table + TABLE_USED) == capacity
        or may_change(heap, table, capacity) == 0
    ):
        room = 2 * length + 4
    if room != 0:
        at = copied(ctx, v, room)
        if at == 0:
            return NIL, 0, COLLECT
        return t, at, add_key(ctx, at, value, kt, kv, vt, vv)
    at = allocate(ctx, MAP_WORDS)
    if at == 0:
        return NIL, 0, COLLECT
    if position < 0:
        _position, slot, s = locate(ctx, table, value, kt, kv)
        if s != OK:
            return NIL, 0, s
        position = load(heap, table + TABLE_USED)
        # Older versions do not have the key.
        add_entry(heap, table, slot, value, kt, kv, UNBOUND, 0)
        length += 1
    change_entry(heap, v, at, position, vt, vv, length)
    return t, at, OK


def n_remove(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The map without a key, or the set without an element."""
    position, _value, s = find_key(ctx, t, v, t2, v2)
    if s != OK:
        return NIL, 0, s
    if position < 0:
        return t, v, OK
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    table = table_of(heap, v)
    if may_change(heap, table, load(heap, table + OBJECT_LENGTH)) == 0:
        at = copied(ctx, v, length)
        if at == 0:
            return NIL, 0, COLLECT
        position, _value, s = find_key(ctx, t, at, t2, v2)
        if s != OK:
            return NIL, 0, s
        store(heap, entry_at(table_of(heap, at), position) + ENTRY_VALUE, UNBOUND)
        store(heap, at + OBJECT_LENGTH, length - 1)
        return t, at, OK
    at = allocate(ctx, MAP_WORDS)
    if at == 0:
        return NIL, 0, COLLECT
    change_entry(heap, v, at, position, UNBOUND, 0, length - 1)
    return t, at, OK


def n_insert(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The set with one more element."""
    if t != SET:
        return NIL, 0, TYPE_ERROR
    return with_value(ctx, t, v, t2, v2, NIL, 0)


def n_has_key(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Whether a map has a key, or a set an element."""
    position, _value, s = find_key(ctx, t, v, t2, v2)
    if s != OK:
        return NIL, 0, s
    return BOOL, 1 if position >= 0 else 0, OK


# ---- sets with values, for the prelude -----------------------------------------
def n_put(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The set with a value for an element, which may be what no map has as a key."""
    if t != SET:
        return NIL, 0, TYPE_ERROR
    return with_value(ctx, t, v, t2, v2, t3, v3)


def n_found(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The value of such an element; nil where there is none."""
    t, v, s = lookup(ctx, t, v, t2, v2)
    return t, v, OK if s == KEY_ERROR else s


def n_as_map(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The elements as keys with their values."""
    return MAP, v, OK if t == SET else TYPE_ERROR


# ---- from values to maps and sets ---------------------------------------------
def n_make_map(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A map of the keys and values in `v2` registers from register `v` on."""
    at = new_map(ctx, logical_shift_right(v2, 1))
    if at == 0:
        return NIL, 0, COLLECT
    registers = pointer(ctx, REGISTERS)
    slot = 2 * v
    end = slot + 2 * v2
    while slot < end:
        kt = load(registers, slot)
        kv = load(registers, slot + 1)
        _t, value, s = key_hash(ctx, MAP, kt, kv)
        if s != OK:
            return NIL, 0, s
        vt = load(registers, slot + 2)
        s = add_key(ctx, at, value, kt, kv, vt, load(registers, slot + 3))
        if s != OK:
            return NIL, 0, s
        slot += 4
    return MAP, at, OK


def add_elements(ctx: Memory, at: int, memory: Memory, slot: int, count: int) -> int:
    """Add values that stand in a row to a set with room for them; a status."""
    end = slot + 2 * count
    step = 0
    while slot < end:
        step += 1
        if stops_at(ctx, step) != 0:
            return COLLECT
        t = load(memory, slot)
        v = load(memory, slot + 1)
        _t, value, s = key_hash(ctx, SET, t, v)
        if s == OK:
            heap = heap_of(ctx)
            table = table_of(heap, at)
            position, place, s = locate(ctx, table, value, t, v)
            # Of equal elements the first one is kept.
            if s == OK and is_present(heap, table, position) == 0:
                add_entry(heap, table, place, value, t, v, NIL, 0)
                length = load(heap, at + OBJECT_LENGTH)
                store(heap, at + OBJECT_LENGTH, length + 1)
        if s != OK:
            return s
        slot += 2
    return OK


def n_make_set(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A set of the values in `v2` registers from register `v` on."""
    at = new_map(ctx, v2)
    if at == 0:
        return NIL, 0, COLLECT
    return SET, at, add_elements(ctx, at, pointer(ctx, REGISTERS), 2 * v, v2)


def n_from_entries(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """A map of the `[key, value]` lists in a list."""
    if t != LIST:
        return NIL, 0, TYPE_ERROR
    if up_to_date(ctx, v) == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    count = load(heap, v + OBJECT_LENGTH)
    at = new_map(ctx, count)
    if at == 0:
        return NIL, 0, COLLECT
    index = 0
    while index < count:
        if stops_at(ctx, index) != 0:
            return NIL, 0, COLLECT
        item = item_at(heap, v, index)
        pair = load(heap, item + 1)
        if load(heap, item) != LIST or load(heap, pair + OBJECT_LENGTH) != 2:
            return NIL, 0, TYPE_ERROR
        if up_to_date(ctx, pair) == 0:
            return NIL, 0, COLLECT
        slot = item_at(heap, pair, 0)
        kt = load(heap, slot)
        kv = load(heap, slot + 1)
        _t, value, s = key_hash(ctx, MAP, kt, kv)
        if s != OK:
            return NIL, 0, s
        slot = item_at(heap, pair, 1)
        vt = load(heap, slot)
        s = add_key(ctx, at, value, kt, kv, vt, load(heap, slot + 1))
        if s != OK:
            return NIL, 0, s
        index += 1
    return MAP, at, OK


# ---- two maps or sets ---------------------------------------------------------
def n_merge(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The keys of both maps, with the second one's values, or both sets' elements.

    The elements of a set may also be joined with those of a list.
    """
    if (t != t2 and (t != SET or t2 != LIST)) or (t != MAP and t != SET):
        return NIL, 0, TYPE_ERROR
    if current(ctx, v) == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    count = load(heap, v2 + OBJECT_LENGTH)
    if count == 0:
        return t, v, OK
    if t2 == LIST:
        if up_to_date(ctx, v2) == 0:
            return NIL, 0, COLLECT
    elif current(ctx, v2) == 0:
        return NIL, 0, COLLECT
    at = copied(ctx, v, load(heap, v + OBJECT_LENGTH) + count)
    if at == 0:
        return NIL, 0, COLLECT
    if t2 == LIST:
        return t, at, add_elements(ctx, at, heap, item_at(heap, v2, 0), count)
    entry = table_of(heap, v2) + TABLE_DATA
    end = entry + ENTRY_WORDS * load(heap, table_of(heap, v2) + TABLE_USED)
    while entry < end:
        if stops_at(ctx, entry) != 0:
            return NIL, 0, COLLECT
        if load(heap, entry + ENTRY_VALUE) != UNBOUND:
            s = add_key(
                ctx,
                at,
                load(heap, entry + ENTRY_HASH),
                load(heap, entry),
                load(heap, entry + 1),
                load(heap, entry + ENTRY_VALUE),
                load(heap, entry + ENTRY_VALUE + 1),
            )
            if s != OK:
                return NIL, 0, s
        entry += ENTRY_WORDS
    return t, at, OK


def kept(ctx: Memory, t: int, v: int, t2: int, v2: int, wanted: int) -> Result:
    """The elements of one set that are in another, or those that are not."""
    if t != SET or t2 != SET:
        return NIL, 0, TYPE_ERROR
    if current(ctx, v) == 0 or current(ctx, v2) == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    at = new_map(ctx, load(heap, v + OBJECT_LENGTH))
    if at == 0:
        return NIL, 0, COLLECT
    other = table_of(heap, v2)
    entry = table_of(heap, v) + TABLE_DATA
    end = entry + ENTRY_WORDS * load(heap, table_of(heap, v) + TABLE_USED)
    while entry < end:
        if stops_at(ctx, entry) != 0:
            return NIL, 0, COLLECT
        if load(heap, entry + ENTRY_VALUE) != UNBOUND:
            kt = load(heap, entry)
            kv = load(heap, entry + 1)
            value = load(heap, entry + ENTRY_HASH)
            position, _slot, s = locate(ctx, other, value, kt, kv)
            if s == OK and is_present(heap, other, position) == wanted:
                s = add_key(ctx, at, value, kt, kv, NIL, 0)
            if s != OK:
                return NIL, 0, s
        entry += ENTRY_WORDS
    return SET, at, OK


def n_intersection(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The elements that are in both sets."""
    return kept(ctx, t, v, t2, v2, 1)


def n_difference(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The elements of the first set that are not in the second."""
    return kept(ctx, t, v, t2, v2, 0)


# ---- to lists -----------------------------------------------------------------
def listed(ctx: Memory, v: int, what: int) -> Result:
    """The keys, values or `[key, value]` lists of a map, in their order."""
    if current(ctx, v) == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    count = load(heap, v + OBJECT_LENGTH)
    words = LIST_DATA + 2 * count
    if what == PAIRS:
        words += (LIST_DATA + 4) * count
    at = allocate(ctx, words)
    if at == 0:
        return NIL, 0, COLLECT
    put_flat(heap, at, count)
    item = at + LIST_DATA
    pair = item + 2 * count
    entry = table_of(heap, v) + TABLE_DATA
    while count > 0:
        if stops_at(ctx, entry) != 0:
            return NIL, 0, COLLECT
        if load(heap, entry + ENTRY_VALUE) != UNBOUND:
            count -= 1
            if what == PAIRS:
                put_flat(heap, pair, 2)
                store(heap, item, LIST)
                store(heap, item + 1, pair)
                word = 0
                while word < 4:
                    store(heap, pair + LIST_DATA + word, load(heap, entry + word))
                    word += 1
                pair += LIST_DATA + 4
            else:
                part = entry + (ENTRY_VALUE if what == VALUES else 0)
                store(heap, item, load(heap, part))
                store(heap, item + 1, load(heap, part + 1))
            item += 2
        entry += ENTRY_WORDS
    return LIST, at, OK


def n_keys(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The keys of a map."""
    if t != MAP:
        return NIL, 0, TYPE_ERROR
    return listed(ctx, v, KEYS)


def n_values(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The values of a map, or the elements of a set."""
    if t == SET:
        return listed(ctx, v, KEYS)
    if t != MAP:
        return NIL, 0, TYPE_ERROR
    return listed(ctx, v, VALUES)


def n_entries(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The `[key, value]` lists of a map."""
    if t != MAP:
        return NIL, 0, TYPE_ERROR
    return listed(ctx, v, PAIRS)


def n_sequence(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """What `for` goes over: a list of a map's entries or a set's elements."""
    if t == MAP:
        return listed(ctx, v, PAIRS)
    if t == SET:
        return listed(ctx, v, KEYS)
    return t, v, OK
