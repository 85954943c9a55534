"""Compiling beside the program: the client of the compile process."""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .artifacts import Artifacts
from .backends import NativeResult

if TYPE_CHECKING:
    import subprocess

    from .unit import Unit


# Compile processes that finish their work by themselves, until they are reaped.
_ending: list[subprocess.Popen[bytes]] = []
# An answer that nobody waits for any more should fit into the pipe.
_PIPE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ProcessOptions:
    """What the compile process is started with; sizes in MiB, times in seconds."""

    store: str
    store_mb: int
    idle_s: float
    unit_s: float
    memory_mb: int


Answer = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class _Asked:
    """A request under way, and who waits for its answer."""

    content: str
    line: bytes
    answers: list[Answer]


class CompileProcess:
    """A compile process and the pipes to it, started on the first request.

    One serves all VMs of this process that have the same options, from any thread;
    what two of them ask for is compiled once.
    """

    def __init__(self, options: ProcessOptions) -> None:
        self._options = options
        self._lock = threading.RLock()
        self._users = 1
        self._process: subprocess.Popen[bytes] | None = None
        self._partial = b""
        # By serial number, in the order in which the process serves them.
        self._waiting: dict[int, _Asked] = {}
        self._serials: dict[str, int] = {}
        self._serial = 0
        self._unsent = b""

    def attach(self) -> None:
        """One more VM uses the process; each is to `close` it."""
        with self._lock:
            self._users += 1

    def start(self) -> None:
        """Start the process unless it runs. Raises OSError where it cannot."""
        with self._lock:
            self._start()

    def _start(self) -> None:
        if self._process is not None:
            if self._process.poll() is None or self._waiting:
                return
            # It had nothing to do for long and gave its memory back.
            self._drop()
        options = {
            "store": self._options.store,
            "store_mb": self._options.store_mb,
            "idle_s": self._options.idle_s,
            "unit_s": self._options.unit_s,
            "memory_mb": self._options.memory_mb,
            "parent": os.getpid(),
        }
        # Imported here: 10 ms that a program with stored code does without.
        import subprocess

        # -P: nothing is imported from the program's folder.
        command = [sys.executable, "-P", "-m", "fluentai_jit.jit.server"]
        self._process = subprocess.Popen(
            [*command, json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)
        os.set_blocking(self._process.stdin.fileno(), False)
        _widen(self._process.stdout.fileno())

    def ask(self, request: dict[str, Any], answer: Answer) -> None:
        """Send a request; `answer` is called from `poll`, maybe in another thread.

        Raises OSError where no process can be started.
        """
        content = json.dumps(request)
        with self._lock:
            self._start()
            serial = self._serials.get(content)
            if serial is not None:
                self._waiting[serial].answers.append(answer)
                return
            self._serial += 1
            line = json.dumps({"id": self._serial, **request}).encode() + b"\n"
            self._waiting[self._serial] = _Asked(content, line, [answer])
            self._serials[content] = self._serial
            self._unsent += line
            self._flush()

    def _flush(self) -> None:
        """Write what the pipe takes; the rest goes with the next poll."""
        assert self._process is not None
        assert self._process.stdin is not None
        while self._unsent:
            try:
                count = os.write(self._process.stdin.fileno(), self._unsent)
            except BlockingIOError:
                return
            except OSError:
                self._lost()
                return
            self._unsent = self._unsent[count:]

    def poll(self) -> None:
        """Hand out the answers that have arrived."""
        if self._process is None:
            return
        with self._lock:
            self._receive()

    def _receive(self) -> None:
        if self._process is not None:
            self._flush()
        while self._process is not None and self._waiting:
            assert self._process.stdout is not None
            try:
                data = os.read(self._process.stdout.fileno(), 1 << 20)
            except BlockingIOError:
                return
            if not data:
                self._lost()
                return
            *lines, self._partial = (self._partial + data).split(b"\n")
            for line in lines:
                self._deliver(line)

    def _deliver(self, line: bytes) -> None:
        try:
            reply = json.loads(line)
            serial = reply["id"]
            found = serial in self._waiting
        except (ValueError, KeyError, TypeError):
            # Whatever a library prints there is no answer.
            return
        if found:
            self._answer(serial, reply)

    def _answer(self, serial: int, reply: dict[str, Any]) -> None:
        asked = self._waiting.pop(serial)
        del self._serials[asked.content]
        for answer in asked.answers:
            answer(reply)

    def _lost(self) -> None:
        """The process has ended: its current request has failed, the rest start anew.

        So a unit that crashes the compiler makes no other one fail.
        """
        self._drop()
        failed = {"error": "the compile process ended", "ms": 0.0}
        if self._waiting:
            self._answer(min(self._waiting), failed)
        if not self._waiting:
            return
        try:
            self._start()
        except OSError:
            for serial in list(self._waiting):
                self._answer(serial, failed)
            return
        self._unsent = b"".join(asked.line for asked in self._waiting.values())

    def _drop(self) -> None:
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            _ending.append(self._process)
        _ending[:] = [process for process in _ending if process.poll() is None]
        self._process = None
        self._partial = self._unsent = b""

    @property
    def busy(self) -> bool:
        """Whether answers are awaited."""
        return bool(self._waiting)

    def wait(self, seconds: float) -> None:
        """Poll until nothing is awaited or the time is over."""
        end = time.monotonic() + seconds
        while self._waiting and time.monotonic() < end:
            self.poll()
            time.sleep(0.005)

    def close(self) -> None:
        """One VM less uses the process; without any it finishes its work and ends.

        It ends at once, or after its idle time: the next VM finds it, or its answers.
        """
        with self._lock:
            self._users -= 1
            if self._users > 0:
                return
            deadline = time.monotonic() + 0.2
            while self._unsent and self._process and time.monotonic() < deadline:
                self._flush()
                time.sleep(0.001)
            for asked in self._waiting.values():
                asked.answers.clear()
            if not self._waiting:
                self._drop()


def _widen(pipe: int) -> None:
    import fcntl

    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (AttributeError, OSError):
        # Not Linux, or too many wide pipes: the process ends if nobody reads.
        return


_shared: dict[tuple[int, ProcessOptions], CompileProcess] = {}
_shared_lock = threading.Lock()


def shared(options: ProcessOptions) -> CompileProcess:
    """The compile process of this process for these options; to be closed."""
    # A child of fork has none of its parent's: two must not read one pipe.
    key = (os.getpid(), options)
    with _shared_lock:
        if key in _shared:
            _shared[key].attach()
        else:
            _shared[key] = CompileProcess(options)
        return _shared[key]


class ProcessBackend:
    """Units from the store, or from the compile process."""

    immediate = False

    def __init__(
        self, process: CompileProcess, artifacts: Artifacts, level: int
    ) -> None:
        self._process = process
        self._artifacts = artifacts
        self._level = level
        self._done: list[tuple[int, NativeResult]] = []

    def prepare(self) -> None:
        """A unit will be asked for soon."""
        try:
            self._process.start()
        except OSError:
            # Said when something is asked for.
            return

    def stored(self, unit: Unit) -> bool:
        """Whether a unit would come from the store."""
        return self._lookup(unit) is not None

    def _lookup(self, unit: Unit) -> bytes | None:
        return self._artifacts.stored_unit(unit.source, len(unit.table), self._level)

    def submit(self, ticket: int, unit: Unit) -> None:
        """Ask for a unit; what is stored is there at once."""
        image = self._lookup(unit)
        if image is not None:
            self._done.append((ticket, NativeResult(image, 0.0)))
            return

        def answer(reply: dict[str, Any]) -> None:
            image = b"" if reply["error"] else base64.b64decode(reply["object"])
            result = NativeResult(image, reply["ms"], reply["error"])
            self._done.append((ticket, result))

        request = {
            "kind": "unit",
            "name": unit.name,
            "source": unit.source,
            "table": len(unit.table),
            "level": self._level,
        }
        try:
            self._process.ask(request, answer)
        except OSError as error:
            reason = f"the compile process cannot be started: {error}"
            self._done.append((ticket, NativeResult(b"", 0.0, reason)))

    def finished(self) -> list[tuple[int, Any]]:
        """Units that are there since the last call."""
        self._process.poll()
        done, self._done = self._done, []
        return list(done)

    def close(self) -> None:
        """Nothing is to be ended: the process is the VM's."""
