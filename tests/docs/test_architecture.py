"""docs/architecture.md shows what the code really makes."""

from __future__ import annotations

from pathlib import Path

from tests.docs.blocks import PAGE, blocks, renewed

PACKAGE = PAGE.parent.parent / "fluentai_jit"


def test_blocks_of_output_are_up_to_date() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert renewed(text) == text, "run: python -m tests.docs.blocks --bless"


def test_every_stage_has_output() -> None:
    made = blocks(PAGE.read_text(encoding="utf-8"))
    assert all(made.values()), [name for name, body in made.items() if not body]


def test_named_files_exist() -> None:
    import re

    text = PAGE.read_text(encoding="utf-8")
    names = set(re.findall(r"`((?:\w+/)+\w+\.py)`", text))
    assert names
    missing = {name for name in names if not (PACKAGE / Path(name)).exists()}
    assert missing == set()
