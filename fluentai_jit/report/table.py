"""The report as a table: on a terminal as wide as that, elsewhere as wide as it is."""

from __future__ import annotations

import io
import os
from collections import Counter
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from ..jit.refusals import REFUSALS
from .profile import FunctionRow, Profile, Totals
from .states import NATIVE_TIER, STATES

# Without a terminal nothing says how wide a line may be.
_UNLIMITED = 1_000_000


def write_table(profile: Profile, stream: TextIO) -> None:
    """Print the report; colours only where `stream` is a terminal."""
    if stream.isatty():
        Console(file=stream, highlight=False).print(rendered(profile))
    else:
        stream.write(table_text(profile, _columns()))


def table_text(profile: Profile, width: int | None = None) -> str:
    """The report as plain text; lines are as long as they must be, or fold."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width or _UNLIMITED, highlight=False, color_system=None
    )
    console.print(rendered(profile))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def _columns() -> int | None:
    """What COLUMNS says, as rich reads it for a terminal."""
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isascii() and columns.isdigit() else None


def rendered(profile: Profile) -> Group:
    """The report for a console of rich."""
    parts: list[Text | Table] = [_head(profile.program, profile.totals)]
    parts.append(_table(profile.functions))
    parts += _legend(profile.functions)
    never = profile.totals.never_called
    if never:
        verb = "function was" if never == 1 else "functions were"
        parts.append(_text(f"{never:,} {verb} never called", "dim"))
    return Group(*parts)


def _text(text: str, style: str = "") -> Text:
    """A cell; names come from a program, so nothing in them is markup or control."""
    if not text.replace("\n", "").isprintable():
        text = "".join(
            each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}"
            for each in text
        )
    return Text(text, style, overflow="fold")


def _head(program: str, totals: Totals) -> Text:
    compiles = "1 compile" if totals.compiles == 1 else f"{totals.compiles:,} compiles"
    if totals.compiles:
        compiles += f" in {_milliseconds(totals.compile_ms)}"
    facts = [
        f"{program}:",
        f"wall time {_milliseconds(totals.wall_ns / 1e6)},",
        f"{compiles},",
        f"interpreter in tier {totals.kernel_tier},",
        f"{totals.instructions:,} instructions",
    ]
    head = _text(" ".join(facts), "bold")
    if totals.ended is not None:
        head.append_text(_text(f", ended by {totals.ended}", "bold red"))
    return head


def _milliseconds(value: float) -> str:
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.1f} ms"


_NUMBERS = ("calls", "native", "iterations", "errors", "tier")


def _table(rows: tuple[FunctionRow, ...]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("function", overflow="fold")
    table.add_column("where", overflow="fold")
    for name in _NUMBERS:
        table.add_column(name, justify="right", no_wrap=True, overflow="fold")
    table.add_column("state", overflow="fold")
    table.add_column("deoptimisations", overflow="fold")
    for row in rows:
        table.add_row(*_cells(row))
    return table


def _cells(row: FunctionRow) -> list[Text]:
    native = row.tier == NATIVE_TIER
    refused = row.state in REFUSALS
    reasons: Counter[str] = Counter()
    for each in row.deoptimisations:
        reasons[each.reason] += each.count
    state = f"{row.state} ({row.detail})" if row.detail else row.state
    return [
        _text(row.name, "bold" if row.is_hot else ""),
        _text(f"{row.file}:{row.line}", "dim"),
        _text(f"{row.calls:,}"),
        _text(f"{row.native_calls:,}"),
        _text(f"{row.tail_iterations + row.back_edges:,}"),
        _text(f"{row.errors:,}", "red" if row.errors else ""),
        _text(str(row.tier), "green" if native else ""),
        _text(state, "green" if native else "yellow" if refused else ""),
        _text("\n".join(f"{name} {n:,}" for name, n in reasons.most_common())),
    ]


def _legend(rows: tuple[FunctionRow, ...]) -> list[Text]:
    """What the states mean that keep functions of the table from native code."""
    words = dict.fromkeys(row.state for row in rows if row.tier != NATIVE_TIER)
    meanings = STATES | REFUSALS
    return [_text(f"{word}: {meanings.get(word, '')}", "dim") for word in words]
