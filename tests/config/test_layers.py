"""Which layer wins, and where each value says it comes from."""

from pathlib import Path

import pytest

from fluentai_jit.config import Config, load_config
from fluentai_jit.settings import SETTINGS
from tests.config.conftest import Place

NAME = "jit.call_threshold"


def test_with_no_layer_every_value_is_the_default(place: Place) -> None:
    config = place.load()
    assert config == Config()
    assert {name: config[name] for name in config} == {
        name: row.default for name, row in SETTINGS.items()
    }
    assert {config.origin(name) for name in config} == {"default"}


def test_each_layer_wins_over_the_ones_before_it(place: Place) -> None:
    layers: dict[str, object] = {}
    seen = []

    def look() -> None:
        config = place.load(*settings, environ=environ, overrides=layers)
        seen.append((config[NAME], config.origin(NAME)))

    settings: list[str] = []
    environ: dict[str, str] = {}
    place.user_file.write_text(f"{NAME} = 1")
    look()
    pyproject = place.write("pyproject.toml", f"[tool.fluentai_jit]\n{NAME} = 2")
    look()
    own = place.write("fluentai_jit.toml", f"{NAME} = 3")
    look()
    environ["FLUENTAI_JIT_JIT_CALL_THRESHOLD"] = "4"
    look()
    settings += [f"{NAME}=5", f"{NAME}=6"]
    look()
    layers[NAME] = 7
    look()
    assert seen == [
        (1, f"file {place.user_file}"),
        (2, f"file {pyproject}"),
        (3, f"file {own}"),
        (4, "environment FLUENTAI_JIT_JIT_CALL_THRESHOLD"),
        (6, "flag --set"),
        (7, "Python argument"),
    ]


def test_layers_are_joined_setting_by_setting(place: Place) -> None:
    place.user_file.write_text("[jit]\nmode = 'off'\nopt_level = 3")
    place.write("fluentai_jit.toml", "[jit]\nopt_level = 1")
    config = place.load("limits.depth=50")
    assert (config["jit.mode"], config["jit.opt_level"]) == ("off", 1)
    assert config["limits.depth"] == 50
    assert config.origin("jit.mode") == f"file {place.user_file}"


@pytest.mark.parametrize(
    "text",
    [
        "[jit]\ncall_threshold = 9",
        "jit.call_threshold = 9",
        "jit = { call_threshold = 9 }",
        '"jit.call_threshold" = 9',
        "\ufeff[jit]\r\ncall_threshold = 9\r\n",
    ],
)
def test_tables_and_dotted_keys_are_alike(place: Place, text: str) -> None:
    place.write("fluentai_jit.toml", text)
    assert place.load()[NAME] == 9


def test_the_nearest_project_file_upwards_is_the_only_one_read(place: Place) -> None:
    place.write("fluentai_jit.toml", "jit.opt_level = 0\nlimits.depth = 5")
    place.write("a/pyproject.toml", "[tool.fluentai_jit.jit]\nopt_level = 1")
    inner = place.write("a/b/c/readme", "").parent
    config = place.load(cwd=inner)
    assert (config["jit.opt_level"], config["limits.depth"]) == (1, 10_000)


@pytest.mark.parametrize(
    "text",
    [
        "[project]\nname = 'fluentai'",
        "[tool.other]\nx = 1 # fluentai",
        "tool = 'fluentai'",
        "not TOML, and not ours",
    ],
)
def test_a_pyproject_without_our_table_is_passed_over(place: Place, text: str) -> None:
    place.write("fluentai_jit.toml", "limits.depth = 5")
    inner = place.write("a/pyproject.toml", text).parent
    assert place.load(cwd=inner)["limits.depth"] == 5


def test_an_empty_file_of_ours_ends_the_search(place: Place) -> None:
    place.write("fluentai_jit.toml", "limits.depth = 5")
    inner = place.write("a/fluentai_jit.toml", "").parent
    assert place.load(cwd=inner)["limits.depth"] == 10_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("other.toml", "limits.depth = 6"),
        ("sub/pyproject.toml", "[tool.fluentai_jit]\nlimits.depth = 6"),
    ],
)
def test_a_named_file_stands_in_for_the_project_file(
    place: Place, name: str, text: str
) -> None:
    place.write("fluentai_jit.toml", "limits.depth = 5\njit.opt_level = 0")
    place.user_file.write_text("vm.slice_us = 99")
    named = place.write(name, text)
    config = place.load(path=Path(name))
    assert config["limits.depth"] == 6
    assert config.origin("limits.depth") == f"file {named}"
    assert config["jit.opt_level"] == 2
    assert config["vm.slice_us"] == 99


@pytest.mark.parametrize(
    "overrides",
    [
        {"jit.mode": "off", "limits.depth": 5},
        {"jit__mode": "off", "limits__depth": 5},
        {"jit": {"mode": "off"}, "limits": {"depth": 5}},
        {"jit": {"mode": "off"}, "limits__depth": 5},
    ],
)
def test_python_arguments_may_be_nested_or_dotted(
    place: Place, overrides: dict[str, object]
) -> None:
    expected = Config().replace(jit__mode="off", limits__depth=5)
    assert place.load(overrides=overrides) == expected
    assert Config().replace(overrides) == expected
    assert Config().replace(**overrides) == expected


def test_the_environment_and_folder_of_the_process_are_the_default(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("fluentai_jit.toml", "limits.depth = 5")
    monkeypatch.chdir(place.project)
    monkeypatch.setenv("FLUENTAI_JIT_JIT_OPT_LEVEL", "0")
    config = load_config()
    assert (config["limits.depth"], config["jit.opt_level"]) == (5, 0)


def test_a_removed_working_folder_is_not_searched(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = place.project / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert load_config(environ={}) == Config()


def test_a_user_folder_that_cannot_be_searched_is_passed_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under `sudo -u nobody`: the file may be there or not."""
    plain_file = place.write("plain", "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(plain_file))
    assert place.load() == Config()


def test_a_relative_user_folder_is_not_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("here/fluentai_jit/config.toml", "limits.depth = 5")
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_, **__: "here")
    monkeypatch.chdir(place.project)
    assert place.load()["limits.depth"] == 10_000


def test_a_store_path_is_relative_to_where_it_is_written(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    place.user_file.write_text("store.path = 'kept'")
    assert place.load()["store.path"] == str(place.user_file.parent / "kept")
    place.write("etc/named.toml", "store.path = 'kept'")
    named = place.load(path=Path("etc/named.toml"))
    assert named["store.path"] == str(place.project / "etc" / "kept")
    environ = {"FLUENTAI_JIT_STORE_PATH": "./a b"}
    assert place.load(environ=environ)["store.path"] == f"{place.project}/./a b"
    assert place.load("store.path=/x")["store.path"] == "/x"
    assert place.load("store.path=~/x")["store.path"] == "/home/somebody/x"
    assert place.load("store.path=")["store.path"] == ""
    monkeypatch.chdir(place.project)
    here = Config().replace(store__path=Path("x"))
    assert here["store.path"] == str(place.project / "x")
