"""What can become native in one VM, and how hot each of it is."""

from __future__ import annotations

from ..core.layout import (
    BACK_EDGE_HEAT,
    BACK_EDGE_WORDS,
    CHUNK_HEAT,
    CHUNK_WORDS,
    FRAME,
    FRAME_BASE,
    FRAME_IP,
    HEAT_PER_BACK_EDGE,
    HEAT_PER_CALL,
    HEAT_PER_ITERATION,
    SUBJECT,
)
from ..kernel.records import COLD
from ..kernel.state import State
from .events import EventLog
from .node import Key, Node
from .policy import Thresholds, heat_costs, heat_of
from .slots import Slots


class Targets:
    """The nodes of a program, their counters and their slots."""

    def __init__(self, state: State, thresholds: Thresholds, log: EventLog) -> None:
        self.state = state
        self.thresholds = thresholds
        self.log = log
        self.slots = Slots(state.chunks, state.back_edges, state.empty_slot)
        self.nodes: dict[Key, Node] = {}

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

    def _subject(self) -> Key:
        """The target at whose slot or counter the kernel stopped."""
        subject = self.state.context.view[SUBJECT]
        if subject < 0:
            return -1 - subject, None
        return self.state.image.back_edges[subject].chunk, subject

    def _frame(self) -> tuple[int, int]:
        frame = self.state.context.view[FRAME]
        return (
            self.state.calls.field(frame, FRAME_IP),
            self.state.calls.field(frame, FRAME_BASE),
        )

    def _named(self, node: Node) -> dict[str, object]:
        chunk = self.state.image.chunks[node.key[0]]
        named: dict[str, object] = {"function": chunk.name, "node_id": chunk.node_id}
        if node.key[1] is not None:
            edge = self.state.image.back_edges[node.key[1]]
            named["loop_line"] = self.state.image.span_at(edge.pc).line
        return named
