"""How long a node's activations took, from the records of its chunks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..core.layout import (
    RING_WORDS,
    TIME_BUCKETS,
    TIME_COUNT,
    TIME_HISTOGRAM,
    TIME_LONGEST,
    TIME_RECORDS,
    TIME_RING,
    TIME_SELF,
    TIME_STEPS,
    TIME_SUM,
    TIME_TOTAL,
    TIME_WORDS,
)

# Which activations are timed: each, or some.
Timing = Literal["full", "sampled"]

# The durations kept of a node, the last ones.
KEPT = RING_WORDS // 2


@dataclass(frozen=True, slots=True)
class Times:
    """Durations of a node's activations in ns; None where nothing was measured.

    `timed` activations ended; `total_ns` is of the outermost ones, `self_ns` without
    callees; average and quantiles are of all, with callees. A quantile is right to
    2.2 %. `mode` is "full" where each was timed; where some were, "sampled", these
    are estimates: `rate` is the part that was timed, the errors are standard errors,
    `stacks` those of the timer that the node was in, and `max_ns` is of what was timed.
    """

    timed: int
    total_ns: int | None = None
    self_ns: int | None = None
    avg_ns: float | None = None
    p50_ns: float | None = None
    p90_ns: float | None = None
    p95_ns: float | None = None
    p99_ns: float | None = None
    max_ns: int | None = None
    mode: Timing = "full"
    rate: float | None = 1.0
    avg_error_ns: float | None = None
    total_error_ns: float | None = None
    self_error_ns: float | None = None
    stacks: int | None = None


NOT_TIMED = Times(timed=0, total_ns=0, self_ns=0)


def times_of(view: memoryview, chunks: Sequence[int]) -> Times:
    """The times of a node that has these chunks."""
    records = [TIME_RECORDS + chunk * TIME_WORDS for chunk in chunks]
    timed = sum(view[record + TIME_COUNT] for record in records)
    histogram = histogram_of(view, records) if timed else []
    most = longest(view, records)
    return Times(
        timed=timed,
        total_ns=sum(view[record + TIME_TOTAL] for record in records),
        self_ns=sum(view[record + TIME_SELF] for record in records),
        avg_ns=_average(view, records, timed),
        p50_ns=quantile(histogram, 50, most),
        p90_ns=quantile(histogram, 90, most),
        p95_ns=quantile(histogram, 95, most),
        p99_ns=quantile(histogram, 99, most),
        max_ns=most if timed else None,
    )


def _average(view: memoryview, records: Sequence[int], timed: int) -> float | None:
    if timed == 0:
        return None
    return sum(view[record + TIME_SUM] for record in records) / timed


def last_durations(view: memoryview, chunks: Sequence[int]) -> list[int]:
    """The last 100 durations in ns of a node that has these chunks, oldest first."""
    pairs = []
    for chunk in chunks:
        record = TIME_RECORDS + chunk * TIME_WORDS
        kept = min(KEPT, view[record + TIME_COUNT])
        first = view[record + TIME_COUNT] - kept
        for number in range(first, first + kept):
            at = record + TIME_RING + 2 * (number % KEPT)
            pairs.append((view[at], view[at + 1]))
    # Of one chunk they are in order already, and of equal ends must stay so.
    pairs.sort(key=lambda pair: pair[0])
    return [duration for _end, duration in pairs[-KEPT:]]


def longest(view: memoryview, records: Sequence[int]) -> int:
    """The longest duration that was timed."""
    return max(view[record + TIME_LONGEST] for record in records)


def histogram_of(view: memoryview, records: Sequence[int]) -> list[int]:
    """Activations by bucket of core/timing.bucket_of."""
    rows = [
        view[record + TIME_HISTOGRAM : record + TIME_HISTOGRAM + TIME_BUCKETS].tolist()
        for record in records
    ]
    return [sum(column) for column in zip(*rows, strict=True)]


def quantile(histogram: Sequence[int], percent: int, most: int) -> float | None:
    """The geometric middle of the bucket in which the quantile lies, `most` at most."""
    # The least rank that this percentage does not exceed, counted from 1.
    rank = -(-sum(histogram) * percent // 100)
    seen = 0
    for bucket, count in enumerate(histogram):
        seen += count
        if count and seen >= rank:
            middle: float = 2 ** ((bucket - 0.5) / TIME_STEPS)
            return min(middle, float(most)) if bucket else 0.0
    return None
