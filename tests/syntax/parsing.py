"""What the tests of the parser compare: printed graphs, and errors with positions."""

from __future__ import annotations

from fluentai_jit.errors import FluentError, Source
from fluentai_jit.graph.nodes import Graph
from fluentai_jit.graph.printer import dump
from fluentai_jit.syntax.parser import parse


def graph_of(text: str) -> Graph:
    return parse(Source("test.flc", text))


def shape(text: str) -> str:
    """The items of a program as S-expressions, ` ; ` between them."""
    return " ; ".join(dump(item) for item in graph_of(text).root.items)


def error_of(text: str) -> FluentError:
    """The error of a program that must have one."""
    try:
        graph_of(text)
    except FluentError as error:
        return error
    raise AssertionError(f"parsed without an error: {text!r}")


def errors_of(text: str) -> list[str]:
    """Every error as "line:column message", in order of position."""
    first = error_of(text)
    found = [first, *first.related]
    placed = [each for each in found if each.span is not None]
    assert len(placed) == len(found)
    placed.sort(key=lambda each: each.span.start if each.span else 0)
    return [
        f"{each.span.line}:{each.span.column} {each.message}"
        for each in placed
        if each.span
    ]
