"""The specialiser: from hot bytecode to a unit of Python source.

A unit is a function with what it calls: functions that can call it back
(compiled together, so that they call each other directly), and small ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..bytecode.image import Image
from ..bytecode.liveness import masks, masks_across
from ..core.opcodes import OPCODES, Operand, decode
from ..core.tags import TAG_NAMES
from ..tracking.times import Timing
from .bodies import Body, Table
from .body import LOAD_TAILS, TAG_CONSTANTS
from .emitter import BodyEmitter
from .inference import Inference
from .members import MemberKey, Members
from .observed import Observed
from .refusals import Refused
from .writer import Writer


@dataclass(frozen=True, slots=True)
class UnitLimits:
    """What of the config decides how large a unit may be, in instructions."""

    function: int
    inlined: int


@dataclass(frozen=True, slots=True)
class Request:
    """What to specialise: a chunk for parameter tags, or one of its loops.

    `tags` are those of the parameters, or of all registers at the loop header
    (None where a register holds nothing).
    """

    chunk: int
    back_edge: int | None
    tags: tuple[int | None, ...]
    observed: Observed
    speculate: bool = True  # rely on inferred tags; off after guards failed
    counting: bool = False  # usage tracking is on
    timing: Timing | None = None  # which activations are timed


@dataclass(frozen=True, slots=True)
class Unit:
    """A specialisation as source, ready to be compiled or run.

    `table` are the image's indices that the source names by position.
    """

    name: str
    source: str
    entry: str
    table: tuple[tuple[str, int], ...]
    chunks: tuple[int, ...]
    instructions: int
    guards: tuple[str, ...]  # the tags it was made for, by parameter name
    result: int | None  # the tag that it is expected to give
    counting: bool  # made for tracking that is on, or off
    timing: Timing | None = None  # which activations it times


# Counters that tail calls pass on at most. With context, base, frame, tails and fuel
# they leave two of the ten words for arguments.
_CARRIED = 3


class _Specialiser:
    def __init__(self, image: Image, request: Request, limits: UnitLimits) -> None:
        self.image = image
        self.request = request
        found = Members(image, request, limits)
        self.members = found.found
        self.root = found.root
        start = {
            index: tag for index, tag in enumerate(request.tags) if tag is not None
        }
        self.inference = Inference(
            image,
            self.members,
            self.root,
            start,
            request.observed,
            request.speculate,
        )
        self.inference.run()
        self.table = Table()
        self.bodies = self._bodies()

    def _bodies(self) -> dict[MemberKey, Body]:
        targets = self._tail_targets()
        bodies = {}
        for position, key in enumerate(self.inference.entry):
            member = self.members[key]
            chunk = member.chunk
            loop = self.request.back_edge if key == self.root else None
            entry = self.inference.entry[key]
            live = masks(self.image, chunk)
            bodies[key] = Body(
                member=member,
                name=f"{_identifier(chunk.name)}_{position}",
                live=live,
                across=masks_across(self.image, chunk, live),
                parameters=(
                    []
                    if loop is not None
                    else [_known(entry.get(i)) for i in range(chunk.inputs)]
                ),
                loop=loop,
                tail_target=key in targets,
                tails=key in targets or self._tail_calls(key),
                counting=self.request.counting,
                timing=self.request.timing,
            )
        self._carry(bodies)
        return bodies

    def _carry(self, bodies: dict[MemberKey, Body]) -> None:
        """Let tail calls pass on fuel and counters where nothing else counts.

        That is, where the functions that tail-call each other call no other ones.
        """
        members = [body for body in bodies.values() if body.tails]
        if self.request.timing == "full" or any(map(self._calls, members)):
            return
        chunks: tuple[int, ...] = ()
        if self.request.counting:
            targets = [body.chunk.index for body in members if body.tail_target]
            chunks = tuple(dict.fromkeys(targets))
        if len(chunks) <= _CARRIED:
            for body in members:
                body.carried = chunks

    def _calls(self, body: Body) -> bool:
        return any(
            OPCODES[self.image.code[pc] & 255].name in ("CALL", "CALL_CHUNK")
            for block in body.flow.blocks.values()
            for pc in range(block.start, block.end)
        )

    def _tail_sites(self) -> list[tuple[MemberKey, MemberKey]]:
        """(caller, callee) of the tail calls of other functions inside the unit."""
        return [
            (caller, callee)
            for caller, member in self.members.items()
            for pc, callee in member.callees.items()
            if "TAIL" in OPCODES[self.image.code[pc] & 255].name
            and not self._iterates(caller, pc)
        ]

    def _iterates(self, caller: MemberKey, pc: int) -> bool:
        """Whether a tail call is one of the same function, which is a jump."""
        code, _a, _b, c = decode(self.image.code[pc])
        return OPCODES[code].c is Operand.CHUNK and c == caller.chunk

    def _tail_targets(self) -> set[MemberKey]:
        return {callee for _caller, callee in self._tail_sites()}

    def _tail_calls(self, key: MemberKey) -> bool:
        return any(caller == key for caller, _callee in self._tail_sites())

    def unit(self) -> Unit:
        root = self.bodies[self.root]
        # The root's chunk is always table(0), whatever order bodies are in.
        self.table("chunk", root.chunk.index)
        writer = Writer()
        writer.line(f'"""{self._title()}"""')
        writer.line()
        for body in self.bodies.values():
            BodyEmitter(
                self.image,
                body,
                self.bodies,
                self.inference,
                self.table,
                writer,
            ).write()
        entry = f"enter_{root.name}"
        writer.line("@entry")
        writer.line(f"def {entry}(ctx, base, frame):")
        writer.indent()
        if self.request.back_edge is None:
            self._enter(root, writer)
        else:
            writer.line(f"return {root.name}(ctx, base, frame)")
        writer.dedent()
        return Unit(
            name=root.chunk.name,
            source=writer.text(),
            entry=entry,
            table=tuple(self.table.entries),
            chunks=tuple(dict.fromkeys(key.chunk for key in self.bodies)),
            instructions=sum(body.chunk.length for body in self.bodies.values()),
            guards=self._guards(root),
            result=self.inference.result(self.root),
            counting=self.request.counting,
            timing=self.request.timing,
        )

    def _enter(self, root: Body, writer: Writer) -> None:
        """Test the parameters' tags and call the body of a function."""
        writer.line("registers = pointer(ctx, REGISTERS)")
        writer.line("at = 2 * base")
        in_memory = root.in_memory()
        for index, tag in enumerate(root.parameters):
            if tag is None:
                if index not in in_memory:
                    writer.line(f"t{index} = load(registers, at + {2 * index})")
            else:
                writer.line(
                    f"if load(registers, at + {2 * index}) != {TAG_CONSTANTS[tag]}:"
                )
                writer.indented("return NIL, 0, ENTRY_GUARD")
            if index not in in_memory:
                writer.line(f"v{index} = load(registers, at + {2 * index + 1})")
        writer.line(LOAD_TAILS)
        tails = ["tails"] if root.tails else []
        window = ", ".join(["ctx", "base", "frame", *tails, *root.words()])
        writer.line(f"t, v, s = {root.name}({window})")
        if not root.tails:
            writer.line("keep_tails(ctx, frame, tails, s)")
        writer.line("return t, v, s")

    def _guards(self, root: Body) -> tuple[str, ...]:
        if self.request.back_edge is None:
            tags: list[int | None] = list(root.parameters)
        else:
            live = root.live[root.flow.start - root.chunk.entry]
            tags = [
                tag if live >> index & 1 else None
                for index, tag in enumerate(self.request.tags)
            ]
        return tuple("any" if tag is None else TAG_NAMES[tag] for tag in tags)

    def _title(self) -> str:
        root = self.bodies[self.root]
        where = root.chunk.name
        if self.request.back_edge is not None:
            # Not by its line: an edit above it must not change the unit's key.
            number = self.request.back_edge - root.chunk.first_back_edge + 1
            where += f", from its loop {number}"
        return f"{where}, specialised for ({', '.join(self._guards(root))})"


def _known(tag: int | None) -> int | None:
    return None if tag is None or tag < 0 else tag


def _identifier(name: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "_" for c in name)


def specialise(image: Image, request: Request, limits: UnitLimits) -> Unit:
    """The unit for a request.

    Raises Refused with the reason where the chunk cannot be compiled.
    """
    try:
        return _Specialiser(image, request, limits).unit()
    except RecursionError:
        raise Refused("too_deep") from None
