"""Running a program for a command: what its end means for stderr and exit status."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TextIO

from .. import interrupts
from .streams import OutputFailed, say, say_failed, say_warning

if TYPE_CHECKING:
    from ..config import Config
    from ..engine.program import Program
    from ..engine.vm import VM


class Outcome(NamedTuple):
    """How a run ended: exit status, its time, and what ended it before its end."""

    status: int
    wall_ns: int
    ended: str | None = None


@contextmanager
def machine(
    program: Program,
    config: Config,
    arguments: Sequence[str],
    stdout: TextIO,
    events: str | None = None,
) -> Iterator[VM]:
    """A VM whose warnings are lines on stderr; it is closed afterwards.

    Raises FluentError of kind FileError where the file of events cannot be opened.
    """
    from ..engine.vm import VM

    with warnings_said(), VM(program, config, stdout, arguments, events=events) as vm:
        yield vm


@contextmanager
def warnings_said() -> Iterator[None]:
    """Show warnings of the package without the places in Python they come from."""
    from ..engine.setup import FluentWarning

    with warnings.catch_warnings():
        warnings.simplefilter("always", FluentWarning)
        warnings.showwarning = _show_warning
        yield


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    say_warning(message)


def run_to_end(vm: VM) -> Outcome:
    """Run a program; an error of it is told on stderr."""
    from ..errors import FluentError, render
    from ..stdlib.host import Exit

    began = time.perf_counter_ns()
    status, ended = 0, None
    try:
        vm.execute()
    except Exit as ending:
        status, ended = ending.status, f"exit {ending.status}"
    except FluentError as error:
        say(render(error) + "\n")
        status = interrupts.STATUS if error.kind == "Interrupted" else 1
        ended = error.kind
    except OutputFailed as failure:
        say_failed(failure)
        status, ended = 1, "closed output"
    return Outcome(status, time.perf_counter_ns() - began, ended)
