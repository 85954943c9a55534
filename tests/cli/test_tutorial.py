"""The commands of docs/tutorial.md give what the page says."""

from __future__ import annotations

import re
import shlex

import pytest

from fluentai_jit.config import Config
from tests.cli.conftest import ROOT, CommandLine, Ended

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str, str]]:
    """Language, file name if there is one, and content of each block of the page."""
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    return _BLOCK.findall(page)


def commands(content: str) -> list[tuple[str, str]]:
    """Each command of a block with the output that is to follow."""
    parts = re.split(r"^\$ fluentai-jit (.*)\n", content, flags=re.MULTILINE)
    assert parts[0] == ""
    return list(zip(parts[1::2], parts[2::2], strict=True))


def pattern(shown: str) -> str:
    """What an output has to match: in one line of it `...` is anything."""
    lines = [
        r"(?:.*\n)*?" if line == "..." else _line(line) for line in shown.splitlines()
    ]
    return "".join(lines)


def _line(line: str) -> str:
    return r".*".join(map(re.escape, line.split("..."))) + r"\n"


def output(ended: Ended) -> str:
    """All that a reader sees of a command, as the page shows it."""
    status = f"[exit status {ended.status}]\n" if ended.status else ""
    lines = (ended.out + ended.err + status).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def test_the_page_is_seen_to_have_blocks() -> None:
    languages = [language for language, _name, _content in blocks()]
    assert languages.count("flc") >= 7
    assert languages.count("console") >= 12
    assert set(languages) == {"flc", "console", "toml"}


def test_the_page_has_the_defaults_of_the_limits() -> None:
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    config = Config()
    for name in ("limits.memory_mb", "limits.depth"):
        assert f"`{name}` ({config[name]})" in page


@pytest.mark.parametrize(
    ("shown", "found", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n...\nc\n", "a\nb\nb\nc\n", True),
        ("a ... c\n", "a b c\n", True),
        ("a ... c\n", "a b\n c\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_dots_stand_for_anything(shown: str, found: str, same: bool) -> None:
    assert bool(re.fullmatch(pattern(shown), found)) == same


def test_the_commands_give_what_the_page_says(command: CommandLine) -> None:
    for language, name, content in blocks():
        if language != "console":
            command.write(name, content)
            continue
        for line, shown in commands(content):
            found = output(command(*shlex.split(line)))
            assert re.fullmatch(pattern(shown), found), f"{line}\n{found}"
