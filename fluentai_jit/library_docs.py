"""docs/library.md, from the table of the library.

`python -m fluentai_jit.library_docs > docs/library.md` brings the page up to date.
"""

from __future__ import annotations

from fluentai_jit.core.library import ALIASES, GROUPS, Row
from fluentai_jit.core.natives import ANY

INTRODUCTION = """\
<!-- Made by `python -m fluentai_jit.library_docs`; edit core/library.py. -->
# The library

Every function can be called as `f(x, a)` and as `x.f(a)`, and is a value like any
other function. A program's own definition of a name always wins. The examples are run
as tests.

Constants: `pi`, `e`, `tau`.
"""


def markdown() -> str:
    """The page, ending in a newline."""
    sections = [INTRODUCTION]
    for group, rows in GROUPS.items():
        if rows:
            sections.append(f"## {group}\n\n" + "\n".join(_table(rows)) + "\n")
    names = ", ".join(f"`{alias}` ({ALIASES[alias]})" for alias in sorted(ALIASES))
    sections.append(f"## Other spellings\n\n{names}\n")
    return "\n".join(sections)


def _table(rows: tuple[Row, ...]) -> list[str]:
    header = ["| function | arguments | meaning | example |", "|---|---|---|---|"]
    return header + [_line(row) for row in rows]


def _line(row: Row) -> str:
    expression, value = row.example.split("  ")
    count = str(row.least)
    if row.most == ANY:
        count += " or more"
    elif row.most > row.least:
        count += f" to {row.most}"
    example = f"`{expression}` → `{value}`".replace("|", "\\|")
    return f"| `{row.name}` | {count} | {row.description} | {example} |"


if __name__ == "__main__":
    print(markdown(), end="")
