"""Long operations in plain Python that look often whether the program is to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fluentai_jit.core import stopping


@contextmanager
def looking_often(now: Callable[[], int], steps: int = 1) -> Iterator[None]:
    """Let them look at another clock, in nanoseconds.

    At each word that is copied, and at each of so many other steps, a power of two.
    """
    changed = {"STEPS": steps, "WORDS": 1, "monotonic_ns": now}
    before = {name: getattr(stopping, name) for name in changed}
    vars(stopping).update(changed)
    try:
        yield
    finally:
        vars(stopping).update(before)
