"""Making a failing case smaller while it still fails.

It works on the text: lines between balanced braces go, blocks lose their heads,
parenthesised expressions become `1` or one of their parts. What does not compile any
more does not fail either, so nothing needs to be known of the language.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from .generator import Case

# Whether a case still fails.
Fails = Callable[[Case], bool]


def shrunk(case: Case, fails: Fails, seconds: float = 60.0) -> Case:
    """The smallest case found in that time that still fails."""
    end = time.monotonic() + seconds
    found = True
    while found and time.monotonic() < end:
        found = False
        for attempt in _smaller(case):
            if time.monotonic() >= end:
                break
            if fails(attempt):
                case, found = attempt, True
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    yield from _without_settings(case)
    lines = case.text.splitlines()
    size = len(lines)
    while size:
        for start in range(0, len(lines) - size + 1, max(1, size // 2)):
            if _balanced(lines[start : start + size]):
                yield _with(case, lines[:start] + lines[start + size :])
        size = size * 2 // 3 if size > 1 else 0
    for start, end in _blocks(lines):
        yield _with(case, lines[:start] + lines[start + 1 : end] + lines[end + 1 :])
    for index, line in enumerate(lines):
        for shorter in _shorter(line):
            yield _with(case, [*lines[:index], shorter, *lines[index + 1 :]])


def _with(case: Case, lines: list[str]) -> Case:
    return replace(case, text="\n".join(lines) + "\n")


def _without_settings(case: Case) -> Iterator[Case]:
    for index in range(len(case.calls)):
        yield replace(case, calls=case.calls[:index] + case.calls[index + 1 :])
    for name in case.config:
        if name not in ("limits.instructions", "limits.depth"):
            config = {key: value for key, value in case.config.items() if key != name}
            yield replace(case, config=config)


def _balanced(lines: list[str]) -> bool:
    depth = 0
    for character in "".join(lines):
        if character in "{(":
            depth += 1
        elif character in ")}":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """(line with the head, line with the closing brace) of every block."""
    open_lines: list[int] = []
    for index, line in enumerate(lines):
        if line.strip().startswith("}") and open_lines:
            yield open_lines.pop(), index
        if line.endswith("{"):
            open_lines.append(index)


def _groups(line: str) -> Iterator[tuple[int, int]]:
    """(position of the bracket, position behind it) of every bracketed part."""
    opened: list[int] = []
    for position, character in enumerate(line):
        if character in "({":
            opened.append(position)
        elif character in ")}" and opened:
            yield opened.pop(), position + 1


def _shorter(line: str) -> Iterator[str]:
    groups = sorted(_groups(line), key=lambda group: group[0] - group[1])
    for start, end in groups:
        if end - start > 3:
            yield line[:start] + "1" + line[end:]
            yield line[:start] + "(1)" + line[end:]
            yield line[:start] + line[start + 1 : end - 1] + line[end:]
        for inner_start, inner_end in groups:
            if start < inner_start and inner_end < end and inner_end - inner_start > 3:
                yield line[:start] + line[inner_start:inner_end] + line[end:]
        for part in _parts(line[start + 1 : end - 1]):
            yield line[:start] + f"({part})" + line[end:]


def _parts(text: str) -> Iterator[str]:
    """What stands between the words of an operator expression, at its top level."""
    words = text.split(" ")
    for index, word in enumerate(words):
        if word in ("+", "-", "*", "/", "%", "&&", "||", "<", "<=", ">", ">=", "=="):
            yield " ".join(words[:index])
            yield " ".join(words[index + 1 :])
