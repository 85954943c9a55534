"""What a report says of a run is what happened in it."""

import pytest

from fluentai_jit import VM, FluentError, compile
from fluentai_jit.report.profile import FunctionRow, Profile, decode, encode
from fluentai_jit.report.rows import profile_of

MIXED = """\
private function add(a, b) { a + b }
private function sum(n) {
    let total = 0
    let i = 0
    while (i < n) { total = add(total, i); i = i + 1 }
    total
}
private function down(n) { if (n == 0) { 0 } else { down(n - 1) } }
private function even(n) { if (n == 0) { true } else { odd(n - 1) } }
private function odd(n) { if (n == 0) { false } else { even(n - 1) } }
private function fails(n) { 1 / n }
private function never() { 1 }
let k = 0
while (k < 50) { sum(k); k = k + 1 }
down(500)
even(101)
add(0.5, 1)
fails(2)
fails(0)
"""
SETTINGS = {"jit.call_threshold": 20, "tracking.mode": "counts"}
ENGINES = ("plain", "emitted")


def report(program: str, engine: str, **settings: object) -> Profile:
    """The report of a run to its end or error."""
    with VM(compile(program), SETTINGS | settings, engine=engine) as vm:
        ended = None
        try:
            vm.run()
        except FluentError as error:
            ended = error.kind
        return profile_of(vm, 1_000_000, ended)


def row(profile: Profile, name: str) -> FunctionRow:
    return next(each for each in profile.functions if each.name == name)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_charges_of_all_functions_are_the_fuel_used(engine: str) -> None:
    profile = report(MIXED, engine)
    charged = sum(each.instructions for each in profile.functions)
    assert charged == profile.totals.instructions > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_counts_do_not_depend_on_the_engine(engine: str) -> None:
    profile = report(MIXED, engine)
    counts = {
        each.name: (each.calls, each.tail_iterations, each.back_edges, each.errors)
        for each in profile.functions
    }
    assert counts == {
        "<main>": (1, 0, 50, 1),
        "add": (1226, 0, 0, 0),
        "sum": (50, 0, 1225, 0),
        "down": (1, 500, 0, 0),
        "even": (51, 0, 0, 0),
        "odd": (51, 0, 0, 0),
        "fails": (2, 0, 0, 1),
    }
    assert profile.totals.never_called == 1
    assert profile.totals.calls == sum(calls for calls, *_rest in counts.values())
    assert profile.totals.ended == "DivisionByZero"


TIMES = (
    *("total_ns", "self_ns", "avg_ns", "p50_ns", "p90_ns", "p99_ns", "max_ns"),
    *("timed", "timing"),
)


@pytest.mark.parametrize("engine", ENGINES)
def test_times_stand_where_they_were_measured(engine: str) -> None:
    profile = report(MIXED, engine, **{"tracking.mode": "full"})
    for each in profile.functions:
        assert each.timing == "full"
        assert each.timed == each.calls
        assert None not in [getattr(each, field) for field in TIMES]
    assert decode(encode(profile).encode(), "r") == profile
    main = row(profile, "<main>")
    assert main.total_ns == main.avg_ns
    assert sum(each.self_ns or 0 for each in profile.functions) == main.total_ns


def test_what_was_not_measured_is_null() -> None:
    for each in report(MIXED, "plain").functions:
        assert {getattr(each, field) for field in TIMES} == {None}


def test_the_hottest_function_comes_first() -> None:
    charges = [each.instructions for each in report(MIXED, "plain").functions]
    assert charges == sorted(charges, reverse=True)
    assert report(MIXED, "plain").functions[0].name in ("sum", "add")


def test_each_state_on_the_way_to_native_code_is_told() -> None:
    profile = report(MIXED, "emitted")
    states = {each.name: (each.tier, each.state) for each in profile.functions}
    assert states["add"] == (2, "native")
    assert states["fails"] == (0, "cold")
    assert states["even"][0] == states["odd"][0] == 2
    assert states["sum"][1] in ("native", "native loop")
    assert row(profile, "add").compile_ms is not None
    assert row(profile, "fails").compile_ms is None


def test_a_function_that_only_its_caller_includes_is_native_inside_it() -> None:
    text = "private function one() { 1 }\nprivate function f(n) { n + one() }\n"
    text += "for i in 0..30 { f(i) }\n"
    profile = report(text, "emitted", **{"jit.call_threshold": 25})
    inside = row(profile, "one")
    assert (inside.tier, inside.state, inside.detail) == (2, "native inside", "f")
    assert inside.native_calls > 0


def test_a_refusal_and_its_reason_are_told() -> None:
    profile = report(MIXED, "emitted", **{"jit.limit": 0})
    refused = row(profile, "add")
    assert (refused.tier, refused.state) == (0, "limit")
    assert profile.totals.compiles == 0


def test_the_refusal_of_a_loop_names_the_loop() -> None:
    text = "private function show(n) {\n  for i in 0..n {\n    print(i)\n  }\n}\n"
    text += "show(300)\nprivate function f(n) { print(n) }\nfor i in 0..300 { f(i) }\n"
    profile = report(text, "emitted", **{"jit.limit": 0})
    found = {each.name: (each.state, each.detail) for each in profile.functions}
    assert found["show"] == ("limit", "loop of line 2")
    assert found["f"] == ("limit", "")


def test_deoptimisations_have_reason_place_and_types() -> None:
    text = (
        "private function f(x) {\n  x + 1\n}\nfor i in 0..30 { f(i) }\nf(0.5)\nf(1.5)\n"
    )
    profile = report(text, "emitted")
    (place,) = row(profile, "f").deoptimisations
    assert (place.reason, place.count, place.line) == ("entry_guard", 2, 2)
    assert (place.instruction, place.types) == ("ADD_INT", "R0 float")
    assert place.loop_line is None
    assert profile.totals.deoptimisations == 2


def test_without_a_jit_the_state_is_off() -> None:
    assert {each.state for each in report(MIXED, "plain").functions} == {"off"}


def test_a_vm_that_does_not_track_has_no_report() -> None:
    with VM(compile("1"), engine="plain") as vm:
        vm.run()
        with pytest.raises(ValueError, match="needs usage tracking"):
            profile_of(vm, 0)


def test_functions_counted_as_one_node_are_one_row() -> None:
    text = "private function f() { 1 }\nprivate function g() { 2 }\nf()\ng()\ng()\n"
    with VM(compile(text), SETTINGS, engine="plain") as vm:
        first, second = vm.program.image.chunks[1:3]
        vm.register_chunk_mapping(second.index, first.node_id)
        vm.run()
        profile = profile_of(vm, 0)
    assert {each.name for each in profile.functions} == {"<main>", "f"}
    assert row(profile, "f").calls == 3


def test_a_report_survives_its_json() -> None:
    profile = report(MIXED, "emitted")
    assert profile.functions[0].file == "<string>"
    assert decode(encode(profile).encode(), "report.json") == profile
