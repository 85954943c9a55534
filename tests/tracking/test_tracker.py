"""The usage tracker: what each node counted, whichever tier did it."""

from __future__ import annotations

import tracemalloc

import pytest

from fluentai_jit.engine.vm import VM
from fluentai_jit.tracking.tracker import UsageStats
from tests.engines import QUICK_ENGINES, make_vm, program_of

TEXT = """
private function leaf(n) { n + 1 }
private function down(n) { if n == 0 { 0 } else { down(n - 1) } }
private function looping(n) { let s = 0 for i in 0..n { s += leaf(i) } s }
private function failing(n) { 1 / n }
looping(10)
down(7)
"""


def node_of(vm: VM, name: str) -> int:
    (node,) = (chunk.node_id for chunk in vm.program.image.chunks if chunk.name == name)
    return node


def chunk_of(vm: VM, name: str) -> int:
    (index,) = (chunk.index for chunk in vm.program.image.chunks if chunk.name == name)
    return index


def stats_of(vm: VM, name: str) -> UsageStats:
    stats = vm.get_usage_stats(node_of(vm, name))
    assert stats is not None
    return stats


def quiet_vm(text: str = TEXT) -> VM:
    """A VM that was not asked to count."""
    return VM(program_of(text), config={"store.enabled": False}, engine="plain")


# ---- off ------------------------------------------------------------------------
def test_everything_is_none_while_tracking_is_off() -> None:
    with quiet_vm() as vm:
        vm.run()
        assert vm.get_usage_stats(node_of(vm, "leaf")) is None
        assert vm.get_all_usage_stats() is None
        assert vm.tracker is None


def test_the_setting_switches_it_on() -> None:
    config = {"tracking.mode": "counts", "store.enabled": False}
    with VM(program_of(TEXT), config=config, engine="plain") as vm:
        vm.run()
        assert stats_of(vm, "leaf").execution_count == 10


def test_what_ran_before_is_not_counted() -> None:
    with quiet_vm() as vm:
        vm.run()
        vm.enable_usage_tracking()
        assert stats_of(vm, "leaf").execution_count == 0
        vm.call("leaf", 1)
        assert stats_of(vm, "leaf").execution_count == 1


def test_switching_on_twice_keeps_the_counts() -> None:
    with quiet_vm() as vm:
        vm.enable_usage_tracking()
        vm.run()
        vm.enable_usage_tracking()
        assert stats_of(vm, "leaf").execution_count == 10


# ---- counts ---------------------------------------------------------------------
@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_every_function_is_registered_and_counted(engine: str) -> None:
    with make_vm(program_of(TEXT), engine) as vm:
        vm.run()
        everything = vm.get_all_usage_stats()
        assert everything is not None
        assert set(everything) == {c.node_id for c in vm.program.image.chunks}
        found = {
            name: (row.execution_count, row.tail_iterations, row.back_edges)
            for name in ("<main>", "leaf", "down", "looping", "failing")
            for row in [everything[node_of(vm, name)]]
        }
    assert found == {
        "<main>": (1, 0, 0),
        "leaf": (10, 0, 0),
        "down": (1, 7, 0),
        "looping": (1, 0, 9),
        "failing": (0, 0, 0),
    }


@pytest.mark.parametrize("engine", QUICK_ENGINES)
def test_errors_are_counted_where_they_pass(engine: str) -> None:
    from fluentai_jit.errors import FluentError

    with make_vm(program_of(TEXT), engine) as vm:
        for n in (1, 0, 2, 0):
            try:
                vm.call("failing", n)
            except FluentError as error:
                assert error.kind == "DivisionByZero"
        stats = stats_of(vm, "failing")
    assert (stats.execution_count, stats.error_count) == (4, 2)


def test_native_executions_are_part_of_all() -> None:
    with make_vm(program_of(TEXT), "emitted") as vm:
        vm.run()
        for _round in range(5):
            vm.call("looping", 20)
        stats = stats_of(vm, "leaf")
    assert stats.execution_count == 110
    assert 0 < stats.native_count <= 110


def test_times_are_not_made_up() -> None:
    with make_vm(program_of(TEXT), "plain") as vm:
        vm.run()
        assert stats_of(vm, "leaf").avg_execution_time_ns is None


