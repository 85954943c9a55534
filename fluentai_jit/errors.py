"""Every error a program can end in, with its place in the source and its rendering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

SYNTAX_ERROR = "SyntaxError"
NOT_SUPPORTED = "NotSupported"

# A rendered source line, gutter included, never gets wider than this.
_WIDTH = 120
_TAB = 4
# What messages quote is cut behind so many characters.
_LONGEST = 60
# So is a name inside a message: a run of letters and digits. It is left more, because
# the parts of a path, which must stay whole, are such runs, too.
_LONGEST_NAME = 100
_CHARACTER = r"[0-9A-Za-z_\x80-\U0010ffff]"
_LONG_NAME = rf"({_CHARACTER}{{{_LONGEST_NAME - 3}}}){_CHARACTER}{{4,}}"
# A longer call stack shows this many entries at either end.
_STACK_ENDS = 10


class Source:
    """A program text and its name: a path, or "<string>"."""

    __slots__ = ("_starts", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._starts: list[int] | None = None

    def _line_starts(self) -> list[int]:
        # Only errors ask for positions, so the table is made when one does.
        if self._starts is None:
            starts = [0]
            find = self.text.find
            end = find("\n")
            while end >= 0:
                starts.append(end + 1)
                end = find("\n", end + 1)
            self._starts = starts
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of a character offset, both counted from 1."""
        from bisect import bisect_right

        starts = self._line_starts()
        line = bisect_right(starts, max(0, min(offset, len(self.text))))
        return line, max(0, min(offset, len(self.text))) - starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line, counted from 1, without its line break."""
        starts = self._line_starts()
        end = starts[line] - 1 if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].removesuffix("\r")

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"


class Span(NamedTuple):
    """A stretch of a source: character offsets, the end not included."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of the other."""
        return Span(self.source, self.start, other.end)

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.name}:{line}:{column}"


class StackEntry(NamedTuple):
    """One activation on the FLC call stack, and the tail calls elided in it."""

    function: str
    file: str
    line: int
    column: int
    tail_calls: int = 0


# The kinds that no program can catch.
STOPS = ("ResourceLimitExceeded", "Interrupted")


class FluentError(Exception):
    """An error of a program: its kind, where it happened, and through which calls.

    `kind` is "SyntaxError", "NotSupported", a run-time kind of the language
    ("TypeError", "DivisionByZero", ...), "ResourceLimitExceeded" or "Interrupted".
    `stack` has the innermost activation first; of a very deep stack it has both ends,
    and `elided` is how many activations between them it leaves out. `related` holds the
    further syntax errors found in the same run. Names in `message` and `hint` are cut
    where they are very long. Of a value that the program threw and did not catch
    `thrown` is true, and `value` is the value.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        span: Span | None = None,
        stack: Iterable[StackEntry] = (),
        hint: str | None = None,
        related: Iterable[FluentError] = (),
        elided: int = 0,
    ) -> None:
        message = _with_short_names(message)
        super().__init__(kind, message)
        self.kind = kind
        self.message = message
        self.span = span
        self.stack = tuple(stack)
        self.hint = None if hint is None else _with_short_names(hint)
        self.related = tuple(related)
        self.elided = elided
        self.thrown = False
        self.value: object = None
        # Keeps the error value of the program that this came from.
        self.held: object = None

    def __str__(self) -> str:
        where = "" if self.span is None else f" ({self.span})"
        return f"{self.kind}: {self.message}{where}"

    def __reduce__(self) -> tuple[object, ...]:
        # Exception would call the class with `args`, which lacks span and stack.
        fields = (self.kind, self.message, self.span, self.stack, self.hint)
        state = {"thrown": self.thrown, "value": self.value}
        return type(self), (*fields, self.related, self.elided), state


def render(error: FluentError) -> str:
    """The error as plain text: message, source line with a caret, hint, call stack."""
    errors = (error, *error.related)
    blocks = ["\n".join(_render_one(each)) for each in errors]
    if len(errors) > 1:
        blocks.append(f"{len(errors)} errors")
    return "\n\n".join(blocks)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A name or a text as messages quote it: cut where it is long."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def _with_short_names(message: str) -> str:
    if len(message) <= _LONGEST_NAME:
        return message
    import re

    return re.sub(_LONG_NAME, r"\1...", message)


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` is most likely a misspelling of, if any is close."""
    from difflib import get_close_matches

    # Sorted, because between equally close candidates difflib lets order decide.
    pool = sorted(set(candidates) - {name})
    folded = name.casefold().replace("_", "")
    for candidate in pool:
        if candidate.casefold().replace("_", "") == folded:
            return candidate
    # Below 0.7 three-letter names match almost anything.
    return next(iter(get_close_matches(name, pool, 1, 0.7)), None)


