"""What the driver throws in the program: run-time errors, and `exit`.

What the program throws itself is a matter of the kernel alone (core/unwinding.py)
until nothing catches it.
"""

from __future__ import annotations

from ..core.layout import (
    ERROR_EXIT,
    ERROR_MESSAGE,
    ERROR_THROWN,
    ERROR_TRACE,
    FRAME,
    FRAME_BASE,
    FRAME_IP,
    OBJECT_HEADER,
    THROW_EXIT,
    THROW_NOTHING,
    THROW_VALUE,
    THROWN,
    THROWN_AS,
    TRACE_ENDS,
)
from ..core.objects import string_words
from ..core.opcodes import decode
from ..core.statuses import COLLECT, OK
from ..core.tags import ERROR, INT, NIL, STRING
from ..errors import FluentError, Span, shortened
from ..kernel.state import State
from ..kernel.tiers import Kernel
from ..stdlib.host import Exit
from .error_values import Stack, as_exception, trace_of
from .heap import Heap
from .incoming import to_words, words_needed
from .outgoing import to_python
from .values import display

# The text of a thrown value in a message is cut behind so many characters.
_LONGEST = 400
# Items of what was thrown that Python is given: most errors are only shown. So many
# take half a second.
_MOST_ITEMS = 1 << 17
_ERROR_WORDS = ERROR_TRACE + 4 * TRACE_ENDS


class Thrower:
    """Throws at the innermost frame of one program."""

    def __init__(self, state: State, heap: Heap) -> None:
        self._state = state
        self._heap = heap
        # The last error of a host function that a handler got, with its cause.
        self.handled: FluentError | None = None

    def error(self, kernel: Kernel, kind: str, message: str) -> bool:
        """Go on at the handler of an error; False where nothing catches it.

        Raises HeapFull.
        """
        if not self._is_caught(kernel):
            return False
        words = string_words(message)
        self._heap.reserve(len(words) + _ERROR_WORDS, kernel)
        name = self._state.interned(string_words(kind))
        text = self._state.new_object(words)
        return self._throw(kernel, (STRING, text), name)

    def value(self, kernel: Kernel, value: object) -> bool:
        """The same of a value that Python has."""
        if not self._is_caught(kernel):
            return False
        needed = words_needed(self._state, value)
        self._heap.reserve(needed + _ERROR_WORDS, kernel)
        return self._throw(kernel, to_words(self._state, value), THROW_VALUE)

    def exit(self, kernel: Kernel, status: int) -> bool:
        """Go on at the innermost `finally`; False where there is none."""
        if not self._state.image.handlers:
            return False
        self._heap.reserve(_ERROR_WORDS, kernel)
        return self._throw(kernel, (INT, status), THROW_EXIT)

    def _is_caught(self, kernel: Kernel) -> bool:
        if not self._state.image.handlers:
            return False
        return self._throw(kernel, (NIL, 0), THROW_NOTHING)

    def _throw(self, kernel: Kernel, value: tuple[int, int], thrown_as: int) -> bool:
        context = self._state.context.view
        context[THROWN], context[THROWN + 1] = value
        context[THROWN_AS] = thrown_as
        status = kernel.throw(self._state.context)
        if status == COLLECT:
            raise AssertionError("no room for an error, though it was reserved")
        return status == OK

    def uncaught(self) -> FluentError | Exit:
        """What the `throw` at which the program stopped ends it with."""
        state = self._state
        frame = state.context.view[FRAME]
        pc = state.calls.field(frame, FRAME_IP)
        at = state.calls.field(frame, FRAME_BASE) + decode(state.code.view[pc])[1]
        tag, payload = state.registers.view[2 * at], state.registers.view[2 * at + 1]
        if tag != ERROR:
            stack, elided = state.calls.entries()
            place = state.calls.place(), stack, elided
            return _thrown(state, (tag, payload), place)
        heap = state.heap.view
        variant = heap[payload + OBJECT_HEADER] >> 8
        value = heap[payload + ERROR_MESSAGE], heap[payload + ERROR_MESSAGE + 1]
        if variant == ERROR_EXIT:
            return Exit(value[1])
        if variant == ERROR_THROWN:
            return _thrown(state, value, trace_of(state, payload))
        error = as_exception(state, payload)
        if self.handled is not None and self.handled.args == error.args:
            error.__cause__ = self.handled.__cause__
        if error.span is None:
            # It came from Python and was thrown nowhere before.
            error.span = state.calls.place()
            stack, error.elided = state.calls.entries()
            error.stack = tuple(stack)
        return error


def _thrown(
    state: State, value: tuple[int, int], place: tuple[Span | None, Stack, int]
) -> FluentError:
    """What a thrown value that is no error value ends the program with."""
    text = shortened(display(state, *value, limit=_LONGEST + 1), _LONGEST)
    span, stack, elided = place
    error = FluentError("RuntimeError", text, span=span, stack=stack, elided=elided)
    error.thrown = True
    try:
        error.value = to_python(state, *value, most=_MOST_ITEMS)
    except FluentError as stopped:
        # The program has ended with its own error, whatever it throws and when.
        if stopped.kind != "ResourceLimitExceeded":
            raise
        error.value = None
    return error
