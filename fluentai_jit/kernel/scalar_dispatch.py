"""One function that reaches every scalar function by its index."""

from __future__ import annotations

from ..core.operations import Result
from ..core.primitives import Memory
from ..core.scalars import SCALARS
from ..core.statuses import TYPE_ERROR
from ..core.tags import NIL

_PARAMETERS = "ctx, t1, v1, t2, v2, t3, v3"


def scalar(
    ctx: Memory, which: int, t1: int, v1: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """Scalar function number `which` of up to three arguments."""
    return SCALARS[which].function(ctx, t1, v1, t2, v2, t3, v3)


def dispatch_source() -> str:
    """The same function for compiled code, which cannot index a Python tuple.

    LLVM makes a jump table of the comparisons.
    """
    lines = [f"def scalar(ctx, which, {_PARAMETERS.removeprefix('ctx, ')}):"]
    for index, row in enumerate(SCALARS):
        lines.append(f"    if which == {index}:")
        lines.append(f"        return {row.function.__name__}({_PARAMETERS})")
    # The verifier admits no other number.
    lines.append(f"    return {NIL}, 0, {TYPE_ERROR}")
    return "\n".join(lines) + "\n"
