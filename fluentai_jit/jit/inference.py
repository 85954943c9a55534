"""Which tags a chunk's registers will hold, given its parameters' tags.

This is a prediction, not a proof: the emitted code tests what it relies on, and
LLVM removes the tests that constant propagation can prove. The tag an operation
gives is found by performing it once on small operands of the given tags.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..bytecode.image import Chunk, Image
from ..core import arithmetic
from ..core.natives import NATIVES, PARSED, SAME
from ..core.opcodes import OPCODES, Operand, decode
from ..core.primitives import bits_of_float
from ..core.scalars import SCALARS
from ..core.statuses import OK
from ..core.tags import BOOL, CLOSURE, FLOAT, INT, NIL, STRING, UNBOUND
from .members import Member, MemberKey
from .observed import Observed

# A tag, None where several are possible, PENDING until a call's result is known.
Tags = dict[int, int | None]
PENDING = -1

OPERATIONS: dict[str, str] = {
    "ADD": "op_add",
    "SUB": "op_subtract",
    "MUL": "op_multiply",
    "DIV": "op_divide",
    "MOD": "op_modulo",
    "POW": "op_power",
    "NEG": "op_negate",
    "NOT": "op_not",
}
COMPARISONS: dict[str, str] = {
    "EQ": "op_equal",
    "NE": "op_not_equal",
    "LT": "op_less",
    "LE": "op_less_equal",
    "GT": "op_greater",
    "GE": "op_greater_equal",
}

# Instructions that note in their feedback word which tags they gave.
FED_BACK = frozenset(["INDEX", "GET_FIELD", "GET_CELL", "NATIVE_CALL"])

# A payload of each tag on which no operation fails for its value.
_SAMPLES = {INT: 1, FLOAT: bits_of_float(1.0), BOOL: 1, NIL: 0}


def join(a: int | None, b: int | None) -> int | None:
    """The tag that both have, else None; what is pending does not count."""
    if a == PENDING:
        return b
    if b == PENDING:
        return a
    return a if a == b else None


def sampled(
    function: Callable[..., tuple[int, int, int]], tags: Sequence[int | None]
) -> int | None:
    """The tag of an operation's result for operands of these tags."""
    if PENDING in tags:
        return PENDING
    arguments: list[int] = []
    for tag in tags:
        if tag is None or tag not in _SAMPLES:
            return None
        arguments += (tag, _SAMPLES[tag])
    result, _payload, status = function(*arguments)
    return result if status == OK else None


