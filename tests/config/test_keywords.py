"""Settings as keyword arguments: the last layer, and what is no setting."""

from typing import Any

import pytest

from fluentai_jit.config import load_config
from tests.config.conftest import Place, refusal

LOAD: Any = load_config


def test_keywords_win_over_every_other_layer(place: Place) -> None:
    place.write("fluentai_jit.toml", "jit.opt_level = 0\nlimits.depth = 5")
    config = load_config(
        settings=["jit.opt_level=1"],
        overrides={"jit.opt_level": 2, "vm.slice_us": 50},
        environ={},
        cwd=place.project,
        jit__opt_level=3,
        limits={"time_s": 2},
    )
    assert config["jit.opt_level"] == 3
    assert config.origin("jit.opt_level") == "Python argument"
    assert (config["limits.depth"], config["limits.time_s"]) == (5, 2.0)
    assert config["vm.slice_us"] == 50


def test_a_wrong_value_is_refused_as_in_other_layers() -> None:
    assert refusal(lambda: load_config(jit__opt_level=4)) == (
        "Python argument: jit.opt_level must be an int from 0 to 3, not 4"
    )


@pytest.mark.parametrize(
    ("keyword", "near"),
    [
        ("jit__cal_threshold", "jit__call_threshold"),
        ("limit__depth", "limits__depth"),
    ],
)
def test_a_wrong_setting_is_told_the_nearest(keyword: str, near: str) -> None:
    assert refusal(lambda: LOAD(**{keyword: 5})) == (
        f"unknown keyword argument '{keyword}'; did you mean {near}?"
    )


@pytest.mark.parametrize(
    ("keyword", "advice"),
    [
        ("call_threshold", "did you mean jit__call_threshold?"),
        ("jit_mode", "did you mean jit__mode?"),
        ("overides", "did you mean overrides?"),
        ("setings", "did you mean settings?"),
        (
            "frobnicate",
            "there are path, settings, overrides, environ, cwd, "
            "and settings as jit__mode",
        ),
    ],
)
def test_what_is_no_setting_is_told_the_nearest_too(keyword: str, advice: str) -> None:
    with pytest.raises(TypeError) as caught:
        LOAD(**{keyword: 5})
    assert str(caught.value) == f"unknown keyword argument '{keyword}'; {advice}"
