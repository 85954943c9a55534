"""What generated programs reached: opcodes, exits, refusals, by engine.

Plain runs go through a copy of the interpreter that counts the opcodes it executes;
units that run as Python count theirs where their comments stand, and every exit
passes through one function that is wrapped here. Engines of compiled code agree
with these in counts and fuel, so they executed the same instructions.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from fluentai_jit.core import activation, entries
from fluentai_jit.core.layout import (
    CHUNK_ARITY,
    CHUNK_WORDS,
    CHUNKS,
    CODE,
    FRAME_IP,
    FRAME_WORDS,
    FRAMES,
    FUEL,
    LIMIT,
)
from fluentai_jit.core.natives import NATIVES, SLOW_PATHS
from fluentai_jit.core.opcodes import BY_NAME, OPCODES
from fluentai_jit.core.primitives import Memory, load, pointer
from fluentai_jit.core.statuses import (
    COLLECT,
    LAST_ERROR,
    NATIVE,
    REFUSED,
    STATUS_NAMES,
    Result,
)
from fluentai_jit.core.tags import FUNCTION
from fluentai_jit.engine.vm import VM
from fluentai_jit.jit import plain_units
from fluentai_jit.jit.unit import Unit
from fluentai_jit.kernel import interpreter, slow
from fluentai_jit.kernel.tiers import PlainKernel

_COMMENT = re.compile(r"^( *)# \d+ ([A-Z_]+)(?::.*)?$", re.M)
_DECODING = "            op = word & 255\n"

# Opcodes executed by units that run as Python; they count themselves.
EXECUTED = [0] * len(OPCODES)

# Refusals that the policy cannot come to when everything is compiled on the spot.
NOT_ON_THE_SPOT = ("no_gain", "busy", "compiler_failed")
REFUSALS = (
    "too_large",
    "too_deep",
    "irreducible",
    "leaves_at_once",
    "limit",
    "unstable",
)

# Native operations that no program reaches, by who would call them. The interpreter
# comes to some by the slow path of an instruction: INDEX of an older version, SCALAR
# of a text. Emitted code has no handlers, where the value of what was thrown is taken.
UNREACHED = {
    "interpreted": {*SLOW_PATHS.values(), "parse"},
    "emitted": {"thrown"},
}

# Which instructions native code leaves for the interpreter to carry out.
_TRANSFERS = [
    "CALL",
    "CALL_CHUNK",
    "FAIL",
    "FOR_LOOP",
    "GET_GLOBAL",
    "HOST_CALL",
    "LOOP",
    "TAIL_CALL",
    "TAIL_CALL_CHUNK",
    "THROW",
]
_GUARDS = [
    "CALL",
    "CALL_CHUNK",
    "GET_GLOBAL",
    "INDEX",
    "NATIVE_CALL",
    "TAIL_CALL",
    "TAIL_CALL_CHUNK",
]
_ARITHMETIC = ["ADD", "SUB", "MUL"]
_DIVISIONS = ["DIV", "MOD"]
_ORDERINGS = ["LT", "LE", "GT", "GE"]

# Native operations that end so. What takes any value at all has no TypeError; an
# operation that asks for a collection does so in campaigns with `--stress`.
NATIVE_EXITS = {
    "type_error": """
        set_member set_matrix_item matrix_item iterations make_map
        make_set append push prepend concat slice substring get remove has_key insert
        keys values entries from_entries merge intersection difference char_code
        from_char_code join replace split chars string_index_of string_contains
        starts_with ends_with trim trim_start trim_end upper lower string_repeat
        string_reverse pad_left pad_right pad_center is_alphabetic is_numeric
        is_alphanumeric is_whitespace is_upper is_lower member range
    """,
    "index_error": "slice substring matrix_item set_matrix_item char_code",
    "key_error": "member",
    "domain_error": "string_repeat replace format from_char_code",
    "host": """
        print println to_string upper lower is_alphabetic is_numeric is_alphanumeric
        is_upper is_lower member
    """,
}


def _required_exits() -> list[str]:
    """Exits that emitted code can take, as `Coverage.exits` names them."""
    type_errors = [
        *(name + end for name in _ARITHMETIC + _DIVISIONS for end in ("", "_INT")),
        *_ORDERINGS,
        *(f"UNLESS_{name}{end}" for name in _ORDERINGS for end in ("", "_INT")),
        *[
            "POW",
            "NEG",
            "NOT",
            "JUMP_IF_TRUE",
            "JUMP_IF_FALSE",
            "FOR_PREP",
            "INDEX",
            "SCALAR",
        ],
    ]
    overflows = [
        *(name + end for name in _ARITHMETIC for end in ("", "_INT")),
        *["DIV", "POW", "NEG", "SCALAR"],
    ]
    rows = [f"{name} type_error" for name in type_errors]
    rows += [f"{name} overflow" for name in overflows]
    rows += [f"{name} division_by_zero" for name in (*_DIVISIONS, "SCALAR")]
    rows += ["SCALAR domain_error", "SCALAR host", "ADD host"]
    rows += [f"INDEX {status}" for status in ("index_error", "key_error")]
    rows += [f"SET_INDEX {status}" for status in ("type_error", "index_error")]
    rows += [
        f"{name} {status}"
        for status, names in NATIVE_EXITS.items()
        for name in names.split()
    ]
    rows += [f"{name} transfer" for name in _TRANSFERS]
    rows += [f"{name} guard" for name in _GUARDS]
    rows += ["any guard", "entry guard of a function", "entry guard of a loop"]
    rows += [f"not begun: {why}" for why in ("fuel", "limit", "stack", "no code")]
    rows += ["not begun: not a function", "not begun: arity"]
    rows += ["out of a callee: error", "out of a callee: guard"]
    rows += ["out of a callee: transfer"]
    return rows


EXITS = _required_exits()


class CountingKernel(PlainKernel):
    """Tier 0, counting executed opcodes."""

    def __init__(self) -> None:
        super().__init__()
        self.executed = [0] * len(OPCODES)
        self.natives = [0] * len(NATIVES)
        self.slow = [0] * len(OPCODES)
        source = textwrap.dedent(inspect.getsource(interpreter.run))
        assert _DECODING in source
        counted = source.replace(
            _DECODING, _DECODING + "            opcode_counts[op] += 1\n"
        )
        names = {
            **vars(interpreter),
            "opcode_counts": self.executed,
            "call_native": self._call_native,
            "slow_operation": self._slow_operation,
        }
        exec(compile(counted, "<counting interpreter>", "exec"), names)
        self._run = names["run"]

    def _call_native(self, ctx: Memory, which: int, *values: int) -> Result:
        self.natives[which] += 1
        return entries.call_native(ctx, which, *values)

    def _slow_operation(self, ctx: Memory, window: Memory, word: int) -> Result:
        self.slow[word & 255] += 1
        return slow.slow_operation(ctx, window, word)


class Coverage:
    """Counts while it is installed; one at a time in a process."""

    def __init__(self) -> None:
        self.kernel = CountingKernel()
        self.exits: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.units: Counter[str] = Counter()
        self.natives = [0] * len(NATIVES)
        self.added: Counter[tuple[str, str]] = Counter()

    # ---- installing -------------------------------------------------------------
    def install(self) -> None:
        """Wrap what units run as Python call, for the rest of the process."""
        plain: Any = plain_units
        leave_status = activation.leave_status
        vocabulary = plain._vocabulary()
        plain_entry = plain.plain_entry

        def counted_entry(unit: Unit, resolved: Sequence[int]) -> Any:
            return plain_entry(_counting(unit), resolved)

        def counted_leave(ctx: Memory, frame: int, status: int, own: int) -> int:
            self._left(ctx, frame, status, own)
            return leave_status(ctx, frame, status, own)

        plain.leave_status = counted_leave
        plain.plain_entry = counted_entry
        vocabulary["call_native"] = self._native
        for name in ("begin_counted", "begin_tail_counted", "call_slot", "call_value"):
            vocabulary[name] = self._refusing(name, vocabulary[name])

    def _native(self, ctx: Memory, which: int, *values: int) -> Result:
        self.natives[which] += 1
        result = entries.call_native(ctx, which, *values)
        if result[2] == COLLECT:
            self.exits[f"collection for {NATIVES[which].name}"] += 1
        return result

    def _left(self, ctx: Memory, frame: int, status: int, own: int) -> None:
        pc = load(pointer(ctx, FRAMES), frame * FRAME_WORDS + FRAME_IP)
        word = load(pointer(ctx, CODE), pc)
        opcode = OPCODES[word & 255].name
        name = STATUS_NAMES[status]
        assert status != NATIVE, f"{opcode} was left for a native operation"
        if own:
            if opcode.startswith("NATIVE_CALL"):
                self.exits[f"{NATIVES[word >> 24 & 0xFFFF].name} {name}"] += 1
            self.exits[f"{opcode} {name}"] += 1
            if name == "guard":
                self.exits["any guard"] += 1
        elif name in ("refused", "entry_guard"):
            self.exits[f"{opcode} transfer"] += 1
        else:
            what = "error" if status <= LAST_ERROR else name
            self.exits[f"out of a callee: {what}"] += 1

    def _refusing(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(ctx: Memory, *arguments: int) -> Any:
            result = function(ctx, *arguments)
            if name in ("begin_counted", "begin_tail_counted"):
                if result != 0:
                    self.exits[f"not begun: {_why(ctx, *arguments[:2])}"] += 1
            elif result[2] == REFUSED:
                self.exits[f"not begun: {_why_not_called(ctx, name, arguments)}"] += 1
            return result

        return counted

    # ---- watching runs ------------------------------------------------------------
    def watch(self, engine: str, vm: VM, after: bool) -> None:
        """To be told of each VM, before and after its run."""
        if engine == "plain" and not after:
            vm.driver.use_kernel(self.kernel)
        if vm.jit is None or not after:
            return
        for node in vm.jit.nodes.values():
            if node.refusal is not None:
                self.refusals[node.refusal] += 1
        for event in vm.jit.log.events:
            name = event["event"]
            kind = "loop" if "loop_line" in event else "function"
            if name in ("install", "retire"):
                self.units[f"{name} {kind}"] += 1
            elif name == "deoptimise" and event["reason"] == "entry_guard":
                self.exits[f"entry guard of a {kind}"] += 1

    def add(self, rows: Sequence[tuple[str, str, int]]) -> None:
        """Count also what another campaign reached."""
        for group, what, count in rows:
            self.added[group, what] += count

    # ---- report -------------------------------------------------------------------
    def rows(self) -> list[tuple[str, str, int]]:
        """(group, what, how often) of everything that can be reached."""
        found: list[tuple[str, str, int]] = []
        executed = self.kernel.executed
        found += [("interpreted", row.name, executed[row.code]) for row in OPCODES]
        found += [("emitted", row.name, EXECUTED[row.code]) for row in OPCODES]
        for engine, counts in (
            ("interpreted", self.kernel.natives),
            ("emitted", self.natives),
        ):
            rows = zip(NATIVES, counts, strict=True)
            found += [
                (f"native {engine}", row.name, count)
                for row, count in rows
                if row.name not in UNREACHED[engine]
            ]
        found += [("slow", OPCODES[op].name, self.kernel.slow[op]) for op in SLOW_PATHS]
        found += [("exit", name, self.exits[name]) for name in EXITS]
        found += [("refusal", name, self.refusals[name]) for name in REFUSALS]
        found += [
            ("unit", f"{event} {kind}", self.units[f"{event} {kind}"])
            for event in ("install", "retire")
            for kind in ("function", "loop")
        ]
        return [
            (group, what, count + self.added[group, what])
            for group, what, count in found
        ]

    def missing(self, least: int) -> list[str]:
        """What was reached less often."""
        return [f"{group} {what}: {count}"
                for group, what, count in self.rows() if count < least]  # fmt: skip

    def text(self) -> str:
        """The report: groups with their rows, the rarest first."""
        lines = []
        groups: dict[str, list[tuple[int, str]]] = {}
        for group, what, count in self.rows():
            groups.setdefault(group, []).append((count, what))
        for group, rows in groups.items():
            lines.append(f"{group}:")
            lines += [f"  {count:10}  {what}" for count, what in sorted(rows)]
        return "\n".join(lines)


def _counting(unit: Unit) -> Unit:
    """The unit with its comments turned into counting of their opcodes."""

    def line(match: re.Match[str]) -> str:
        return f"{match[1]}EXECUTED[{BY_NAME[match[2]].code}] += 1"

    source = "from tests.fuzz.coverage import EXECUTED\n" + unit.source
    return dataclasses.replace(unit, source=_COMMENT.sub(line, source))


def _why(ctx: Memory, frame: int, weight: int) -> str:
    """Why an activation was not begun."""
    if load(ctx, FUEL) < weight:
        return "fuel"
    return "limit" if frame > load(ctx, LIMIT) else "stack"


def _why_not_called(ctx: Memory, name: str, arguments: Sequence[int]) -> str:
    if name == "call_value":
        if arguments[0] != FUNCTION:
            return "not a function"
        record = arguments[1] * CHUNK_WORDS
        if load(pointer(ctx, CHUNKS), record + CHUNK_ARITY) != arguments[2]:
            return "arity"
    return "no code"
