"""Ctrl-C in a command while no program runs.

It is heard from the first moment on, so nothing that takes time is imported here.
"""

import os
import time

# Not imported from typing, which a bare start has not loaded.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

STATUS = 130
MESSAGE = "error[Interrupted]: the command was interrupted\n"
# A press so soon after the end of a program was meant for the program.
_MEANT_BEFORE_S = 1.0


class CommandHandler:
    """Says that the command was interrupted, and ends the process at once.

    An exception would be printed and forgotten where a library calls back, and a
    second one would come while the first is told.
    """

    def __init__(self) -> None:
        self._deaf_until = 0.0

    def program_ended(self) -> None:
        """Let the report of the program be written."""
        self._deaf_until = time.monotonic() + _MEANT_BEFORE_S

    def __call__(self, _number: int, _frame: "FrameType | None") -> None:
        if time.monotonic() >= self._deaf_until:
            end()


def take_over() -> None:
    """Let Ctrl-C end the command, unless the shell has it ignored."""
    # 5 ms, in which Python's own handler may still raise KeyboardInterrupt.
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, CommandHandler())


def ignore() -> None:
    """Let nothing break off the end of the process."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def end() -> "NoReturn":
    """End the process with the message and the status of an interrupt."""
    try:
        # Not through sys.stderr: it may be in the middle of another write.
        os.write(2, MESSAGE.encode())
    finally:
        os._exit(STATUS)
