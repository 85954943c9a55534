"""docs/configuration.md is what the table says."""

import subprocess
import sys
import tomllib
from pathlib import Path

from fluentai_jit.config import Config
from fluentai_jit.config_docs import markdown
from fluentai_jit.settings import SETTINGS

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "run: python -m fluentai_jit.config_docs > docs/configuration.md"
    )


def test_the_module_prints_the_page() -> None:
    command = [sys.executable, "-m", "fluentai_jit.config_docs"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == markdown()


def test_every_setting_has_a_row_of_five_cells() -> None:
    rows = [line for line in markdown().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(SETTINGS)
    assert {row.count("|") for row in rows} == {6}


def test_the_example_of_the_page_is_valid() -> None:
    example = markdown().split("```toml\n")[1].split("```")[0]
    config = Config().replace(tomllib.loads(example))
    assert config["jit.call_threshold"] == 50
    assert config["limits.time_s"] == 2.5
