"""docs/library.md is what the table of the library says."""

import subprocess
import sys
from pathlib import Path

from fluentai_jit.core.library import LIBRARY
from fluentai_jit.library_docs import markdown

PAGE = Path(__file__).parents[2] / "docs" / "library.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "run: python -m fluentai_jit.library_docs > docs/library.md"
    )


def test_the_module_prints_the_page() -> None:
    command = [sys.executable, "-m", "fluentai_jit.library_docs"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == markdown()


def test_every_function_has_a_row_of_three_cells() -> None:
    rows = [line for line in markdown().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1].split("(")[0] for row in rows] == list(LIBRARY)
    assert {row.replace("\\|", "").count("|") for row in rows} == {4}