def test_instructions_are_what_the_counts_stand_for() -> None:
    with make_vm(program_of(TEXT), "plain") as vm:
        vm.run()
        assert vm.tracker is not None
        nodes = [chunk.node_id for chunk in vm.program.image.chunks]
        total = sum(vm.tracker.instructions(node) for node in nodes)
        assert total == vm.driver.fuel_used


# ---- mappings -------------------------------------------------------------------
def test_a_mapping_moves_the_counts() -> None:
    with make_vm(program_of(TEXT), "plain") as vm:
        vm.run()
        chunk, before = chunk_of(vm, "leaf"), node_of(vm, "leaf")
        vm.register_chunk_mapping(chunk, 100_000)
        assert vm.get_usage_stats(before) is None
        moved = vm.get_usage_stats(100_000)
        assert moved is not None
        assert moved.execution_count == 10
        everything = vm.get_all_usage_stats()
        assert everything is not None
        assert before not in everything
        assert everything[100_000] == moved


def test_chunks_of_one_node_are_added() -> None:
    with make_vm(program_of(TEXT), "plain") as vm:
        vm.run()
        for name in ("leaf", "down", "looping"):
            vm.register_chunk_mapping(chunk_of(vm, name), 100_000)
        stats = vm.get_usage_stats(100_000)
        assert stats is not None
        assert vm.tracker is not None
        assert vm.tracker.chunks_of(100_000) == (1, 2, 3)
    assert stats.execution_count == 12
    assert (stats.tail_iterations, stats.back_edges) == (7, 9)


def test_a_mapping_given_twice_counts_once() -> None:
    with make_vm(program_of(TEXT), "plain") as vm:
        vm.run()
        for _round in range(2):
            vm.register_chunk_mapping(chunk_of(vm, "leaf"), node_of(vm, "leaf"))
        assert stats_of(vm, "leaf").execution_count == 10


def test_a_mapping_switches_tracking_on() -> None:
    with quiet_vm() as vm:
        vm.register_chunk_mapping(chunk_of(vm, "leaf"), 100_000)
        vm.run()
        stats = vm.get_usage_stats(100_000)
        assert stats is not None
        assert stats.execution_count == 10


@pytest.mark.parametrize("chunk", [-1, 5, 1 << 40])
def test_a_chunk_that_is_not_there_is_refused(chunk: int) -> None:
    with make_vm(program_of(TEXT), "plain") as vm:
        assert len(vm.program.image.chunks) == 5
        with pytest.raises(IndexError, match=f"no chunk {chunk}"):
            vm.register_chunk_mapping(chunk, 1)


# ---- heat -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "calls", "hot"),
    [("leaf", 9, False), ("leaf", 10, True), ("leaf", 11, True)],
)
def test_a_node_is_hot_from_the_threshold_on(name: str, calls: int, hot: bool) -> None:
    config = {"jit.call_threshold": 10}
    with make_vm(program_of(TEXT), "plain", config) as vm:
        for n in range(calls):
            vm.call(name, n)
        assert stats_of(vm, name).is_hot_path is hot


@pytest.mark.parametrize(
    ("setting", "name"),
    [("jit.back_edge_weight", "looping"), ("jit.tail_iteration_weight", "down")],
)
@pytest.mark.parametrize(("weight", "hot"), [(0.1, False), (0.5, True)])
def test_back_edges_and_iterations_count_by_their_weight(
    setting: str, name: str, weight: float, hot: bool
) -> None:
    config = {"jit.call_threshold": 10, setting: weight}
    with make_vm(program_of(TEXT), "plain", config) as vm:
        vm.call(name, 21)
        assert stats_of(vm, name).is_hot_path is hot


# ---- cost -----------------------------------------------------------------------
def test_a_tracked_function_costs_few_bytes() -> None:
    count = 1000
    text = "\n".join(f"private function f{n}(x) {{ x }}" for n in range(count))
    with quiet_vm(text) as vm:
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        vm.enable_usage_tracking()
        python = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert vm.state.counters is not None
        counters = vm.state.counters.count * 8
    assert counters / count <= 33  # four counters
    assert python / count <= 300  # the mapping from NodeId to chunks
