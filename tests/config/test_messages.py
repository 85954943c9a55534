"""What a wrong layer says: one line, the place, and what would be right."""

import os
import tomllib
from pathlib import Path

import pytest

from fluentai_jit.config import load_config
from fluentai_jit.errors import FluentError
from tests.config.conftest import Place, refusal


def test_a_flag_needs_a_value(place: Place) -> None:
    message = "flag --set: needs KEY=VALUE, not 'jit.mode'"
    assert place.refusal("jit.mode") == message


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("jit.mode=of", "jit.mode must be auto, off or sync, not 'of'"),
        ("jit.opt_level=4", "jit.opt_level must be an int from 0 to 3, not 4"),
        ("jit.opt_level=-1", "jit.opt_level must be an int from 0 to 3, not -1"),
        ("jit.opt_level=2.0", "jit.opt_level must be an int from 0 to 3, not '2.0'"),
        ("jit.opt_level=", "jit.opt_level must be an int from 0 to 3, not ''"),
        ("jit.verify=maybe", "jit.verify must be true or false, not 'maybe'"),
        (
            "limits.depth=10000001",
            "limits.depth must be an int from 1 to 10_000_000, not 10000001",
        ),
        (
            "compile.max_share=nan",
            "compile.max_share must be a number from 0 to 1_000, not nan",
        ),
        (
            "compile.max_share=fast",
            "compile.max_share must be a number from 0 to 1_000, not 'fast'",
        ),
        ("store.path=a\0b", r"store.path must be the path of a folder, not 'a\x00b'"),
        ("jit.mdoe=off", "unknown setting 'jit.mdoe'; did you mean jit.mode?"),
        ("mode=off", "unknown setting 'mode'; did you mean jit.mode?"),
        ("jitt=off", "unknown setting 'jitt'; did you mean jit?"),
        ("=off", "unknown setting ''; `fluentai-jit config` lists them all"),
        (
            "output=1",
            "output is a group of settings: output.buffer_kb",
        ),
    ],
)
def test_a_wrong_flag_names_the_flag(place: Place, setting: str, message: str) -> None:
    assert place.refusal(setting) == f"flag --set: {message}"


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (
            "FLUENTAI_JIT_JIT_OPT_LEVEL",
            "high",
            "environment FLUENTAI_JIT_JIT_OPT_LEVEL: "
            "jit.opt_level must be an int from 0 to 3, not 'high'",
        ),
        (
            "FLUENTAI_JIT_JIT_OPT_LEVLE",
            "1",
            "environment: unknown setting 'FLUENTAI_JIT_JIT_OPT_LEVLE'; "
            "did you mean FLUENTAI_JIT_JIT_OPT_LEVEL?",
        ),
        (
            "FLUENTAI_JIT_OPT_LEVEL",
            "1",
            "environment: unknown setting 'FLUENTAI_JIT_OPT_LEVEL'; "
            "did you mean FLUENTAI_JIT_JIT_OPT_LEVEL?",
        ),
        (
            "FLUENTAI_JIT_STORE_ENABLED",
            "\udcff",
            "environment FLUENTAI_JIT_STORE_ENABLED: "
            r"store.enabled must be true or false, not '\udcff'",
        ),
    ],
)
def test_a_wrong_variable_is_named(
    place: Place, variable: str, value: str, message: str
) -> None:
    assert place.refusal(environ={variable: value}) == message


def test_variables_of_others_are_not_looked_at(place: Place) -> None:
    environ = {"FLUENTAI_PATH": "x", "fluentai_jit_jit_mode": "x", "PATH": ""}
    assert place.load(environ=environ).origin("jit.mode") == "default"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("jit.mode = 'of'", "jit.mode must be auto, off or sync, not 'of'"),
        ("jit.mode = false", "jit.mode must be auto, off or sync, not false"),
        ("jit.opt_level = '2'", "jit.opt_level must be an int from 0 to 3, not '2'"),
        ("jit.opt_level = 2.0", "jit.opt_level must be an int from 0 to 3, not 2.0"),
        ("jit.opt_level = true", "jit.opt_level must be an int from 0 to 3, not true"),
        ("jit.verify = 1", "jit.verify must be true or false, not 1"),
        (
            "jit.opt_level = [1]",
            "jit.opt_level must be an int from 0 to 3, not a value of type list",
        ),
        (
            "[jit.mode]\nx = 1",
            "jit.mode must be auto, off or sync, not a value of type dict",
        ),
        (
            "compile.max_share = inf",
            "compile.max_share must be a number from 0 to 1_000, not inf",
        ),
        (
            "compile.max_share = true",
            "compile.max_share must be a number from 0 to 1_000, not true",
        ),
        ("jit = 5", "jit is a group of settings: jit.mode, "),
        ("[jit]\nmoed = 1", "unknown setting 'jit.moed'; did you mean jit.mode?"),
        ("[jitt]\nmode = 1", "unknown setting 'jitt'; did you mean jit?"),
        ("'jit.mode' = 'off'\njit.mode = 'off'", "jit.mode is given twice"),
        ("jit.mode = off", "is not valid TOML: Invalid value (at line 1, column 12)"),
        ("x = 1" + 5000 * "0", "is not valid TOML: Exceeds the limit"),
        ("x = " + 20_000 * "[", "is not valid TOML: "),
    ],
)
def test_a_wrong_file_is_named(place: Place, text: str, message: str) -> None:
    path = place.write("fluentai_jit.toml", text)
    assert place.refusal().startswith(f"file {path}: {message}")
    place.write("fluentai_jit.toml", "")
    place.user_file.write_text(text)
    assert place.refusal().startswith(f"file {place.user_file}: {message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[tool.fluentai-jit]\njit.mode = 'off'",
            "unknown table tool.fluentai-jit; did you mean tool.fluentai_jit?",
        ),
        ("tool.fluentai_jit = 5", "tool.fluentai_jit must be a table"),
        ("[tool.fluentai_jit]\nx = 5", "unknown setting 'x'; `fluentai-jit config`"),
        ("[tool.fluentai_jit", "is not valid TOML: "),
    ],
)
def test_a_wrong_pyproject_is_named(place: Place, text: str, message: str) -> None:
    path = place.write("pyproject.toml", text)
    assert place.refusal().startswith(f"file {path}: {message}")


