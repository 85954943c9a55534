"""Which functions a unit is made of: the hot one, and what it calls.

A function that is given functions is there once for each combination of them that is
known where it is called: so `map` calls the lambda of this call directly, whatever
else it is called with elsewhere. Which function a register holds is found by a
forward analysis of constants; it is exact, so nothing has to be tested.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..bytecode.image import Chunk, Image
from ..bytecode.liveness import reads_writes
from ..core.natives import NATIVE_INDEX
from ..core.opcodes import (
    LOAD,
    MOVE,
    NATIVE_CALL_ANY,
    OPCODES,
    TAIL_CALL,
    TAIL_CALL_CHUNK,
    Operand,
    decode,
)
from ..core.tags import CLOSURE, FUNCTION, INT
from .flow import INTERPRETED, Flow, Irreducible, flow_of
from .observed import Observed
from .refusals import Refused

if TYPE_CHECKING:
    from .unit import Request, UnitLimits

_MAKE_CLOSURE = NATIVE_INDEX["closure"]

# By register: a function or closure and its chunk, or an int.
Constants = dict[int, tuple[int, int]]


class MemberKey(NamedTuple):
    """A function in a unit: its chunk, and the chunks of functions it is given."""

    chunk: int
    given: tuple[tuple[int, int, int], ...] = ()  # (parameter, tag, chunk)


@dataclass(slots=True)
class Member:
    """A function of a unit, and which others of the unit it calls where."""

    key: MemberKey
    chunk: Chunk
    flow: Flow
    callees: dict[int, MemberKey] = field(default_factory=dict)
    certain: set[int] = field(default_factory=set)  # calls of a value that is known

    def constants(self, image: Image) -> dict[int, Constants]:
        """Known functions before each of its calls."""
        return constants_at_calls(image, self.chunk, self.flow, self.key)


def constants_at_calls(
    image: Image, chunk: Chunk, flow: Flow, key: MemberKey
) -> dict[int, Constants]:
    """What is known of registers before each call; `key` says what it is given."""
    given = {index: (tag, payload) for index, tag, payload in key.given}
    # A unit that starts at a loop starts with what nobody knows.
    states = {flow.start: given if flow.start == chunk.entry else {}}
    found: dict[int, Constants] = {}
    pending = [flow.start]
    while pending:
        block = flow.blocks[pending.pop()]
        known = dict(states[block.start])
        for pc in range(block.start, block.end):
            code, a, _b, c = decode(image.code[pc])
            if _is_call(code):
                found[pc] = dict(known)
            if code == TAIL_CALL_CHUNK and c == chunk.index:
                known = _shifted(known, a, chunk.inputs)
            else:
                _step(image.code[pc], known)
        for target in block.successors:
            merged = known
            if target in states:
                old = states[target]
                merged = {r: value for r, value in old.items() if known.get(r) == value}
                if merged == old:
                    continue
            states[target] = dict(merged)
            pending.append(target)
    return found


def _is_call(code: int) -> bool:
    row = OPCODES[code]
    return row.c is Operand.CHUNK or row.a is Operand.CALLEE


def _shifted(known: Constants, a: int, count: int) -> Constants:
    """After a self tail call: the arguments are the parameters."""
    return {i: known[a + 1 + i] for i in range(count) if a + 1 + i in known}


def _step(word: int, known: Constants) -> None:
    code, a, b, c = decode(word)
    value = None
    if code == LOAD and b in (FUNCTION, INT):
        value = b, c
    elif code == MOVE:
        value = known.get(b)
    elif code == NATIVE_CALL_ANY and b == _MAKE_CLOSURE and a + 1 in known:
        value = CLOSURE, known[a + 1][1]
    _reads, writes = reads_writes(word)
    for register in list(known):
        # What a call leaves above its window's first register is nobody's.
        if writes >> register & 1 or (_is_call(code) and register > a):
            del known[register]
    if value is not None:
        known[a] = value


class Members:
    """Finds the functions of one unit."""

    def __init__(self, image: Image, request: Request, limits: UnitLimits) -> None:
        self.image = image
        self.request = request
        self.limits = limits
        root = image.chunks[request.chunk]
        if root.length > limits.function:
            raise Refused("too_large", f"{root.length} instructions")
        start = root.entry
        if request.back_edge is not None:
            start = image.back_edges[request.back_edge].target
        try:
            flow = flow_of(image, root, start)
        except Irreducible as error:
            raise Refused("irreducible", str(error)) from error
        if leaves_at_once(image, flow, request.observed):
            raise Refused("leaves_at_once")
        self._total = root.length
        self.root = MemberKey(root.index)
        self.found: dict[MemberKey, Member] = {self.root: Member(self.root, root, flow)}
        self._reaches: dict[int, bool] = {}
        pending = [self.root]
        while pending:
            pending += self._follow(self.found[pending.pop()])

    def _follow(self, member: Member) -> list[MemberKey]:
        """Find out what a member calls; those that are new."""
        new = []
        for pc, known in sorted(member.constants(self.image).items()):
            key = self._callee(member, pc, known)
            if key is None:
                continue
            if key not in self.found:
                added = self._add(key)
                if not added:
                    continue
                new.append(key)
            member.callees[pc] = key
            if decode(self.image.code[pc])[1] in known:
                member.certain.add(pc)
        return new

    def _callee(self, member: Member, pc: int, known: Constants) -> MemberKey | None:
        """What the unit would have of the function that an instruction calls."""
        code, a, count, _c = decode(self.image.code[pc])
        direct = OPCODES[code].c is Operand.CHUNK
        index = self.request.observed.callee(self.image, pc)
        if not direct and a in known and known[a][0] != INT:
            index = known[a][1]
        if index is None:
            return None
        if code == TAIL_CALL and index == member.chunk.index:
            # Counted as an iteration, as only a call by name is here.
            return None
        # A loop's unit does not call its own function.
        if index == self.root.chunk and self.request.back_edge is not None:
            return None
        target = self.image.chunks[index]
        # A call of a value passes the closure by itself.
        if count != (target.inputs if direct else target.arity):
            return None
        if index == self.root.chunk or not calls_values(self.image, target):
            return MemberKey(index)
        given = [
            (i, *known[a + 1 + i])
            for i in range(target.arity)
            if known.get(a + 1 + i, (INT, 0))[0] != INT
        ]
        return MemberKey(index, tuple(given))

    def _add(self, key: MemberKey) -> bool:
        chunk = self.image.chunks[key.chunk]
        cyclic = self.request.back_edge is None and self._calls_back(key.chunk)
        small = chunk.length <= self.limits.inlined
        if self._total + chunk.length > self.limits.function or not (cyclic or small):
            return False
        try:
            flow = flow_of(self.image, chunk, chunk.entry)
        except Irreducible:
            return False
        self._total += chunk.length
        self.found[key] = Member(key, chunk, flow)
        return True

    def _calls_back(self, index: int) -> bool:
        """Whether calls lead from a chunk to the root."""
        if index not in self._reaches:
            observed, root = self.request.observed, self.root.chunk
            self._reaches[index] = reaches(self.image, index, root, observed)
        return self._reaches[index]


def calls_values(image: Image, chunk: Chunk) -> bool:
    """Whether a chunk calls anything but functions known by their names."""
    return any(
        OPCODES[image.code[pc] & 255].a is Operand.CALLEE
        for pc in range(chunk.entry, chunk.entry + chunk.length)
    )


def leaves_at_once(image: Image, flow: Flow, observed: Observed) -> bool:
    """Whether every run through it ends in an instruction left to the interpreter."""
    if len(flow.blocks) > 1:
        return False
    last = flow.blocks[flow.start].end - 1
    code = image.code[last] & 255
    if code == TAIL_CALL:
        return observed.callee(image, last) is None
    return OPCODES[code].name in INTERPRETED


def reaches(image: Image, start: int, goal: int, observed: Observed) -> bool:
    """Whether calls lead from one chunk to another."""
    seen = {start}
    pending = [start]
    while pending:
        for callee in observed.calls(image, image.chunks[pending.pop()]).values():
            if callee == goal:
                return True
            if callee not in seen:
                seen.add(callee)
                pending.append(callee)
    return False
