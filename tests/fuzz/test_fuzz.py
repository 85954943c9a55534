"""A small campaign on every run; larger ones are started by hand."""

import struct
from dataclasses import replace

import pytest

from fluentai_jit.core import unwinding
from fluentai_jit.core.arithmetic import op_add
from fluentai_jit.core.heap import item_at, kind_of, variant_of
from fluentai_jit.core.layout import (
    FINALLY_BLOCK,
    KIND_LIST,
    LIST_DATA,
    VERSION_DIFFERENCE,
    VERSION_NEXT,
    VIEW_START,
    VIEW_VERSION,
)
from fluentai_jit.memory import lists
from tests.engines import program_of
from tests.fuzz import operations
from tests.fuzz.campaign import Campaign
from tests.fuzz.differential import compiled, difference, outcome_of
from tests.fuzz.generator import Case, case_of
from tests.fuzz.planted import PACKAGE, PLANTS, ROOT, Plant, mutated, search
from tests.fuzz.shrink import shrunk
from tests.fuzz.tried import tries_disagreement
from tests.fuzz.value_steps import values_disagreement

# Found within so many programs, whose time a test run can spare.
QUICKLY_FOUND = (
    "quotient rounds down",
    "a counting loop takes one turn more",
    "a call does not need its first argument",
    "setting an item changes older versions",
    "globals are no roots",
)


def campaign(
    engines: tuple[str, ...], first: int, count: int, stress: bool = False
) -> Campaign:
    found = Campaign(engines, shrink_seconds=20.0, stress=stress)
    found.run(first, count)
    return found


def test_plain_emitted_and_churn_agree() -> None:
    found = campaign(("plain", "emitted", "churn"), 0, 80)
    assert not found.failures, "\n\n".join(found.failures)
    assert found.programs > 75


def test_plain_and_compiled_agree() -> None:
    found = campaign(("plain", "compiled"), 1000, 150)
    assert not found.failures, "\n\n".join(found.failures)


@pytest.mark.native
def test_plain_and_native_agree() -> None:
    found = campaign(("plain", "native"), 2000, 8)
    assert not found.failures, "\n\n".join(found.failures)


def test_collecting_all_the_time_changes_nothing() -> None:
    found = campaign(("plain", "compiled", "emitted"), 3000, 80, stress=True)
    assert not found.failures, "\n\n".join(found.failures)


def test_strings_and_lists_follow_the_rules() -> None:
    wrong = [values_disagreement(seed) for seed in range(200)]
    assert not any(wrong), next(filter(None, wrong))


def test_the_rules_tell_an_older_version_that_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As if a slice of an older version showed the newest one.
    monkeypatch.setattr(lists, "update", lambda ctx, version: 1)
    monkeypatch.setattr(lists, "item_at", _newest_item)
    with pytest.raises((AssertionError, KeyError, struct.error)):
        assert not any(values_disagreement(seed) for seed in range(100))


def _newest_item(heap: memoryview, items: int, index: int) -> int:
    if kind_of(heap, items) == KIND_LIST:
        return item_at(heap, items, index)
    version = heap[items + VIEW_VERSION]
    while variant_of(heap, version) == VERSION_DIFFERENCE:
        version = heap[version + VERSION_NEXT]
    start = heap[items + VIEW_START] + index
    return int(heap[version + VERSION_NEXT] + LIST_DATA + 2 * start)


def test_throw_try_and_finally_follow_the_rules() -> None:
    wrong = [tries_disagreement(seed) for seed in range(150)]
    assert not any(wrong), next(filter(None, wrong))


def test_the_rules_tell_a_wrong_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    # As if every error were caught where it is caught for `exit`.
    monkeypatch.setattr(unwinding, "CATCH_ALL", FINALLY_BLOCK)
    assert any(tries_disagreement(seed) for seed in range(50))


def test_operations_follow_the_rules() -> None:
    wrong = [operations.disagreement(seed) for seed in range(3000)]
    assert not any(wrong), next(filter(None, wrong))


def test_the_rules_tell_a_wrong_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    from fluentai_jit.core import arithmetic

    def off_by_one(ta: int, a: int, tb: int, b: int) -> tuple[int, int, int]:
        tag, payload, status = op_add(ta, a, tb, b)
        return tag, payload ^ 1, status

    monkeypatch.setattr(arithmetic, "op_add", off_by_one)
    assert any(operations.disagreement(seed) for seed in range(50))


def test_equal_seeds_give_equal_programs() -> None:
    assert case_of(7) == case_of(7)
    assert case_of(7).text != case_of(8).text


def test_most_programs_end_by_themselves() -> None:
    results = []
    for seed in range(60):
        case = case_of(seed)
        program = compiled(case)
        assert program is not None
        outcome = outcome_of(case, program, "plain")
        assert not isinstance(outcome, str), outcome
        results.append(outcome.results[0])
    assert sum(not result.startswith("error[") for result in results) > 30


def test_shrinking_keeps_what_fails() -> None:
    case = case_of(3)
    text = case.text + "println(nil + 1);\n"
    small = shrunk(
        replace(case, text=text),
        lambda attempt: "nil + 1" in attempt.text and compiled(attempt) is not None,
        seconds=30.0,
    )
    assert len(small.text.splitlines()) == 1
    assert small.calls == ()


def test_a_difference_names_what_differs() -> None:
    case = Case(0, "1 +\n", config={"limits.instructions": 100})
    assert compiled(case) is None
    case = replace(case, text="println(1);\n")
    assert difference(case, program_of(case.text), ("plain", "emitted")) is None


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_every_planted_bug_has_its_place(plant: Plant) -> None:
    name, file, old, new = plant
    source = (ROOT / PACKAGE / file).read_text(encoding="utf-8")
    assert source.count(old) >= 1, name
    assert old != new
    compile(mutated(source, plant), file, "exec")


def test_a_copy_without_a_bug_passes() -> None:
    assert search(None, 20).programs is None


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICKLY_FOUND)
def test_a_planted_bug_is_found(name: str) -> None:
    plant = next(each for each in PLANTS if each.name == name)
    assert search(plant, 150).programs is not None