def _render_one(error: FluentError) -> list[str]:
    lines = [f"error[{error.kind}]: {_printable(error.message)}"]
    margin = 1
    if error.span is not None:
        line, column = error.span.source.position(error.span.start)
        margin = len(str(line))
        place = f"{_printable(error.span.source.name)}:{line}:{column}"
        lines.append(f"{' ' * margin} --> {place}")
        shown, caret = _excerpt(error.span, line, column, _WIDTH - margin - 4)
        lines.append(f"{' ' * margin}  |")
        lines.append(f" {line} | {shown}".rstrip())
        lines.append(f"{' ' * margin}  | {caret}")
    if error.hint is not None:
        lines.append(f"{' ' * margin}  = hint: {_printable(error.hint)}")
    lines.extend(_render_stack(error.stack, error.elided))
    return lines


def _excerpt(span: Span, line: int, column: int, width: int) -> tuple[str, str]:
    """The span's first line and the caret line under it, at most `width` wide."""
    text = span.source.line_text(line)
    start = min(column - 1, len(text))
    end = max(start, min(start + span.end - span.start, len(text)))
    first, last = 0, len(text)
    if last > 2 * width or _cells(text) > width:
        first, last = _window(text, start, width - 6)
    before = "..." if first > 0 else ""
    after = "..." if last < len(text) else ""
    # Tabs are widened and wide characters counted twice before the carets are
    # placed, or they would stand elsewhere than under the text they mean.
    left = len(before) + _cells(text[first:start])
    caret = max(1, _cells(text[start : min(end, last)]))
    shown = "".join(map(_cell, text[first:last]))
    return before + shown + after, " " * left + "^" * caret


def _window(text: str, start: int, room: int) -> tuple[int, int]:
    """The part of a long line around an offset that fits into so many cells."""
    first = last = start
    used = 0

    def grow_left(limit: int) -> None:
        nonlocal first, used
        while first > 0 and used + _cells(text[first - 1]) <= limit:
            first -= 1
            used += _cells(text[first])

    grow_left(room // 3)
    while last < len(text) and used + _cells(text[last]) <= room:
        used += _cells(text[last])
        last += 1
    grow_left(room)
    return first, last


def _cell(character: str) -> str:
    return " " * _TAB if character == "\t" else _printable(character)


def _cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text) + (_TAB - 1) * text.count("\t")
    from unicodedata import combining, east_asian_width

    columns = (_TAB - 1) * text.count("\t")
    for character in text:
        if not combining(character):
            columns += 2 if east_asian_width(character) in "WF" else 1
    return columns


def _printable(text: str) -> str:
    """The text with control characters and the like replaced for a terminal."""
    if text.isprintable():
        return text
    # Not printable are also the marks that reverse the reading direction.
    return "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text
    )


def _render_stack(stack: Sequence[StackEntry], elided: int) -> list[str]:
    if len(stack) <= 2 * _STACK_ENDS:
        return [line for entry in stack for line in _render_entry(entry)]
    lines = [line for entry in stack[:_STACK_ENDS] for line in _render_entry(entry)]
    lines.append(f"   ... {len(stack) + elided - 2 * _STACK_ENDS} more")
    for entry in stack[-_STACK_ENDS:]:
        lines.extend(_render_entry(entry))
    return lines


def _render_entry(entry: StackEntry) -> list[str]:
    place = f"{_printable(entry.file)}:{entry.line}:{entry.column}"
    lines = [f"   in {shortened(_printable(entry.function))} at {place}"]
    if entry.tail_calls:
        calls = "tail call" if entry.tail_calls == 1 else "tail calls"
        lines.append(f"      ... {entry.tail_calls} {calls}")
    return lines
