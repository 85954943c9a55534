"""What is known of the bodies of a unit before they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..bytecode.image import Chunk
from ..core.entries import PARAMETER_WORDS
from ..tracking.times import Timing
from .flow import Flow
from .members import Member


@dataclass(slots=True)
class Body:
    """One chunk as it stands in a unit."""

    member: Member
    name: str
    live: Sequence[int]  # per instruction of the chunk: registers live before it
    across: Mapping[int, int]  # per call instruction: registers live while it waits
    parameters: list[int | None]  # tag of each parameter where it is fixed
    loop: int | None = None  # back-edge at whose header a loop unit starts
    tail_target: bool = False  # another body of the unit tail-calls it
    tails: bool = False  # it carries the number of tail calls behind it
    counting: bool = False  # tracking is on
    timing: Timing | None = None  # which activations are timed
    # Chunks whose executions tail calls pass on in words, as they do the fuel; None
    # where both are counted in memory.
    carried: tuple[int, ...] | None = None

    @property
    def chunk(self) -> Chunk:
        """What it is the code of."""
        return self.member.chunk

    @property
    def flow(self) -> Flow:
        """Its control flow."""
        return self.member.flow

    def in_memory(self) -> list[int]:
        """Parameters that stand in the register file when the body is entered."""
        room = PARAMETER_WORDS - 3 - int(self.tails)
        if self.carried is not None:
            room -= 1 + len(self.carried)
        result = []
        for index, tag in enumerate(self.parameters):
            needed = 1 if tag is not None else 2
            if needed > room:
                result.append(index)
            else:
                room -= needed
        return result

    def words(self, first: int = 0) -> list[str]:
        """The variables passed as words; parameter 0 stands in R[first].

        A payload for each parameter, and a tag where it is not fixed.
        """
        names = []
        in_memory = self.in_memory()
        for index, tag in enumerate(self.parameters):
            if index in in_memory:
                continue
            if tag is None:
                names.append(f"t{first + index}")
            names.append(f"v{first + index}")
        return names


@dataclass(slots=True)
class Table:
    """What a unit knows of the image it is installed in, by position."""

    entries: list[tuple[str, int]] = field(default_factory=list)

    def position(self, kind: str, index: int) -> int:
        """Where an index of the image stands in the table."""
        entry = (kind, index)
        if entry not in self.entries:
            self.entries.append(entry)
        return self.entries.index(entry)

    def __call__(self, kind: str, index: int) -> str:
        """The expression `table(n)` for an index of the image."""
        return f"table({self.position(kind, index)})"
