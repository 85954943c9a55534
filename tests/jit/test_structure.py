"""Structured source goes the way of the graph it was made from, whatever that is."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from typing import Any

import pytest

from fluentai_jit.jit import structure
from fluentai_jit.jit.flow import Flow, Irreducible, flow_along
from fluentai_jit.jit.structure import Structurer
from fluentai_jit.jit.writer import Writer

# Blocks that one run goes through, as many graphs have no end.
LENGTH = 60


class Enough(Exception):
    """A run has gone through as many blocks as are compared."""


def random_flow(rng: random.Random) -> Flow:
    """A graph of blocks that lead on, back or out, some far. Raises Irreducible."""
    count = rng.randrange(2, rng.choice((6, 12, 24)))
    far = rng.choice((3, count))
    edges: dict[int, list[int]] = {}
    pending = [0]
    while pending:
        block = pending.pop()
        if block in edges:
            continue
        targets = [
            block + 1 + rng.randrange(far)
            if rng.random() < 0.6
            else rng.randrange(count)
            for _ in range(rng.choices((0, 1, 2), (1, 4, 6))[0])
        ]
        ends = dict.fromkeys(min(target, count - 1) for target in targets)
        edges[block] = list(ends)
        pending += edges[block]
    # Numbers with room between them: none follows another by itself.
    spread = {2 * block: [2 * n for n in targets] for block, targets in edges.items()}
    return flow_along(spread, 0)


def source_of(flow: Flow) -> str:
    """A function that tells `visit` of its blocks and asks `decide` at each fork."""
    writer = Writer()
    writer.line("def walk():")
    writer.indent()

    def block(start: int) -> str | None:
        writer.line(f"visit({start})")
        targets = flow.blocks[start].successors
        if not targets:
            writer.line("return")
        return "decide()" if len(targets) == 2 else None

    Structurer(flow, writer, block).write()
    return writer.text()


def visits(walk: Callable[[Callable[[int], None]], None]) -> list[int]:
    """The blocks of a run, up to LENGTH."""
    seen: list[int] = []

    def visit(block: int) -> None:
        seen.append(block)
        if len(seen) == LENGTH:
            raise Enough

    with contextlib.suppress(Enough):
        walk(visit)
    return seen


def of_graph(flow: Flow, rng: random.Random) -> list[int]:
    def walk(visit: Callable[[int], None]) -> None:
        block = 0
        while True:
            visit(block)
            targets = flow.blocks[block].successors
            if not targets:
                return
            first = len(targets) == 1 or rng.random() < 0.5
            block = targets[0] if first else targets[1]

    return visits(walk)


def of_source(source: str, rng: random.Random) -> list[int]:
    def walk(visit: Callable[[int], None]) -> None:
        names: dict[str, Any] = {"visit": visit, "decide": lambda: rng.random() < 0.5}
        exec(source, names)
        names["walk"]()

    return visits(walk)


# With few levels nearly every block is written after another, not inside it.
@pytest.mark.parametrize("levels", [structure._LEVELS, 4, 0])
@pytest.mark.parametrize("first", range(0, 1000, 200))
def test_source_goes_the_way_of_its_graph(
    first: int, levels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structure, "_LEVELS", levels)
    compared = 0
    for seed in range(first, first + 200):
        try:
            flow = random_flow(random.Random(seed))
        except Irreducible:
            continue
        source = source_of(flow)
        for run in range(5):
            expected = of_graph(flow, random.Random(run))
            assert of_source(source, random.Random(run)) == expected, (seed, source)
        compared += 1
    assert compared > 100


def test_a_loop_with_two_entries_has_no_structure() -> None:
    with pytest.raises(Irreducible, match="into the loop at"):
        flow_along({0: [2, 4], 2: [4], 4: [2]}, 0)
