"""Runs the test programs on quick engines, and stops at the first that fails.

`python -m tests.mutation.programs WORD...` runs those first whose topics contain one
of the words. Exits with 1 where one failed, after its name.
"""

from __future__ import annotations

import random
import signal
import sys
import traceback
from types import FrameType

from tests.programs import test_programs

ENGINES = ("plain", "emitted")
# A program that takes longer loops for ever.
_SECONDS = 10


class TooLong(Exception):
    """A program did not end."""


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong


def ordered(words: list[str]) -> list[str]:
    """The programs, those of the topics first, the others mixed."""
    names = list(test_programs.PROGRAMS)
    random.Random(0).shuffle(names)
    return sorted(names, key=lambda name: not any(word in name for word in words))


def main() -> int:
    """Run them; the status."""
    signal.signal(signal.SIGALRM, _too_long)
    for name in ordered(sys.argv[1:]):
        for engine in ENGINES:
            signal.alarm(_SECONDS)
            try:
                test_programs.test_program(name, engine)
            except Exception:
                print(f"{name} on {engine}")
                print(traceback.format_exc(limit=-2), file=sys.stderr)
                return 1
            finally:
                signal.alarm(0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
