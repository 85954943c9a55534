"""Statistics of measurements, and tables of them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def geometric_mean(values: Sequence[float]) -> float:
    """The mean for ratios. Raises ValueError for none, or for one not above 0."""
    return math.exp(math.fsum(math.log(value) for value in values) / len(values))


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Rise per x of the line with the least squared distance to (x, y) points."""
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median, and least to greatest: "1.20 (1.10 to 1.50)"."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns, the first to the left and the others to the right."""
    widths = [
        max(len(row[index]) for row in [head, *rows]) for index in range(len(head))
    ]
    lines = [_line(head, widths), "  ".join("-" * width for width in widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    cells += [
        cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)
    ]
    return "  ".join(cells).rstrip()
