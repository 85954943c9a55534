"""The compile process: reads requests, answers with object code, fills the store.

Started by jit/process.py as `python -P -m fluentai_jit.jit.server`. One JSON object a
line each way. It has its own session, so Ctrl-C does not reach it, and a low
priority; when the program ends it finishes what was asked for, so that a program
of less than a second is native in its next run.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import select
import signal
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

_NICE = 10
_LOCK_SLOTS = 2
_LOCK_POLL_S = 0.2


def _take_slot(folder: Path, parent: int) -> Any:
    """One of the two places for compile processes of this user and store.

    Waits while both are taken and the parent lives: a program that has ended may
    still have its requests served, but not queue for it. None where there can be
    no lock file.
    """
    from filelock import FileLock, Timeout

    while True:
        for index in range(_LOCK_SLOTS):
            lock = FileLock(folder / f"compile-{index}.lock", timeout=0)
            try:
                lock.acquire()
            except Timeout:
                continue
            except OSError:
                return None
            return lock
        if os.getppid() != parent:
            sys.exit(0)
        time.sleep(_LOCK_POLL_S)


class Server:
    """Serves one program's requests in order."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._queue: deque[dict[str, Any]] = deque()
        self._partial = b""
        self._open = True
        self._artifacts: Any = None

    def _prepare(self) -> None:
        from ..native.store import Store
        from .artifacts import Artifacts

        store = None
        if self._options["store"]:
            size = self._options["store_mb"] << 20
            store = Store(Path(self._options["store"]), size, lambda _message: None)
        self._artifacts = Artifacts(store)
        # Numba's import is most of a first answer: have it before the request.
        from ..kernel import build  # noqa: F401

        self._artifacts.semantics()

    def _read(self, block: bool) -> None:
        """Take requests that have arrived."""
        timeout = self._options["idle_s"] if block else 0
        ready, _write, _error = select.select([0], [], [], timeout)
        if not ready:
            # Idle for long: give the memory back; the program starts another.
            self._open = not block
            return
        data = os.read(0, 1 << 20)
        if not data:
            self._open = False
            return
        *lines, self._partial = (self._partial + data).split(b"\n")
        self._queue.extend(json.loads(line) for line in lines if line)

    def serve(self) -> None:
        """Until the program has ended and its requests are answered, or idle."""
        self._prepare()
        while self._open or self._queue:
            if self._open:
                self._read(block=not self._queue)
            if self._queue:
                self._answer(self._queue.popleft())

    def _answer(self, request: dict[str, Any]) -> None:
        # The default action of the alarm ends the process: LLVM cannot be
        # interrupted otherwise. The program sees the pipe close.
        if request["kind"] == "unit":
            signal.setitimer(signal.ITIMER_REAL, self._options["unit_s"])
        reply: dict[str, Any] = {"id": request["id"], "error": None}
        began = time.perf_counter()
        try:
            image = self._build(request)
            reply["object"] = base64.b64encode(image).decode()
        except Exception as error:  # a failed unit must not end the others
            reply["error"] = f"{type(error).__name__}: {error}"[:500]
        signal.setitimer(signal.ITIMER_REAL, 0)
        reply["ms"] = (time.perf_counter() - began) * 1e3
        self._send(reply)

    def _build(self, request: dict[str, Any]) -> bytes:
        image: bytes
        if request["kind"] == "kernel":
            image = self._artifacts.kernel()
        else:
            image, _ms = self._artifacts.unit(
                request["source"], request["name"], request["table"], request["level"]
            )
        return image

    def _send(self, reply: dict[str, Any]) -> None:
        # A program that has closed its VMs reads nothing more: the alarm ends this.
        signal.setitimer(signal.ITIMER_REAL, max(1.0, self._options["idle_s"]))
        try:
            sys.stdout.buffer.write(json.dumps(reply).encode() + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # The program has ended; what it asked for is still stored.
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> None:
    """Serve requests on standard input; options are the first argument, as JSON."""
    options = json.loads(sys.argv[1])
    os.nice(_NICE)
    # The user's own limit may be the lower one.
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = options["memory_mb"] << 20
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    slot = None
    if options["store"]:
        slot = _take_slot(Path(options["store"]), options["parent"])
    Server(options).serve()
    if slot is not None:
        slot.release()


if __name__ == "__main__":
    main()
