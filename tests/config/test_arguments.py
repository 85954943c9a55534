"""Arguments of a wrong type to `load_config` and Config are named."""

from collections.abc import Callable
from typing import Any

import pytest

from fluentai_jit.config import Config, load_config

CONFIG: Any = Config()
LOAD: Any = load_config


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": 3}, "path must be a str or a pathlib.Path, not int"),
        ({"path": {"jit.mode": "off"}}, "path must name a file; settings go into `o"),
        ({"path": b"x"}, "path must be a str or a pathlib.Path, not bytes"),
        ({"settings": "jit.mode=off"}, "settings must be a sequence of str, not a "),
        ({"settings": {"jit.mode": "off"}}, "settings must be a sequence of str, not "),
        ({"settings": ["jit.mode=off", 3]}, "settings[1] must be a str, not int"),
        ({"overrides": 3}, "overrides must be a mapping, not int"),
        ({"overrides": Config()}, "overrides must be a mapping, not Config"),
        ({"environ": 3}, "environ must be a mapping, not int"),
        ({"environ": {3: 4}}, "a key of environ must be a str, not int"),
        ({"cwd": 3}, "cwd must be a str or a pathlib.Path, not int"),
    ],
)
def test_load_config_names_an_argument_of_a_wrong_type(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        LOAD(**{"environ": {}, "cwd": "/proc", **arguments})
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda: CONFIG[3], "the name of a setting must be a str, not int"),
        (lambda: CONFIG[[]], "the name of a setting must be a str, not list"),
        (lambda: CONFIG.origin(3), "the name of a setting must be a str, not int"),
        (lambda: CONFIG.replace(0), "overrides must be a mapping, not int"),
    ],
)
def test_a_config_names_an_argument_of_a_wrong_type(
    action: Callable[[], object], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        action()
    assert str(caught.value) == message
