"""A report as data: what `run --report json` saves and `report` reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

import msgspec

from ..errors import FluentError, shortened
from ..jit.refusals import REFUSALS
from ..tracking.times import Timing
from .states import NATIVE_TIER, STATES

VERSION = 1

# A call cannot have happened -1 times, whatever a file says; and counters are words.
Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
Line = Annotated[int, msgspec.Meta(ge=1, le=(1 << 63) - 1)]
Tier = Annotated[int, msgspec.Meta(ge=0, le=NATIVE_TIER)]
KernelTier = Annotated[int, msgspec.Meta(ge=0, lt=NATIVE_TIER)]
Milliseconds = Annotated[float, msgspec.Meta(ge=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Nanoseconds = Annotated[float, msgspec.Meta(ge=0)]


class DeoptimisationRow(msgspec.Struct, frozen=True, kw_only=True):
    """How often native code of a function was left at one place, and why.

    `loop_line` is the line of the loop that the code was entered at, None for code
    entered by a call; `types` are those seen the first time.
    """

    reason: str
    count: Count
    line: Line
    instruction: str
    types: str
    loop_line: Line | None = None


class FunctionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One function; None where nothing was measured. Times are in nanoseconds.

    `instructions` are the fuel charged for it, the order of the rows. `state` is a
    word of `states.STATES` or `refusals.REFUSALS`, `detail` what goes with it.
    `total_ns` is of outermost activations, `self_ns` without callees, the others with
    them, of all; `timed` activations ended, and `timing` is the mode they are from. If
    "sampled", the errors are standard errors, `rate` is the part of the activations
    that was timed, and `stacks` those of the timer that the function was in.
    """

    node_id: Count
    name: str
    file: str
    line: Line
    calls: Count
    native_calls: Count
    tail_iterations: Count
    back_edges: Count
    instructions: Count
    total_ns: Count | None = None
    self_ns: Count | None = None
    avg_ns: Nanoseconds | None = None
    p50_ns: Nanoseconds | None = None
    p90_ns: Nanoseconds | None = None
    p95_ns: Nanoseconds | None = None
    p99_ns: Nanoseconds | None = None
    max_ns: Count | None = None
    avg_error_ns: Nanoseconds | None = None
    total_error_ns: Nanoseconds | None = None
    self_error_ns: Nanoseconds | None = None
    rate: Share | None = None
    stacks: Count | None = None
    timed: Count | None = None
    timing: Timing | None = None
    errors: Count
    is_hot: bool
    tier: Tier
    state: str
    detail: str
    compile_ms: Milliseconds | None = None
    deoptimisations: tuple[DeoptimisationRow, ...] = ()


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over a run.

    `kernel_tier` is that of the interpreter at the end; `ended` the kind of error or
    "exit N" that ended the program, None for its end. Of program time, which is without
    host calls, collections and compiling, `native_share` is the part that the timer
    found in native code; `saved_ns` is what that would have taken longer in tier 1,
    less the time of compiling: an estimate, from the policy's general speed-up.
    `survival` is the part of the words looked at by collections that was alive.
    """

    wall_ns: Count
    kernel_tier: KernelTier
    instructions: Count
    compiles: Count
    compile_ms: Milliseconds
    program_ns: Count | None = None
    native_share: Share | None = None
    stacks: Count | None = None
    saved_ns: float | None = None
    collections: Count = 0
    collection_ns: Count = 0
    longest_pause_ns: Count = 0
    survival: Share | None = None
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
    this version, and for one that no run can have.
    """
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
        if version != VERSION:
            message = f"{name} is a report of version {version}, this reads {VERSION}"
            raise FluentError("FileError", message)
        profile = msgspec.json.decode(data, type=Profile)
        fault = next(_faults(profile), None)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        fault = f"{error}{_function_at(str(error), data)}"
    except RecursionError:
        fault = "it is nested too deeply"
    if fault is None:
        return profile
    message = f"{name} is no report of `run --report json`: {fault}"
    raise FluentError("FileError", message)


def _function_at(message: str, data: bytes) -> str:
    """The name of the function that an error of msgspec is about, if of one."""
    found = re.search(r" at `\$\.functions\[(\d+)\]", message)
    if found is None:
        return ""
    try:
        name = msgspec.json.decode(data)["functions"][int(found[1])]["name"]
    except (LookupError, TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        # The rest of the file is wrong as well.
        return ""
    return f", in function {shortened(name)}" if isinstance(name, str) else ""


# What Totals sums up over the functions, under the name it has in both.
_SUMS = ("calls", "native_calls", "tail_iterations", "back_edges", "errors")


def _faults(profile: Profile) -> Iterator[str]:
    """What cannot be, though every value by itself could."""
    for row in profile.functions:
        where = f"in function {shortened(row.name)}"
        if row.native_calls > row.calls:
            yield (
                f"native_calls is {row.native_calls}, and calls only {row.calls}, "
                f"{where}"
            )
        if row.timed is not None and row.timed > row.calls:
            yield f"timed is {row.timed}, and calls only {row.calls}, {where}"
        if row.state not in STATES and row.state not in REFUSALS:
            yield f"there is no state '{shortened(row.state)}', {where}"
    rows, totals = profile.functions, profile.totals
    for field in _SUMS:
        yield from _difference(field, totals, sum(getattr(row, field) for row in rows))
    exits = sum(each.count for row in rows for each in row.deoptimisations)
    yield from _difference("deoptimisations", totals, exits)
    yield from _difference("functions", totals, len(rows) + totals.never_called)


def _difference(field: str, totals: Totals, expected: int) -> Iterator[str]:
    value = getattr(totals, field)
    if value != expected:
        yield f"totals.{field} is {value}, and the functions make {expected}"
