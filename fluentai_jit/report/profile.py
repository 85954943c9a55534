"""A report as data: what `run --report json` saves and `report` reads."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ..errors import FluentError

VERSION = 1

# A call cannot have happened -1 times, whatever a file says.
Count = Annotated[int, msgspec.Meta(ge=0)]
Milliseconds = Annotated[float, msgspec.Meta(ge=0)]


class DeoptimisationRow(msgspec.Struct, frozen=True, kw_only=True):
    """How often native code of a function was left at one place, and why.

    `loop_line` is the line of the loop that the code was entered at, None for code
    entered by a call; `types` are those seen the first time.
    """

    reason: str
    count: Count
    line: Count
    instruction: str
    types: str
    loop_line: Count | None = None


class FunctionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One function; None where nothing was measured. Times are in nanoseconds.

    `instructions` are the fuel charged for it, the order of the rows. `state` is a
    word of `states.STATES` or `refusals.REFUSALS`, `detail` what goes with it.
    """

    node_id: Count
    name: str
    file: str
    line: Count
    calls: Count
    native_calls: Count
    tail_iterations: Count
    back_edges: Count
    instructions: Count
    total_ns: Count | None = None
    self_ns: Count | None = None
    avg_ns: float | None = None
    p50_ns: float | None = None
    p95_ns: float | None = None
    timed: Count | None = None
    timing: str | None = None
    errors: Count
    is_hot: bool
    tier: Count
    state: str
    detail: str
    compile_ms: Milliseconds | None = None
    deoptimisations: tuple[DeoptimisationRow, ...] = ()


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over a run.

    `kernel_tier` is that of the interpreter at the end; `ended` the kind of error or
    "exit N" that ended the program, None for its end.
    """

    wall_ns: Count
    kernel_tier: Count
    instructions: Count
    compiles: Count
    compile_ms: Milliseconds
    functions: Count
    never_called: Count
    calls: Count
    native_calls: Count
    tail_iterations: Count
    back_edges: Count
    errors: Count
    deoptimisations: Count
    ended: str | None = None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """The report of one run, its hottest function first."""

    version: int = VERSION
    program: str
    functions: tuple[FunctionRow, ...]
    totals: Totals


class _Versioned(msgspec.Struct):
    version: int


def encode(profile: Profile) -> str:
    """The profile as JSON, ending in a newline."""
    data = msgspec.json.encode(profile)
    return msgspec.json.format(data, indent=2).decode() + "\n"


def decode(data: bytes, name: str) -> Profile:
    """The profile that a file of this name holds.

    Raises FluentError of kind FileError for anything but the JSON of a profile of
    this version.
    """
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
        if version != VERSION:
            message = f"{name} is a report of version {version}, this reads {VERSION}"
            raise FluentError("FileError", message)
        return msgspec.json.decode(data, type=Profile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"{name} is no report of `run --report json`: {error}"
        raise FluentError("FileError", message) from None
