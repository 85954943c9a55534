"""From a source to its graph, or to all of its errors."""

from __future__ import annotations

from fluentai_jit.errors import SYNTAX_ERROR, FluentError, Source
from fluentai_jit.graph.nodes import Graph
from fluentai_jit.syntax.brackets import match_brackets
from fluentai_jit.syntax.cursor import TooManyErrorsError
from fluentai_jit.syntax.items import ItemParser
from fluentai_jit.syntax.lexer import MAX_ERRORS, Lexer


def parse(source: Source) -> Graph:
    """Parse a program.

    Raises FluentError: of kind SyntaxError, with the further errors of the source in
    `related`, or of kind NotSupported when that is all that is wrong.
    """
    lexer = Lexer(source)
    lexer.run()
    errors = lexer.errors
    if lexer.broken:
        raise _combined(_grounded(errors, lexer))
    unmatched = match_brackets(source, lexer.tokens)
    if unmatched:
        # Without knowing what belongs together every further error would be a guess;
        # and what closes a bracket may be in the text of a string without end.
        found = errors if lexer.unclosed else errors + unmatched
        raise _combined(_grounded(found, lexer))
    parser = ItemParser(source, lexer.tokens)
    parser.errors.extend(errors)
    try:
        parser.program()
    except TooManyErrorsError:
        pass
    except RecursionError:
        # The host called from so deep that there was less room than the limit needs.
        parser.errors.append(parser.too_deep())
    if parser.errors:
        raise _combined(_grounded(parser.errors, lexer))
    return parser.graph


def _grounded(errors: list[FluentError], lexer: Lexer) -> list[FluentError]:
    """The errors without those on the line of a string without end: they may come
    of a missing quote before it."""
    lines = {each.span.line for each in lexer.unclosed if each.span}
    return [
        each
        for each in errors
        if each in lexer.unclosed or each.span is None or each.span.line not in lines
    ]


def _combined(errors: list[FluentError]) -> FluentError:
    """One error for all, in source order; NotSupported only when all are."""
    errors.sort(key=lambda error: error.span.start if error.span else 0)
    del errors[MAX_ERRORS:]
    first = next((each for each in errors if each.kind == SYNTAX_ERROR), errors[0])
    first.related = tuple(each for each in errors if each is not first)
    return first
