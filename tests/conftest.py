"""What every test may rely on."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_delivered() -> Iterator[None]:
    """A shell ignores SIGINT for what it runs in the background, and so would we."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Turns:
    """Lets one worker run a test while the others run none.

    Each worker holds a lock of its own during a test, and all locks during one that
    measures time. Who waits for them keeps the gate shut, so that no other test begins.
    """

    def __init__(self, folder: Path, worker: int, workers: int) -> None:
        self._gate = FileLock(folder / "gate.lock")
        self._locks = [FileLock(folder / f"{n}.lock") for n in range(workers)]
        self._own = worker % workers

    @contextmanager
    def taken(self, alone: bool) -> Iterator[None]:
        """Wait until a test may run."""
        locks = self._locks if alone else [self._locks[self._own]]
        try:
            with self._gate:
                for lock in locks:
                    lock.acquire()
            yield
        finally:
            for lock in locks:
                lock.release()


@pytest.fixture(scope="session")
def turns(tmp_path_factory: pytest.TempPathFactory) -> Turns | None:
    """None where there is one worker only."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1:
        return None
    folder = tmp_path_factory.getbasetemp().parent
    return Turns(folder, int(os.environ["PYTEST_XDIST_WORKER"][2:]), workers)


@pytest.fixture(autouse=True)
def in_turn(request: pytest.FixtureRequest, turns: Turns | None) -> Iterator[None]:
    """A test with the mark `timing` runs alone."""
    if turns is None:
        yield
        return
    with turns.taken(request.node.get_closest_marker("timing") is not None):
        yield
