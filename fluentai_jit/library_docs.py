"""docs/library.md, from the table of the library.

`python -m fluentai_jit.library_docs > docs/library.md` brings the page up to date.
"""

from __future__ import annotations

from fluentai_jit.core.library import GROUPS, Row
from fluentai_jit.core.library_aliases import ALIASES

INTRODUCTION = """\
<!-- Made by `python -m fluentai_jit.library_docs`; edit core/library_rows.py. -->
# The library

Every function can be called as `f(x, a)` and as `x.f(a)`, and is a value like any
other function. A program's own definition of a name always wins. The examples are run
as tests.

`x?` may be left out, `...xs` is any number of arguments. Constants: `pi`, `e`, `tau`.
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
    header = ["| call | meaning | example |", "|---|---|---|"]
    return header + [_line(row) for row in rows]


def _line(row: Row) -> str:
    call = f"{row.name}({', '.join(row.parameters)})"
    example = f"`{row.example}` → `{row.value}`"
    cells = (f"`{call}`", row.description, example)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    print(markdown(), end="")
