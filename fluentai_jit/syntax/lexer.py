"""From text to tokens."""

from __future__ import annotations

import re

from fluentai_jit.errors import SYNTAX_ERROR, FluentError, Source, Span
from fluentai_jit.syntax.tokens import KEYWORDS, Token

# After this many errors nothing more is looked at.
MAX_ERRORS = 20

# One match is one token or one stretch of line breaks or comments; the number of the
# group says which. What it does not match is the end, or an error.
_MASTER = re.compile(
    r"""[ \t\r\f\v]*(?:
    (f")
    |([A-Za-z_][A-Za-z0-9_]*)
    |(\n\s*)
    |(\.\.[.=]?|\.\?|\*\*=?|=[=>]|:[=:]|\|[|>]|&&|->|\#\{|[-+*%<>!]=|/=
        |[-+*%=<>!|.,;:(){}\[\]@$]|/(?![/*]))
    |([0-9]\w*(?:\.[0-9]\w*)?)
    |("[^"\\]*(?:\\.[^"\\]*)*")
    |(//[^\n]*|/\*.*?\*/)
    |('[A-Za-z_]\w*(?:-\w+)*)
    )""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_FSTRING, _NAME, _BREAK, _OPERATOR, _NUMBER, _STRING, _COMMENT, _SYMBOL = range(1, 9)

_FSTRING_TEXT = re.compile(r'(?:[^"\\{}]+|\\u\{[^}"]*\}|\\.|\{\{|\}\})*', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))|\{\{|\}\}", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "0": "\0"}
_DECIMAL = re.compile(r"[0-9]+(?:_[0-9]+)*")
_RADIX = re.compile(
    r"0(?:x[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|o[0-7]+(?:_[0-7]+)*|b[01]+(?:_[01]+)*)"
)
_FLOAT = re.compile(
    r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?(?:e[+-]?[0-9]+(?:_[0-9]+)*)?",
    re.IGNORECASE,
)
_EXPONENT = re.compile(r"[+-][0-9]\w*", re.ASCII)
_BLANKS = re.compile(r"[ \t\r\f\v]*")

MAX_INT = 2**63 - 1
OUT_OF_RANGE = "this integer is out of range"
RANGE_HINT = f"an int is from {-MAX_INT - 1} to {MAX_INT}"

_CHARACTER_HINTS = {
    "&": "`and` is written `&&`",
    "?": "a call on what may be nil is written `x.?m()`",
    "^": "a power is written `**`, a bitwise exclusive or `bit_xor(a, b)`",
    "~": "bitwise operations are functions: `bit_and`, `bit_or`, `bit_xor`",
    "'": "a symbol is `'name`; a string stands in double quotes",
    "`": "a string stands in double quotes",
    "#": "a set is written `#{a, b}`; a comment begins with `//`",
}


# What has no end: the message, how much is underlined, the hint.
_WITHOUT_END = {
    "string": ("this string has no end", 1, 'expected `"`'),
    "f-string": ("this f-string has no end", 2, 'expected `"`'),
    "hole": (
        "this hole of the f-string is not closed",
        1,
        "a hole ends with `}`; a brace as text is written `{{`",
    ),
}


class _OpenFString:
    __slots__ = ("braces", "hole", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        # The place of the open hole, and how many braces are open in it.
        self.hole = start
        self.braces = 0


class Lexer:
    """Makes the tokens of a source, and collects what is wrong with them.

    `broken` is set when the rest of the source was not read, after too many errors;
    `unclosed` has the errors about strings and comments without end; what closes a
    bracket may be in their text.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.tokens: list[Token] = []
        self.errors: list[FluentError] = []
        self.broken = False
        self.unclosed: list[FluentError] = []
        # The f-strings around the position; outside of holes their text is read.
        self._fstrings: list[_OpenFString] = []

    def run(self) -> None:
        """Read the whole text; the last token is of kind "end"."""
        text = self.text
        match = _MASTER.match
        tokens = self.tokens
        newline = False
        position = self._prefix()
        while position >= 0:
            if self.broken:
                position = self._turned_back()
                continue
            found = match(text, position)
            if found is None:
                position = self._unmatched(position, newline)
                newline = False
                continue
            group = found.lastindex
            assert group is not None
            start, position = found.span(group)
            if group == _NAME:
                word = text[start:position]
                kind = word if word in KEYWORDS else "name"
                tokens.append(Token(kind, start, position, word, newline))
            elif group == _OPERATOR:
                kind = text[start:position]
                tokens.append(Token(kind, start, position, None, newline))
                if self._fstrings and kind in ("{", "#{", "}"):
                    position = self._brace_in_hole(kind, position)
            elif group == _BREAK:
                newline = True
                continue
            elif group == _COMMENT:
                newline = newline or "\n" in text[start:position]
                continue
            else:
                position = self._literal(group, start, position, newline)
            newline = False

    def _prefix(self) -> int:
        """The end of a byte order mark and of a `#!` line."""
        start = 1 if self.text.startswith("\ufeff") else 0
        if self.text.startswith("#!", start):
            end = self.text.find("\n", start)
            return len(self.text) if end < 0 else end
        return start

    def _literal(self, group: int, start: int, end: int, newline: bool) -> int:
        """Add a literal's token; give the position after it."""
        text = self.text
        if group == _NUMBER:
            kind, value, end = self._number(start, end)
            self.tokens.append(Token(kind, start, end, value, newline))
        elif group == _STRING:
            body = text[start + 1 : end - 1]
            if "\\" in body:
                body = self._unescape(body, start + 1, braces=False)
            self.tokens.append(Token("string", start, end, body, newline))
        elif group == _SYMBOL:
            name = text[start + 1 : end]
            self.tokens.append(Token("symbol", start, end, name, newline))
        elif group == _FSTRING:
            self.tokens.append(Token("fstring", start, end, None, newline))
            self._fstrings.append(_OpenFString(start))
            return self._fstring_text(end)
        return end

    def _number(self, start: int, end: int) -> tuple[str, int | float, int]:
        """The kind and value of a number, and its end, for an exponent's sign is not
        in the master pattern."""
        text = self.text[start:end]
        if text.isdigit() and len(text) < 19:
            return "int", int(text), end
        if text[-1] in "eE" and not text.startswith("0x"):
            exponent = _EXPONENT.match(self.text, end)
            if exponent is not None:
                end = exponent.end()
                text = self.text[start:end]
        if _DECIMAL.fullmatch(text):
            digits = text.replace("_", "").lstrip("0") or "0"
            # int() refuses very long texts.
            return "int", self._in_range(digits, 10, start, end), end
        if _RADIX.fullmatch(text):
            base = {"x": 16, "o": 8, "b": 2}[text[1]]
            return (
                "int",
                self._in_range(text[2:].replace("_", ""), base, start, end),
                end,
            )
        if _FLOAT.fullmatch(text):
            value = float(text.replace("_", ""))
            if value == float("inf"):
                self._error("this float is out of range", start, end)
            return "float", value, end
        hint = "`_` stands between two digits" if "_" in text else None
        self._error(f"`{text}` is not a number", start, end, hint)
        return "int", 0, end

    def _in_range(self, digits: str, base: int, start: int, end: int) -> int:
        value = int(digits, base) if base != 10 or len(digits) < 20 else MAX_INT + 2
        # One more than the greatest int may stand under a minus: the parser looks.
        if value > MAX_INT + 1:
            self._error(OUT_OF_RANGE, start, end, RANGE_HINT)
            return 0
        return value

    def _unescape(self, body: str, offset: int, braces: bool) -> str:
        """The text with its escapes replaced; with `braces`, `{{` and `}}` as well."""

        def replacement(found: re.Match[str]) -> str:
            if found[0][0] != "\\":
                return found[0][0] if braces else found[0]
            start = offset + found.start()
            if found[1] is not None:
                code = int(found[1], 16)
                if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                    return chr(code)
                message = f"`{found[0]}` is not a Unicode character"
                self._error(message, start, start + len(found[0]))
            elif found[2] in _ESCAPES:
                return _ESCAPES[found[2]]
            elif found[2] == "u":
                hint = "a character by its number is written `\\u{1F600}`"
                self._error("incomplete escape `\\u`", start, start + 2, hint)
            else:
                hint = 'the escapes are `\\n \\t \\r \\\\ \\" \\0 \\u{HEX}`'
                shown = found[0] if found[0].isprintable() else "\\"
                self._error(f"unknown escape `{shown}`", start, start + 2, hint)
            return ""

        return _ESCAPE.sub(replacement, body)

    def _fstring_text(self, start: int) -> int:
        """Read an f-string from within, up to its next hole or its end."""
        found = _FSTRING_TEXT.match(self.text, start)
        assert found is not None
        end = found.end()
        if end > start:
            body = found[0]
            if "\\" in body or "{" in body or "}" in body:
                body = self._unescape(body, start, braces=True)
            self.tokens.append(Token("text", start, end, body, False))
        after = self.text[end : end + 1]
        if after == '"':
            self.tokens.append(Token("fstring end", end, end + 1, None, False))
            self._fstrings.pop()
        elif after == "{":
            self.tokens.append(Token("hole", end, end + 1, None, False))
            self._fstrings[-1].hole = end
        elif after == "}":
            hint = "a brace as text is written `}}`"
            self._error("`}` closes no hole of the f-string", end, end + 1, hint)
            return end if self.broken else self._fstring_text(end + 1)
        else:
            return self._without_end("f-string", self._fstrings[-1].start)
        return end + 1

    def _brace_in_hole(self, kind: str, position: int) -> int:
        """Count a brace; after the one that closes the hole, read the f-string on."""
        around = self._fstrings[-1]
        if kind != "}":
            around.braces += 1
        elif around.braces > 0:
            around.braces -= 1
        else:
            return self._fstring_text(position)
        return position

    def _unmatched(self, position: int, newline: bool) -> int:
        """Deal with the end of the text, or with what cannot be lexed."""
        text = self.text
        blanks = _BLANKS.match(text, position)
        assert blanks is not None
        start = blanks.end()
        # In a hole, the quote that was meant to end the f-string opens a string.
        if self._fstrings and text[start : start + 1] in ("", '"'):
            return self._without_end("hole", self._fstrings[-1].hole)
        elif start == len(text):
            # A second missing quote leaves none without a partner.
            again = self._turned_back() if self.errors else -1
            if again >= 0:
                return again
            self.tokens.append(Token("end", start, start, None, newline))
            return -1
        elif text[start] == '"':
            return self._without_end("string", start, newline)
        elif text.startswith("/*", start):
            return self._comment_without_end(start)
        elif text[start].isalpha():
            return self._foreign_name(start, newline)
        else:
            character = text[start]
            shown = character if character.isprintable() else f"U+{ord(character):04X}"
            hint = _CHARACTER_HINTS.get(character)
            self._error(f"`{shown}` has no meaning here", start, start + 1, hint)
            self._add_error_token(start, start + 1, newline)
            return start + 1

    def _foreign_name(self, start: int, newline: bool) -> int:
        """Report a name with letters beyond ASCII as a whole."""
        end = start
        while end < len(self.text) and (
            self.text[end].isalnum() or self.text[end] == "_"
        ):
            end += 1
        before = self.tokens[-1] if self.tokens else None
        glued = before is not None and before.end == start and before.kind != "string"
        if before is not None and glued and before.value is not None:
            start, newline = before.start, before.newline
            self.tokens.pop()
        hint = "names are made of the letters A to Z, digits and `_`"
        self._error(f"`{self.text[start:end]}` is not a name", start, end, hint)
        self._add_error_token(start, end, newline)
        return end

    def _turned_back(self) -> int:
        """Blame a string before for what cannot be read; -1 if there is none."""
        # Only errors ask for it.
        from fluentai_jit.syntax.recovery import inside_out

        index = inside_out(self.text, self.tokens)
        if index is None:
            return -1
        token = self.tokens[index]
        what = "string" if token.kind == "string" else "f-string"
        return self._skip_text(what, index, token.start, token.newline)

    def _without_end(self, what: str, start: int, newline: bool = False) -> int:
        """Report a string, an f-string or a hole, or the string that is to blame."""
        position = self._turned_back()
        if position >= 0:
            return position
        index = len(self.tokens)
        if self._fstrings:
            # All of the outermost one is dropped.
            first = self._fstrings[0].start
            index = next(i for i, each in enumerate(self.tokens) if each.start == first)
            newline = self.tokens[index].newline
        return self._skip_text(what, index, start, newline)

    def _comment_without_end(self, start: int) -> int:
        position = self._turned_back()
        if position >= 0:
            return position
        self._error("this comment has no end", start, start + 2, "expected `*/`")
        self._fstrings.clear()
        self.unclosed.append(self.errors[-1])
        return len(self.text)

    def _skip_text(self, what: str, index: int, start: int, newline: bool) -> int:
        """Report what has no end and take the rest of its line for text.

        `index` is the first token that is no longer one.
        """
        from fluentai_jit.syntax.recovery import opened_on_line, tail, text_end

        begin = self.tokens[index].start if index < len(self.tokens) else start
        del self.tokens[index:]
        self._fstrings.clear()
        kept = [each for each in self.errors if each.span and each.span.start < begin]
        self.errors[:] = kept
        self.broken = False
        message, length, hint = _WITHOUT_END[what]
        self._error(message, start, start + length, hint)
        self.unclosed.append(self.errors[-1])
        end = text_end(self.text, start)
        opened = opened_on_line(self.text, self.tokens, begin)
        rest = tail(self.text, start + length, end, opened)
        self._add_error_token(begin, rest[0].start if rest else end, newline)
        self.tokens += rest
        return end

    def _add_error_token(self, start: int, end: int, newline: bool) -> None:
        self.tokens.append(Token("error", start, end, self.errors[-1], newline))

    def _error(
        self, message: str, start: int, end: int, hint: str | None = None
    ) -> None:
        span = Span(self.source, start, end)
        self.errors.append(FluentError(SYNTAX_ERROR, message, span, hint=hint))
        if len(self.errors) >= MAX_ERRORS:
            self.broken = True
