"""Error values as exceptions."""

from __future__ import annotations

from typing import TypeAlias

from ..core.layout import (
    ERROR_ELIDED,
    ERROR_TRACE,
    OBJECT_LENGTH,
)
from ..core.objects import error_texts
from ..errors import FluentError, Span, StackEntry
from ..kernel.state import State

Stack: TypeAlias = list[StackEntry]


def trace_of(state: State, error: int) -> tuple[Span | None, Stack, int]:
    """Where an error was thrown: its place, the calls, and how many are left out."""
    heap = state.heap.view
    start = error + ERROR_TRACE
    words = heap[start : start + 2 * heap[error + OBJECT_LENGTH]].tolist()
    frames = [
        (pc, tails)
        for pc, tails in zip(words[::2], words[1::2], strict=True)
        if pc < state.stub
    ]
    span = state.place_of([pc for pc, _tails in frames])
    return span, state.entries_at(frames), heap[error + ERROR_ELIDED]


def as_exception(state: State, error: int) -> FluentError:
    """The exception that an error value becomes, with its first stack."""
    span, stack, elided = trace_of(state, error)
    kind, message = error_texts(state.heap.view, error)
    return FluentError(kind, message, span=span, stack=stack, elided=elided)
