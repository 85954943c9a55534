"""The report of a run, and the report of a saved run."""

import re
from typing import Any

import pytest

from tests.cli.conftest import CommandLine
from tests.engines import store_folder


def test_a_run_alone_reports_nothing(command: CommandLine, fib: str) -> None:
    assert command("run", fib) == (0, "55\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--report", "{fib}"),
        ("{fib}", "--report"),
        ("{fib}", "--report", "table"),
        ("--report=table", "{fib}"),
        ("{fib}", "--report", "--set", "tracking.mode=off"),
    ],
    ids=" ".join,
)
def test_the_value_of_report_is_optional(
    command: CommandLine, fib: str, arguments: tuple[str, ...]
) -> None:
    status, out, err = command("run", *(each.format(fib=fib) for each in arguments))
    assert (status, out) == (0, "55\n")
    assert "fib.flc: wall time" in err
    assert "1 function was never called" in err


@pytest.mark.parametrize(
    "arguments",
    [("--track", "full"), ("--set", "tracking.mode=full")],
    ids=" ".join,
)
def test_a_report_of_a_timed_run_has_times(
    command: CommandLine, fib: str, arguments: tuple[str, ...]
) -> None:
    status, out, err = command("run", fib, "--report", *arguments)
    assert (status, out) == (0, "55\n")
    assert re.search(r"tier +total +self +avg +p50 +p90 +p99 +state", err)
    assert re.search(r"fib .* [\d.]+ [num]s .*", err)


REFUSAL = "is neither a format of --report nor an existing file"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--report", "jsn", "{fib}"), f"'jsn' {REFUSAL}; did you mean json?\n"),
        (("--report", "JSON", "{fib}"), f"'JSON' {REFUSAL}; did you mean json?\n"),
        (
            ("--report", "xml", "{fib}"),
            f"'xml' {REFUSAL}; the formats are table and json\n",
        ),
        (
            ("{fib}", "--report", "tabel"),
            f"'tabel' {REFUSAL}; did you mean table? "
            "An argument of the program goes after '--'.\n",
        ),
    ],
    ids=str,
)
def test_a_mistyped_format_is_neither_program_nor_argument(
    command: CommandLine, fib: str, arguments: tuple[str, ...], message: str
) -> None:
    status, out, err = command("run", *(each.format(fib=fib) for each in arguments))
    assert (status, out) == (2, "")
    assert err.endswith(f"\nError: {message}")


@pytest.mark.parametrize("name", ["jsn", "a.flc"])
def test_what_follows_a_bare_report_may_be_the_program(
    command: CommandLine, name: str
) -> None:
    command.write(name, "println(args().length())\n")
    assert command("run", "--report", name, "jsn").out == "1\n"
    assert command("run", name, "--report", "5", "6").out == "2\n"
    assert command("run", name, "--report", "--", "jsn").out == "1\n"


def test_after_two_hyphens_report_is_an_argument(command: CommandLine) -> None:
    name = command.write("a.flc", "println(args()[0])\n")
    assert command("run", name, "--", "--report") == (0, "--report\n", "")


def test_the_json_has_what_was_measured_and_null_for_the_rest(
    command: CommandLine, fib: str
) -> None:
    assert command("run", fib, "--report", "json", "--report-to", "r").err == ""
    report = command.report("r")
    row = report["functions"][0]
    assert report["version"] == 1
    assert row.pop("node_id") > 0
    assert row.pop("instructions") > 177
    assert row == {
        "name": "fib",
        "file": "fib.flc",
        "line": 1,
        "calls": 177,
        "native_calls": 0,
        "tail_iterations": 0,
        "back_edges": 0,
        "total_ns": None,
        "self_ns": None,
        "avg_ns": None,
        "p50_ns": None,
        "p90_ns": None,
        "p95_ns": None,
        "p99_ns": None,
        "max_ns": None,
        "avg_error_ns": None,
        "total_error_ns": None,
        "self_error_ns": None,
        "rate": None,
        "stacks": None,
        "timed": None,
        "timing": None,
        "errors": 0,
        "is_hot": False,
        "tier": 0,
        "state": "off",
        "detail": "",
        "compile_ms": None,
        "deoptimisations": [],
    }
    assert report["totals"]["never_called"] == 1
    assert report["totals"]["calls"] == 178


