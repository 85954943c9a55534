"""Error values as exceptions."""

from __future__ import annotations

from typing import TypeAlias

from ..core.layout import ERROR_ELIDED
from ..core.objects import error_texts
from ..errors import FluentError, Span, StackEntry
from ..kernel.state import State
from ..stdlib.errors import frames_of

Stack: TypeAlias = list[StackEntry]


def trace_of(state: State, error: int) -> tuple[Span | None, Stack, int]:
    """Where an error was thrown: its place, the calls, and how many are left out."""
    frames = frames_of(state, error)
    span = state.calls.place_of([pc for pc, _tails in frames])
    return span, state.calls.entries_at(frames), state.heap.view[error + ERROR_ELIDED]


def as_exception(state: State, error: int) -> FluentError:
    """The exception that an error value becomes, with its first stack."""
    span, stack, elided = trace_of(state, error)
    kind, message = error_texts(state.heap.view, error)
    return FluentError(kind, message, span=span, stack=stack, elided=elided)
