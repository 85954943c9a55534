"""Programs whose activations are timed, and what must hold of any such run."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest

from fluentai_jit.core import timing
from fluentai_jit.core.layout import (
    FRAME_START,
    FRAME_WORDS,
    TIME_ACTIVE,
    TIME_RECORDS,
    TIME_WORDS,
)
from fluentai_jit.engine.vm import VM
from fluentai_jit.tracking.times import Times
from tests.engines import make_vm, program_of

FULL = {"tracking.mode": "full"}
# Frames looked at for activations that were not ended.
_FRAMES = 2000


def timed_vm(
    text: str,
    engine: str,
    settings: Mapping[str, Any] | None = None,
    stdout: io.StringIO | None = None,
) -> VM:
    """A VM of that engine that times every activation."""
    return make_vm(program_of(text), engine, {**FULL, **(settings or {})}, stdout)


def node_of(vm: VM, name: str) -> int:
    """The node of the function of that name."""
    (node,) = (chunk.node_id for chunk in vm.program.image.chunks if chunk.name == name)
    return node


def chunk_of(vm: VM, name: str) -> int:
    """The chunk of the function of that name."""
    (index,) = (chunk.index for chunk in vm.program.image.chunks if chunk.name == name)
    return index


def times_of(vm: VM, name: str) -> Any:
    """The times of the function of that name."""
    stats = vm.get_usage_stats(node_of(vm, name))
    assert stats is not None
    assert stats.times is not None
    times: Times = stats.times
    return times


def durations_of(vm: VM, name: str) -> list[int]:
    """The last execution times of the function of that name."""
    found = vm.get_execution_times(node_of(vm, name))
    assert found is not None
    return found


def check_ended(vm: VM) -> None:
    """Every activation that was counted has ended, and nothing is timed twice."""
    stats = vm.get_all_usage_stats()
    assert stats is not None
    for chunk in vm.program.image.chunks:
        row = stats[chunk.node_id]
        assert row.times is not None
        assert row.times.timed == row.execution_count, chunk.name
        total, own = row.times.total_ns, row.times.self_ns
        assert total is not None
        assert own is not None
        assert 0 <= own <= total, chunk.name
        kept = vm.get_execution_times(chunk.node_id) or []
        assert len(kept) == min(100, row.execution_count), chunk.name
    assert vm.state.times is not None
    active = vm.state.times.view[TIME_RECORDS + TIME_ACTIVE :: TIME_WORDS]
    assert not any(active)
    starts = vm.state.frames.view[FRAME_START : _FRAMES * FRAME_WORDS : FRAME_WORDS]
    assert not any(starts)


def self_of_all(vm: VM) -> int:
    """The sum of what all functions took without their callees."""
    stats = vm.get_all_usage_stats() or {}
    return sum(row.times.self_ns or 0 for row in stats.values() if row.times)


class Clock:
    """A clock for plain Python that goes on by `step` ns with each look at it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, step: int = 1000) -> None:
        self.now = 0
        self.step = step
        monkeypatch.setattr(timing, "monotonic_ns", self._look)

    def _look(self) -> int:
        self.now += self.step
        return self.now
