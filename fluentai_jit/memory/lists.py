"""Native operations on lists.

A list is a value: `xs[i] = v` gives a new one. Most lists are used linearly, so the
newest version of a list owns its buffer and is changed in place, and the version
before it keeps what was there (Baker, "Shallow Binding Makes Functional Arrays
Fast", ACM SIGPLAN Notices 26(8), 1991). A version that is out of date is given a
buffer of its own when it is used, by copying, so that two versions used in turn do
not swap one buffer back and forth. Views of one version share its buffer: slices
cost nothing, and an append is in place where nobody has taken the room behind the
view; where an older view has, as after a pop from a stack, it is a change like any
other, except of a short list, which is copied. After as many changes as a list has
items, the next one makes a copy, which begins without older versions: so a version that
is kept holds no more than a few times the items, whatever becomes of the newer ones,
and is brought up to date in O(length).
"""

from __future__ import annotations

from ..core.appending import append_in_place
from ..core.arrays import set_array_item
from ..core.heap import allocate, heap_of, item_at, kind_of, variant_of
from ..core.layout import (
    ARRAY_MATRIX,
    KIND_BUFFER,
    KIND_LIST,
    LIST_DATA,
    OBJECT_HEADER,
    OBJECT_LENGTH,
    REGISTERS,
    VERSION_DIFFERENCE,
    VERSION_FROZEN,
    VERSION_HIGH,
    VERSION_LOW,
    VERSION_NEXT,
    VERSION_OWNER,
    VERSION_PAYLOAD,
    VERSION_WORDS,
    VIEW_START,
    VIEW_VERSION,
    VIEW_WORDS,
)
from ..core.primitives import Memory, load, pointer, store
from ..core.statuses import COLLECT, INDEX_ERROR, OK, TYPE_ERROR, Result
from ..core.stopping import made, stop_seen, stopping, stops_at, stretch_end
from ..core.tags import ARRAY, INT, LIST, NIL, STRING
from .ranges import fill_range, is_range, new_range, range_item
from .strings import clear, n_substring
from .versions import (
    LEAST_CHANGES,
    count_change,
    may_change,
    put_version,
    put_view,
)

# The least room of a list that grows.
LEAST = 8
# From so many items on a push after a pop is in place: a shorter list is copied, since
# whoever tries one item after the other, as a search does, uses the older version too.
LEAST_STACK = 16


def copy_words(ctx: Memory, source: int, target: int, count: int) -> None:
    """Copy words to where none of them is read from afterwards; may leave early."""
    heap = heap_of(ctx)
    end = source + count
    while source < end:
        stretch = stretch_end(source, end)
        while source < stretch:
            store(heap, target, load(heap, source))
            source += 1
            target += 1
        if source < end and stopping(ctx) != 0:
            return


def differences(ctx: Memory, version: int) -> int:
    """How many versions lie between this one and the owner of its buffer.

    May leave early.
    """
    heap = heap_of(ctx)
    count = 0
    while variant_of(heap, version) == VERSION_DIFFERENCE:
        if stops_at(ctx, count) != 0:
            return count
        version = load(heap, version + VERSION_NEXT)
        count += 1
    return count


def update(ctx: Memory, version: int) -> int:
    """Give a version that is out of date a buffer of its own; 0 without room.

    Also 0 where the program is to stop.
    """
    heap = heap_of(ctx)
    if is_range(heap, version) != 0:
        return fill_range(ctx, version)
    if variant_of(heap, version) != VERSION_DIFFERENCE:
        return 1
    count = differences(ctx, version)
    if stop_seen(ctx) != 0:
        return 0
    owner = version
    step = 0
    while step < count:
        if stops_at(ctx, step) != 0:
            return 0
        owner = load(heap, owner + VERSION_NEXT)
        step += 1
    low = load(heap, owner + VERSION_LOW)
    high = load(heap, owner + VERSION_HIGH)
    size = LIST_DATA + 2 * high
    at = allocate(ctx, size + count)
    if at == 0:
        return 0
    buffer = load(heap, owner + VERSION_NEXT)
    # Versions older than this one are now older versions of the new buffer.
    older_count = variant_of(heap, buffer) - count
    store(heap, at + OBJECT_HEADER, KIND_BUFFER | older_count << 8)
    store(heap, at + OBJECT_LENGTH, high)
    copy_words(ctx, buffer + LIST_DATA, at + LIST_DATA, 2 * high)
    if stopping(ctx) != 0:
        return 0
    # The way to the owner, to be walked back: what is older has the last word.
    step = at + size
    walked = version
    while walked != owner:
        if stops_at(ctx, step) != 0:
            return 0
        store(heap, step, walked)
        walked = load(heap, walked + VERSION_NEXT)
        step += 1
    while step > at + size:
        step -= 1
        if stops_at(ctx, step) != 0:
            return 0
        older = load(heap, step)
        slot = at + LIST_DATA + 2 * load(heap, older + VERSION_LOW)
        store(heap, slot, load(heap, older + VERSION_HIGH))
        store(heap, slot + 1, load(heap, older + VERSION_PAYLOAD))
    put_version(heap, version, VERSION_OWNER, at, low, high)
    return 1


