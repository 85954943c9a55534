"""Errors as text, positions in sources, and suggestions."""

from __future__ import annotations

import pickle

import pytest

from fluentai_jit.errors import (
    FluentError,
    Source,
    Span,
    StackEntry,
    nearest,
    render,
)


def error_at(text: str, part: str, hint: str | None = None) -> FluentError:
    source = Source("demo.flc", text)
    start = text.index(part)
    span = Span(source, start, start + len(part))
    return FluentError("TypeError", "no", span, hint=hint)


def excerpt(text: str, part: str) -> tuple[str, str]:
    """The source line and the caret line of a rendered error."""
    lines = render(error_at(text, part)).split("\n")
    margin = lines[2].index("|") + 2
    return lines[3][margin:], lines[4][margin:]


def test_an_error_shows_its_line_a_caret_its_hint_and_the_calls() -> None:
    source = Source("demo.flc", "let a = 1\n\nlet x = 3 + nil\n")
    stack = [
        StackEntry("f", "demo.flc", 3, 9, 12),
        StackEntry("main", "demo.flc", 9, 1),
    ]
    error = FluentError(
        kind="TypeError",
        message="cannot add int 3 and nil",
        span=Span(source, 19, 26),
        stack=stack,
        hint="nil is no number",
    )
    assert render(error) == (
        "error[TypeError]: cannot add int 3 and nil\n"
        "  --> demo.flc:3:9\n"
        "   |\n"
        " 3 | let x = 3 + nil\n"
        "   |         ^^^^^^^\n"
        "   = hint: nil is no number\n"
        "   in f at demo.flc:3:9\n"
        "      ... 12 tail calls\n"
        "   in main at demo.flc:9:1"
    )


def test_several_errors_follow_each_other_and_are_counted() -> None:
    first = error_at("a b", "a")
    first.related = (error_at("a b", "b"),)
    assert render(first) == (
        "error[TypeError]: no\n  --> demo.flc:1:1\n   |\n 1 | a b\n   | ^\n\n"
        "error[TypeError]: no\n  --> demo.flc:1:3\n   |\n 1 | a b\n   |   ^\n\n"
        "2 errors"
    )


def test_an_error_without_a_place_is_its_message() -> None:
    assert (
        render(FluentError("Interrupted", "stopped")) == "error[Interrupted]: stopped"
    )


def test_the_margin_is_as_wide_as_the_line_number() -> None:
    rendered = render(error_at("\n" * 99 + "x", "x", hint="h"))
    assert rendered.split("\n")[1:] == [
        "    --> demo.flc:100:1",
        "     |",
        " 100 | x",
        "     | ^",
        "     = hint: h",
    ]


def test_a_long_stack_is_elided_in_the_middle() -> None:
    stack = [StackEntry(f"f{index}", "a.flc", 1, 1) for index in range(1000)]
    lines = render(FluentError("StackOverflow", "deep", stack=stack)).split("\n")
    assert lines[10] == "   in f9 at a.flc:1:1"
    assert lines[11] == "   ... 980 more"
    assert lines[12] == "   in f990 at a.flc:1:1"
    assert len(lines) == 22


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("a = b", "b", ("a = b", "    ^")),
        ("\ta\tb", "b", ("    a    b", "         ^")),
        ("\u65e5\u672c = b", "b", ("\u65e5\u672c = b", "       ^")),
        ("e\u0301 = b", "b", ("e\u0301 = b", "    ^")),
        ("a\u65e5b", "\u65e5", ("a\u65e5b", " ^^")),
        ("a \x1b[31m b", "b", ("a \ufffd[31m b", "        ^")),
        ("a \u202e b", "b", ("a \ufffd b", "    ^")),
        ("f(\n  1)", "f(\n  1)", ("f(", "^^")),
        ("a\r\nb", "a", ("a", "^")),
    ],
)
def test_carets_stand_under_what_they_mean(
    text: str, part: str, expected: tuple[str, str]
) -> None:
    assert excerpt(text, part) == expected


@pytest.mark.parametrize("before", [0, 50, 500])
@pytest.mark.parametrize("after", [0, 50, 500])
@pytest.mark.parametrize("length", [1, 30, 300])
def test_long_lines_are_clipped_around_the_caret(
    before: int, after: int, length: int
) -> None:
    part = "x" * length
    error = error_at("." * before + part + "." * after, part)
    lines = render(error).split("\n")
    assert max(map(len, lines)) <= 120
    caret = lines[4]
    under = lines[3][caret.index("^") : caret.index("^") + caret.count("^")]
    assert set(under) == {"x"}
    assert len(under) == length or len(under) >= 70


@pytest.mark.parametrize("letter", ["a", "_", "7", "\u00e9", "\u65e5"])
def test_a_name_without_end_is_cut_wherever_it_is_said(letter: str) -> None:
    name = letter * 1_000_000
    short = letter * 97 + "..."
    source = Source("demo.flc", f"f({name}) + 1")
    error = FluentError(
        "UnknownIdentifier",
        f"unknown name '{name}', did you mean '{name}'?",
        Span(source, 2, 2 + len(name)),
        stack=[StackEntry(name, "demo.flc", 1, 3)],
        hint=f"`{name}` is long",
    )
    assert error.message == f"unknown name '{short}', did you mean '{short}'?"
    assert error.hint == f"`{short}` is long"
    assert error.args == (error.kind, error.message)
    lines = render(error).split("\n")
    assert len(lines) == 7
    assert lines[3].startswith(f" 1 | f({letter}")
    assert lines[4].startswith("   |   ^^^")
    assert lines[6] == f"   in {letter * 57}... at demo.flc:1:3"


def test_names_and_paths_of_any_use_are_not_cut() -> None:
    digest = "0123456789abcdef" * 4
    path = "/".join((digest, *["folder"] * 50, "program.flc"))
    message = f"cannot read {path}: {'n' * 100}"
    assert FluentError("FileError", message).message == message


def test_the_end_of_a_text_is_pointed_at() -> None:
    source = Source("demo.flc", "let x =")
    error = FluentError("SyntaxError", "no", Span(source, 7, 7))
    assert render(error).endswith(" 1 | let x =\n   |        ^")


def test_messages_cannot_control_the_terminal() -> None:
    error = FluentError("TypeError", "a\x1b[2Jb", hint="\x07")
    assert render(error) == "error[TypeError]: a\ufffd[2Jb\n   = hint: \ufffd"


def test_positions_count_lines_and_columns_from_one() -> None:
    source = Source("s", "ab\n\ncd")
    positions = [source.position(offset) for offset in range(7)]
    assert positions == [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (3, 2), (3, 3)]
    assert source.position(99) == (3, 3)
    assert [source.line_text(line) for line in (1, 2, 3)] == ["ab", "", "cd"]


def test_spans_join() -> None:
    source = Source("s", "ab\ncd")
    joined = Span(source, 0, 1).to(Span(source, 3, 5))
    assert (joined.text, joined.line, joined.column) == ("ab\ncd", 1, 1)
    assert str(Span(source, 4, 5)) == "s:2:2"


def test_an_error_survives_pickling() -> None:
    error = error_at("a b", "b", hint="h")
    error.related = (error_at("a", "a"),)
    copy = pickle.loads(pickle.dumps(error))
    assert render(copy) == render(error)
    assert str(copy) == "TypeError: no (demo.flc:1:3)"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lenght", "length"),
        ("forEach", "for_each"),
        ("LENGTH", "length"),
        ("length", None),
        ("xyz", None),
    ],
)
def test_nearest(name: str, expected: str | None) -> None:
    assert nearest(name, ["length", "for_each", "filter", "fold"]) == expected
