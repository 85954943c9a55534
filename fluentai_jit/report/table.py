"""The report as a table: as wide as a terminal, elsewhere as wide as it needs to be."""

from __future__ import annotations

import io
import os
from collections import Counter
from typing import TextIO

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from ..jit.refusals import REFUSALS
from .profile import FunctionRow, Profile, Totals
from .states import NATIVE_TIER, STATES

# Without a terminal nothing says how wide a line may be.
_UNLIMITED = 1_000_000
# Places of deoptimisation shown below the table; the JSON has all.
_PLACES = 10
_NUMBERS = ("calls", "native", "iterations", "errors", "tier")
# Only of a run that was timed; each a column, or where there is no room a group is.
_TIMES = (("total", "self"), ("avg",), ("p50", "p90", "p99"))


def shown(profile: Profile, stream: TextIO) -> str:
    """The report as it is to be written to a stream: coloured for a terminal."""
    if not stream.isatty():
        return table_text(profile, _columns())
    console = Console(file=stream, highlight=False)
    with console.capture() as capture:
        print_table(profile, console)
    return capture.get()


def table_text(profile: Profile, width: int | None = None) -> str:
    """The report as plain text; `width` in columns, None for what it takes."""
    console = Console(
        file=io.StringIO(),
        width=width or _UNLIMITED,
        highlight=False,
        color_system=None,
    )
    with console.capture() as capture:
        print_table(profile, console)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def print_table(profile: Profile, console: Console) -> None:
    """Print the report on a console of rich."""
    table = _table(profile, narrow=False)
    if _needed(console, table) > console.width:
        table = _table(profile, narrow=True)
    # A terminal too narrow even so breaks the lines; rich would cut names short.
    console.width = max(console.width, _needed(console, table))
    head = _head(profile.program, profile.totals)
    below = [_text(line, "dim") for line in _costs(profile.totals)]
    console.print(Group(head, *below, Text(), table, *_notes(profile)))


def _columns() -> int | None:
    """What COLUMNS says, as rich reads it for a terminal."""
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isascii() and columns.isdigit() else None


def _needed(console: Console, table: Table) -> int:
    options = console.options.update(width=_UNLIMITED)
    return console.measure(table, options=options).minimum


def _text(text: str, style: str = "") -> Text:
    """A text in which nothing is markup or control: names come from programs."""
    if not text.replace("\n", "").isprintable():
        text = "".join(
            each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}"
            for each in text
        )
    return Text(text, style)


# ---- head line ----------------------------------------------------------------
def _head(program: str, totals: Totals) -> Text:
    compiles = "1 compile" if totals.compiles == 1 else f"{totals.compiles:,} compiles"
    if totals.compiles:
        compiles += f" in {_duration(totals.compile_ms)}"
    head = _text(
        f"{program}: wall time {_duration(totals.wall_ns / 1e6)}, {compiles}, "
        f"interpreter in tier {totals.kernel_tier}, "
        f"{totals.instructions:,} instructions",
        "bold",
    )
    if totals.ended is not None:
        head.append_text(_text(f", ended by {totals.ended}", "bold red"))
    return head


def _costs(totals: Totals) -> list[str]:
    """Where the time went beside the functions, as far as it was measured."""
    parts = []
    if totals.program_ns is not None:
        parts.append(f"program time {_duration(totals.program_ns / 1e6)}")
    if totals.native_share is not None:
        parts.append(f"{_percent(totals.native_share)} of it native")
    if totals.saved_ns is not None and totals.compiles:
        verb = "saved" if totals.saved_ns >= 0 else "lost"
        saved = _duration(abs(totals.saved_ns) / 1e6)
        parts.append(f"compiling {verb} about {saved}")
    lines = [", ".join(parts)] if parts else []
    if totals.collections:
        number = totals.collections
        word = "1 collection" if number == 1 else f"{number:,} collections"
        lines.append(
            f"{word} in {_duration(totals.collection_ns / 1e6)}, the longest "
            f"{_duration(totals.longest_pause_ns / 1e6)}"
            + (
                ""
                if totals.survival is None
                else f", {_percent(totals.survival)} alive"
            )
        )
    return lines


def _percent(share: float) -> str:
    return f"{100 * share:.{0 if share >= 0.0995 else 1}f} %"


def _duration(milliseconds: float) -> str:
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.2f} s"
    return f"{milliseconds:.1f} ms"


# ---- the table ------------------------------------------------------------------
def _table(profile: Profile, narrow: bool) -> Table:
    """One line a function; if `narrow`, two columns hold what else has its own."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("function", no_wrap=True)
    if not narrow:
        table.add_column("where", no_wrap=True)
    timed = any(row.timed is not None for row in profile.functions)
    for heading in (*_NUMBERS, *(_stacked(_TIMES, narrow) if timed else ())):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("state")
    if not narrow:
        table.add_column("deoptimisations", no_wrap=True)
    folder = os.path.dirname(profile.program)
    for row in profile.functions:
        name = _text(row.name, "bold" if row.is_hot else "")
        where = _text(f"{_shown_path(row.file, folder)}:{row.line}", "dim")
        numbers, state, reasons = _numbers(row), _state(row), _reasons(row)
        if timed:
            numbers += [_text(each) for each in _stacked(_durations(row), narrow)]
        if not narrow:
            table.add_row(name, where, *numbers, state, reasons)
            continue
        lines = Text("\n").join([state, *([reasons] if reasons else [])])
        table.add_row(Text("\n").join([name, where]), *numbers, lines)
    return table


def _shown_path(file: str, folder: str) -> str:
    """A file by its name alone where it lies in the program's own folder."""
    return os.path.basename(file) if os.path.dirname(file) == folder else file


