"""What is made of times: quantiles, rings, metadata; modes, and what they cost."""

from __future__ import annotations

import math
import random
import time
from typing import Any

import pytest

from fluentai_jit.core import timing
from fluentai_jit.core.layout import (
    FRAME_CALLEES,
    FRAME_START,
    FRAME_WORDS,
    TIME_RECORDS,
    TIME_WORDS,
    TIMES,
)
from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from fluentai_jit.kernel import clock
from fluentai_jit.kernel.state import State
from fluentai_jit.kernel.tracked import enable_timing
from fluentai_jit.tracking.times import last_durations, times_of
from tests.engines import make_vm, program_of
from tests.tracking import timed
from tests.tracking.timed import FULL, Clock, check_ended, durations_of, timed_vm

TEXT = """
private function leaf(n) { n + 1 }
private function branch(n) { leaf(n) + leaf(n) }
private function count(n) { if n == 0 { 0 } else { count(n - 1) } }
private function never() { 1 }
branch(1)
count(3)
"""


# ---- with a clock that is known ---------------------------------------------------
def test_times_are_those_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    with timed_vm(TEXT, "plain") as vm:
        vm.run()
        check_ended(vm)
        # The clock goes on by 1 us at each begin and each end.
        assert durations_of(vm, "leaf") == [1000, 1000]
        assert durations_of(vm, "branch") == [5000]
        assert durations_of(vm, "count") == [1000]
        assert durations_of(vm, "<main>") == [9000]
        branch = timed.times_of(vm, "branch")
        assert (branch.total_ns, branch.self_ns, branch.avg_ns) == (5000, 3000, 5000)
        leaf = timed.times_of(vm, "leaf")
        assert (leaf.total_ns, leaf.self_ns, leaf.avg_ns) == (2000, 2000, 1000)
        assert timed.times_of(vm, "<main>").self_ns == 3000


def test_a_clock_that_goes_back_makes_no_negative_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Clock(monkeypatch, step=-7)
    with timed_vm(TEXT, "plain") as vm:
        vm.run()
        assert timed.self_of_all(vm) == 0
        assert timed.times_of(vm, "leaf").p95_ns == 0.0


# ---- buckets and quantiles --------------------------------------------------------
def steps() -> memoryview:
    """The words before the records of times."""
    state = State(program_of("1").image, 10, 1 << 16)
    enable_timing(state)
    assert state.times is not None
    found = memoryview(bytearray(state.times.view[:TIME_RECORDS].tobytes())).cast("q")
    state.close()
    return found


def test_a_bucket_is_a_sixteenth_of_a_power_of_two() -> None:
    table = steps()
    assert timing.bucket_of(table, 0) == 0
    assert timing.bucket_of(table, 1) == 1
    assert timing.bucket_of(table, (1 << 63) - 1) == 63 * 16 + 1
    source = random.Random(1)
    values = [1 << n for n in range(53)]
    values += [source.randrange(1, 1 << n) for n in range(1, 53) for _ in range(200)]
    for value in values:
        bucket = timing.bucket_of(table, value)
        assert 16 * math.log2(value) == pytest.approx(bucket - 0.5, abs=0.5000001)


def record_of(durations: list[int]) -> memoryview:
    """Records of times of one chunk that took these durations, in this order."""
    view = memoryview(bytearray(8 * (TIME_RECORDS + TIME_WORDS))).cast("q")
    view[:TIME_RECORDS] = steps()
    for end, duration in enumerate(durations):
        timing.keep(view, TIME_RECORDS, end, duration, 1)
        view[TIME_RECORDS] += 1
    return view


@pytest.mark.parametrize("count", [1, 2, 3, 20, 99, 100, 101, 1000])
def test_quantiles_are_right_to_a_bucket(count: int) -> None:
    source = random.Random(count)
    values = [int(source.lognormvariate(9, 3)) + 1 for _ in range(count)]
    found = times_of(record_of(values), [0])
    for percent, quantile in ((50, found.p50_ns), (95, found.p95_ns)):
        exact = sorted(values)[-(-count * percent // 100) - 1]
        assert quantile == pytest.approx(exact, rel=0.022)


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 199, 200, 201])
def test_the_ring_keeps_the_last_100_in_order(count: int) -> None:
    found = last_durations(record_of(list(range(5, 5 + count))), [0])
    assert found == list(range(5, 5 + count))[-100:]


def test_nothing_is_made_up_for_what_was_never_called() -> None:
    with timed_vm(TEXT, "plain") as vm:
        vm.run()
        never = timed.times_of(vm, "never")
        assert (never.timed, never.total_ns, never.self_ns) == (0, 0, 0)
        assert (never.avg_ns, never.p50_ns, never.p95_ns) == (None, None, None)
        assert durations_of(vm, "never") == []
        assert vm.get_execution_times(1 << 40) is None


