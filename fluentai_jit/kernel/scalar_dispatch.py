"""One function that reaches every scalar function by its index."""

from __future__ import annotations

from ..core.entries import call_native
from ..core.natives import NATIVE_INDEX, PARSED
from ..core.primitives import Memory
from ..core.scalars import SCALARS
from ..core.statuses import NATIVE, TYPE_ERROR, Result
from ..core.tags import NIL

_PARSE = NATIVE_INDEX["parse"]

_PARAMETERS = "ctx, t1, v1, t2, v2, t3, v3"


def scalar(
    ctx: Memory, which: int, t1: int, v1: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Scalar function number `which` of up to three arguments."""
    t, v, s = SCALARS[which].function(ctx, t1, v1, t2, v2, t3, v3)
    if s == NATIVE:
        tag = PARSED[SCALARS[which].name]
        return call_native(ctx, _PARSE, t1, v1, tag, 0, NIL, 0)
    return t, v, s


def dispatch_source() -> str:
    """The same function for compiled code, which cannot index a Python tuple.

    LLVM makes a jump table of the comparisons.
    """
    lines = [f"def scalar(ctx, which, {_PARAMETERS.removeprefix('ctx, ')}):"]
    for index, row in enumerate(SCALARS):
        lines.append(f"    if which == {index}:")
        call = f"{row.function.__name__}({_PARAMETERS})"
        if row.name in PARSED:
            lines.append(f"        t, v, s = {call}")
            lines.append(f"        if s == {NATIVE}:")
            given = f"t1, v1, {PARSED[row.name]}, 0, {NIL}, 0"
            lines.append(f"            return call_native(ctx, {_PARSE}, {given})")
            lines.append("        return t, v, s")
        else:
            lines.append(f"        return {call}")
    # The verifier admits no other number.
    lines.append(f"    return {NIL}, 0, {TYPE_ERROR}")
    return "\n".join(lines) + "\n"