class Inference:
    """Tags before every instruction of the functions of one unit.

    `entry[key]` are the tags of registers where a function begins: of the root those
    it is specialised for, of another one those of its arguments, None where calls
    differ. `results[key]` is the tag of its result, None where returns differ, and
    absent until one is known.
    """

    def __init__(
        self,
        image: Image,
        members: Mapping[MemberKey, Member],
        root: MemberKey,
        start: Mapping[int, int],
        observed: Observed,
        speculate: bool,
    ) -> None:
        self.image = image
        self.members = members
        self.root = root
        self.observed = observed
        self.speculate = speculate
        self.entry: dict[MemberKey, Tags] = {root: dict(start)}
        self.results: dict[MemberKey, int | None] = {}
        self.before: dict[tuple[MemberKey, int], Tags] = {}
        self._changed = True

    def run(self) -> None:
        """To a fixed point over all functions of the unit."""
        while self._changed:
            self._changed = False
            for key in list(self.entry):
                self._function(self.members[key])

    def tag(self, key: MemberKey, pc: int, register: int) -> int | None:
        """The tag expected in a register of a function before instruction `pc`."""
        if not self.speculate:
            return None
        tag = self.before.get((key, pc), {}).get(register)
        return None if tag == PENDING else tag

    def result(self, key: MemberKey) -> int | None:
        """The tag expected of a function's result."""
        tag = self.results.get(key)
        return None if tag == PENDING else tag

    def _function(self, member: Member) -> None:
        flow = member.flow
        states: dict[int, Tags] = {flow.start: dict(self.entry[member.key])}
        pending = [flow.start]
        while pending:
            block = flow.blocks[pending.pop()]
            tags = dict(states[block.start])
            for pc in range(block.start, block.end):
                self.before[member.key, pc] = dict(tags)
                self._step(member, pc, tags)
            for target in block.successors:
                merged = self._merge(
                    states.get(target), self._edge(member.chunk, block.end - 1, tags)
                )
                if merged != states.get(target):
                    states[target] = merged
                    pending.append(target)

    def _merge(self, old: Tags | None, new: Tags) -> Tags:
        if old is None:
            return dict(new)
        return {
            register: join(old[register], new[register])
            for register in old
            if register in new
        }

    def _edge(self, chunk: Chunk, pc: int, tags: Tags) -> Tags:
        """Tags on the way out of a block: a self tail call moves arguments."""
        code, a, b, c = decode(self.image.code[pc])
        if OPCODES[code].name == "TAIL_CALL_CHUNK" and c == chunk.index:
            return {index: tags.get(a + 1 + index) for index in range(b)}
        return tags

    def _step(self, member: Member, pc: int, tags: Tags) -> None:
        code, a, b, c = decode(self.image.code[pc])
        row = OPCODES[code]
        if row.name == "RETURN":
            self._return(member.key, tags.get(a))
        elif row.b is Operand.COUNT:
            # A call of a chunk: scalar and host functions count arguments in c.
            self._call(member, pc, a, b, tags)
        elif row.a is Operand.LOOP:
            tags[a + 2] = tags[a + 1] = tags[a] = INT
        elif row.a in (Operand.WRITE, Operand.RESULT):
            tags[a] = self._result(pc, row.name, a, b, c, tags)

    def _result(
        self, pc: int, name: str, a: int, b: int, c: int, tags: Tags
    ) -> int | None:
        base = name.removesuffix("_INT")
        if base in OPERATIONS:
            operands = [tags.get(b)]
            if name != base:
                operands.append(INT)
            elif base not in ("NEG", "NOT"):
                operands.append(tags.get(c))
            if base == "ADD" and STRING in operands:
                return STRING
            return sampled(getattr(arithmetic, OPERATIONS[base]), operands)
        if name in COMPARISONS:
            return BOOL
        if name == "MOVE":
            return tags.get(b)
        if name == "LOAD":
            return b
        if name == "LOAD_CONST":
            return self.image.constants[2 * c]
        if name == "GET_GLOBAL":
            # Of one that was not bound yet nothing is expected, so nothing is tested.
            seen = self.observed.globals_seen[c]
            return None if seen == UNBOUND else seen
        if name == "INDEX" and tags.get(b) == STRING:
            return STRING
        if name.startswith("NATIVE_CALL") and NATIVES[b].result is not None:
            result = NATIVES[b].result
            return tags.get(a + 1) if result == SAME else result
        if name == "SCALAR":
            return self._scalar(a, b, tags)
        return self.observed.tag(pc) if name in FED_BACK else None

    def _scalar(self, a: int, which: int, tags: Tags) -> int | None:
        row = SCALARS[which]
        if row.name in PARSED:
            return PARSED[row.name]
        operands = [tags.get(a + 1 + i) if i < row.arity else NIL for i in range(3)]
        if STRING in operands:
            return None
        return sampled(lambda *words: row.function(None, *words), operands)

    def _return(self, key: MemberKey, tag: int | None) -> None:
        known = self.results.get(key, PENDING)
        merged = join(known, tag)
        if merged != known:
            self.results[key] = merged
            self._changed = True

    def _call(self, member: Member, pc: int, a: int, count: int, tags: Tags) -> None:
        callee = member.callees.get(pc)
        arguments: Tags = {
            i: tags.get(a + 1 + i) if self.speculate else None for i in range(count)
        }
        if callee is None:
            tags[a] = self.observed.result(self.image, pc)
            return
        if count < self.members[callee].chunk.inputs:
            arguments[count] = CLOSURE if self.speculate else None
        # The root's parameters are given: its callers test for them.
        if callee != self.root:
            self._enter(callee, arguments)
        if "TAIL" in OPCODES[decode(self.image.code[pc])[0]].name:
            self._return(member.key, self.results.get(callee, PENDING))
            return
        tags[a] = self.results.get(callee, PENDING)

    def _enter(self, callee: MemberKey, arguments: Tags) -> None:
        known = self.entry.get(callee)
        if known is None:
            self.entry[callee] = arguments
            self._changed = True
            return
        merged = {i: join(known[i], tag) for i, tag in arguments.items() if i in known}
        if merged != known:
            self.entry[callee] = merged
            self._changed = True
