"""Calls of native entries from plain Python, for units run as the Python they are.

Compiled code has instructions for this (`native.intrinsics`); here an entry is a
Python function in a table, and a tail call is returned as an object and carried
out by the first caller that is not itself in tail position, so that a million
mutual tail calls need no Python stack.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from .layout import FRAME_BOUND
from .primitives import Memory, store
from .statuses import Result

Entry = Callable[[Memory, int, int], Result]

# Words that the body of a unit takes as parameters. LLVM's `preserve_nonecc` passes
# twelve in machine registers of x86-64, but a jump needs one of the last two for the
# address. Further ones stand in the register file, where the interpreter wants them.
PARAMETER_WORDS = 10

# Python frames that nested plain units may take before they refuse to begin.
PLAIN_DEPTH = 60

_entries: dict[int, Entry] = {}
_handles = itertools.count(1)


def register_entry(entry: Entry) -> int:
    """A handle for a slot, under which `call_entry` finds the function."""
    handle = next(_handles)
    _entries[handle] = entry
    return handle


def release_entry(handle: int) -> None:
    """Forget an entry; its slot must have been cleared."""
    del _entries[handle]


class TailCall:
    """A call that the caller's caller is to carry out."""

    __slots__ = ("arguments", "function")

    def __init__(
        self, function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        self.function = function
        self.arguments = arguments


def finish(result: Any) -> Result:
    """Carry out tail calls until a result is there."""
    while type(result) is TailCall:
        result = result.function(*result.arguments)
    return result  # type: ignore[no-any-return]


_natives: list[Callable[..., Result]] = []


def register_natives(operations: Sequence[Callable[..., Result]]) -> None:
    """Make the native operations known to `call_native`, in the table's order."""
    _natives[:] = operations


def call_native(
    ctx: Memory, which: int, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Native operation number `which` of up to three values."""
    return _natives[which](ctx, t, v, t2, v2, t3, v3)


def call_entry(slot: int, ctx: Memory, base: int, frame: int) -> Result:
    """Enter a native unit from the interpreter."""
    store(ctx, FRAME_BOUND, frame + PLAIN_DEPTH)
    return finish(_entries[slot](ctx, base, frame))


def call_nested_entry(slot: int, ctx: Memory, base: int, frame: int) -> Result:
    """Enter a unit from within another one."""
    return finish(_entries[slot](ctx, base, frame))
