"""The log of the JIT's decisions: one JSON object a line."""

from __future__ import annotations

import contextlib
import json
import time
import warnings
from collections import deque
from pathlib import Path
from typing import Any, TextIO

# Some 5 MB; a program that deoptimises all day must not grow by its log.
KEPT_EVENTS = 10_000


class EventLog:
    """Keeps the last events, and writes all of them to a file where one is given.

    Every event has `ms` since the log began and `event`, its name. Raises
    OSError where the file cannot be opened.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._began = time.perf_counter()
        self._file: TextIO | None = None
        self.events: deque[dict[str, Any]] = deque(maxlen=KEPT_EVENTS)
        if path is not None:
            self._file = path.open("w", encoding="utf-8")

    def add(self, event: str, **fields: Any) -> None:
        """Record an event."""
        elapsed = (time.perf_counter() - self._began) * 1e3
        row = {"ms": round(elapsed, 3), "event": event, **fields}
        self.events.append(row)
        if self._file is not None:
            try:
                self._file.write(json.dumps(row) + "\n")
                self._file.flush()
            except OSError as error:
                self._lost(error)

    def _lost(self, error: OSError) -> None:
        """The file cannot be written: the program goes on without it."""
        message = f"the log of events ends here: {error.strerror}"
        warnings.warn(message, stacklevel=2)
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            file, self._file = self._file, None
            # What could not be written before cannot be written now either.
            with contextlib.suppress(OSError):
                file.close()
