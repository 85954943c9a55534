"""Hashes of strings and of values that are no collections.

A hash agrees with `==`: 1 and 1.0 have the same one. It depends on a seed that the
program does not know, so that no script can choose keys which all collide; nothing
that a program sees depends on it.
"""

from __future__ import annotations

from ..core.comparison import canonical
from ..core.heap import heap_of, string_data, variant_of
from ..core.layout import HASH_SEED, NAN_COUNT, OBJECT_LENGTH, STRING_HASH
from ..core.primitives import (
    Memory,
    load,
    logical_shift_right,
    multiply_high,
    multiply_overflow,
    shift_left_bits,
    store,
)
from ..core.statuses import COLLECT, NATIVE, OK, TYPE_ERROR, Result
from ..core.stopping import stops_at
from ..core.tags import FUNCTION, INT, LIST, MAP, NIL, SET, STRING, SYMBOL, TAGGED


def hash_word(seed: int, before: int, word: int) -> int:
    """The hash of what has the hash `before`, followed by a word.

    Both halves of a product with the seed (Wang Yi, "wyhash"); never 0, which
    stands for a hash that is not known.
    """
    mixed = before ^ word
    low, _overflow = multiply_overflow(mixed, seed)
    result = low ^ multiply_high(mixed, seed) ^ before
    return result if result != 0 else 1


def string_hash(ctx: Memory, string: int) -> int:
    """The hash of a string, computed once; 0 where the program is to stop.

    Equal strings have equal words, because no string is wider than it must be.
    """
    heap = heap_of(ctx)
    result = load(heap, string + STRING_HASH)
    if result != 0:
        return result
    seed = load(ctx, HASH_SEED)
    length = load(heap, string + OBJECT_LENGTH)
    bits = 8 * length * variant_of(heap, string)
    # No other kind of value begins like this: "" and 0 must not have one hash.
    result = length ^ shift_left_bits(STRING, 59)
    word = string_data(heap, string)
    end = word + logical_shift_right(bits, 6)
    while word < end:
        if stops_at(ctx, word) != 0:
            return 0
        result = hash_word(seed, result, load(heap, word))
        word += 1
    # In a shared buffer other characters may stand behind the last one.
    keep = shift_left_bits(1, bits & 63) - 1
    last = load(heap, word) & keep if keep != 0 else 0
    result = hash_word(seed, result, last)
    store(heap, string + STRING_HASH, result)
    return result


def hash_scalar(ctx: Memory, t: int, v: int) -> Result:
    """(INT, hash, OK), NATIVE for a collection, TYPE_ERROR for what has no hash.

    COLLECT where the program is to stop.
    """
    if t == STRING:
        value = string_hash(ctx, v)
        return INT, value, OK if value != 0 else COLLECT
    if t == LIST or t == MAP or t == SET or t == TAGGED:
        return NIL, 0, NATIVE
    if t > SYMBOL or t == FUNCTION:
        return NIL, 0, TYPE_ERROR
    kind, word, s = canonical(t, v)
    if s != OK:
        # Many NaN shall not collide.
        word = load(ctx, NAN_COUNT)
        store(ctx, NAN_COUNT, word + 1)
    return INT, hash_word(load(ctx, HASH_SEED), shift_left_bits(kind, 59), word), OK
