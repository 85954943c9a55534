"""Which bracket closes which, found before parsing so that one can look ahead."""

from __future__ import annotations

from fluentai_jit.errors import SYNTAX_ERROR, FluentError, Source, Span
from fluentai_jit.syntax.lexer import MAX_ERRORS
from fluentai_jit.syntax.tokens import CLOSERS, OPENERS, Token


def match_brackets(source: Source, tokens: list[Token]) -> list[FluentError]:
    """Set the `partner` of every opening token; give an error for each without one."""
    errors: list[FluentError] = []
    opened: list[int] = []
    for index, token in enumerate(tokens):
        kind = token.kind
        if kind in OPENERS:
            opened.append(index)
        elif kind in CLOSERS:
            if opened and OPENERS[tokens[opened[-1]].kind] == kind:
                tokens[opened.pop()].partner = index
            else:
                _mismatch(source, tokens, opened, index, errors)
        if len(errors) >= MAX_ERRORS:
            return errors
    for index in opened[:MAX_ERRORS]:
        hint = _suspect(source, tokens, index)
        errors.append(_not_closed(source, tokens[index], hint))
    return errors


def _mismatch(
    source: Source,
    tokens: list[Token],
    opened: list[int],
    index: int,
    errors: list[FluentError],
) -> None:
    """Report what closes the wrong bracket, and go on as if that one was closed."""
    token = tokens[index]
    fitting = [at for at in opened if OPENERS[tokens[at].kind] == token.kind]
    if not fitting:
        span = Span(source, token.start, token.end)
        message = f"`{token.kind}` closes nothing"
        errors.append(FluentError(SYNTAX_ERROR, message, span))
        return
    while opened[-1] != fitting[-1]:
        line, column = source.position(token.start)
        hint = f"`{token.kind}` at {line}:{column} comes first"
        errors.append(_not_closed(source, tokens[opened.pop()], hint))
    tokens[opened.pop()].partner = index


def _not_closed(source: Source, token: Token, hint: str | None) -> FluentError:
    shown = source.text[token.start : token.end]
    closer = OPENERS[token.kind]
    message = f"`{shown}` is not closed by `{closer}`"
    span = Span(source, token.start, token.end)
    return FluentError(SYNTAX_ERROR, message, span, hint=hint)


def _suspect(source: Source, tokens: list[Token], unclosed: int) -> str | None:
    """Where the missing brace may belong, judged by the indentation of the others."""
    for index in range(unclosed + 1, len(tokens)):
        opener = tokens[index]
        if opener.kind != "{" or opener.partner < 0:
            continue
        closer = tokens[opener.partner]
        begun = source.line_text(source.position(opener.start)[0])
        ended = source.line_text(source.position(closer.start)[0])
        aligned = _indentation(begun) == _indentation(ended)
        if not aligned and ended.lstrip().startswith("}"):
            first = source.position(opener.start)
            last = source.position(closer.start)
            return (
                f"the `}}` at {last[0]}:{last[1]} is not aligned with its `{{` at"
                f" {first[0]}:{first[1]}; one may be missing before it"
            )
    return None


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
