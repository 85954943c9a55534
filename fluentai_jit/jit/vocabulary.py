"""The constants that emitted units name."""

from __future__ import annotations

from ..core import layout, statuses, tags


def constants() -> dict[str, int]:
    """Tags, statuses and layout offsets by name; layout wins where two agree."""
    result: dict[str, int] = {}
    for module in (statuses, tags, layout):
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, int):
                result[name] = value
    return result
