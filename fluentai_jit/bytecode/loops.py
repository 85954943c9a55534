"""Loops of a chunk: how they lie in each other, and what one execution costs.

A loop is the range of instructions from the target of its back-edge to the
back-edge itself. Fuel is charged by blocks: a call by the instructions outside
all loops, a back-edge by those of its loop outside inner loops.
"""

from __future__ import annotations

from collections.abc import Sequence


def enclosing_loops(loops: Sequence[tuple[int, int]]) -> list[int] | None:
    """For each (back-edge, header) the index of the loop around it, or -1.

    None where two loops overlap and neither lies in the other.
    """
    parents = [-1] * len(loops)
    order = sorted(range(len(loops)), key=lambda i: (loops[i][1], -loops[i][0]))
    around: list[int] = []
    for index in order:
        end, start = loops[index]
        while around and loops[around[-1]][0] < start:
            around.pop()
        if around:
            if loops[around[-1]][0] <= end:
                return None
            parents[index] = around[-1]
        around.append(index)
    return parents


def weights(
    length: int, loops: Sequence[tuple[int, int]], parents: Sequence[int]
) -> tuple[int, list[int]]:
    """Weight of a chunk of that many instructions, and of each of its back-edges."""
    sizes = [end - start + 1 for end, start in loops]
    own = list(sizes)
    outside = length
    for size, parent in zip(sizes, parents, strict=True):
        if parent < 0:
            outside -= size
        else:
            own[parent] -= size
    return max(1, outside), [max(1, each) for each in own]
