"""What follows when native code is left early: counting, and giving up a unit."""

from __future__ import annotations

from ..core.layout import EXIT_FRAME, EXIT_STATUS, FRAME
from ..core.opcodes import OPCODES, decode
from ..core.statuses import ENTRY_GUARD, STATUS_NAMES
from ..core.tags import TAG_NAMES
from ..kernel.state import State
from .events import EventLog
from .node import Deoptimisation, Key, Node
from .policy import Thresholds
from .targets import Targets

# So often a unit is made anew for the types seen by then before none is relied on.
_TRUSTING_ROUNDS = 2


class Exits(Targets):
    """Handles the exits that the driver reports, between runs of the kernel."""

    def __init__(self, state: State, thresholds: Thresholds, log: EventLog) -> None:
        super().__init__(state, thresholds, log)
        # Node and instruction of the exit handled last: an error there is no failed
        # guard.
        self._last_exit: tuple[Node, int] | None = None

    def on_exit(self) -> None:
        """Native code was left at a guard or a failing operation."""
        status = self.state.context.view[EXIT_STATUS]
        pc, base = self._frame()
        chunk = self.state.image.chunk_at(pc)
        node = self._leaving(chunk.index, status)
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
        self._last_exit = node, pc
        self.log.add(
            "deoptimise",
            **self._named(node),
            reason=reason,
            pc=entry.pc,
            instruction=entry.instruction,
            types=types,
        )
        if status == ENTRY_GUARD:
            node.observe(self._entry_tags(node, base))
        self._count_exit(node, status)

    def _leaving(self, chunk: int, status: int) -> Node | None:
        """The node whose unit was left in a frame of that chunk."""
        installed = self.slots.installed
        entered = self._subject()
        context = self.state.context.view
        own = status == ENTRY_GUARD or context[FRAME] == context[EXIT_FRAME]
        if own or self._calls_inside(entered, chunk):
            return self.node(entered) if entered in installed else None
        # It called another one, which native code does through slots of functions.
        for key in ((chunk, None), *installed):
            if key[1] is None and self._calls_inside(key, chunk):
                return self.node(key)
        return None

    def _calls_inside(self, key: Key, chunk: int) -> bool:
        """Whether the unit of a node may call a chunk that it includes."""
        row = self.slots.installed.get(key)
        # A loop's unit does not call its own function.
        of_its_loop = key[1] is not None and key[0] == chunk
        return row is not None and chunk in row.unit.chunks and not of_its_loop

    def _entry_tags(self, node: Node, base: int) -> tuple[int | None, ...]:
        view = self.state.registers.view
        chunk = self.state.image.chunks[node.key[0]]
        count = chunk.inputs if node.key[1] is None else chunk.registers
        return tuple(view[2 * (base + index)] for index in range(count))

    def _types_at(self, pc: int, base: int) -> str:
        """Tags of the registers that are live at an instruction."""
        # Imported here: most programs never leave native code.
        from ..bytecode.liveness import masks

        chunk = self.state.image.chunk_at(pc)
        mask = masks(self.state.image, chunk)[pc - chunk.entry]
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
            node.guard_rounds += 1
            node.speculate = node.guard_rounds < _TRUSTING_ROUNDS
        self.log.add("retire", **self._named(node), round=node.rounds)
        self._set_heat(node)

    def on_error(self, pc: int) -> None:
        """An error of the program at an instruction, maybe that of the last exit."""
        if self._last_exit is not None and self._last_exit[1] == pc:
            row = self.slots.installed.get(self._last_exit[0].key)
            if row is not None:
                row.exits -= 1
        self._last_exit = None

    def on_resume(self) -> None:
        """The program went on past the last exit."""
        self._last_exit = None
