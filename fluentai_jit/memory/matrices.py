"""Native operations on arrays of two dimensions."""

from __future__ import annotations

from ..core.arrays import matrix_item, set_matrix_item
from ..core.layout import REGISTERS
from ..core.primitives import Memory, load, pointer
from ..core.statuses import Result


def n_matrix_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """a[i, j]."""
    return matrix_item(ctx, t, v, t2, v2, t3, v3)


def n_set_matrix_item(
    ctx: Memory, t: int, v: int, t2: int, v2: int, t3: int, v3: int
) -> Result:
    """a[i, j] = x of the four values in the registers from `v` on; the array."""
    registers = pointer(ctx, REGISTERS)
    at = 2 * v
    return set_matrix_item(
        ctx,
        load(registers, at),
        load(registers, at + 1),
        load(registers, at + 2),
        load(registers, at + 3),
        load(registers, at + 4),
        load(registers, at + 5),
        load(registers, at + 6),
        load(registers, at + 7),
    )
