"""The report as a table: everything in it, at every width."""

import io
import re

import pytest
from rich.console import Console

from fluentai_jit.report.profile import (
    DeoptimisationRow,
    FunctionRow,
    Profile,
    Totals,
)
from fluentai_jit.report.table import print_table, shown, table_text
from tests.report.test_rows import report

GOLDEN = """\
<string>: wall time 1.0 ms, 2 compiles in * ms, interpreter in tier 0, * instructions

function  where       calls  native  iterations  errors  tier  state   deoptimisations
down      <string>:2      1       0         200       0     2  native
<main>    <string>:1      1       0         100       0     0  cold
f         <string>:1    102      80           0       0     2  native  entry_guard 2

f left native code 2 times: entry_guard at ADD_INT in line 1 (R0 float)
cold: called and repeated less often than jit.call_threshold
1 function was never called
"""


def masked(text: str) -> str:
    """Without what changes from run to run, or with the bytecode compiler."""
    text = re.sub(r"in [\d.]+ ms", "in * ms", text)
    return re.sub(r"[\d,]+ instructions", "* instructions", text)


def test_the_report_of_a_small_program() -> None:
    program = """\
private function f(x) { x + 1 }
private function down(n) { if (n == 0) { 0 } else { down(n - 1) } }
private function never() { 1 }
let i = 0
while (i < 100) { f(i); i = i + 1 }
down(200)
f(0.5)
f(1.5)
"""
    settings = {"jit.call_threshold": 21, "jit.tail_iteration_weight": 1}
    profile = report(program, "emitted", **settings)
    assert masked(table_text(profile)) == GOLDEN


def function(**fields: object) -> FunctionRow:
    plain = {
        "node_id": 1,
        "name": "f",
        "file": "a/program.flc",
        "line": 3,
        "calls": 1_234_567,
        "native_calls": 0,
        "tail_iterations": 0,
        "back_edges": 0,
        "instructions": 1,
        "errors": 0,
        "is_hot": False,
        "tier": 1,
        "state": "cold",
        "detail": "",
    }
    return FunctionRow(**(plain | fields))  # type: ignore[arg-type]


def profile(*functions: FunctionRow, **totals: object) -> Profile:
    fields = {
        "wall_ns": 2_500_000_000,
        "kernel_tier": 1,
        "instructions": 10,
        "compiles": 1,
        "compile_ms": 1500.0,
        "functions": len(functions),
        "never_called": 0,
        "calls": 0,
        "native_calls": 0,
        "tail_iterations": 0,
        "back_edges": 0,
        "errors": 0,
        "deoptimisations": 0,
    }
    return Profile(
        program="a/program.flc",
        functions=functions,
        totals=Totals(**(fields | totals)),  # type: ignore[arg-type]
    )


def test_the_head_line_has_times_compiles_and_what_ended_the_program() -> None:
    head = table_text(profile(ended="TypeError", compiles=0)).splitlines()[0]
    assert head == (
        "a/program.flc: wall time 2.50 s, 0 compiles, interpreter in tier 1, "
        "10 instructions, ended by TypeError"
    )
    assert "1 compile in 1.50 s," in table_text(profile())


@pytest.mark.parametrize("width", [None, 200, 100, 80, 60, 20])
def test_no_width_cuts_a_name_or_a_number(width: int | None) -> None:
    deoptimisations = tuple(
        DeoptimisationRow(
            reason=reason, count=9_876, line=1, instruction="ADD", types=""
        )
        for reason in ("entry_guard", "guard")
    )
    row = function(
        name="a_rather_long_name_of_a_function",
        state="too_large",
        detail="2,345 instructions",
        deoptimisations=deoptimisations,
    )
    text = table_text(profile(row), width)
    words = ["a_rather_long_name_of_a_function", "program.flc:3", "1,234,567"]
    words += ["too_large", "2,345", "instructions)", "entry_guard", "9,876"]
    assert [word for word in words if word not in text] == []
    assert "…" not in text


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_terminal_of_ordinary_width_is_not_exceeded(width: int) -> None:
    row = function(name="mandelbrot", native_calls=1_234_567, back_edges=123_456_789)
    lines = table_text(profile(row, row), width).splitlines()
    assert max(map(len, lines)) <= width