def test_a_path_alone_implies_the_report_in_the_format_of_its_name(
    command: CommandLine, fib: str
) -> None:
    assert command("run", fib, "--report-to", "r.json") == (0, "55\n", "")
    assert command.report("r.json")["program"] == "fib.flc"
    assert command("run", fib, "--report-to", "r.txt").err == ""
    assert command.read("r.txt").startswith("fib.flc: wall time")


def test_a_longer_report_before_it_leaves_nothing_behind(
    command: CommandLine, fib: str
) -> None:
    command.write("r.json", "x" * 100_000)
    assert command("run", fib, "--report-to", "r.json").status == 0
    assert command.report("r.json")["version"] == 1


def test_a_saved_report_is_shown_as_the_run_showed_it(
    command: CommandLine, fib: str
) -> None:
    command.use("emitted")
    settings = ("--set", "jit.call_threshold=10")
    command("run", fib, "--report-to", "r.json", *settings)
    status, out, err = command("report", "r.json")
    assert (status, err) == (0, "")
    assert "native" in out
    assert command("report", "r.json", "--format", "json").out == command.read("r.json")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 2}, "r is a report of version 2, this reads 1"),
        ({"version": "1"}, "Expected `int`, got `str` - at `$.version`"),
        ({"functions": None}, "Expected `array`, got `null` - at `$.functions`"),
        ({"functions": [{"name": "f"}]}, "missing required field `node_id`"),
        ({"totals": {"wall_ns": -1}}, "Expected `int` >= 0 - at `$.totals.wall_ns`"),
    ],
    ids=str,
)
def test_what_is_no_report_is_refused(
    command: CommandLine, fib: str, change: dict[str, Any], reason: str
) -> None:
    import json

    command("run", fib, "--report-to", "r.json")
    command.write("r", json.dumps(command.report("r.json") | change))
    status, out, err = command("report", "r")
    assert (status, out) == (1, "")
    assert err.startswith("error[FileError]: r is ")
    assert err.count("\n") == 1
    assert reason in err


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\0", b'"\xff"'])
def test_a_file_of_anything_else_is_refused(
    command: CommandLine, content: bytes
) -> None:
    name = command.write("r", content)
    status, out, err = command("report", name)
    assert (status, out) == (1, "")
    assert err.startswith("error[FileError]: r is no report of `run --report json`: ")


def test_a_report_that_is_missing(command: CommandLine) -> None:
    message = "error[FileError]: cannot read r: No such file or directory\n"
    assert command("report", "r") == (1, "", message)


def test_names_are_not_cut_where_columns_are_few(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "a_function_with_quite_a_long_name_that_must_not_be_cut"
    program = command.write("a.flc", f"private function {name}() {{ 1 }}\n{name}()\n")
    monkeypatch.setenv("COLUMNS", "30")
    err = command("run", program, "--report").err
    assert name in err
    assert "a.flc:1" in err


def test_the_exit_status_is_that_of_the_program(command: CommandLine) -> None:
    name = command.write("a.flc", "private function f() { exit(3) }\nf()\n")
    ended = command("run", name, "--report", "json")
    assert ended.status == 3
    assert '"ended": "exit 3"' in ended.err


def test_a_report_that_cannot_be_written_fails_a_run_that_went_well(
    command: CommandLine, fib: str
) -> None:
    message = "error: cannot write the report to /dev/full: No space left on device\n"
    assert command("run", fib, "--report-to", "/dev/full") == (1, "55\n", message)


@pytest.mark.native
def test_a_function_that_became_machine_code_is_at_tier_2(
    command: CommandLine, fib: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.use("auto")
    monkeypatch.setenv("FLUENTAI_JIT_STORE_ENABLED", "true")
    monkeypatch.setenv("FLUENTAI_JIT_STORE_PATH", store_folder())
    settings = ("--jit", "sync", "--set", "jit.call_threshold=10")
    assert command("run", fib, "--report-to", "r.json", *settings).out == "55\n"
    report = command.report("r.json")
    row = report["functions"][0]
    assert (row["name"], row["tier"], row["state"]) == ("fib", 2, "native")
    assert row["calls"] == 177
    assert row["native_calls"] > 150
    assert row["compile_ms"] > 0
    assert report["totals"]["kernel_tier"] == 1
