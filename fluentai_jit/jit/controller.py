"""The JIT of one VM: hears of heat and exits, asks the policy, fills slots."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from ..core.layout import (
    BACK_EDGE_HEAT,
    BACK_EDGE_WORDS,
    CHUNK_HEAT,
    CHUNK_WORDS,
    COUNTING,
    EXIT_STATUS,
    FLAGS,
    FRAME,
    FRAME_BASE,
    FRAME_CHUNK,
    FRAME_IP,
    HEAT_PER_BACK_EDGE,
    HEAT_PER_CALL,
    HEAT_PER_ITERATION,
    SUBJECT,
)
from ..core.opcodes import OPCODES, decode
from ..core.statuses import ENTRY_GUARD, STATUS_NAMES
from ..core.tags import TAG_NAMES
from ..kernel.state import COLD, State
from .events import EventLog
from .node import Deoptimisation, Key, Node
from .policy import (
    Budget,
    Decision,
    Profile,
    Thresholds,
    decide,
    heat_costs,
    heat_of,
    is_unstable,
    worth_looking_up,
)
from .refusals import Refused
from .slots import Slots

if TYPE_CHECKING:
    from .unit import Unit


class Result(Protocol):
    """A compiled unit, from whichever backend."""

    milliseconds: float
    error: str | None

    def install(self, slots: Slots, unit: Unit, key: Key, table: list[int]) -> None:
        """Put it in its slot. Raises RuntimeError where it cannot be linked."""


class Backend(Protocol):
    """Compiles units: on the spot, or beside the program."""

    immediate: bool

    def submit(self, ticket: int, unit: Unit) -> None:
        """Ask for a unit to be compiled."""

    def finished(self) -> list[tuple[int, Result]]:
        """Tickets that are done since the last call."""

    def prepare(self) -> None:
        """A unit will be submitted soon."""

    def stored(self, unit: Unit) -> bool:
        """Whether a unit costs no compiling."""

    def close(self) -> None:
        """Nothing more will be submitted."""


class Jit:
    """Decides what of a VM's program becomes native, and when.

    Called by the driver between runs of the kernel only.
    """

    def __init__(
        self,
        state: State,
        backend: Backend,
        thresholds: Thresholds,
        log: EventLog,
        unit_limit: int = -1,
        inlined: int = 60,
        budget: Budget | None = None,
    ) -> None:
        self.state = state
        self.backend = backend
        self.thresholds = thresholds
        self.log = log
        self.unit_limit = unit_limit
        self.budget = budget or Budget()
        self.inlined = inlined
        self.slots = Slots(state.chunks, state.back_edges)
        self.nodes: dict[Key, Node] = {}
        self.compiles = 0
        self.compile_ms = 0.0
        self.tier = 0
        self._tickets: dict[int, tuple[Key, Unit]] = {}
        self._serial = 0
        # The exit handled last: an error at its instruction was no wrong guess.
        self._last_exit: tuple[Node, Deoptimisation] | None = None

    # ---- heat ---------------------------------------------------------------
    def start(self) -> None:
        """Set every counter to the first threshold."""
        costs = heat_costs(self.thresholds)
        context = self.state.context.view
        context[HEAT_PER_CALL] = costs[0]
        context[HEAT_PER_BACK_EDGE] = costs[1]
        context[HEAT_PER_ITERATION] = costs[2]
        for chunk in self.state.image.chunks:
            self._set_heat(self.node((chunk.index, None)))
        for edge in self.state.image.back_edges:
            self._set_heat(self.node((edge.chunk, edge.index)))

    def node(self, key: Key) -> Node:
        """The record of a target."""
        if key not in self.nodes:
            self.nodes[key] = Node(key)
        return self.nodes[key]

    def _heat_cell(self, key: Key) -> tuple[memoryview, int]:
        chunk, edge = key
        if edge is None:
            return self.state.chunks.view, chunk * CHUNK_WORDS + CHUNK_HEAT
        return self.state.back_edges.view, edge * BACK_EDGE_WORDS + BACK_EDGE_HEAT

    def _set_heat(self, node: Node, never: bool = False) -> None:
        view, at = self._heat_cell(node.key)
        node.spent_heat += max(0, node.heat - max(0, view[at]))
        node.heat = COLD if never else heat_of(self.thresholds, node.factor)
        view[at] = node.heat

    def _back_off(self, node: Node) -> None:
        node.factor *= self.thresholds.backoff
        self._set_heat(node)

    # ---- a counter ran out ----------------------------------------------------
    def on_hot(self) -> None:
        """The kernel stopped before a call or back-edge because of its heat."""
        subject = self.state.context.view[SUBJECT]
        if subject >= 0:
            edge = self.state.image.back_edges[subject]
            key: Key = (edge.chunk, edge.index)
            tags = self._register_tags(edge.chunk)
        else:
            key = (-1 - subject, None)
            tags = self._argument_tags(key[0])
        node = self.node(key)
        node.meet(tags)
        # What is being compiled need not become hot again.
        self._set_heat(node, never=node.pending)
        if node.pending:
            return
        self._consider(node)

    def _frame(self) -> tuple[int, int]:
        frame = self.state.context.view[FRAME]
        return (
            self.state.frame_field(frame, FRAME_IP),
            self.state.frame_field(frame, FRAME_BASE),
        )

    def _argument_tags(self, chunk: int) -> tuple[int | None, ...]:
        """Tags of the arguments of the call at which the kernel stopped."""
        pc, base = self._frame()
        a = decode(self.state.code.view[pc])[1]
        view = self.state.registers.view
        arity = self.state.image.chunks[chunk].arity
        return tuple(view[2 * (base + a + 1 + index)] for index in range(arity))

    def _register_tags(self, chunk: int) -> tuple[int | None, ...]:
        _pc, base = self._frame()
        view = self.state.registers.view
        count = self.state.image.chunks[chunk].registers
        return tuple(view[2 * (base + index)] for index in range(count))

    def _consider(self, node: Node) -> None:
        chunk = self.state.image.chunks[node.key[0]]
        if is_unstable(node.rounds, self.thresholds):
            self._refuse(node, Refused("unstable", f"{node.rounds} rounds"))
            return
        if 0 <= self.unit_limit <= self.compiles:
            self._refuse(node, Refused("limit"))
            return
        profile = Profile(self._charge(node), self.tier, chunk.length)
        self.log.add("hot", **self._named(node), charge=profile.charge)
        if self.backend.immediate:
            self._compile(node)
            return
        decision = decide(profile, self.thresholds)
        if decision is Decision.WAIT:
            self._wait(node, profile)
        elif not self._within_budget():
            self._refuse(node, Refused("busy"))
        else:
            self._compile(node)

    def _charge(self, node: Node) -> int:
        """Fuel spent in a node so far, from its heat.

        Calls and self tail calls share one counter: the instruction at which it
        ran out tells which of them it was that heated it.
        """
        chunk, edge = node.key
        per_call, per_back_edge, per_iteration = heat_costs(self.thresholds)
        if edge is not None:
            weight = self.state.image.back_edges[edge].weight
            return node.spent_heat // per_back_edge * weight
        pc, _base = self._frame()
        frame = self.state.context.view[FRAME]
        iterates = (
            "TAIL" in OPCODES[decode(self.state.code.view[pc])[0]].name
            and self.state.frame_field(frame, FRAME_CHUNK) == chunk
        )
        cost = per_iteration if iterates else per_call
        return node.spent_heat // cost * self.state.image.chunks[chunk].weight

    def _wait(self, node: Node, profile: Profile) -> None:
        """Not worth its compile time yet; what is stored costs none."""
        self.backend.prepare()
        if worth_looking_up(profile) and not node.looked_up:
            node.looked_up = True
            unit = self._specialised(node)
            if unit is not None and self.backend.stored(unit):
                self._submit(node, unit)
                return
        node.refusal = "no_gain"
        self._back_off(node)

    def _within_budget(self) -> bool:
        allowed = self.budget.grace_s + self.budget.share * time.process_time()
        return self.compile_ms / 1e3 <= allowed

    def _compile(self, node: Node) -> None:
        unit = self._specialised(node)
        if unit is not None:
            self._submit(node, unit)

    def _specialised(self, node: Node) -> Unit | None:
        """The unit for what was seen; None where it is refused."""
        # Imported here: a short program never specialises anything.
        from .unit import Limits, Request, specialise

        chunk, edge = node.key
        image = self.state.image
        count = image.chunks[chunk].arity
        if edge is not None:
            count = image.chunks[chunk].registers
        request = Request(
            chunk=chunk,
            back_edge=edge,
            tags=node.expected(count),
            globals_seen=tuple(self.state.globals.view[0 : 2 * len(image.globals) : 2]),
            feedback=self.state.feedback.view,
            speculate=node.speculate,
            counting=self._counting(),
        )
        try:
            limits = Limits(self.thresholds.max_instructions, self.inlined)
            return specialise(image, request, limits)
        except Refused as refused:
            self._refuse(node, refused)
            return None

    def _submit(self, node: Node, unit: Unit) -> None:
        self._serial += 1
        self._tickets[self._serial] = (node.key, unit)
        node.pending = True
        node.refusal = None
        node.unit = unit
        self.compiles += 1
        self.log.add(
            "compile",
            **self._named(node),
            guards=list(unit.guards),
            instructions=unit.instructions,
        )
        self.backend.submit(self._serial, unit)
        # What was compiled on the spot, or stored, is there already.
        self.poll()

    def _refuse(self, node: Node, refused: Refused) -> None:
        node.refusal, node.detail = refused.reason, refused.detail
        self.log.add("refuse", **self._named(node), reason=str(refused))
        if refused.reason in ("unstable", "limit"):
            self._set_heat(node, never=True)
        else:
            self._back_off(node)

    # ---- compiled units come back ------------------------------------------------
    def poll(self) -> None:
        """Install what has been compiled since the last call."""
        for ticket, result in self.backend.finished():
            key, unit = self._tickets.pop(ticket)
            node = self.node(key)
            node.pending = False
            if unit.counting != self._counting():
                # Tracking was switched on meanwhile.
                self._set_heat(node)
            elif result.error is None:
                self._install(node, unit, result)
            else:
                self._refuse(node, Refused("compiler_failed", result.error))

    def _install(self, node: Node, unit: Unit, result: Result) -> None:
        table = [self._resolve(kind, index) for kind, index in unit.table]
        try:
            result.install(self.slots, unit, node.key, table)
        except RuntimeError as error:
            self._refuse(node, Refused("compiler_failed", str(error)))
            return
        self.compile_ms += result.milliseconds
        node.compile_ms = (node.compile_ms or 0.0) + result.milliseconds
        self.log.add("install", **self._named(node), ms_compile=result.milliseconds)

    def _resolve(self, kind: str, index: int) -> int:
        if kind == "constant":
            return self.state.constants.view[2 * index + 1]
        return index

    # ---- tracking ------------------------------------------------------------------
    def _counting(self) -> bool:
        return bool(self.state.context.view[FLAGS] & COUNTING)

    def on_tracking(self) -> None:
        """Tracking was switched on: units that do not count give way to others."""
        for key, row in list(self.slots.installed.items()):
            if not row.unit.counting:
                node = self.node(key)
                self.slots.retire(*key)
                self.log.add("retire", **self._named(node), reason="tracking")
                self._set_heat(node)

    # ---- exits --------------------------------------------------------------------
    def on_exit(self) -> None:
        """Native code was left at a guard or a failing operation."""
        status = self.state.context.view[EXIT_STATUS]
        pc, base = self._frame()
        chunk = self.state.image.chunk_at(pc)
        node = self._leaving(chunk.index, pc, status)
        if node is None:
            return
        types = self._types_at(pc, base)
        reason = STATUS_NAMES[status]
        site = (pc, reason)
        if site not in node.exits:
            instruction = OPCODES[decode(self.state.code.view[pc])[0]].name
            node.exits[site] = Deoptimisation(
                reason, pc - chunk.entry, instruction, types
            )
        entry = node.exits[site]
        entry.count += 1
        self._last_exit = node, entry
        self.log.add(
            "deoptimise",
            **self._named(node),
            reason=reason,
            pc=entry.pc,
            instruction=entry.instruction,
            types=types,
        )
        if status == ENTRY_GUARD:
            node.meet(self._entry_tags(node, base))
        self._count_exit(node, status)

    def _leaving(self, chunk: int, pc: int, status: int) -> Node | None:
        """The node whose unit was left: by its loops, its entry, or a unit it is in."""
        installed = self.slots.installed
        if status == ENTRY_GUARD:
            for edge in self.state.image.back_edges:
                key: Key = (chunk, edge.index)
                if edge.target == pc and key in installed:
                    return self.node(key)
            return self.node((chunk, None)) if (chunk, None) in installed else None
        for key in installed:
            if key[0] == chunk:
                return self.node(key)
        for key, row in installed.items():
            if chunk in row.unit.chunks:
                return self.node(key)
        return None

    def _entry_tags(self, node: Node, base: int) -> tuple[int | None, ...]:
        view = self.state.registers.view
        chunk = self.state.image.chunks[node.key[0]]
        count = chunk.arity if node.key[1] is None else chunk.registers
        return tuple(view[2 * (base + index)] for index in range(count))

    def _types_at(self, pc: int, base: int) -> str:
        """Tags of the registers that are live at an instruction."""
        # Imported here: most programs never leave native code.
        from ..bytecode.liveness import masks

        chunk = self.state.image.chunk_at(pc)
        mask = masks(self.state.image.code, chunk.entry, chunk.last)[pc - chunk.entry]
        view = self.state.registers.view
        names = []
        index = 0
        while mask:
            if mask & 1:
                names.append(f"R{index} {TAG_NAMES[view[2 * (base + index)]]}")
            mask >>= 1
            index += 1
        return ", ".join(names)

    def _count_exit(self, node: Node, status: int) -> None:
        row = self.slots.installed[node.key]
        row.exits += 1
        if row.exits <= self.thresholds.deoptimisations:
            return
        self.slots.retire(*node.key)
        node.rounds += 1
        if status != ENTRY_GUARD:
            node.speculate = False
        self.log.add("retire", **self._named(node), round=node.rounds)
        self._set_heat(node)

    def on_error(self) -> None:
        """An error of the program at the instruction of the last exit."""
        if self._last_exit is not None:
            node, _entry = self._last_exit
            row = self.slots.installed.get(node.key)
            if row is not None:
                row.exits -= 1
            self._last_exit = None

    def on_resume(self) -> None:
        """The program went on past the last exit."""
        self._last_exit = None

    def _named(self, node: Node) -> dict[str, object]:
        chunk = self.state.image.chunks[node.key[0]]
        named: dict[str, object] = {"function": chunk.name, "node_id": chunk.node_id}
        if node.key[1] is not None:
            edge = self.state.image.back_edges[node.key[1]]
            named["loop_line"] = self.state.image.span_at(edge.target).line
        return named

    def close(self) -> None:
        """Retire everything."""
        self.slots.retire_all()
        self.backend.close()