TIMED = {
    "total_ns": 123_456_789,
    "self_ns": 12_345,
    "avg_ns": 999.6,
    "p50_ns": 10.15,
    "p90_ns": 12.0,
    "p99_ns": None,
    "timed": 1_234_567,
    "timing": "full",
}


def test_times_are_shown_where_they_were_measured() -> None:
    row = function(name="slow", **TIMED)
    text = table_text(profile(row, function(name="fast")))
    assert text.splitlines()[2:5] == [
        "function  where              calls  native  iterations  errors  tier   total"
        "     self     avg    p50    p90  p99  state  deoptimisations",
        "slow      program.flc:3  1,234,567       0           0       0     1  123 ms"
        "  12.3 us  1.0 us  10 ns  12 ns       cold",
        "fast      program.flc:3  1,234,567       0           0       0     1"
        "                                              cold",
    ]
    assert "total" not in table_text(profile(function()))


@pytest.mark.parametrize("width", [100, 120])
def test_times_fit_into_a_wide_terminal(width: int) -> None:
    row = function(name="mandelbrot", native_calls=1_234_567, **TIMED)
    text = table_text(profile(row), width)
    assert max(map(len, text.splitlines())) <= width
    for each in ("123 ms", "12.3 us", "1.0 us", "10 ns"):
        assert each in text


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0 ns"),
        (999.4, "999 ns"),
        (999.5, "1.0 us"),
        (99_940, "99.9 us"),
        (99_950, "100 us"),
        (999_499, "999 us"),
        (1e9, "1.0 s"),
        (1e13, "10,000 s"),
    ],
)
def test_a_duration_has_three_digits(nanoseconds: float, text: str) -> None:
    shown_text = table_text(profile(function(**(TIMED | {"avg_ns": nanoseconds}))))
    assert f" {text} " in shown_text


def test_names_are_neither_markup_nor_control() -> None:
    row = function(name="[red]f[/red]\x1b[2J", file="[b]/\x07.flc")
    text = table_text(profile(row))
    assert "[red]f[/red]\N{REPLACEMENT CHARACTER}[2J" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_only_a_file_elsewhere_is_shown_with_its_folder() -> None:
    text = table_text(profile(function(), function(file="b/module.flc")))
    assert " program.flc:3 " in text
    assert " b/module.flc:3 " in text


def test_many_places_of_deoptimisation_are_summed_up() -> None:
    places = tuple(
        DeoptimisationRow(
            reason="guard",
            count=20 - line,
            line=line,
            instruction="ADD",
            types="R0 int",
        )
        for line in range(1, 13)
    )
    text = table_text(profile(function(deoptimisations=places)))
    assert "f left native code 19 times: guard at ADD in line 1 (R0 int)\n" in text
    assert "in line 11" not in text
    assert "2 more places of deoptimisation\n" in text


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    native = profile(function(tier=2, state="native"))
    assert "\x1b[32mnative" in shown(native, Terminal())
    assert "\x1b" not in shown(native, io.StringIO())


def test_columns_are_respected_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = function(state="too_large", detail="many instructions, far too many of them")
    monkeypatch.setenv("COLUMNS", "90")
    assert shown(profile(row), io.StringIO()) == table_text(profile(row), 90)
    monkeypatch.setenv("COLUMNS", "wide")
    assert shown(profile(row), io.StringIO()) == table_text(profile(row))


def test_a_console_of_rich_can_take_the_table() -> None:
    console = Console(record=True, file=io.StringIO(), width=100)
    print_table(profile(function()), console)
    assert "program.flc" in console.export_svg(title="report")