def _numbers(row: FunctionRow) -> list[Text]:
    return [
        _text(f"{row.calls:,}"),
        _text(f"{row.native_calls:,}"),
        _text(f"{row.tail_iterations + row.back_edges:,}"),
        _text(f"{row.errors:,}", "red" if row.errors else ""),
        _text(str(row.tier), "green" if row.tier == NATIVE_TIER else ""),
    ]


def _durations(row: FunctionRow) -> tuple[tuple[str, ...], ...]:
    """What stands below _TIMES."""
    total = _estimate(row.total_ns, row.total_error_ns)
    own = _estimate(row.self_ns, row.self_error_ns)
    quantiles = (row.p50_ns, row.p90_ns, row.p99_ns)
    return (
        (total, own),
        (_estimate(row.avg_ns, row.avg_error_ns),),
        tuple("" if each is None else _short(each) for each in quantiles),
    )


def _estimate(value: float | None, error: float | None) -> str:
    """A duration, and in percent how far off it may well be."""
    if value is None:
        return ""
    text = _short(value)
    if not error or not value:
        return text
    return f"{text} \N{PLUS-MINUS SIGN}{max(1, round(100 * error / value))} %"


def _stacked(groups: tuple[tuple[str, ...], ...], narrow: bool) -> list[str]:
    """The cells of groups: each its own, or those of a group above each other."""
    if narrow:
        return ["\n".join(group) for group in groups]
    return [cell for group in groups for cell in group]


def _short(nanoseconds: float) -> str:
    """A duration in the unit in which it has at most three digits before the dot."""
    value, unit = nanoseconds, "ns"
    for larger in ("us", "ms", "s"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    digits = 0 if unit == "ns" or value >= 99.95 else 1
    return f"{value:,.{digits}f} {unit}"


def _state(row: FunctionRow) -> Text:
    style = "yellow" if row.state in REFUSALS else ""
    if row.tier == NATIVE_TIER:
        style = "green"
    return _text(f"{row.state} ({row.detail})" if row.detail else row.state, style)


def _reasons(row: FunctionRow) -> Text:
    reasons: Counter[str] = Counter()
    for each in row.deoptimisations:
        reasons[each.reason] += each.count
    return _text("\n".join(f"{name} {n:,}" for name, n in reasons.most_common()))


# ---- below the table --------------------------------------------------------------
def _notes(profile: Profile) -> list[Text]:
    notes = [*_places(profile), *_legend(profile.functions)]
    if any(row.timing == "sampled" for row in profile.functions):
        notes.append(_text(_sampled(profile), "dim"))
    never = profile.totals.never_called
    if never:
        verb = "function was" if never == 1 else "functions were"
        notes.append(_text(f"{never:,} {verb} never called", "dim"))
    return [Text(), *notes] if notes else []


def _sampled(profile: Profile) -> str:
    rows = [row for row in profile.functions if row.timed is not None]
    timed = sum(row.timed or 0 for row in rows)
    share = timed / max(1, sum(row.calls for row in rows))
    stacks = profile.totals.stacks or 0
    return (
        f"times are sampled: total and self from {stacks:,} stacks, "
        f"the others from {timed:,} executions ({100 * share:.3g} %); "
        "\N{PLUS-MINUS SIGN} is one standard error, and a blank was not measured"
    )


def _places(profile: Profile) -> list[Text]:
    """The most frequent deoptimisations: where, why and with which types."""
    places = [(row, each) for row in profile.functions for each in row.deoptimisations]
    places.sort(key=lambda place: -place[1].count)
    lines = []
    for row, each in places[:_PLACES]:
        times = "once" if each.count == 1 else f"{each.count:,} times"
        loop = (
            "" if each.loop_line is None else f" from its loop in line {each.loop_line}"
        )
        lines.append(
            f"{row.name} left native code{loop} {times}: {each.reason} at "
            f"{each.instruction} in line {each.line} ({each.types or 'no registers'})"
        )
    if len(places) > _PLACES:
        lines.append(f"{len(places) - _PLACES:,} more places of deoptimisation")
    return [_text(line) for line in lines]


def _legend(rows: tuple[FunctionRow, ...]) -> list[Text]:
    """What the states mean that keep functions of the table from native code."""
    words = dict.fromkeys(row.state for row in rows if row.tier != NATIVE_TIER)
    meanings = STATES | REFUSALS
    return [_text(f"{word}: {meanings.get(word, '')}", "dim") for word in words]
