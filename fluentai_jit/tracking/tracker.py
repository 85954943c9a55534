"""The usage tracker: statistics of every function, by the NodeId of its AST node.

The kernel and native code count into one record a chunk (core/layout.py); the
tracker only reads, so a count is the same whichever tier made it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..core.layout import (
    BACK_EDGE_COUNT,
    BACK_EDGE_WEIGHT,
    BACK_EDGE_WORDS,
    CHUNK_WEIGHT,
    CHUNK_WORDS,
    COUNT_ERRORS,
    COUNT_INTERPRETED,
    COUNT_ITERATIONS,
    COUNT_NATIVE,
    COUNTER_WORDS,
    FLAGS,
    PROGRAM_TIME,
    SAMPLING,
)
from ..graph.base import NodeId
from ..graph.metadata import UsageStats as NodeStats
from ..kernel.state import State
from ..kernel.tracked import (
    enable_counting,
    enable_sampling,
    enable_timing,
    executions,
    share_times,
)
from .sampled import NOT_SAMPLED, Stacks, sampled_times_of, stacks_of
from .times import NOT_TIMED, Times, Timing, last_durations, times_of


@dataclass(frozen=True, slots=True)
class UsageStats:
    """Statistics of one node; None where nothing is measured.

    `execution_count` activations, of which `native_count` began in native code;
    `tail_iterations` self tail calls; `back_edges` jumps back to loop headers;
    `error_count` activations left by an error; `times` where activations are timed.
    """

    execution_count: int
    native_count: int
    tail_iterations: int
    back_edges: int
    error_count: int
    is_hot_path: bool
    times: Times | None = None

    @property
    def avg_execution_time_ns(self) -> float | None:
        """Mean time of an activation with its callees, in ns."""
        return None if self.times is None else self.times.avg_ns

    def for_metadata(self) -> NodeStats:
        """What of them a node's context memory holds."""
        return NodeStats(
            execution_count=self.execution_count,
            avg_execution_time_ns=self.avg_execution_time_ns,
            error_count=self.error_count,
            is_hot_path=self.is_hot_path,
        )


@dataclass(frozen=True, slots=True)
class Heat:
    """When a node is hot: the threshold, in calls, and what else counts as calls."""

    threshold: int
    back_edge_weight: float
    iteration_weight: float

    def is_hot(self, calls: int, back_edges: int, iterations: int) -> bool:
        """Whether these counts reach the threshold."""
        weighted = back_edges * self.back_edge_weight
        weighted += iterations * self.iteration_weight
        return calls + weighted >= self.threshold


