"""From a VM that has run to the report of its run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.layout import PROGRAM_TIME
from ..jit.policy import SAVED
from .profile import DeoptimisationRow, FunctionRow, Profile, Totals
from .states import loop_line, nodes_of, state_of

if TYPE_CHECKING:
    from ..engine.vm import VM
    from ..graph.base import NodeId
    from ..tracking.times import Times
    from ..tracking.tracker import UsageStats, UsageTracker


def profile_of(vm: VM, wall_ns: int, ended: str | None = None) -> Profile:
    """The report of what a VM has run in `wall_ns` nanoseconds.

    `ended` is the kind of error that ended it. Raises ValueError for a VM that does
    not track.
    """
    if vm.tracker is None:
        raise ValueError("a report needs usage tracking from the start of the run")
    every = [
        _row(vm, vm.tracker, node_id, stats)
        for node_id, stats in vm.tracker.get_all_usage_stats().items()
    ]
    called = [row for row in every if row.calls]
    # Heat is what fuel was charged for: calls and iterations, each weighted by the
    # instructions of its block, which orders a loop and a small function fairly.
    called.sort(key=lambda row: (-row.instructions, row.line, row.node_id))
    return Profile(
        program=vm.program.source.name,
        functions=tuple(called),
        totals=_totals(vm, called, len(every), wall_ns, ended),
    )


def _totals(
    vm: VM, rows: list[FunctionRow], known: int, wall_ns: int, ended: str | None
) -> Totals:
    return Totals(
        wall_ns=wall_ns,
        kernel_tier=vm.driver.kernel.tier,
        instructions=vm.driver.fuel_used,
        compiles=0 if vm.jit is None else vm.jit.compiles,
        compile_ms=0.0 if vm.jit is None else vm.jit.compile_ms,
        **_program_time(vm),
        **_collections(vm),
        functions=known,
        never_called=known - len(rows),
        calls=sum(row.calls for row in rows),
        native_calls=sum(row.native_calls for row in rows),
        tail_iterations=sum(row.tail_iterations for row in rows),
        back_edges=sum(row.back_edges for row in rows),
        errors=sum(row.errors for row in rows),
        deoptimisations=sum(each.count for row in rows for each in row.deoptimisations),
        ended=ended,
    )


def _program_time(vm: VM) -> dict[str, Any]:
    """What a clock or the timer says of the program as a whole; or nothing."""
    assert vm.tracker is not None
    if vm.tracker.timing is None:
        return {}
    found: dict[str, Any] = {"program_ns": vm.state.context.view[PROGRAM_TIME] - 1}
    stacks = vm.tracker.stacks
    if stacks is not None:
        found["stacks"] = stacks.count
        if stacks.seen_ns:
            native, _error = stacks.part(stacks.native_ns)
            compiling = 0.0 if vm.jit is None else vm.jit.compile_ms * 1e6
            found["native_share"] = min(stacks.native_ns / stacks.seen_ns, 1.0)
            found["saved_ns"] = native * SAVED / (1 - SAVED) - compiling
    return found


def _collections(vm: VM) -> dict[str, Any]:
    done = vm.driver.heap.collections
    return {
        "collections": done.count,
        "collection_ns": done.total_ns,
        "longest_pause_ns": done.longest_ns,
        "survival": done.copied / done.before if done.before else None,
    }


def _row(
    vm: VM, tracker: UsageTracker, node_id: NodeId, stats: UsageStats
) -> FunctionRow:
    chunks = tracker.chunks_of(node_id)
    first = vm.program.image.chunks[chunks[0]]
    # Of several chunks counted as one node, the one that came furthest is shown.
    state = max((state_of(vm, chunk) for chunk in chunks), key=lambda each: each.tier)
    return FunctionRow(
        node_id=node_id,
        name=first.name,
        file=first.span.source.name,
        line=first.span.line,
        calls=stats.execution_count,
        native_calls=stats.native_count,
        tail_iterations=stats.tail_iterations,
        back_edges=stats.back_edges,
        instructions=tracker.instructions(node_id),
        **_times(stats.times),
        errors=stats.error_count,
        is_hot=stats.is_hot_path,
        tier=state.tier,
        state=state.word,
        detail=state.detail,
        compile_ms=_compile_ms(vm, chunks),
        deoptimisations=tuple(
            row for chunk in chunks for row in deoptimisations_of(vm, chunk)
        ),
    )


def _times(times: Times | None) -> dict[str, Any]:
    """The columns of times; left out where nothing was measured."""
    if times is None:
        return {}
    return {
        "total_ns": times.total_ns,
        "self_ns": times.self_ns,
        "avg_ns": times.avg_ns,
        "p50_ns": times.p50_ns,
        "p90_ns": times.p90_ns,
        "p95_ns": times.p95_ns,
        "p99_ns": times.p99_ns,
        "max_ns": times.max_ns,
        "avg_error_ns": times.avg_error_ns,
        "total_error_ns": times.total_error_ns,
        "self_error_ns": times.self_error_ns,
        "rate": times.rate,
        "stacks": times.stacks,
        "timed": times.timed,
        "timing": times.mode,
    }


def _compile_ms(vm: VM, chunks: tuple[int, ...]) -> float | None:
    if vm.jit is None:
        return None
    times = [
        node.compile_ms
        for chunk in chunks
        for node in nodes_of(vm.jit, chunk)
        if node.compile_ms is not None
    ]
    return sum(times) if times else None


def deoptimisations_of(vm: VM, chunk: int) -> list[DeoptimisationRow]:
    """Where native code of a chunk was left, the most frequent place first."""
    if vm.jit is None:
        return []
    image = vm.program.image
    rows = [
        DeoptimisationRow(
            reason=reason,
            count=entry.count,
            line=image.span_at(pc).line,
            instruction=entry.instruction,
            types=entry.types,
            loop_line=loop_line(image, node.key),
        )
        for node in nodes_of(vm.jit, chunk)
        for (pc, reason), entry in node.exits.items()
    ]
    rows.sort(key=lambda row: (-row.count, row.line, row.reason))
    return rows
