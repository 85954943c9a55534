"""Runs the test programs on quick engines, and stops at the first that fails.

`python -m tests.mutation.programs WORD...` runs those first whose topics contain one
of the words, and then those with values in the heap, with every allocation failing once
and operations stopped now and then. Exits with 1 where one failed, after its name.
"""

from __future__ import annotations

import random
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from types import FrameType

from tests.programs import test_programs, test_stress

ENGINES = ("plain", "emitted")
# A program that takes longer loops for ever.
_SECONDS = 10


class TooLong(Exception):
    """A program did not end."""


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong


def ordered(names: list[str], words: list[str]) -> list[str]:
    """Programs, those of the topics first, the others mixed."""
    random.Random(0).shuffle(names)
    return sorted(names, key=lambda name: not any(word in name for word in words))


def passes(label: str, test: Callable[[], None]) -> bool:
    """Whether a test passes in time; if not, its label is printed."""
    signal.alarm(_SECONDS)
    try:
        test()
    except Exception:
        print(label)
        print(traceback.format_exc(limit=-2), file=sys.stderr)
        return False
    finally:
        signal.alarm(0)
    return True


def under_stress(name: str) -> None:
    """A program does the same where allocations fail and operations are stopped."""
    stressed, _collections = test_stress.outcome(name, "plain", True, True)
    assert stressed == test_stress.outcome(name, "plain", False)[0]


def main() -> int:
    """Run them; the status."""
    signal.signal(signal.SIGALRM, _too_long)
    words = sys.argv[1:]
    for name in ordered(list(test_programs.PROGRAMS), words):
        for engine in ENGINES:
            test = partial(test_programs.test_program, name, engine)
            if not passes(f"{name} on {engine}", test):
                return 1
    for name in ordered(test_stress.programs(test_stress.SMALL), words):
        if name in test_stress.DEEP:
            continue
        if not passes(f"{name} under stress", partial(under_stress, name)):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
