"""The driver: runs the kernel in slices and answers every status it stops with."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NoReturn

from ..core.layout import (
    BOTTOM,
    COUNT_ERRORS,
    COUNTER_WORDS,
    COUNTING,
    DEADLINE,
    FLAGS,
    FRAME,
    FRAME_IP,
    FUEL,
    HEAP_REQUEST,
    SAMPLING,
    STOP,
    TIMING,
)
from ..core.layout import LIMIT as LIMIT_WORD
from ..core.opcodes import THROW
from ..core.primitives import monotonic_ns
from ..core.statuses import (
    COLLECT,
    DEOPTIMISED,
    DONE,
    HOST,
    HOT,
    LIMIT,
    SLICE,
)
from ..errors import STOPS, FluentError
from ..jit.controller import Jit
from ..kernel.state import State
from ..kernel.tiers import Kernel
from ..stdlib.host import Exit
from .heap import Heap, HeapFull
from .messages import error_at
from .sampler import Sampler
from .throwing import Thrower

_INTERRUPTED = "the program was interrupted"
# How long the output of a stopped program waits for a reader who takes nothing.
_PATIENCE_MS = 1000
# Fuel of the first slice by tier: well under a millisecond's worth.
_FIRST_SLICE = (500, 50_000)
# Another function may not be compiled yet, or a loop that LLVM has computed be followed
# by one that goes round: 10 ms in the interpreter.
_LARGEST_SLICE = 1 << 22
# What a slice may take with host calls, collections and the like; twice as long as it
# is meant to be where that is more.
_LONGEST_NS = 2_000_000


class Limits:
    """What a run may use; 0 means without limit. Times are in seconds."""

    def __init__(
        self,
        depth: int,
        instructions: int,
        time_s: float,
        memory_mb: int,
        bytes_per_frame: int,
    ) -> None:
        self.depth = depth
        self.instructions = instructions
        self.time_s = time_s
        self.memory_mb = memory_mb
        # Frames that fit into it; they may be fewer than depth.
        self.memory_frames = max(1, memory_mb * (1 << 20) // bytes_per_frame)

    @property
    def frames(self) -> int:
        """The greatest frame index allowed."""
        return min(self.depth, self.memory_frames)


def _is_over(deadline: int) -> bool:
    return deadline != 0 and monotonic_ns() >= deadline


class Driver:
    """Runs activations of one state on the caller's thread."""

    def __init__(
        self,
        state: State,
        kernel: Kernel,
        limits: Limits,
        host_call: Callable[[], None],
        slice_ns: int,
    ) -> None:
        self.state = state
        self.kernel = kernel
        self.limits = limits
        self.host_call = host_call
        self.slice_ns = slice_ns
        self._longest_ns = max(2 * slice_ns, _LONGEST_NS)
        self.heap = Heap(state)
        self._thrower = Thrower(state, self.heap)
        self.jit: Jit | None = None
        self._wrap: Callable[[Kernel], Kernel] | None = None
        self.at_slice: Callable[[], None] | None = None
        self.sampler: Sampler | None = None
        self.interrupted = False
        # For the call from outside that is under way, as the context's DEADLINE.
        self._fuel_end = 0
        # DEADLINE of that call, until another begins: its value is given to Python.
        self._deadline = 0
        # Of the slice that is under way, or of none where no fuel was given: fuel given
        # and left, time in the kernel, and when it began.
        self._given = self._left = self._slice_ns = self._slice_began = 0
        self._slice = _FIRST_SLICE[kernel.tier]
        self._least = max(
            [chunk.weight for chunk in state.image.chunks]
            + [edge.weight for edge in state.image.back_edges]
        )
        self.set_limit()

    @property
    def fuel_used(self) -> int:
        """Fuel of all runs until now."""
        return self.state.fuel_used

    # ---- from outside ----------------------------------------------------------
    def set_limit(self) -> None:
        """Let calls go as deep as the limits allow."""
        self.state.context.view[LIMIT_WORD] = self.limits.frames

    def interrupt(self) -> None:
        """Stop the program where it looks next; from any thread.

        It does at calls, back-edges and in long operations.
        """
        # In this order: the flag says why the words were set.
        self.interrupted = True
        self.state.context.view[LIMIT_WORD] = -1
        self.stop_long_operation()

    def stop_long_operation(self) -> None:
        """Let a long operation end in the driver, which looks why; from any thread."""
        self.state.context.view[STOP] = 1

    def clear_interrupt(self) -> None:
        """Drop an interrupt that has not stopped the program."""
        self.interrupted = False
        self.state.context.view[STOP] = 0
        self.set_limit()

    def verify(self, wrap: Callable[[Kernel], Kernel]) -> None:
        """Run every kernel, this one and later ones, inside a checking one."""
        self._wrap = wrap
        self.kernel = wrap(self.kernel)

    def use_kernel(self, kernel: Kernel) -> None:
        """Go on in another tier from the next slice."""
        self.kernel = kernel if self._wrap is None else self._wrap(kernel)
        self._slice = _FIRST_SLICE[kernel.tier]
        if self.jit is not None:
            self.jit.tier = kernel.tier

    # ---- running -----------------------------------------------------------------
    def run(self, bottom: int) -> None:
        """Run from the innermost frame until frame `bottom` returned.

        A call from outside, whose bottom is 0, begins with `start_limits`. Raises
        FluentError; the frames above `bottom` are then unwound.
        """
        context = self.state.context.view
        outer = context[BOTTOM]
        context[BOTTOM] = bottom
        if bottom == 0:
            context[DEADLINE] = self._deadline
            if self.sampler is not None:
                self.sampler.start()
            # Calls from outside may all be shorter than a slice.
            self._take_compiled()
        try:
            while self._step() != DONE:
                context[BOTTOM] = bottom
        except BaseException:
            self._unwind(bottom)
            raise
        finally:
            if bottom == 0:
                context[DEADLINE] = 0
                if self.sampler is not None:
                    self.sampler.stop()
            # Of the run whose host call this one was made from.
            context[BOTTOM] = outer

    def start_limits(self) -> None:
        """A call from outside may use each limit anew, with all it calls.

        Its arguments are converted before it runs, and take of its time.
        """
        self._fuel_end = self.fuel_used + self.limits.instructions
        self._given = self._left = 0
        self._thrower.handled = None
        seconds = self.limits.time_s
        self._deadline = monotonic_ns() + int(seconds * 1e9) if seconds > 0 else 0

    def _step(self) -> int:
        began = time.perf_counter_ns()
        # A slice may end where nothing asks for the next one: used up to the last by
        # a program that stopped for something else, whose time no slice counts.
        if self._left == 0 or began - self._slice_began > self._longest_ns:
            if self._given > 0:
                self._finish_slice()
                # What was done between the two is in neither.
                began = time.perf_counter_ns()
            self._new_slice(began)
        context = self.state.context.view
        context[FUEL] = self._left
        status = self.kernel.run(self.state.context)
        self._slice_ns += time.perf_counter_ns() - began
        # Whatever it stopped for, the rest of the slice is what it may still use:
        # a program that stops often must come to the end of a slice, too.
        self.state.fuel_used += self._left - context[FUEL]
        self._left = context[FUEL]
        if status == SLICE:
            self._end_slice()
        elif status == HOST:
            self.host_call()
        elif status == COLLECT:
            self._collect()
        elif status == HOT:
            self._jit().on_hot()
        elif status == DEOPTIMISED:
            self._jit().on_exit()
        elif status == LIMIT:
            self._limit_reached()
        elif status == DONE:
            # Nothing polls any more, and what returned has been noted.
            self._answer_timer()
        else:
            self._fail(status)
        return status

    def _collect(self) -> None:
        context = self.state.context.view
        if context[STOP]:
            # It may not be room that is lacking. Cleared first: who sets it once more
            # has another reason.
            context[STOP] = 0
            self.check_stops()
            context[HEAP_REQUEST] = 0
            return
        try:
            self.heap.collect(self.kernel)
        except HeapFull:
            raise self.heap_full() from None

    def heap_full(self) -> FluentError:
        """The error of a program whose values need more memory than it may have."""
        return self._exceeded(
            "the program's values take more memory than limits.memory_mb"
            f" ({self.limits.memory_mb} MiB)"
        )

    def _jit(self) -> Jit:
        if self.jit is None:
            raise AssertionError("native code without a JIT")
        return self.jit

    def _new_slice(self, now: int) -> None:
        self._slice_began = now
        self._given = self._slice
        if self.limits.instructions:
            self._given = min(self._slice, self._fuel_end - self.fuel_used)
        self._left = self._given
        self._slice_ns = 0

    def _end_slice(self) -> None:
        self._answer_timer()
        self._check_fuel()
        self._finish_slice()

    def _finish_slice(self) -> None:
        """What is done between slices; raises FluentError where it is to stop."""
        used = self._given - self._left
        self._given = self._left = 0
        self._adapt(used, self._slice_ns)
        self.check_stops()
        if self.jit is not None:
            self.jit.on_resume()
        self._take_compiled()

    def _check_fuel(self) -> None:
        # The slice was all that is left: the next block does not fit any more.
        reach = self.fuel_used + self._left
        if self.limits.instructions and reach >= self._fuel_end:
            raise self._exceeded(
                f"the program used up limits.instructions ({self.limits.instructions})"
            )

    def _adapt(self, used: int, elapsed: int) -> None:
        """Size the next slice for the time a slice should take."""
        wanted = max(used, 1) * self.slice_ns // max(elapsed, 1)
        # Half way there: one slow slice must not shrink the next ones to nothing.
        size = (self._slice + min(wanted, 4 * self._slice)) // 2
        self._slice = max(self._least, min(size, _LARGEST_SLICE))

    def check_stops(self) -> None:
        """Raise FluentError where an interrupt or the time limit ends the program."""
        if self.interrupted:
            self._raise_interrupt()
        if _is_over(self.state.context.view[DEADLINE]):
            raise self._exceeded(self._too_long())

    def check_conversion(self) -> None:
        """`check_stops` while Python takes a value, which no instruction does.

        The errors have no place.
        """
        self._check_interrupt()
        if _is_over(self._deadline):
            raise FluentError("ResourceLimitExceeded", self._too_long())

    def check_rest(self, stopped: bool, waited_ms: int) -> None:
        """`check_stops` while the output of a run that ended waits for its reader.

        An interrupt ends the wait. If the run was stopped, or its time is over, it ends
        when nothing was taken for a while. The errors have no place.
        """
        self._check_interrupt()
        if waited_ms >= _PATIENCE_MS and (stopped or _is_over(self._deadline)):
            raise FluentError("ResourceLimitExceeded", self._too_long())

    def _check_interrupt(self) -> None:
        if self.interrupted:
            self.clear_interrupt()
            raise FluentError("Interrupted", _INTERRUPTED)

    def _too_long(self) -> str:
        return f"the program ran longer than limits.time_s ({self.limits.time_s:g} s)"

    def _take_compiled(self) -> None:
        if self.jit is not None:
            self.jit.poll()
        if self.at_slice is not None:
            self.at_slice()

    def _answer_timer(self) -> bool:
        """Take the stack at an instruction that polled; whether the timer wants it."""
        if self.sampler is None or self.state.context.view[LIMIT_WORD] >= 0:
            return False
        self.kernel.take_stack(self.state.context)
        self.set_limit()
        if self.interrupted:
            self.interrupt()
        return True

    # ---- errors ----------------------------------------------------------------------
    def _raise_interrupt(self) -> None:
        self.clear_interrupt()
        raise self._ended("Interrupted", _INTERRUPTED)

    def _limit_reached(self) -> None:
        if self.interrupted:
            self._raise_interrupt()
        if self._answer_timer():
            return
        if self.state.context.view[LIMIT_WORD] < self.limits.frames:
            # Lowered by somebody else and answered already.
            self.set_limit()
            return
        if self.limits.memory_frames < self.limits.depth:
            size = f"{self.limits.memory_mb} MiB"
            raise self._exceeded(
                f"the call stack is larger than limits.memory_mb ({size})"
            )
        depth = f"limits.depth ({self.limits.depth})"
        self._throw("StackOverflow", f"calls nest deeper than {depth}")

    def _ended(self, kind: str, message: str) -> FluentError:
        frame = self.state.context.view[FRAME]
        stack, elided = self.state.calls.entries()
        # A call from outside that has not begun is at what it calls.
        span = self.state.calls.place() or self.state.calls.called_span(frame)
        return FluentError(kind, message, span=span, stack=stack, elided=elided)

    def _exceeded(self, message: str) -> FluentError:
        return self._ended("ResourceLimitExceeded", message)

    def _fail(self, status: int) -> None:
        frame = self.state.context.view[FRAME]
        pc = self.state.calls.field(frame, FRAME_IP)
        if self.jit is not None:
            self.jit.on_error(pc)
        if self.state.code.view[pc] & 255 == THROW:
            self._end_with(self._thrower.uncaught())
        else:
            self._throw(*error_at(self.state, status))

    def _throw(self, kind: str, message: str) -> None:
        """Throw an error of the program at the innermost frame."""
        if not self._caught(self._thrower.error, kind, message):
            self._end_with(self._ended(kind, message))

    def throw_from_host(self, error: FluentError | Exit) -> None:
        """Throw what a host function raised, as an error of the program.

        Raises it where nothing catches it, and where it is no error of the language.
        """
        if isinstance(error, Exit):
            caught = self._caught(self._thrower.exit, error.status)
        elif error.kind in STOPS:
            self._put_place(error)
            raise error
        elif error.thrown:
            caught = self._caught(self._thrower.value, error.value)
        else:
            caught = self._caught(self._thrower.error, error.kind, error.message)
            if error.__cause__ is not None:
                self._thrower.handled = error
        if not caught:
            if isinstance(error, FluentError):
                self._put_place(error)
            self._end_with(error)

    def _put_place(self, error: FluentError) -> None:
        """Give an error that has no place that of the instruction under way."""
        if not error.stack:
            ended = self._ended(error.kind, error.message)
            error.span, error.stack = ended.span, ended.stack
            error.elided = ended.elided

    def _caught(self, throw: Callable[..., bool], *what: object) -> bool:
        try:
            return throw(self.kernel, *what)
        except HeapFull:
            raise self.heap_full() from None

    def _end_with(self, error: FluentError | Exit) -> NoReturn:
        if isinstance(error, FluentError):
            self.count_errors()
        raise error

    def count_errors(self) -> None:
        """Count the activations that an error leaves."""
        context = self.state.context.view
        if not context[FLAGS] & COUNTING or self.state.counters is None:
            return
        counters = self.state.counters.view
        left = self.state.calls.chunks_between(context[BOTTOM] + 1, context[FRAME] + 1)
        for chunk, count in left.items():
            counters[chunk * COUNTER_WORDS + COUNT_ERRORS] += count

    def _unwind(self, bottom: int) -> None:
        context = self.state.context.view
        if context[FLAGS] & (TIMING | SAMPLING):
            context[BOTTOM] = bottom
            self._answer_timer()
            self.kernel.unwind(self.state.context)
        context[FRAME] = bottom
