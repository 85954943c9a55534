"""Estimates of times from the activations and stacks that were sampled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.layout import (
    TICK_COUNT,
    TICK_LAST,
    TICK_NATIVE,
    TICK_SQUARES,
    TIME_COUNT,
    TIME_NODE,
    TIME_RECORDS,
    TIME_SELF,
    TIME_SELF_TICKS,
    TIME_SPREAD,
    TIME_SUM,
    TIME_TOTAL,
    TIME_TOTAL_TICKS,
    TIME_WORDS,
)
from ..core.primitives import float_of_bits
from .times import Times, histogram_of, longest, quantile

NOT_SAMPLED = Times(timed=0, mode="sampled", rate=None)


@dataclass(frozen=True, slots=True)
class Stacks:
    """The stacks that the timer has seen of a program that ran for `program_ns`.

    Each stands for the time since the one before: `seen_ns` in all, `native_ns` of
    it in native code. `effective` is how many of equal times would say as much.
    """

    program_ns: int
    count: int
    seen_ns: int
    native_ns: int
    effective: float

    def part(self, elapsed: int) -> tuple[int, float]:
        """What a part of the time seen is of the program's, and the standard error."""
        part = min(elapsed / self.seen_ns, 1.0)
        error = self.program_ns * math.sqrt(part * (1 - part) / self.effective)
        return round(part * self.program_ns), error


def stacks_of(view: memoryview, program_ns: int) -> Stacks:
    """What the timer has seen."""
    # Program time begins at 1.
    seen = view[TICK_LAST] - 1
    squares = float_of_bits(view[TICK_SQUARES])
    return Stacks(
        program_ns=program_ns - 1,
        count=view[TICK_COUNT],
        seen_ns=seen,
        native_ns=view[TICK_NATIVE],
        effective=seen * seen / squares if squares else 0.0,
    )


def sampled_times_of(
    view: memoryview, chunks: Sequence[int], executions: int, stacks: Stacks
) -> Times:
    """The estimated times of a node that has these chunks, and was executed."""
    records = [TIME_RECORDS + chunk * TIME_WORDS for chunk in chunks]
    timed = sum(view[record + TIME_COUNT] for record in records)
    histogram = histogram_of(view, records) if timed else []
    most = longest(view, records)
    weight = sum(histogram)
    average = None
    if timed:
        average = sum(view[record + TIME_SUM] for record in records) / weight
    nodes = {record + view[record + TIME_NODE] for record in records}
    in_stacks = sum(view[record + TIME_TOTAL_TICKS] for record in nodes)
    innermost = sum(view[record + TIME_SELF_TICKS] for record in records)
    total, total_error = _part(view, sorted(nodes), TIME_TOTAL, in_stacks, stacks)
    own, own_error = _part(view, records, TIME_SELF, innermost, stacks)
    error = None
    # Of what one says about others nothing is known.
    if average is not None and timed >= min(2, executions):
        error = _error(view, records, average)
    return Times(
        timed=timed,
        total_ns=total,
        self_ns=own,
        avg_ns=average,
        p50_ns=quantile(histogram, 50, most),
        p90_ns=quantile(histogram, 90, most),
        p95_ns=quantile(histogram, 95, most),
        p99_ns=quantile(histogram, 99, most),
        max_ns=most if timed else None,
        mode="sampled",
        rate=timed / executions,
        avg_error_ns=error,
        total_error_ns=total_error,
        self_error_ns=own_error,
        stacks=in_stacks,
    )


def _part(
    view: memoryview, records: Sequence[int], field: int, count: int, stacks: Stacks
) -> tuple[int | None, float | None]:
    """A time and its error; of what no stack shows nothing is known."""
    if count == 0 or stacks.seen_ns == 0:
        return None, None
    return stacks.part(sum(view[record + field] for record in records))


def _error(view: memoryview, records: Sequence[int], average: float) -> float | None:
    """The standard error of an average of activations that stand for others.

    Horvitz and Thompson's for a sample drawn independently, with the deviations
    from the average: the root of sum w (w - 1) (d - average) ** 2, over sum w.
    """
    weight = sum(histogram_of(view, records))
    sums = [
        sum(float_of_bits(view[record + TIME_SPREAD + power]) for record in records)
        for power in range(3)
    ]
    square = sums[2] - 2 * average * sums[1] + average * average * sums[0]
    return math.sqrt(max(square, 0.0)) / weight