def new_growing(ctx: Memory, capacity: int, start: int, length: int) -> int:
    """A view, with its version and a buffer of zeros; 0 where there is no room.

    Also 0 where the program is to stop.

    The view shows `length` items from index `start` of the buffer on.
    """
    size = VIEW_WORDS + VERSION_WORDS + LIST_DATA + 2 * capacity
    at = allocate(ctx, size)
    if at == 0:
        return 0
    heap = heap_of(ctx)
    version = at + VIEW_WORDS
    buffer = version + VERSION_WORDS
    put_view(heap, at, length, start, version)
    put_version(heap, version, VERSION_OWNER, buffer, start, start + length)
    store(heap, buffer + OBJECT_HEADER, KIND_BUFFER)
    store(heap, buffer + OBJECT_LENGTH, capacity)
    clear(ctx, buffer + LIST_DATA, 2 * capacity)
    return at if stop_seen(ctx) == 0 else 0


def put_flat(heap: Memory, at: int, length: int) -> None:
    """Write the head of a flat list."""
    store(heap, at + OBJECT_HEADER, KIND_LIST)
    store(heap, at + OBJECT_LENGTH, length)


def new_flat(ctx: Memory, length: int) -> int:
    """A flat list whose items are to be written; 0 where there is no room."""
    at = allocate(ctx, LIST_DATA + 2 * length)
    if at != 0:
        put_flat(heap_of(ctx), at, length)
    return at


def up_to_date(ctx: Memory, items: int) -> int:
    """Bring the version that a list shows up to date; 0 where there is no room."""
    heap = heap_of(ctx)
    if kind_of(heap, items) == KIND_LIST:
        return 1
    return update(ctx, load(heap, items + VIEW_VERSION))


def shows_range(heap: Memory, items: int) -> int:
    """1 for a list whose items are not there yet."""
    if kind_of(heap, items) == KIND_LIST:
        return 0
    return is_range(heap, load(heap, items + VIEW_VERSION))


def owned_version(heap: Memory, items: int) -> int:
    """The version of a list that owns its buffer; 0 where it shares one."""
    if kind_of(heap, items) == KIND_LIST:
        return 0
    version = load(heap, items + VIEW_VERSION)
    return version if variant_of(heap, version) == VERSION_OWNER else 0


def copy_items(ctx: Memory, source: int, target: int, position: int) -> None:
    """Copy all items of a list, up to date, to index `position` of another.

    May leave early.
    """
    heap = heap_of(ctx)
    length = load(heap, source + OBJECT_LENGTH)
    if length > 0:
        first = item_at(heap, source, 0)
        copy_words(ctx, first, item_at(heap, target, 0) + 2 * position, 2 * length)


def put_item(heap: Memory, items: int, index: int, t: int, v: int) -> None:
    """Write an item of a list that nobody else has."""
    at = item_at(heap, items, index)
    store(heap, at, t)
    store(heap, at + 1, v)