class UsageTracker:
    """Maps chunks to nodes and sums up what was counted for each.

    Several chunks may map to one node; their counts are added.
    """

    def __init__(self, state: State, heat: Heat) -> None:
        self._state = state
        self._heat = heat
        # Chunks that count for another node than the one they were compiled from.
        self._mapped: dict[int, NodeId] = {}
        # The chunks of each node; made when somebody asks, for counting needs none.
        self._chunks: dict[NodeId, list[int]] | None = None
        enable_counting(state)

    def register_chunk_mapping(self, chunk_id: int, node_id: NodeId) -> None:
        """Count a chunk's executions for a node, and for no other.

        Raises IndexError for a chunk that the program does not have.
        """
        if not 0 <= chunk_id < len(self._state.image.chunks):
            raise IndexError(f"the program has no chunk {chunk_id}")
        before = self._mapped.get(chunk_id, self._state.image.chunks[chunk_id].node_id)
        self._mapped[chunk_id] = node_id
        self._chunks = None
        for node in {before, node_id} & self._nodes().keys():
            share_times(self._state, self._nodes()[node])

    def enable_timing(self) -> None:
        """Time every activation that begins from now on."""
        if self._state.times is None:
            enable_timing(self._state)
            for node_id in self._mapped.values():
                share_times(self._state, self._nodes()[node_id])

    def enable_sampling(self, every: int) -> None:
        """Time some activations that begin from now on, one of `every` in the end."""
        if self._state.times is None:
            enable_sampling(self._state, every)
            for node_id in self._mapped.values():
                share_times(self._state, self._nodes()[node_id])

    @property
    def timing(self) -> Timing | None:
        """Which activations are timed."""
        if self._state.times is None:
            return None
        sampled = self._state.context.view[FLAGS] & SAMPLING
        return "sampled" if sampled else "full"

    @property
    def stacks(self) -> Stacks | None:
        """What the timer has seen; None where there is none."""
        if self.timing != "sampled":
            return None
        assert self._state.times is not None
        time = self._state.context.view[PROGRAM_TIME]
        return stacks_of(self._state.times.view, time)

    def _nodes(self) -> dict[NodeId, list[int]]:
        if self._chunks is None:
            self._chunks = {}
            for chunk in self._state.image.chunks:
                node_id = self._mapped.get(chunk.index, chunk.node_id)
                self._chunks.setdefault(node_id, []).append(chunk.index)
        return self._chunks

    def get_usage_stats(self, node_id: NodeId) -> UsageStats | None:
        """The statistics of a node, or None if no chunk is mapped to it."""
        chunks = self._nodes().get(node_id)
        if not chunks:
            return None
        rows = [self._chunk(chunk) for chunk in chunks]
        executions = sum(row[0] for row in rows)
        iterations = sum(row[2] for row in rows)
        back_edges = sum(row[4] for row in rows)
        return UsageStats(
            execution_count=executions,
            native_count=sum(row[1] for row in rows),
            tail_iterations=iterations,
            back_edges=back_edges,
            error_count=sum(row[3] for row in rows),
            is_hot_path=self._heat.is_hot(executions, back_edges, iterations),
            times=self._times(chunks, executions),
        )

    def _times(self, chunks: list[int], executions: int) -> Times | None:
        if self._state.times is None:
            return None
        # A page of what was never called is not to be looked at: it would be in use.
        if executions == 0:
            return NOT_TIMED if self.timing == "full" else NOT_SAMPLED
        view = self._state.times.view
        stacks = self.stacks
        if stacks is None:
            return times_of(view, chunks)
        return sampled_times_of(view, chunks, executions, stacks)

    def get_execution_times(self, node_id: NodeId) -> list[int] | None:
        """The last 100 execution times of a node in ns, oldest first.

        None where activations are not timed, or no chunk is mapped to the node.
        """
        times, chunks = self._state.times, self._nodes().get(node_id)
        if times is None or not chunks:
            return None
        return last_durations(times.view, chunks)

    def get_all_usage_stats(self) -> dict[NodeId, UsageStats]:
        """The statistics of every mapped node."""
        result = {}
        for node_id in self._nodes():
            stats = self.get_usage_stats(node_id)
            if stats is not None:
                result[node_id] = stats
        return result

    def chunks_of(self, node_id: NodeId) -> tuple[int, ...]:
        """The chunks that are counted for a node."""
        return tuple(self._nodes().get(node_id, ()))

    def instructions(self, node_id: NodeId) -> int:
        """Instructions charged for a node: what fuel its counts stand for."""
        total = 0
        edges = self._state.back_edges.view
        for chunk in self.chunks_of(node_id):
            calls, _native, iterations, _errors, _edges = self._chunk(chunk)
            weight = self._state.chunks.view[chunk * CHUNK_WORDS + CHUNK_WEIGHT]
            total += (calls + iterations) * weight
            record = self._state.image.chunks[chunk]
            first = record.first_back_edge
            for edge in range(first, first + record.back_edges):
                at = edge * BACK_EDGE_WORDS
                total += edges[at + BACK_EDGE_COUNT] * edges[at + BACK_EDGE_WEIGHT]
        return total

    def _chunk(self, chunk: int) -> tuple[int, int, int, int, int]:
        counters = self._state.counters
        if counters is None:
            return 0, 0, 0, 0, 0
        at = chunk * COUNTER_WORDS
        view = counters.view
        edges = self._state.back_edges.view
        first = self._state.image.chunks[chunk].first_back_edge
        count = self._state.image.chunks[chunk].back_edges
        back_edges = sum(
            edges[edge * BACK_EDGE_WORDS + BACK_EDGE_COUNT]
            for edge in range(first, first + count)
        )
        native = executions(self._state, chunk, COUNT_NATIVE)
        return (
            executions(self._state, chunk, COUNT_INTERPRETED) + native,
            native,
            view[at + COUNT_ITERATIONS],
            view[at + COUNT_ERRORS],
            back_edges,
        )
