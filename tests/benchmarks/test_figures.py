"""Means, lines and tables."""

import pytest

from benchmarks.compare import ratios, report
from benchmarks.figures import geometric_mean, slope, spread, table
from benchmarks.peers import against, written
from benchmarks.startup import package_of

TIMES = {
    ("fib", "tier 1"): [0.2, 0.3, 0.1],
    ("fib", "luajit -joff"): [0.1, 0.1, 0.1],
    ("collatz", "tier 1"): [0.8],
    ("collatz", "luajit -joff"): [0.1],
}


def test_a_geometric_mean_is_that_of_ratios() -> None:
    assert geometric_mean([2.0, 0.5]) == pytest.approx(1.0)
    assert geometric_mean([2.0, 8.0]) == pytest.approx(4.0)


def test_the_slope_ignores_what_is_constant() -> None:
    assert slope([(1, 12.0), (2, 14.0), (4, 18.0)]) == pytest.approx(2.0)


def test_a_spread_has_the_median_first() -> None:
    assert spread([3.0, 1.0, 2.5], digits=1) == "2.5 (1.0 to 3.0)"


def test_columns_are_aligned() -> None:
    assert table(["name", "ms"], [["a", "1.0"], ["longer", "10.0"]]).splitlines() == [
        "name      ms",
        "------  ----",
        "a        1.0",
        "longer  10.0",
    ]


def test_ratios_are_those_of_medians_and_their_means() -> None:
    found = ratios(TIMES)["tier 1 / luajit -joff"]
    assert found["fib"] == pytest.approx(2.0)
    assert found["collatz"] == pytest.approx(8.0)
    assert found["all"] == pytest.approx(4.0)
    # Collatz is none of the programs that targets are stated for.
    assert found["targets"] == pytest.approx(2.0)


def test_times_are_set_against_one_engine() -> None:
    assert against(TIMES, "luajit -joff") == (
        ["times luajit -joff", "tier 1"],
        [["fib", "2.00"], ["collatz", "8.00"], ["geometric mean", "4.00"]],
    )


def test_a_page_without_a_place_for_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="there are no lines"):
        written("a page", "tables")


def test_what_was_not_measured_has_no_ratio() -> None:
    assert list(ratios(TIMES)) == ["tier 1 / luajit -joff"]
    assert "tier 2" not in report(TIMES)


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("fluentai_jit.jit.unit", "fluentai_jit.jit"),
        ("fluentai_jit", "fluentai_jit"),
        ("llvmlite.binding.ffi", "llvmlite"),
        ("json.decoder", "standard library"),
    ],
)
def test_imports_are_summed_by_package(module: str, package: str) -> None:
    assert package_of(module) == package
