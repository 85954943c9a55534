"""A Config does not change; `replace` gives another."""

import copy
import pickle

import pytest

from fluentai_jit.config import Config, render_table
from fluentai_jit.settings import SETTINGS
from tests.config.conftest import refusal


def test_replace_leaves_the_old_snapshot_as_it_was() -> None:
    old = Config().replace(jit__opt_level=3)
    new = old.replace({"jit.opt_level": 1}, limits={"depth": 5})
    assert (old["jit.opt_level"], old["limits.depth"]) == (3, 10_000)
    assert (new["jit.opt_level"], new["limits.depth"]) == (1, 5)
    assert new.origin("limits.depth") == "Python argument"
    assert old.origin("limits.depth") == "default"


def test_replace_validates() -> None:
    config = Config()
    assert refusal(lambda: config.replace(jit__opt_level=4)) == (
        "Python argument: jit.opt_level must be an int from 0 to 3, not 4"
    )
    assert config == Config()


def test_snapshots_have_no_attributes_to_assign() -> None:
    config = Config()
    with pytest.raises(AttributeError):
        config.jit = 1  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        config["jit.mode"] = "off"  # type: ignore[index]


def test_snapshots_compare_and_hash_by_value() -> None:
    one, two = Config().replace(vm__slice_us=50), Config().replace(vm__slice_us=50)
    assert one == two
    assert one != Config()
    assert one != dict(one)
    assert len({one, two, Config()}) == 2


def test_a_snapshot_reads_like_a_mapping() -> None:
    config = Config()
    assert dict(config) == {name: row.default for name, row in SETTINGS.items()}
    assert list(config) == list(SETTINGS)
    assert len(config) == len(SETTINGS)
    assert "jit.mode" in config
    assert "jit.mood" not in config
    assert 5 not in config


def test_snapshots_survive_copy_and_pickle() -> None:
    config = Config().replace(jit__mode="off")
    for twin in (copy.deepcopy(config), pickle.loads(pickle.dumps(config))):
        assert twin == config
        assert twin.origin("jit.mode") == "Python argument"


def test_repr_shows_what_differs_from_the_defaults() -> None:
    config = Config().replace(jit__mode="off")
    assert repr(config) == "<Config {'jit.mode': 'off'}>"


def test_values_have_the_type_of_their_row() -> None:
    config = Config().replace(limits__time_s=2, jit__verify=True)
    assert type(config["limits.time_s"]) is float
    assert config["jit.verify"] is True


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("jit.mod", "unknown setting 'jit.mod'; did you mean jit.mode?"),
        ("slice_us", "unknown setting 'slice_us'; did you mean vm.slice_us?"),
        (
            "store",
            "store is a group of settings: "
            "store.enabled, store.path, store.max_size_mb",
        ),
        (
            "quux.frobnicate",
            "unknown setting 'quux.frobnicate'; `fluentai-jit config` lists them all",
        ),
    ],
)
def test_a_wrong_name_is_refused_when_read(name: str, message: str) -> None:
    assert refusal(lambda: Config()[name]) == message
    assert refusal(lambda: Config().origin(name)) == message


def test_the_table_is_aligned_and_shows_every_setting() -> None:
    lines = render_table(Config().replace(jit__verify=True)).splitlines()
    assert [line.split()[0] for line in lines] == list(SETTINGS)
    assert "jit.verify                 true" in lines
    assert "limits.depth               10000    calls" in lines
    assert 'store.path                 ""' in lines


def test_the_table_shows_origins_on_demand() -> None:
    config = Config().replace(vm__slice_us=50)
    lines = render_table(config, origin=True).splitlines()
    assert lines[0] == "jit.mode                   auto                   default"
    assert lines[-1] == (
        "vm.slice_us                50       us            Python argument"
    )


def test_a_value_that_would_break_the_line_is_quoted() -> None:
    config = Config().replace(store__path='/a\n"b"\udcff')
    assert '"/a\\n"b"\\udcff"' in render_table(config)
