"""Long operations in plain Python that look often whether the program is to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fluentai_jit.core import stopping


@contextmanager
def looking_often(
    now: Callable[[], int] | None = None, steps: int = 1
) -> Iterator[None]:
    """Let them look at each word that is copied, and at so many other steps.

    These are a power of two. `now` is another clock, in nanoseconds.
    """
    changed: dict[str, object] = {"STEPS": steps, "WORDS": 1}
    if now is not None:
        changed["monotonic_ns"] = now
    before = {name: getattr(stopping, name) for name in changed}
    vars(stopping).update(changed)
    try:
        yield
    finally:
        vars(stopping).update(before)
