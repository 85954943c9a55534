"""The timer of sampled tracking: it asks the program now and then where it is."""

from __future__ import annotations

import random
import threading
import weakref
from array import array
from collections.abc import Callable

from ..core.layout import IN_KERNEL, LIMIT, RETURN_BOUND
from ..memory.words import Words

# No frame may be begun, and every return has more to do.
_ASKED = memoryview(array("q", [-1, 1 << 62]))


class Sampler:
    """Lowers the limit word at random times, `rate` a second, while the kernel runs.

    So the next call or back-edge ends in the driver, which has the stack. A function
    that returns first notes that it was the one that ran.
    """

    def __init__(self, context: Words, rate: int) -> None:
        self._context = context
        self._rate = rate
        self._running = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(
            target=_ask, args=(context, rate, self._running, self._closed), daemon=True
        )
        self._thread.start()
        # Of a VM that nobody closes, too.
        self._end = weakref.finalize(self, _stop, self._closed, self._running)
        self._end.atexit = False

    def start(self) -> None:
        """The program begins to run."""
        self._running.set()

    def stop(self) -> None:
        """The outermost run is over; another may follow."""
        self._running.clear()

    def close(self) -> None:
        """End the timer; the context record is not touched afterwards."""
        self._end()
        self._thread.join()


def _stop(closed: threading.Event, running: threading.Event) -> None:
    closed.set()
    running.set()


def _ask(
    context: Words, rate: int, running: threading.Event, closed: threading.Event
) -> None:
    # Not at equal times: what the program does by turns would be met at one place.
    wait: Callable[[], float] = random.Random().random
    while True:
        running.wait()
        if closed.wait((0.5 + wait()) / rate):
            return
        if context.view[IN_KERNEL]:
            # Both at once: a function that returned in between would note nothing, and
            # its time would go to its caller at the call that comes next.
            context.view[LIMIT : RETURN_BOUND + 1] = _ASKED
