"""The JIT of one VM: takes heat and exits, asks the policy, fills slots."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from ..core.layout import (
    COUNTING,
    FLAGS,
    FRAME,
    FRAME_CHUNK,
    SAMPLING,
    TIMING,
)
from ..core.opcodes import OPCODES, decode
from ..kernel.state import State
from ..tracking.times import Timing
from .background import Background
from .events import EventLog
from .exits import Exits
from .node import Key, Node
from .policy import (
    Decision,
    Profile,
    Thresholds,
    allowed_ms,
    decide,
    heat_costs,
    is_enough,
    is_unstable,
    worth_looking_up,
)
from .refusals import Refused
from .slots import Slots

if TYPE_CHECKING:
    from .observed import Observed
    from .unit import Request, Unit, UnitLimits


class CompiledUnit(Protocol):
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

    def finished(self) -> list[tuple[int, CompiledUnit]]:
        """Tickets that are done since the last call."""

    def prepare(self) -> None:
        """A unit will be submitted soon."""

    def stored(self, unit: Unit) -> bool:
        """Whether a unit costs no compiling."""

    def close(self) -> None:
        """Nothing more will be submitted."""


class Jit(Exits):
    """Decides what of a VM's program becomes native, and when.

    Called by the driver between runs of the kernel only.
    """

    def __init__(
        self,
        state: State,
        backend: Backend,
        thresholds: Thresholds,
        log: EventLog,
    ) -> None:
        super().__init__(state, thresholds, log)
        self.backend = backend
        self.compiles = 0
        self.compile_ms = 0.0
        self.tier = 0
        self._background: Background | None = None
        if not backend.immediate:
            self._background = Background(state.image)
        # Requests that are being specialised: their nodes, and whether only a unit
        # that is stored is wanted.
        self._asked: dict[int, tuple[Key, bool]] = {}
        self._tickets: dict[int, tuple[Key, Unit]] = {}
        self._serial = 0

    # ---- a counter ran out ----------------------------------------------------
    def on_hot(self) -> None:
        """The kernel stopped before a call or back-edge because of its heat."""
        key = self._subject()
        if key[1] is not None:
            tags = self._register_tags(key[0])
        else:
            tags = self._argument_tags(key[0])
        node = self.node(key)
        node.observe(tags)
        # What is being compiled need not become hot again.
        self._set_heat(node, never=node.pending)
        if node.pending:
            return
        self._consider(node)

    def _argument_tags(self, chunk: int) -> tuple[int | None, ...]:
        """Tags of the arguments of the call at which the kernel stopped."""
        pc, base = self._frame()
        a = decode(self.state.code.view[pc])[1]
        view = self.state.registers.view
        count = self.state.image.chunks[chunk].inputs
        return tuple(view[2 * (base + a + 1 + index)] for index in range(count))

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
        if is_enough(self.compiles, self.thresholds):
            self._refuse(node, Refused("limit"))
            return
        profile = Profile(self._charge(node), self.tier, chunk.length)
        self.log.add("hot", **self._named(node), charge=profile.charge)
        if self.backend.immediate:
            self._specialise(node)
            return
        decision = decide(profile, self.thresholds)
        if decision is Decision.WAIT:
            self._wait(node, profile)
        elif self.compile_ms > allowed_ms(time.process_time(), self.thresholds):
            self._refuse(node, Refused("busy"))
        else:
            self._specialise(node)

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
            and self.state.calls.field(frame, FRAME_CHUNK) == chunk
        )
        cost = per_iteration if iterates else per_call
        return node.spent_heat // cost * self.state.image.chunks[chunk].weight

    def _wait(self, node: Node, profile: Profile) -> None:
        """Not worth its compile time yet; what is stored costs none."""
        self.backend.prepare()
        if worth_looking_up(profile) and not node.looked_up:
            node.looked_up = True
            self._specialise(node, only_stored=True)
            return
        self._no_gain(node)

    def _no_gain(self, node: Node) -> None:
        node.refusal = "no_gain"
        self._back_off(node)

    def _specialise(self, node: Node, only_stored: bool = False) -> None:
        """Make the unit for what was seen, here or beside the program.

        With `only_stored` it is used only if that costs no compiling.
        """
        # Imported here: a short program never specialises anything.
        from .unit import Request, UnitLimits

        chunk, edge = node.key
        image = self.state.image
        count = image.chunks[chunk].inputs
        if edge is not None:
            count = image.chunks[chunk].registers
        request = Request(
            chunk=chunk,
            back_edge=edge,
            tags=node.expected(count),
            # A result is noted nowhere: it is not expected again after a failure.
            observed=self._observed(node.guard_rounds == 0),
            speculate=node.speculate,
            counting=self._tracks(COUNTING),
            timing=self._timing(),
        )
        limits = UnitLimits(self.thresholds.instructions, self.thresholds.inlined)
        if self._background is None:
            self._specialise_here(node, request, limits)
            return
        self._serial += 1
        self._asked[self._serial] = node.key, only_stored
        node.pending = True
        self._background.submit(self._serial, request, limits)

    def _observed(self, results: bool) -> Observed:
        """What the program has shown, as a copy: it changes while it runs on."""
        from .observed import Observed

        count = len(self.state.image.globals)
        return Observed(
            self.state.feedback.view.tolist(),
            tuple(self.state.globals.view[0 : 2 * count : 2]),
            {
                node.key[0]: node.unit.result
                for node in self.nodes.values()
                if results and node.unit is not None and node.unit.result is not None
            },
        )

    def _specialise_here(
        self, node: Node, request: Request, limits: UnitLimits
    ) -> None:
        from .unit import specialise

        try:
            unit = specialise(self.state.image, request, limits)
        except Refused as refused:
            self._refuse(node, refused)
            return
        self._submit(node, unit)

    @property
    def specialising(self) -> bool:
        """Whether units are being made beside the program."""
        return bool(self._asked)

    def take_specialised(self) -> None:
        """Go on with the units that were made beside the program."""
        if self._background is None:
            return
        for ticket, outcome in self._background.finished():
            key, only_stored = self._asked.pop(ticket)
            node = self.node(key)
            node.pending = False
            if isinstance(outcome, Refused):
                self._refuse(node, outcome)
            elif isinstance(outcome, Exception):
                text = f"{type(outcome).__name__}: {outcome}"
                self._refuse(node, Refused("compiler_failed", text))
            elif only_stored and not self.backend.stored(outcome):
                self._no_gain(node)
            elif is_enough(self.compiles, self.thresholds):
                self._refuse(node, Refused("limit"))
            else:
                self._submit(node, outcome)

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
        self._take_compiled()

    def _refuse(self, node: Node, refused: Refused) -> None:
        node.refusal, node.detail = refused.reason, refused.detail
        self.log.add("refuse", **self._named(node), reason=str(refused))
        if refused.reason in ("unstable", "limit"):
            self._set_heat(node, never=True)
        else:
            self._back_off(node)

    # ---- compiled units come back ------------------------------------------------
    def poll(self) -> None:
        """Go on with what has been specialised or compiled since the last call."""
        self.take_specialised()
        self._take_compiled()

    def _take_compiled(self) -> None:
        for ticket, result in self.backend.finished():
            key, unit = self._tickets.pop(ticket)
            node = self.node(key)
            node.pending = False
            if not self._fits(unit):
                # Tracking was switched on meanwhile.
                self._set_heat(node)
            elif result.error is None:
                self._install(node, unit, result)
            else:
                self._refuse(node, Refused("compiler_failed", result.error))

    def _install(self, node: Node, unit: Unit, result: CompiledUnit) -> None:
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
    def _tracks(self, flag: int) -> bool:
        return bool(self.state.context.view[FLAGS] & flag)

    def _timing(self) -> Timing | None:
        if self._tracks(SAMPLING):
            return "sampled"
        return "full" if self._tracks(TIMING) else None

    def _fits(self, unit: Unit) -> bool:
        """Whether a unit does what tracking wants."""
        made_for = unit.counting, unit.timing
        return made_for == (self._tracks(COUNTING), self._timing())

    def on_tracking(self) -> None:
        """More is tracked than before: units that do not are replaced."""
        for key, row in list(self.slots.installed.items()):
            if not self._fits(row.unit):
                node = self.node(key)
                self.slots.retire(*key)
                self.log.add("retire", **self._named(node), reason="tracking")
                self._set_heat(node)

    def close(self) -> None:
        """Retire everything; what was asked for is still compiled, and stored."""
        if self._background is not None:
            self._background.finish()
            self.take_specialised()
        self.slots.retire_all()
        self.backend.close()
