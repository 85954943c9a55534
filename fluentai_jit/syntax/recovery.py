"""Where reading goes on after a string or f-string without end.

Strings may span lines. So one missing quote turns the rest of a file inside out, what
is code is read as text and the other way round, and the quote that remains without a
partner is the last one of the file. The one to blame is found by what follows it: the
quote that ends a wrong string was meant to begin one, so its text comes right after it.
"""

from __future__ import annotations

import re

from fluentai_jit.syntax.tokens import CLOSERS, KEYWORDS, OPENERS, Token

# A line that begins with two words; code does not, but for keywords.
_TWO_WORDS = re.compile(r"\n[ \t]*([A-Za-z]\w*)[ \t]+[A-Za-z]", re.ASCII)
_WORDS = frozenset(("name", "int", "float", "symbol")) | KEYWORDS


def inside_out(text: str, tokens: list[Token]) -> int | None:
    """The first token of the first string that seems to end where another begins."""
    around: list[int] = []
    for index, token in enumerate(tokens):
        begin = index
        if token.kind == "fstring":
            around.append(index)
        elif token.kind == "fstring end":
            begin = around.pop()
        elif token.kind != "string":
            continue
        over_lines = "\n" in text[tokens[begin].start : token.end]
        if over_lines and not around and _begins_text(text, tokens, index):
            return begin
    return None


def _begins_text(text: str, tokens: list[Token], index: int) -> bool:
    """Whether text seems to come after the token, which ends a string."""
    end = tokens[index].end
    if text.startswith('"', end):
        return True
    if index + 1 == len(tokens) or tokens[index + 1].newline:
        return False
    follower = tokens[index + 1]
    if follower.kind == "error":
        # Not one that stands for another string without end.
        return not text.startswith(('"', 'f"'), follower.start)
    return follower.kind in _WORDS


def text_end(text: str, start: int) -> int:
    """The end of the line, or of the lines, that belong to a text without end."""
    while True:
        end = text.find("\n", start)
        if end < 0:
            return len(text)
        words = _TWO_WORDS.match(text, end)
        if words is None or words[1] in KEYWORDS or words[1] == "type":
            return end
        start = end + 1


def tail(text: str, start: int, end: int, opened: list[str]) -> list[Token]:
    """The tokens that close, at the end of a text without end, what is open.

    `opened` are the brackets of its line around it, the innermost last. What closes
    them is taken from the text, as in `print("abc)`. What is left is closed as well,
    unless a comma or, for a brace, deeper indentation says that the next line goes on.
    """
    body = text[start:end].rstrip().removesuffix("{").rstrip(")]};, \t\r")
    begin = start + len(body)
    while (rest := _closing(text, begin, end, opened)) is None:
        begin += 1
    tokens, left = rest
    if not (tokens and tokens[-1].kind == ","):
        while left and (left[-1] != "{" or not _indents(text, start, end)):
            tokens.append(Token(OPENERS[left.pop()], end, end, None, False))
    return tokens


def _closing(
    text: str, begin: int, end: int, opened: list[str]
) -> tuple[list[Token], list[str]] | None:
    """The tokens of a tail, and what is open after it; None if it does not fit."""
    left = list(opened)
    tokens = []
    for index in range(begin, end):
        kind = text[index]
        if kind.isspace():
            continue
        if kind == "{":
            # In parentheses it is rather a brace of the text.
            if left:
                return None
        elif kind not in ";,":
            if not left or OPENERS[left.pop()] != kind:
                return None
        tokens.append(Token(kind, index, index + 1, None, False))
    return tokens, left


def _indents(text: str, start: int, end: int) -> bool:
    """Whether the first line with something in it after `end` is indented deeper."""
    line = text[text.rfind("\n", 0, start) + 1 : end]
    below = text[end:].lstrip("\n")
    return _indentation(below) > _indentation(line)


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


def opened_on_line(text: str, tokens: list[Token], start: int) -> list[str]:
    """The kinds of the brackets that the line of `start` has opened before it."""
    line = text.rfind("\n", 0, start) + 1
    opened: list[str] = []
    waiting = dict.fromkeys(CLOSERS, 0)
    for token in tokens:
        if token.start < line:
            continue
        if token.kind in OPENERS:
            opened.append(token.kind)
            waiting[OPENERS[token.kind]] += 1
        elif waiting.get(token.kind, 0) > 0:
            # With what is wrongly left open in it.
            while (closer := OPENERS[opened.pop()]) != token.kind:
                waiting[closer] -= 1
            waiting[closer] -= 1
    return opened
