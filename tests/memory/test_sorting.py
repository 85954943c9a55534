"""Sorting against Python's, which is stable, too."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from fluentai_jit.engine.vm import VM
from tests.engines import make_vm, program_of

NUMBERS = st.one_of(st.integers(-9, 9), st.floats(-9, 9).map(lambda x: round(x, 1)))
PROGRAM = """
function natural(xs) { sort(xs) }
function compared(xs) { sort(xs, (a, b) => a[0] - b[0]) }
function by_key(xs) { sort_by(xs, x => x[0]) }
function keyed_texts(xs) { sort_by(xs, x => x) }
"""
_vms: dict[str, VM] = {}


def vm_of(engine: str) -> VM:
    if engine not in _vms:
        _vms[engine] = make_vm(program_of(PROGRAM), engine)
        _vms[engine].run()
    return _vms[engine]


@settings(deadline=None, max_examples=100)
@given(xs=st.lists(NUMBERS, max_size=40), engine=st.sampled_from(["plain", "compiled"]))
def test_numbers(xs: list[float], engine: str) -> None:
    found = vm_of(engine).call("natural", xs)
    assert isinstance(found, list)
    assert [*map(repr, found)] == [*map(repr, sorted(xs))]


@settings(deadline=None, max_examples=50)
@given(xs=st.lists(st.text(max_size=4), max_size=20))
def test_texts(xs: list[str]) -> None:
    assert vm_of("compiled").call("keyed_texts", xs) == sorted(xs)


@settings(deadline=None, max_examples=50)
@given(keys=st.lists(st.integers(0, 4), max_size=40))
def test_equal_items_stay_in_their_order(keys: list[int]) -> None:
    pairs = [[key, index] for index, key in enumerate(keys)]
    for name in ("compared", "by_key"):
        assert vm_of("compiled").call(name, pairs) == sorted(pairs)


def test_sorting_is_n_log_n() -> None:
    def fuel(count: int) -> int:
        vm = vm_of("compiled")
        before = vm.driver.fuel_used
        vm.call("compared", [[-index * 7919 % 1009] for index in range(count)])
        return vm.driver.fuel_used - before

    small, large = fuel(256), fuel(4096)
    assert large / small < 1.2 * 16 * math.log2(4096) / math.log2(256)


def test_nan_is_somewhere_and_the_rest_is_kept() -> None:
    found = vm_of("compiled").call("natural", [2.0, math.nan, 1.0])
    assert isinstance(found, list)
    assert len(found) == 3
    assert {1.0, 2.0} < {*found}
