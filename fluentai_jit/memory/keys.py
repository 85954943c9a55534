"""The hash of any value, and where it stands in a table as a key."""

from __future__ import annotations

from ..core.heap import heap_of, item_at
from ..core.layout import (
    ENTRY_HASH,
    ENTRY_VALUE,
    HASH_SEED,
    HEAP_TOP,
    OBJECT_HEADER,
    OBJECT_LENGTH,
)
from ..core.primitives import Memory, add_overflow, load, shift_left_bits
from ..core.statuses import COLLECT, NATIVE, OK, TYPE_ERROR, Result
from ..core.tags import BOOL, INT, LIST, MAP, NIL, SET, STRING, SYMBOL, TAGGED
from .equality import WAITING, make_current, n_equal, next_stretch, pushed
from .hashing import hash_scalar, hash_word
from .tables import entry_at, first_slot, is_present, probe, table_of


def combined(ctx: Memory, t: int, v: int, index: int, before: int, value: int) -> int:
    """The hash of a collection so far, with that of its item `index`.

    The entries of a map or set are added up, because their order does not matter.
    """
    seed = load(ctx, HASH_SEED)
    if t == LIST or t == TAGGED:
        return hash_word(seed, before, value)
    heap = heap_of(ctx)
    one = load(heap, entry_at(table_of(heap, v), index) + ENTRY_HASH)
    if t == MAP:
        one = hash_word(seed, one, value)
    result, _overflow = add_overflow(before, one)
    return result


def hash_of(ctx: Memory, t: int, v: int) -> Result:
    """(INT, hash, OK) of a value; TYPE_ERROR for one that has none.

    COLLECT where room is lacking, or the program is to stop.

    Collections that wait for the hash of an item are kept in the free part of the
    heap, so they may be nested as deep as memory allows.
    """
    kind, value, s = hash_scalar(ctx, t, v)
    if s != NATIVE:
        return kind, value, s
    heap = heap_of(ctx)
    bottom = load(ctx, HEAP_TOP)
    stack = bottom
    index = 0
    sofar = 0
    # Items up to here are hashed without a look whether the program is to stop.
    stretch = 0
    step = 0
    while True:
        if index == 0:
            moved = make_current(ctx, t, v, v, bottom, stack)
            if moved == 0:
                return NIL, 0, COLLECT
            stack += moved - bottom
            bottom = moved
        if index >= stretch:
            step += 1
            stretch = next_stretch(ctx, t, v, index, stretch, step)
            if stretch < 0:
                return NIL, 0, COLLECT
        if index == stretch:
            mark = load(heap, v + OBJECT_LENGTH) ^ shift_left_bits(t, 59)
            if t == TAGGED:
                mark = mark ^ load(heap, v + OBJECT_HEADER)
            value = hash_word(load(ctx, HASH_SEED), sofar, mark)
            if stack == bottom:
                return INT, value, OK
            stack -= WAITING
            t = load(heap, stack)
            v = load(heap, stack + 1)
            index = load(heap, stack + 2)
            sofar = load(heap, stack + 3)
            sofar = combined(ctx, t, v, index, sofar, value)
            index += 1
            stretch = 0
            continue
        item = 0
        if t == LIST or t == TAGGED:
            item = item_at(heap, v, index)
        else:
            table = table_of(heap, v)
            item = entry_at(table, index) + ENTRY_VALUE
            if is_present(heap, table, index) == 0:
                index += 1
                continue
        tag = load(heap, item)
        _kind, value, s = hash_scalar(ctx, tag, load(heap, item + 1))
        if s == OK:
            sofar = combined(ctx, t, v, index, sofar, value)
            index += 1
            continue
        if s != NATIVE:
            return NIL, 0, s
        stack = pushed(ctx, bottom, stack, t, v, index, sofar)
        if stack == 0:
            return NIL, 0, COLLECT
        t = tag
        v = load(heap, item + 1)
        index = 0
        stretch = 0
        sofar = 0


def key_hash(ctx: Memory, t: int, kt: int, kv: int) -> Result:
    """(INT, hash, OK) of a key of a map or an element of a set; else TYPE_ERROR."""
    if t == SET:
        return hash_of(ctx, kt, kv)
    if t == MAP and (kt == STRING or kt == INT or kt == BOOL or kt == SYMBOL):
        return hash_scalar(ctx, kt, kv)
    return NIL, 0, TYPE_ERROR


def locate(ctx: Memory, table: int, value: int, t: int, v: int) -> Result:
    """`probe` for a key of any kind: position or -1, the slot, and a status."""
    heap = heap_of(ctx)
    at = first_slot(heap, table, value)
    while True:
        position, at, s = probe(ctx, table, value, t, v, at)
        if s != NATIVE:
            return position, at, s
        entry = entry_at(table, position)
        _t, same, s = n_equal(
            ctx, load(heap, entry), load(heap, entry + 1), t, v, NIL, 0
        )
        if s != OK:
            return -1, 0, s
        if same != 0:
            return position, at, OK
        at += 1
