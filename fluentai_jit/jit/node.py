"""What the JIT records of each node: a function of the image, or one of its loops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .unit import Unit

Key = tuple[int, int | None]  # chunk, back-edge or None


@dataclass(slots=True)
class Deoptimisation:
    """How often native code was left at one place, and why."""

    reason: str
    pc: int
    instruction: str
    types: str
    count: int = 0


@dataclass(slots=True)
class Node:
    """The history of one compilation target."""

    key: Key
    factor: float = 1.0  # of the threshold, doubled at each refusal
    heat: int = 0  # what the counter was last set to
    spent_heat: int = 0  # heat used up before that
    rounds: int = 0
    guard_rounds: int = 0  # of them ended by guards inside
    speculate: bool = True
    # Tags seen so far, by position of the parameter or register.
    seen: dict[int, set[int]] = field(default_factory=dict)
    refusal: str | None = None
    detail: str = ""
    pending: bool = False
    looked_up: bool = False  # in the store, before it was worth compiling
    compile_ms: float | None = None
    unit: Unit | None = None  # the last one made, kept when it is retired
    exits: dict[tuple[int, str], Deoptimisation] = field(default_factory=dict)

    def observe(self, tags: tuple[int | None, ...]) -> None:
        """Add tags to those seen."""
        for index, tag in enumerate(tags):
            if tag is not None:
                self.seen.setdefault(index, set()).add(tag)

    def expected(self, count: int) -> tuple[int | None, ...]:
        """The one tag seen at each position, None where there were several."""
        result: list[int | None] = []
        for index in range(count):
            tags = self.seen.get(index, set())
            result.append(next(iter(tags)) if len(tags) == 1 else None)
        return tuple(result)
