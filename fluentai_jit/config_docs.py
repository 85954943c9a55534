"""docs/configuration.md, from the table of settings.

`python -m fluentai_jit.config_docs > docs/configuration.md` brings the page up to
date.
"""

from __future__ import annotations

from fluentai_jit.config import PROJECT_FILE, spelled
from fluentai_jit.settings import ENVIRONMENT_PREFIX, GROUPS, SETTINGS, Setting

INTRODUCTION = f"""\
<!-- Made by `python -m fluentai_jit.config_docs`; edit fluentai_jit/settings.py. -->
# Configuration

Every setting has a default and may be changed in these places. A later one wins:

1. the user's `config.toml`, in the platform's folder for configuration
   (`~/.config/fluentai_jit/` on Linux);
2. the project's file: `{PROJECT_FILE}`, or the table `[tool.fluentai_jit]` of
   `pyproject.toml`, whichever is found first from the working directory upwards. In
   the same folder `{PROJECT_FILE}` wins and the other is not read;
3. environment variables, named after the setting:
   `{ENVIRONMENT_PREFIX}JIT_CALL_THRESHOLD` is `jit.call_threshold`;
4. flags: `--set jit.call_threshold=50`, any number of times;
5. Python arguments: keywords of `fj.VM`, `fj.run` and `fj.load_config`, with two
   underscores for the dot, `fj.VM(program, jit__call_threshold=50)`; or a mapping,
   `{{"jit.call_threshold": 50}}` or `{{"jit": {{"call_threshold": 50}}}}`, given as
   `config` or, to `fj.load_config`, as `overrides`. Keywords win over it.

Files are TOML, with tables or dotted keys:

```toml
[jit]
call_threshold = 50

[limits]
time_s = 2.5
```

`fluentai-jit config` prints the values in force, and with `--origin` the place each
comes from. A wrong name, or a value out of its range, is an error wherever it stands.
In flags and variables a bool may be spelled `true`, `on`, `yes` or `1`, and `false`,
`off`, `no` or `0`.
"""


def markdown() -> str:
    """The page, ending in a newline."""
    sections = [
        "\n".join((f"\n## `{group}`: {heading}\n", *_rows(group)))
        for group, heading in GROUPS.items()
    ]
    return "\n".join((INTRODUCTION.rstrip("\n"), *sections, ""))


def _rows(group: str) -> list[str]:
    rows = [row for name, row in SETTINGS.items() if name.startswith(f"{group}.")]
    header = [
        "| setting | default | unit | allowed | meaning |",
        "|---|---|---|---|---|",
    ]
    return header + [_line(row) for row in rows]


def _line(row: Setting) -> str:
    meaning = row.description
    if not row.in_project:
        meaning += ". A project's file cannot set it"
    cells = (f"`{row.name}`", f"`{spelled(row.default)}`", row.unit, row.allowed)
    return "| " + " | ".join((*cells, meaning)) + " |"


if __name__ == "__main__":
    print(markdown(), end="")