def test_a_named_pyproject_must_have_our_table(place: Place) -> None:
    path = place.write("pyproject.toml", "[project]")
    message = f"file {path}: has no table tool.fluentai_jit"
    assert place.refusal(path=path) == message


def test_a_file_that_is_not_utf8_gives_the_offset(place: Place) -> None:
    path = place.write("fluentai_jit.toml", b"# \xe4\n")
    assert place.refusal() == f"file {path}: is not UTF-8: byte 0xe4 at offset 2"


@pytest.mark.parametrize("name", ["fluentai_jit.toml", "pyproject.toml"])
def test_a_folder_in_place_of_a_file_is_refused(place: Place, name: str) -> None:
    path = place.project / name
    path.mkdir()
    assert place.refusal() == f"file {path}: is a folder, not a file"
    assert place.refusal(path=path) == f"file {path}: is a folder, not a file"


def test_a_folder_in_place_of_the_user_file_is_refused(place: Place) -> None:
    place.user_file.mkdir()
    assert place.refusal() == f"file {place.user_file}: is a folder, not a file"


def test_a_file_that_fails_while_it_is_read_is_refused(place: Place) -> None:
    # Reading address 0 of one's own memory fails for root too.
    path = place.project / "fluentai_jit.toml"
    path.symlink_to("/proc/self/mem")
    assert place.refusal() == f"file {path}: cannot be read: Input/output error"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("absent.toml", "No such file or directory"),
        ("plain/absent.toml", "Not a directory"),
        ("nul\0.toml", "embedded null byte"),
    ],
)
def test_a_named_file_must_be_there(place: Place, name: str, reason: str) -> None:
    place.write("plain", "")
    shown = str(place.project / name)
    shown = shown if shown.isprintable() else repr(shown)
    message = f"file {shown}: cannot be read: {reason}"
    assert place.refusal(path=Path(name)) == message


def test_a_project_file_cannot_say_where_code_is_loaded_from(place: Place) -> None:
    path = place.write("fluentai_jit.toml", "store.path = 'mine'")
    assert place.refusal() == (
        f"file {path}: store.path cannot be set by a project's file; set it in "
        "the user's config.toml, in FLUENTAI_JIT_STORE_PATH, or with --set"
    )


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"jit__moed": 1}, "unknown setting 'jit.moed'; did you mean jit.mode?"),
        ({"jit": {"moed": 1}}, "unknown setting 'jit.moed'; did you mean jit.mode?"),
        ({"jit": None}, "jit is a group of settings: jit.mode, "),
        ({5: 1}, "unknown setting '5'; `fluentai-jit config` lists them all"),
        ({"jit.mode": None}, "jit.mode must be auto, off or sync, not None"),
        (
            {"jit.limit": 10**5000},
            "jit.limit must be an int from -1 to 1_000_000_000, ",
        ),
        ({"limits.time_s": -(10**400)}, "limits.time_s must be a number from 0 to "),
        ({"limits.time_s": 1j}, "limits.time_s must be a number from 0 to "),
        (
            {"jit.mode": "x" * 999},
            f"jit.mode must be auto, off or sync, not '{'x' * 56}...",
        ),
        (
            {"store.path": b"x"},
            "store.path must be the path of a folder, not a value of type bytes",
        ),
        ({"jit__mode": "off", "jit": {"mode": "off"}}, "jit.mode is given twice"),
    ],
)
def test_a_wrong_python_argument_says_so(
    place: Place, overrides: dict[str, object], message: str
) -> None:
    said = place.refusal(overrides=overrides)
    assert said.startswith(f"Python argument: {message}")
    assert len(said) < 600


def test_the_first_layer_that_is_wrong_is_the_one_reported(place: Place) -> None:
    place.write("fluentai_jit.toml", "jit.opt_level = 9")
    said = place.refusal("jit.opt_level=8", overrides={"jit.opt_level": 7})
    assert said.endswith("not 9")


def test_a_file_name_that_cannot_be_printed_is_escaped(place: Place) -> None:
    folder = place.project / "line\nbreak"
    folder.mkdir()
    (folder / "fluentai_jit.toml").write_text("x = 1")
    said = refusal(lambda: load_config(environ={}, cwd=folder))
    assert r"line\nbreak" in said


def test_tomllib_errors_are_value_errors() -> None:
    """What the reader of files relies on to catch all of them at once."""
    assert issubclass(tomllib.TOMLDecodeError, ValueError)


def test_a_pipe_with_the_name_of_a_config_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "fluentai_jit.toml")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FluentError, match="is something else, not a file"):
        load_config()
