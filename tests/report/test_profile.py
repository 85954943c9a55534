"""A saved report is read back, and refused where no run can have made it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from fluentai_jit import VM, FluentError, compile
from fluentai_jit.report.profile import decode, encode
from fluentai_jit.report.rows import profile_of

PROGRAM = """\
private function add(a, b) { a + b }
private function never() { 1 }
add(1, 2)
add(3, 4)
"""
EXIT = {"reason": "overflow", "count": 1, "line": 1, "instruction": "ADD", "types": ""}


def saved() -> dict[str, Any]:
    """A report as it is in its file; `add` is its second function."""
    with VM(compile(PROGRAM), {"tracking.mode": "counts"}, engine="plain") as vm:
        vm.run()
        content: dict[str, Any] = json.loads(encode(profile_of(vm, 1)))
    content["functions"].sort(key=lambda row: row["name"])
    return content


def refusal_of(data: bytes) -> str:
    with pytest.raises(FluentError) as caught:
        decode(data, "r")
    assert caught.value.kind == "FileError"
    begin = "r is no report of `run --report json`: "
    assert caught.value.message.startswith(begin)
    return caught.value.message.removeprefix(begin)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("calls", -1, "Expected `int` >= 0"),
        ("calls", "2", "Expected `int`, got `str`"),
        ("calls", True, "Expected `int`, got `bool`"),
        ("calls", 1.5, "Expected `int`, got `float`"),
        ("calls", 1 << 63, "Expected `int` <= 9223372036854775807"),
        ("line", 0, "Expected `int` >= 1"),
        ("tier", 7, "Expected `int` <= 2"),
        ("avg_ns", -0.5, "Expected `float` >= 0.0"),
        ("compile_ms", -1, "Expected `float` >= 0.0"),
    ],
)
def test_an_impossible_value_is_named_with_its_function(
    field: str, value: object, reason: str
) -> None:
    content = saved()
    content["functions"][1][field] = value
    message = f"{reason} - at `$.functions[1].{field}`, in function add"
    assert refusal_of(json.dumps(content).encode()) == message


Change = Callable[[dict[str, Any], dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda add, _totals: add.update(native_calls=3),
            "native_calls is 3, and calls only 2, in function add",
        ),
        (
            lambda add, _totals: add.update(timed=3),
            "timed is 3, and calls only 2, in function add",
        ),
        (
            lambda add, _totals: add.update(state="fast"),
            "there is no state 'fast', in function add",
        ),
        (
            lambda add, _totals: add.pop("tier"),
            "Object missing required field `tier` - at `$.functions[1]`, "
            "in function add",
        ),
        (
            lambda _add, totals: totals.update(calls=7),
            "totals.calls is 7, and the functions make 3",
        ),
        (
            lambda _add, totals: totals.update(never_called=4),
            "totals.functions is 3, and the functions make 6",
        ),
        (
            lambda add, _totals: add.update(deoptimisations=[EXIT]),
            "totals.deoptimisations is 0, and the functions make 1",
        ),
        (
            lambda _add, totals: totals.update(kernel_tier=2),
            "Expected `int` <= 1 - at `$.totals.kernel_tier`",
        ),
    ],
)
def test_values_that_contradict_each_other_are_named(
    change: Change, message: str
) -> None:
    content = saved()
    before = copy.deepcopy(content)
    change(content["functions"][1], content["totals"])
    assert content != before
    assert refusal_of(json.dumps(content).encode()) == message


@pytest.mark.parametrize(
    "functions",
    [
        '[{"name": "f", "node_id": -1}], "functions": []',
        '[{"node_id": -1}] \xff',
        "[7]",
    ],
)
def test_what_is_wrong_in_more_than_one_way_is_refused(functions: str) -> None:
    data = f'{{"version": 1, "program": "a", "functions": {functions}}}'
    assert "in function" not in refusal_of(data.encode("latin-1"))


def test_deep_nesting_is_refused() -> None:
    data = b'{"version": 1, "functions": ' + b"[" * 100_000
    assert refusal_of(data) == "it is nested too deeply"