def n_list(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """A list of the values in `v2` registers from register `v` on."""
    at = new_flat(ctx, v2)
    if at == 0:
        return NIL, 0, COLLECT
    copy_words_between(
        pointer(ctx, REGISTERS), 2 * v, heap_of(ctx), at + LIST_DATA, 2 * v2
    )
    return LIST, at, OK


def copy_words_between(
    source: Memory, first: int, target: Memory, at: int, count: int
) -> None:
    """Copy words from one array to another."""
    end = first + count
    while first < end:
        store(target, at, load(source, first))
        first += 1
        at += 1


def n_iterations(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """How often `for` over the value goes round."""
    if t == ARRAY and variant_of(heap_of(ctx), v) >= ARRAY_MATRIX:
        return NIL, 0, TYPE_ERROR
    if t != LIST and t != STRING and t != ARRAY:
        return NIL, 0, TYPE_ERROR
    return INT, load(heap_of(ctx), v + OBJECT_LENGTH), OK


def list_item(ctx: Memory, items: int, index: int) -> Result:
    """An item of a list, whose version may be out of date; `index` is in range."""
    heap = heap_of(ctx)
    if shows_range(heap, items) != 0:
        return INT, range_item(heap, items, index), OK
    if up_to_date(ctx, items) == 0:
        return NIL, 0, COLLECT
    at = item_at(heap, items, index)
    return load(heap, at), load(heap, at + 1), OK


def n_append(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The list with one more item at its end."""
    if t != LIST:
        return NIL, 0, TYPE_ERROR
    _t, quick, s = append_in_place(ctx, t, v, t2, v2)
    if s == OK:
        return LIST, quick, OK
    if up_to_date(ctx, v) == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    version = owned_version(heap, v)
    front = 0
    if version != 0:
        start = load(heap, v + VIEW_START)
        # Room in front stays, so that both ends may grow in turn.
        front = start if start < length else length
        end = start + length
        buffer = load(heap, version + VERSION_NEXT)
        free = load(heap, buffer + OBJECT_LENGTH) - end
        high = load(heap, version + VERSION_HIGH)
        if high == end and free > 0:
            # It was only for a view that there was no room; or it is up to date now.
            _t, quick, s = append_in_place(ctx, t, v, t2, v2)
            if s != OK:
                return NIL, 0, COLLECT
            return LIST, quick, OK
        if high > end and may_push(heap, version, length) != 0:
            return newer_view(ctx, version, length + 1, start, length, t2, v2)
    at = new_growing(ctx, front + 2 * length + LEAST, front, length + 1)
    if at == 0:
        return NIL, 0, COLLECT
    copy_items(ctx, v, at, 0)
    put_item(heap, at, length, t2, v2)
    return made(ctx, LIST, at)


def n_prepend(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The list with one more item in front."""
    if t != LIST:
        return NIL, 0, TYPE_ERROR
    if up_to_date(ctx, v) == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    version = owned_version(heap, v)
    behind = 0
    if version != 0:
        start = load(heap, v + VIEW_START)
        buffer = load(heap, version + VERSION_NEXT)
        behind = load(heap, buffer + OBJECT_LENGTH) - start - length
        if behind > length:
            behind = length
        if load(heap, version + VERSION_LOW) == start and start > 0:
            at = allocate(ctx, VIEW_WORDS)
            if at == 0:
                return NIL, 0, COLLECT
            put_view(heap, at, length + 1, start - 1, version)
            store(heap, version + VERSION_LOW, start - 1)
            put_item(heap, at, 0, t2, v2)
            return LIST, at, OK
        taken = load(heap, version + VERSION_LOW) < start
        if taken and may_push(heap, version, length) != 0:
            return newer_view(ctx, version, length + 1, start - 1, 0, t2, v2)
    room = length + LEAST
    at = new_growing(ctx, room + length + 1 + behind, room, length + 1)
    if at == 0:
        return NIL, 0, COLLECT
    copy_items(ctx, v, at, 1)
    put_item(heap, at, 0, t2, v2)
    return made(ctx, LIST, at)


def may_push(heap: Memory, version: int, length: int) -> int:
    """1 where an item beside a list of so many may replace what another list has."""
    return 0 if length < LEAST_STACK else may_differ(heap, version, length)


def may_differ(heap: Memory, version: int, length: int) -> int:
    """1 where a list of so many items may change the buffer that its version owns.

    Who needs the version again then copies all that it has in the buffer: no more than
    a few times the items of this list, which would be copied here instead.
    """
    if load(heap, version + VERSION_HIGH) > 4 * length + LEAST_CHANGES:
        return 0
    return may_change(heap, load(heap, version + VERSION_NEXT), length)


def newer_view(
    ctx: Memory, older: int, length: int, start: int, index: int, t: int, v: int
) -> Result:
    """A view of the version after `older`, in which item `index` of the view is other.

    The view shows `length` items from index `start` of the buffer on.
    """
    at = allocate(ctx, VIEW_WORDS + VERSION_WORDS)
    if at == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    newer = at + VIEW_WORDS
    put_view(heap, at, length, start, newer)
    low = load(heap, older + VERSION_LOW)
    high = load(heap, older + VERSION_HIGH)
    put_version(heap, newer, VERSION_OWNER, load(heap, older + VERSION_NEXT), low, high)
    slot = item_at(heap, at, index)
    changed = start + index
    put_version(heap, older, VERSION_DIFFERENCE, newer, changed, load(heap, slot))
    store(heap, older + VERSION_PAYLOAD, load(heap, slot + 1))
    store(heap, slot, t)
    store(heap, slot + 1, v)
    count_change(heap, load(heap, newer + VERSION_NEXT))
    return LIST, at, OK


def with_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """The list with another value at an index; an array changes in place."""
    if t == ARRAY:
        return set_array_item(ctx, t, v, t2, v2, t3, v3)
    if t != LIST or t2 != INT:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    if v2 < 0 or v2 >= length:
        return NIL, 0, INDEX_ERROR
    if up_to_date(ctx, v) == 0:
        return NIL, 0, COLLECT
    older = owned_version(heap, v)
    if older != 0 and may_differ(heap, older, length) != 0:
        start = load(heap, v + VIEW_START)
        return newer_view(ctx, older, length, start, v2, t3, v3)
    at = new_growing(ctx, length, 0, length)
    if at == 0:
        return NIL, 0, COLLECT
    copy_items(ctx, v, at, 0)
    put_item(heap, at, v2, t3, v3)
    return made(ctx, LIST, at)


def n_slice(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The items from one index to before another; they stay where they are.

    Of a string the characters.
    """
    if t == STRING:
        return n_substring(ctx, t, v, t2, v2, t3, v3)
    if t != LIST or t2 != INT or t3 != INT:
        return NIL, 0, TYPE_ERROR
    heap = heap_of(ctx)
    length = load(heap, v + OBJECT_LENGTH)
    if v2 < 0 or v3 > length or v2 > v3:
        return NIL, 0, INDEX_ERROR
    if v3 - v2 == length:
        return LIST, v, OK
    if shows_range(heap, v) != 0:
        # With a version of its own: the items of all need not be there for some.
        return new_range(ctx, range_item(heap, v, v2), v3 - v2)
    if kind_of(heap, v) == KIND_LIST:
        at = allocate(ctx, VIEW_WORDS + VERSION_WORDS)
        if at == 0:
            return NIL, 0, COLLECT
        version = at + VIEW_WORDS
        put_version(heap, version, VERSION_FROZEN, v, 0, length)
        put_view(heap, at, v3 - v2, v2, version)
        return LIST, at, OK
    at = allocate(ctx, VIEW_WORDS)
    if at == 0:
        return NIL, 0, COLLECT
    start = load(heap, v + VIEW_START) + v2
    put_view(heap, at, v3 - v2, start, load(heap, v + VIEW_VERSION))
    return LIST, at, OK


def n_concat(ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int) -> Result:
    """The items of both lists."""
    if t != LIST or t2 != LIST:
        return NIL, 0, TYPE_ERROR
    if up_to_date(ctx, v) == 0 or up_to_date(ctx, v2) == 0:
        return NIL, 0, COLLECT
    heap = heap_of(ctx)
    first = load(heap, v + OBJECT_LENGTH)
    at = new_flat(ctx, first + load(heap, v2 + OBJECT_LENGTH))
    if at == 0:
        return NIL, 0, COLLECT
    copy_items(ctx, v, at, 0)
    copy_items(ctx, v2, at, first)
    return made(ctx, LIST, at)
