"""The table itself, and what `--set` makes of any text."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fluentai_jit.config import Config, load_config, spelled
from fluentai_jit.errors import FluentError
from fluentai_jit.settings import GROUPS, SETTINGS, Choice, Number, Setting, Value
from tests.config.conftest import refusal

ROWS = list(SETTINGS.values())
NUMBERS = [row for row in ROWS if isinstance(row, Number)]
CHOICES = [row for row in ROWS if isinstance(row, Choice)]
BY_NAME = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
any_row = st.sampled_from(ROWS)


def flagged(setting: str) -> Config:
    # A folder without files keeps what this machine is configured with away.
    return load_config(settings=[setting], environ={}, cwd="/proc")


@BY_NAME
def test_a_row_is_complete(row: Setting) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", row.name)
    assert row.name.split(".")[0] in GROUPS
    assert row.check(row.default) == row.default
    assert not row.description.endswith(".")


def test_names_and_variables_are_distinct() -> None:
    variables = {row.environment_name for row in ROWS}
    assert len(variables) == len(ROWS)
    assert "FLUENTAI_JIT_JIT_CALL_THRESHOLD" in variables
    assert {name.split(".")[0] for name in SETTINGS} == set(GROUPS)


@BY_NAME
def test_a_spelled_default_is_read_back(row: Setting) -> None:
    text = "" if row.default == "" else spelled(row.default)
    value = row.parse(text)
    assert value == row.default
    assert type(value) is type(row.default)


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row.name)
def test_both_ends_of_a_range_are_allowed_and_nothing_beyond(row: Number) -> None:
    for limit, beyond in ((row.low, -1), (row.high, 1)):
        assert row.check(limit) == limit
        with pytest.raises(ValueError, match="must be"):
            row.check(limit + beyond)


@pytest.mark.parametrize("row", CHOICES, ids=lambda row: row.name)
def test_every_choice_is_allowed(row: Choice) -> None:
    assert [row.parse(choice) for choice in row.choices] == list(row.choices)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((text, True) for text in ("true", "TRUE", "on", "Yes", "1", " true ")),
        *((text, False) for text in ("false", "False", "off", "no", "0")),
    ],
)
def test_bools_have_several_spellings(text: str, value: bool) -> None:
    assert flagged(f"jit.verify={text}")["jit.verify"] is value


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("limits.depth=1_000", 1000),
        (" limits.depth = 1000 ", 1000),
        ("limits.time_s=5", 5.0),
        ("limits.time_s=1e-3", 0.001),
        ("jit.mode= sync ", "sync"),
        ("store.path=/a=b", "/a=b"),
        ("jit.limit=-1", -1),
    ],
)
def test_flags_are_read_leniently(setting: str, value: Value) -> None:
    assert flagged(setting)[setting.partition("=")[0].strip()] == value


def test_numpy_numbers_are_taken_as_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    config = Config().replace(
        limits={"depth": numpy.int64(7), "time_s": numpy.float64(1.5)}
    )
    assert type(config["limits.depth"]) is int
    assert type(config["limits.time_s"]) is float
    said = refusal(lambda: Config().replace(jit__verify=numpy.bool_(True)))
    assert said.endswith("not a value of type bool")


@given(any_row, st.text())
@example(SETTINGS["limits.depth"], "9" * 5000)
@example(SETTINGS["limits.time_s"], "1e999")
@example(SETTINGS["store.path"], "\0")
def test_any_text_gives_a_value_in_range_or_a_config_error(
    row: Setting, text: str
) -> None:
    try:
        value = flagged(f"{row.name}={text}")[row.name]
    except FluentError as error:
        assert error.kind == "ConfigError"
        assert error.message.startswith(f"flag --set: {row.name} must be {row.allowed}")
        assert error.message.isprintable()
        assert len(error.message) < 250
    else:
        assert row.check(value) == value


@given(st.text())
def test_any_flag_is_a_setting_or_a_config_error(setting: str) -> None:
    with pytest.raises(FluentError) as caught:
        flagged(setting)
    assert caught.value.kind == "ConfigError"
    assert caught.value.message.startswith("flag --set: ")
    assert caught.value.message.isprintable()


@given(any_row, st.data())
def test_a_value_in_range_survives_the_way_through_text(
    row: Setting, data: st.DataObject
) -> None:
    value: Value
    if isinstance(row, Choice):
        value = data.draw(st.sampled_from(row.choices))
    elif isinstance(row, Number) and row.type_name == "int":
        value = data.draw(st.integers(int(row.low), int(row.high)))
    elif isinstance(row, Number):
        value = data.draw(st.floats(row.low, row.high))
    elif row.type_name == "bool":
        value = data.draw(st.booleans())
    else:
        # What is not printable is quoted when it is shown, for readers alone.
        letters = st.characters(exclude_categories=["C", "Z"], include_characters=" ")
        value = "/" + data.draw(st.text(letters))
    assert flagged(f"{row.name}={spelled(value)}")[row.name] == value


@given(any_row, st.none() | st.booleans() | st.integers() | st.floats() | st.text())
def test_any_python_value_is_allowed_or_a_config_error(
    row: Setting, value: object
) -> None:
    try:
        taken = Config().replace({row.name: value})[row.name]
    except FluentError as error:
        assert error.kind == "ConfigError"
    else:
        assert type(taken) is type(row.default)
