"""What a test program says about itself, in comments.

    println(1 + 1)           // expect: 2
    for i in 0..2 { println(i) }
                             // expect: 0
                             // expect: 1
    1 + nil                  // expect error: TypeError: cannot add

The lines of `expect:` in order are the output. `expect error:` gives kind and
message, or the beginning of it, of the error that ends the program in that line.
`// expect exit: 3` ends it by `exit(3)`, `// expect value: 4` is the value of the
program. Before the first item may stand `// config: limits.depth=100`,
`// args: a b` and `// stats: fib 15` (executions of a function), behind which may stand
`errors 2`, `back_edges 3` and `tail_iterations 4`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fluentai_jit.settings import SETTINGS

_COMMENT = re.compile(
    r"// (expect error|expect exit|expect value|expect|config|args|stats):(?: (.*))?$"
)


@dataclass(slots=True)
class Expectations:
    """What one program is to do."""

    path: Path
    text: str
    output: list[str] = field(default_factory=list)
    error: str | None = None  # "Kind: beginning of the message"
    error_line: int = 0
    exit: str | None = None
    value: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    args: list[str] = field(default_factory=list)
    # By function; the names are those of Counts.
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def _take(self, number: int, key: str, text: str) -> None:
        if key == "expect":
            self.output.append(text)
        elif key == "expect error":
            self.error, self.error_line = text, number
        elif key == "expect exit":
            self.exit = text
        elif key == "expect value":
            self.value = text
        elif key == "args":
            self.args = text.split(" ")
        elif key == "stats":
            name, *words = text.split(" ")
            words.insert(0, "executions")
            pairs = zip(words[::2], map(int, words[1::2]), strict=True)
            self.counts[name] = dict(pairs)
        else:
            name, value = text.split("=")
            self.config[name] = SETTINGS[name].parse(value)


def expectations_of(path: Path) -> Expectations:
    """Read a program. Raises ValueError where it expects nothing."""
    found = Expectations(path, path.read_text(encoding="utf-8"))
    for number, line in enumerate(found.text.split("\n"), 1):
        match = _COMMENT.search(line)
        if match is not None:
            found._take(number, match[1], match[2] or "")
    if not (found.output or found.error or found.exit or found.value):
        raise ValueError(f"{path} expects nothing")
    return found
