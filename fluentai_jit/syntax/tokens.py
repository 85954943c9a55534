"""The tokens of the language, and how messages name them."""

from __future__ import annotations

from typing import Any

# Words that are names except where a form asks for them (type, as, with, rec, case,
# extern, ...) are not here: the forms look at the text of a name.
_WORDS = """
    private public function struct enum trait actor receive become effect macro if else
    match for while when in let const async await spawn handle promise try catch finally
    throw return break continue use mod export true false nil self perform
"""
KEYWORDS = frozenset(_WORDS.split())

# What closes what; an f-string and the holes in it are brackets too.
OPENERS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "#{": "}",
    "hole": "}",
    "fstring": "fstring end",
}
CLOSERS = frozenset(OPENERS.values())

_DESCRIPTIONS = {
    "end": "the end of the file",
    "int": "a number",
    "float": "a number",
    "string": "a string",
    "fstring": "an f-string",
    "hole": "`{`",
}


class Token:
    """A token of the source.

    `kind` is the text itself for operators and keywords, else "name", "int", "float",
    "string", "symbol", "error" or "end". An f-string is "fstring", then any number of
    "text" and of "hole" expression "}", then "fstring end". `value` is the name, the
    number, the unescaped text, or the error that was reported for the token. `newline`
    is whether a line break stands before it, `partner` the index of the token that
    closes it.
    """

    __slots__ = ("end", "kind", "newline", "partner", "start", "value")

    # Any, because the kind decides what the value is.
    def __init__(
        self, kind: str, start: int, end: int, value: Any, newline: bool
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
        self.newline = newline
        self.partner = -1

    def describe(self) -> str:
        """The token as messages name it."""
        if self.kind == "name":
            return f"`{self.value}`"
        if self.kind == "symbol":
            return f"`'{self.value}`"
        if self.kind in KEYWORDS:
            return f"the keyword `{self.kind}`"
        return _DESCRIPTIONS.get(self.kind, f"`{self.kind}`")

    def __repr__(self) -> str:
        return f"Token({self.kind!r}, {self.start}, {self.end}, {self.value!r})"
