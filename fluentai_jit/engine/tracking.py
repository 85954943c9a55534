"""Usage tracking as Python programs use it: the part of the VM that measures."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..arguments import integer
from ..arguments import text as checked_text
from ..errors import FluentError
from ..settings import shown
from ..tracking.tracker import Heat, UsageStats, UsageTracker
from .sampler import Sampler

if TYPE_CHECKING:
    from ..config import Config
    from ..graph.base import NodeId
    from ..jit.controller import Jit
    from ..kernel.state import State
    from .driver import Driver
    from .program import Program

MODES = ("counts", "sampled", "full")


class Tracking:
    """What a VM tells of the executions of its program's nodes."""

    state: State
    program: Program
    config: Config
    jit: Jit | None
    tracker: UsageTracker | None
    driver: Driver
    _lock: threading.Lock
    _owner: int | None

    def _check_open(self) -> None:
        raise NotImplementedError

    def enable_usage_tracking(self, mode: str | None = None) -> None:
        """Count executions, iterations, back-edges and errors from now on.

        With the mode "full" activations that begin from now on are timed as well,
        with "sampled" some of them. No mode takes away what another one measures,
        and None means what the config says.

        Raises FluentError of kind HostError while another thread runs the VM, and
        of kind ConfigError for another mode, and for "full" after "sampled".
        """
        self._check_open()
        wanted = self._mode(mode)
        timed = wanted != "counts"
        if wanted == "full" and self.tracker and self.tracker.timing == "sampled":
            message = "executions are sampled already, so not every one was timed"
            raise FluentError("ConfigError", message)
        if self.tracker is not None and timed <= (self.state.times is not None):
            return
        if timed and self.config["jit.verify"]:
            message = "jit.verify runs everything twice, so nothing can be timed"
            raise FluentError("ConfigError", message)
        # Units are replaced: none may be on the stack of another thread.
        mine = self._owner == threading.get_ident()
        if not mine and not self._lock.acquire(blocking=False):
            raise FluentError("HostError", "this VM is running in another thread")
        try:
            self._track(wanted)
        finally:
            if not mine:
                self._lock.release()

    def _mode(self, mode: str | None) -> str:
        if mode is None:
            configured: str = self.config["tracking.mode"]
            return "counts" if configured == "off" else configured
        if checked_text(mode, "mode") not in MODES:
            choices = f"{', '.join(MODES[:-1])} or {MODES[-1]}"
            message = f"mode must be {choices}, not {shown(mode)}"
            raise FluentError("ConfigError", message)
        return mode

    def _track(self, mode: str) -> None:
        if self.tracker is None:
            heat = Heat(
                self.config["jit.call_threshold"],
                self.config["jit.back_edge_weight"],
                self.config["jit.tail_iteration_weight"],
            )
            self.tracker = UsageTracker(self.state, heat)
        if mode == "full":
            self.tracker.enable_timing()
        elif mode == "sampled":
            self.tracker.enable_sampling(self.config["tracking.sample_every"])
            self.driver.sampler = Sampler(
                self.state.context, self.config["tracking.sample_hz"]
            )
            if self._owner is not None:
                self.driver.sampler.start()
        if self.jit is not None:
            self.jit.on_tracking()

    def register_chunk_mapping(self, chunk_id: int, node_id: NodeId) -> None:
        """Count a chunk for another node than the compiler's. Raises IndexError."""
        chunk, node = integer(chunk_id, "chunk_id"), integer(node_id, "node_id")
        if node < 0:
            raise FluentError("HostError", f"there is no node {shown(node)}")
        self.enable_usage_tracking()
        assert self.tracker is not None
        self.tracker.register_chunk_mapping(chunk, node)

    def get_usage_stats(self, node_id: NodeId) -> UsageStats | None:
        """A node's statistics; None while tracking is off, or if it has no code."""
        node = integer(node_id, "node_id")
        return None if self.tracker is None else self.tracker.get_usage_stats(node)

    def get_all_usage_stats(self) -> dict[NodeId, UsageStats] | None:
        """Every node's statistics; None while tracking is off."""
        return None if self.tracker is None else self.tracker.get_all_usage_stats()

    def get_execution_times(self, node_id: NodeId) -> list[int] | None:
        """The last 100 execution times of a node in ns, oldest first.

        The last ones that were timed; None unless tracking is "full" or "sampled",
        and for a node without code.
        """
        node = integer(node_id, "node_id")
        return None if self.tracker is None else self.tracker.get_execution_times(node)

    def update_metadata(self) -> None:
        """Write the statistics of what was executed into the nodes' metadata.

        Done at the end of `run` and of the VM; several VMs of one program write the
        same nodes.
        """
        nodes = self.program.graph.nodes
        for node_id, stats in (self.get_all_usage_stats() or {}).items():
            # A chunk may be counted for a node that the graph does not have.
            if stats.execution_count and 0 < node_id < len(nodes):
                metadata = nodes[node_id].metadata
                metadata.update_usage_stats(stats.for_metadata())
