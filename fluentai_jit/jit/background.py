"""Specialising beside the program, in a thread.

A unit of 100 instructions takes 3 ms to specialise and its first one 10 ms of
imports; the interpreter runs without Python's lock, so the program goes on.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..bytecode.image import Image
    from .unit import Limits, Request, Unit


class Background:
    """Specialises one request after the other; started by the first."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._requests: queue.SimpleQueue[tuple[int, Request, Limits] | None] = (
            queue.SimpleQueue()
        )
        self._outcomes: queue.SimpleQueue[tuple[int, Unit | Exception]] = (
            queue.SimpleQueue()
        )
        self._thread: threading.Thread | None = None

    def submit(self, ticket: int, request: Request, limits: Limits) -> None:
        """Ask for the unit of a request, which nothing may change any more."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        self._requests.put((ticket, request, limits))

    def _work(self) -> None:
        from .unit import specialise

        while (asked := self._requests.get()) is not None:
            ticket, request, limits = asked
            try:
                outcome: Unit | Exception = specialise(self._image, request, limits)
            except Exception as error:
                outcome = error
            self._outcomes.put((ticket, outcome))

    def finished(self) -> list[tuple[int, Unit | Exception]]:
        """What is done since the last call."""
        done = []
        while not self._outcomes.empty():
            done.append(self._outcomes.get())
        return done

    def finish(self) -> None:
        """Wait for what was asked for; nothing more will be."""
        if self._thread is not None:
            self._requests.put(None)
            self._thread.join()
            self._thread = None