# ---- modes ------------------------------------------------------------------------
@pytest.mark.parametrize("mode", ["off", "counts"])
def test_a_mode_that_does_not_time_takes_nothing_for_it(mode: str) -> None:
    config = {"tracking.mode": mode, "store.enabled": False}
    with VM(program_of(TEXT), config=config, engine="plain") as vm:
        vm.run()
        assert vm.state.times is None
        assert vm.state.context.view[TIMES] == 0
        for word in (FRAME_START, FRAME_CALLEES):
            assert not any(vm.state.frames.view[word : 20 * FRAME_WORDS : FRAME_WORDS])
        node = timed.node_of(vm, "leaf")
        assert vm.get_execution_times(node) is None
        stats = vm.get_usage_stats(node)
        assert stats is None or stats.times is None


def test_modes_add_to_each_other() -> None:
    with make_vm(program_of(TEXT), "emitted", {"tracking.mode": "counts"}) as vm:
        vm.run()
        vm.enable_usage_tracking("full")
        assert vm.jit is not None
        assert not vm.jit.slots.installed
        for _ in range(5):
            vm.call("branch", 1)
        assert vm.jit.slots.installed
        assert all(row.unit.timing == "full" for row in vm.jit.slots.installed.values())
        # No mode takes away what another one measures.
        for mode in ("counts", "full", None):
            vm.enable_usage_tracking(mode)
        assert len(durations_of(vm, "leaf")) == 10
        stats = vm.get_usage_stats(timed.node_of(vm, "leaf"))
        assert stats is not None
        assert stats.execution_count == 12


@pytest.mark.parametrize("mode", ["off", "Sampled", "Full", ""])
def test_another_mode_is_refused(mode: str) -> None:
    with VM(program_of(TEXT), engine="plain") as vm:
        with pytest.raises(
            FluentError, match="mode must be counts, sampled or full"
        ) as caught:
            vm.enable_usage_tracking(mode)
        assert caught.value.kind == "ConfigError"
        assert vm.tracker is None


def test_a_mode_is_a_text() -> None:
    wrong: Any = 1
    with VM(program_of(TEXT), engine="plain") as vm:
        enable: Any = vm.enable_usage_tracking
        with pytest.raises(TypeError, match="mode must be a str"):
            enable(wrong)


def test_what_runs_twice_is_not_timed() -> None:
    with pytest.raises(FluentError, match="runs everything twice") as caught:
        VM(program_of(TEXT), {**FULL, "jit.verify": True}, engine="emitted")
    assert caught.value.kind == "ConfigError"


# ---- metadata ---------------------------------------------------------------------
def test_a_run_writes_its_statistics_into_the_metadata() -> None:
    with timed_vm(TEXT, "plain", {"jit.call_threshold": 2}) as vm:
        nodes = vm.program.graph.nodes
        leaf = nodes[timed.node_of(vm, "leaf")].metadata.context_memory
        assert leaf.usage_stats.execution_count == 0
        first = leaf.last_modified
        vm.run()
        assert leaf.usage_stats.execution_count == 2
        assert leaf.usage_stats.is_hot_path
        assert leaf.usage_stats.error_count == 0
        average = leaf.usage_stats.avg_execution_time_ns
        assert average == timed.times_of(vm, "leaf").avg_ns is not None
        assert first is None
        assert leaf.last_modified is not None
        never = nodes[timed.node_of(vm, "never")].metadata.context_memory
        assert never.last_modified is None
        vm.call("leaf", 1)
    assert leaf.usage_stats.execution_count == 3


def test_metadata_is_written_when_the_program_fails() -> None:
    with timed_vm("private function f(n) { 1 / n }\nf(0)\n", "plain") as vm:
        with pytest.raises(FluentError):
            vm.run()
        node = vm.program.graph.nodes[timed.node_of(vm, "f")]
        stats = node.metadata.context_memory.usage_stats
        assert (stats.execution_count, stats.error_count) == (1, 1)


def test_nothing_is_written_without_tracking() -> None:
    with VM(program_of(TEXT), engine="plain") as vm:
        vm.run()
        vm.register_chunk_mapping(timed.chunk_of(vm, "leaf"), 100_000)
        node = vm.program.graph.nodes[timed.node_of(vm, "branch")]
        assert node.metadata.context_memory.last_modified is None


# ---- the clock --------------------------------------------------------------------
def test_the_scale_is_that_of_the_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0]

    def monotonic() -> int:
        now[0] += 100
        return now[0]

    monkeypatch.setattr(time, "perf_counter_ns", monotonic)
    scale = clock.measured_scale(lambda _ctx: 3 * now[0] + 7)
    assert scale / 2**clock.SCALE_BITS == pytest.approx(1 / 3, rel=1e-4)
    assert clock.measured_scale(lambda _ctx: 0) == 0
    assert clock.measured_scale(lambda _ctx: now[0] // 1000) == 0


# ---- cost -------------------------------------------------------------------------
def test_a_function_that_is_never_called_takes_no_memory() -> None:
    text = "\n".join(f"private function f{n}(x) {{ x }}" for n in range(2000))
    with timed_vm(text, "plain") as vm:
        assert vm.state.times is not None
        vm.run()
        # The system may give memory by 2 MiB.
        assert vm.state.times.used_bytes() <= 2 << 20
        assert vm.state.times.count * 8 > 16 << 20
