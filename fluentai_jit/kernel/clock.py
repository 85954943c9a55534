"""The cycle counter as a clock: whether it is one, and how fast it runs."""

from __future__ import annotations

import time
from collections.abc import Callable

# Of Linux: it ticks at one rate whatever the processor does, and in every core.
_STEADY = frozenset(("constant_tsc", "nonstop_tsc"))
# How long it is compared with the monotonic clock. Two readings are 100 ns apart at
# most, so the rate is right to 1 in 40,000.
_COMPARED_NS = 4_000_000
_READINGS = 5
SCALE_BITS = 60

_scale: int | None = None


def clock_scale(cycles: Callable[[int], int]) -> int:
    """Ns a cycle times 2**60; 0 where the counter is no clock. Measured once."""
    global _scale
    if _scale is None:
        _scale = measured_scale(cycles) if is_steady() else 0
    return _scale


def is_steady() -> bool:
    """Whether the system says that the cycle counter is a clock."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            flags = next(line for line in file if line.startswith("flags"))
    except (OSError, StopIteration):
        return False
    return set(flags.split()) >= _STEADY


def measured_scale(cycles: Callable[[int], int]) -> int:
    """The scale as the monotonic clock has it; 0 where it fits in no word."""
    first_ns, first = _both(cycles)
    while time.perf_counter_ns() - first_ns < _COMPARED_NS:
        pass
    last_ns, last = _both(cycles)
    if last <= first:
        return 0
    scale = ((last_ns - first_ns) << SCALE_BITS) // (last - first)
    return scale if scale < 1 << 63 else 0


def _both(cycles: Callable[[int], int]) -> tuple[int, int]:
    """(ns, cycles) at one time: the closest of some readings."""
    readings = []
    for _ in range(_READINGS):
        before = time.perf_counter_ns()
        count = cycles(0)
        after = time.perf_counter_ns()
        readings.append((after - before, (before + after) // 2, count))
    _apart, ns, count = min(readings)
    return ns, count
