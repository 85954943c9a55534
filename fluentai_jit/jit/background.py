"""Specialising beside the program, in a thread.

A unit of 100 instructions takes 3 ms to specialise and its first one 10 ms of
imports; the interpreter runs without Python's lock, so the program goes on.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..bytecode.image import Image
    from .unit import Request, Unit, UnitLimits


class Background:
    """Specialises one request after the other.

    The thread ends when nothing is left to do, so a VM that nobody closes leaves
    none behind.
    """

    def __init__(self, image: Image) -> None:
        self._image = image
        self._lock = threading.Lock()
        self._requests: deque[tuple[int, Request, UnitLimits]] = deque()
        # A refusal, or a failure, is handed over as the exception that it is.
        self._outcomes: deque[tuple[int, Unit | Exception]] = deque()
        self._thread: threading.Thread | None = None

    def submit(self, ticket: int, request: Request, limits: UnitLimits) -> None:
        """Ask for the unit of a request, which nothing may change any more."""
        with self._lock:
            self._requests.append((ticket, request, limits))
            if self._thread is None:
                thread = threading.Thread(target=self._work, daemon=True)
                try:
                    thread.start()
                except RuntimeError as error:
                    # There can be no more threads, or the interpreter is ending.
                    self._requests.clear()
                    self._outcomes.append((ticket, error))
                    return
                self._thread = thread

    def _work(self) -> None:
        from .unit import specialise

        while (asked := self._next()) is not None:
            ticket, request, limits = asked
            try:
                outcome: Unit | Exception = specialise(self._image, request, limits)
            except Exception as error:
                outcome = error
            self._outcomes.append((ticket, outcome))

    def _next(self) -> tuple[int, Request, UnitLimits] | None:
        with self._lock:
            if self._requests:
                return self._requests.popleft()
            self._thread = None
            return None

    def finished(self) -> list[tuple[int, Unit | Exception]]:
        """What is done since the last call."""
        return [self._outcomes.popleft() for _ in range(len(self._outcomes))]

    def finish(self) -> None:
        """Wait for what was asked for."""
        thread = self._thread
        if thread is not None:
            thread.join()
