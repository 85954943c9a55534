"""Ctrl-C while a program runs.

Python calls a handler between two instructions of its own, so not while the kernel is
in the middle of a long operation. But its handler in C writes to a file descriptor at
once (`signal.set_wakeup_fd`): a thread that reads there sets the stop word, the kernel
returns, and Python calls the handler.
"""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable
from functools import cache
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from ..errors import FluentError
from ..interrupts import CommandHandler

if TYPE_CHECKING:
    from .driver import Driver

_Handler = Callable[[int, FrameType | None], Any]
_NOBODY = -1


class InterruptHandler:
    """Ctrl-C stops the program where it looks for it, not the driver anywhere.

    Only in the main thread and only instead of Python's own handler, or that of the
    command line: a program that embeds the VM keeps its own.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._before: _Handler | None = None
        self._caught = False

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        before = signal.getsignal(signal.SIGINT)
        python = before is signal.default_int_handler
        if callable(before) and (python or isinstance(before, CommandHandler)):
            listener = _listener(os.getpid())
            signal.signal(signal.SIGINT, self._handle)
            self._before = before
            listener.begin(self._driver)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self._caught = True
        self._driver.interrupt()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._before is None:
            return
        _listener(os.getpid()).end()
        if isinstance(self._before, CommandHandler):
            self._before.program_ended()
        signal.signal(signal.SIGINT, self._before)
        if self._caught and self._driver.interrupted and kind is None:
            # After the last instruction, while output was written.
            raise FluentError("Interrupted", "the program was interrupted")


class _Listener:
    """The thread of a process that hears of signals while a program runs."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)
        self._lock = threading.Lock()
        self._driver: Driver | None = None
        # Whom Python would write to otherwise, such as an event loop.
        self._before = _NOBODY
        threading.Thread(target=self._listen, daemon=True).start()

    def begin(self, driver: Driver) -> None:
        """A program begins to run in the main thread."""
        self._driver = driver
        self._before = signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)

    def end(self) -> None:
        """It has ended; who was written to before is again."""
        signal.set_wakeup_fd(self._before, warn_on_full_buffer=False)
        if self._before != _NOBODY:
            self._pass_on()
        self._before = _NOBODY
        self._driver = None

    def _listen(self) -> None:
        while True:
            select.select([self._reading], [], [])
            self._pass_on()

    def _pass_on(self) -> None:
        """Deal with the signals that have come: a byte each, its number."""
        with self._lock:
            try:
                signals = os.read(self._reading, 4096)
            except BlockingIOError:
                return
            driver = self._driver
            if driver is not None and signal.SIGINT in signals:
                driver.stop_long_operation()
            if self._before != _NOBODY:
                try:
                    os.write(self._before, signals)
                except OSError:
                    # It is full, or closed.
                    return


@cache
def _listener(_process: int) -> _Listener:
    """That of this process: a thread does not survive a fork."""
    return _Listener()
