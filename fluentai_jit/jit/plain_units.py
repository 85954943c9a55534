"""Units run as the plain Python that they are: the emitted engine.

It checks guards, exits, liveness, counts and structure without any compiling.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from types import CodeType
from typing import Any

from ..core.activation import leave_status, put_frame, set_register
from ..core.entries import TailCall, call_native, finish
from ..core.layout import (
    CHUNK_ENTRY,
    CHUNK_WORDS,
    CHUNKS,
    FRAME_TAILS,
    FRAME_WORDS,
    FRAMES,
    FUEL,
)
from ..core.primitives import Memory, load, load_atomic, pointer, store
from ..core.statuses import OK, Result
from ..core.tags import NIL
from ..core.unit_functions import UNIT_FUNCTIONS
from .unit import Unit
from .vocabulary import constants

PlainEntry = Callable[[Memory, int, int], Result]


class _Environment:
    """What the source of one unit refers to, and the functions it defines."""

    def __init__(self, table: Sequence[int]) -> None:
        self.table = table
        self.names: dict[str, Any] = {
            **_vocabulary(),
            "table": table.__getitem__,
            "body": self.body,
            "entry": self.entry,
            "leave": self.leave,
            "done": self.done,
        }

    def body(self, _parameters: int) -> Callable[[Callable[..., Any]], Any]:
        """A function called from the unit; tail calls of it are `jump_NAME`."""

        def declare(function: Callable[..., Any]) -> Callable[..., Result]:
            def call(*arguments: int) -> Result:
                return finish(function(*arguments))

            def jump(*arguments: int) -> TailCall:
                return TailCall(function, arguments)

            self.names[f"jump_{function.__name__}"] = jump
            return call

        return declare

    def entry(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function called through a slot."""
        return function

    def _flush(
        self,
        ctx: Memory,
        fuel: int,
        flush: list[tuple[str, int]],
        counts: Sequence[int],
    ) -> None:
        store(ctx, FUEL, fuel)
        for (function, position), count in zip(flush, counts, strict=True):
            self.names[function](ctx, self.table[position], count)

    def leave(
        self,
        chunk: int,
        pc: int,
        live: tuple[int, ...],
        own: int,
        tails: str,
        flush: list[tuple[str, int]] | None = None,
    ) -> Callable[..., Result]:
        """An exit: writes the frame and its live registers, returns the status."""

        def leave(
            ctx: Memory, base: int, frame: int, status: int, *rest: int
        ) -> Result:
            index = self.table[chunk]
            start = load(pointer(ctx, CHUNKS), index * CHUNK_WORDS + CHUNK_ENTRY)
            put_frame(ctx, base, frame, index, start + pc)
            values = list(rest)
            at = frame * FRAME_WORDS + FRAME_TAILS
            if tails == "given":
                store(pointer(ctx, FRAMES), at, values.pop(0))
            elif tails == "zero":
                store(pointer(ctx, FRAMES), at, 0)
            if flush is not None:
                count = 1 + len(flush)
                self._flush(ctx, values[0], flush, values[1:count])
                values = values[count:]
            for position, register in enumerate(live):
                tag, payload = values[2 * position : 2 * position + 2]
                set_register(ctx, base + register, tag, payload)
            return NIL, 0, leave_status(ctx, frame, status, own)

        return leave

    def done(self, flush: list[tuple[str, int]]) -> Callable[..., Result]:
        """The return of a body with loops: writes back fuel and counters."""

        def done(ctx: Memory, fuel: int, *rest: int) -> Result:
            self._flush(ctx, fuel, flush, rest[:-2])
            return rest[-2], rest[-1], OK

        return done


@functools.cache
def _vocabulary() -> dict[str, Any]:
    """Constants and functions that units name; the same for all units."""
    return {
        **constants(),
        **UNIT_FUNCTIONS,
        "load": load,
        "store": store,
        "load_atomic": load_atomic,
        "call_native": call_native,
        "pointer": pointer,
    }


@functools.lru_cache(maxsize=256)
def _code(source: str, name: str) -> CodeType:
    # Churn makes the same few units again and again.
    return compile(source, f"<unit {name}>", "exec")


def plain_entry(unit: Unit, table: Sequence[int]) -> PlainEntry:
    """The entry of a unit as a Python function; `table` holds resolved indices."""
    environment = _Environment(table)
    exec(_code(unit.source, unit.name), environment.names)
    entry: PlainEntry = environment.names[unit.entry]
    return entry
