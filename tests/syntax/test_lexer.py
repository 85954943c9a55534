"""Tokens: what the text is cut into, and what cannot be cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluentai_jit.errors import Source
from fluentai_jit.syntax.lexer import MAX_ERRORS, Lexer
from fluentai_jit.syntax.tokens import KEYWORDS, Token


def lexed(text: str) -> Lexer:
    lexer = Lexer(Source("test.flc", text))
    lexer.run()
    return lexer


def tokens(text: str) -> list[Token]:
    lexer = lexed(text)
    assert lexer.errors == []
    assert lexer.tokens[-1].kind == "end"
    return lexer.tokens[:-1]


def kinds(text: str) -> list[str]:
    return [token.kind for token in tokens(text)]


def value(text: str) -> object:
    (token,) = tokens(text)
    return token.value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("1_000_000", 1_000_000),
        ("0xFf_00", 0xFF00),
        ("0b1_01", 5),
        ("0o17", 15),
        ("9223372036854775807", 2**63 - 1),
        ("00000000000000000000000000012", 12),
        ("1.5", 1.5),
        ("1.5e-3", 0.0015),
        ("1e5", 1e5),
        ("1E+5", 1e5),
        ("1_0.2_5", 10.25),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert value(text) == number
    assert type(value(text)) is type(number)


@pytest.mark.parametrize(
    "text", ["0x", "0b2", "0o8", "12abc", "1__0", "1_", "1.5_", "1e"]
)
def test_malformed_numbers_are_errors_as_a_whole(text: str) -> None:
    (error,) = lexed(text).errors
    assert error.message == f"`{text}` is not a number"
    assert error.span is not None
    assert error.span.text == text


@pytest.mark.parametrize(
    "text", ["9223372036854775809", "0x1_0000_0000_0000_0000", "1" * 5000, "1e999"]
)
def test_numbers_out_of_range_are_errors(text: str) -> None:
    (error,) = lexed(text).errors
    assert error.message.endswith("is out of range")


def test_a_point_needs_a_digit_on_both_sides() -> None:
    assert kinds("1..2") == ["int", "..", "int"]
    assert kinds("1.abs") == ["int", ".", "name"]


@pytest.mark.parametrize(
    ("text", "string"),
    [
        ('""', ""),
        ('"a b"', "a b"),
        ('"two\nlines"', "two\nlines"),
        (r'"\n\t\r\\\"\0"', '\n\t\r\\"\0'),
        (r'"\u{41}\u{1F600}"', "A\U0001f600"),
        ('"// no comment"', "// no comment"),
        ('"{x}"', "{x}"),
    ],
)
def test_strings(text: str, string: str) -> None:
    assert value(text) == string


@pytest.mark.parametrize(
    ("text", "message", "shown"),
    [
        (r'"a\qb"', r"unknown escape `\q`", r"\q"),
        (r'"\x41"', r"unknown escape `\x`", r"\x"),
        (r'"\u41"', r"incomplete escape `\u`", r"\u"),
        (r'"\u{}"', r"incomplete escape `\u`", r"\u"),
        (r'"\u{D800}"', r"`\u{D800}` is not a Unicode character", r"\u{D800}"),
        (r'"\u{110000}"', r"`\u{110000}` is not a Unicode character", r"\u{110000}"),
    ],
)
def test_wrong_escapes_are_errors_at_their_place(
    text: str, message: str, shown: str
) -> None:
    (error,) = lexed(text).errors
    assert error.message == message
    assert error.span is not None
    assert error.span.text == shown


def test_fstrings_are_texts_and_holes() -> None:
    found = [(each.kind, each.value) for each in tokens(r'f"a{{\n{x}}}"')]
    assert found == [
        ("fstring", None),
        ("text", "a{\n"),
        ("hole", None),
        ("name", "x"),
        ("}", None),
        ("text", "}"),
        ("fstring end", None),
    ]


def test_a_hole_may_contain_quotes_braces_and_fstrings() -> None:
    text = 'f"{ {"k": f"{y}"}["k"] }"'
    assert kinds(text).count("fstring end") == 2
    assert kinds(text)[-1] == "fstring end"


@pytest.mark.parametrize("text", ["'name", "'to-do", "'utf-8", "'_x"])
def test_symbols(text: str) -> None:
    assert value(text) == text[1:]


def test_a_symbol_ends_before_a_spaced_minus() -> None:
    assert kinds("'a - b") == ["symbol", "-", "name"]


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_keywords_are_their_own_kind(word: str) -> None:
    assert kinds(word) == [word]
    assert kinds(f"{word}_1") == ["name"]


@pytest.mark.parametrize(
    "word",
    [
        *("surface", "space", "element", "disturb", "state_field", "extern", "type"),
        *("case", "from", "as", "with", "rec", "of", "default", "after", "select"),
    ],
)
def test_words_of_single_forms_are_names(word: str) -> None:
    assert kinds(word) == ["name"]


def test_the_longest_operator_wins() -> None:
    text = "... ..= .. .? . **= ** *= == => = := :: : |> || | && -> -= #{ <= !="
    assert kinds(text) == text.split()


def test_comments_separate_and_count_as_line_breaks() -> None:
    first, second, third = tokens("a // b */ c\nb /* * / \n // */ c")
    assert (first.newline, second.newline, third.newline) == (False, True, True)


def test_comments_do_not_nest() -> None:
    assert kinds("/* /* */ a") == ["name"]


def test_a_slash_before_a_comment_is_no_operator() -> None:
    assert kinds("a /* b */ / c // d") == ["name", "/", "name"]


def test_mark_and_interpreter_line_are_skipped() -> None:
    assert kinds("\ufeff#!/usr/bin/env flc\n1") == ["int"]
    assert kinds("#!only") == []


@pytest.mark.parametrize(
    "character", ["&", "?", "^", "~", "`", "#", "\u20ac", "\x00", "'"]
)
def test_characters_without_meaning_are_errors_not_skipped(character: str) -> None:
    lexer = lexed(f"a {character} b")
    (error,) = lexer.errors
    assert error.span is not None
    assert error.span.text == character
    assert [token.kind for token in lexer.tokens] == ["name", "error", "name", "end"]


def test_a_name_with_foreign_letters_is_one_error() -> None:
    (error,) = lexed("let gr\u00f6\u00dfe_1 = 2").errors
    assert error.message == "`gr\u00f6\u00dfe_1` is not a name"
    (error,) = lexed('"a"\u00e9').errors
    assert error.message == "`\u00e9` is not a name"


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ('x "abc', "this string has no end", 3),
        ('x "abc\\"', "this string has no end", 3),
        ('x f"abc', "this f-string has no end", 3),
        ('x f"{f"a"}', "this f-string has no end", 3),
        ('x f"a{y', "this hole of the f-string is not closed", 6),
        ('x f"a{y"', "this hole of the f-string is not closed", 6),
        ("x /* abc", "this comment has no end", 3),
    ],
)
def test_what_has_no_end_is_reported_where_it_begins(
    text: str, message: str, column: int
) -> None:
    lexer = lexed(text)
    (error,) = lexer.errors
    assert lexer.unclosed == [error]
    assert not lexer.broken
    assert error.message == message
    assert error.span is not None
    assert error.span.column == column


def test_reading_stops_at_the_greatest_number_of_errors() -> None:
    assert len(lexed("? " * 100).errors) == MAX_ERRORS
    assert len(lexed('f"' + "} " * 5000 + '"').errors) == MAX_ERRORS


PIECES = st.sampled_from(
    [
        *("x", "12", "1.5", '"s\\n"', 'f"a{x + 1}b"', "'to-do", "let", "(", ")", "{"),
        *("}", "+", "..=", "|>", " ", "\n", "// c\n", "/* c\n */"),
    ]
)


@given(st.lists(PIECES))
def test_tokens_and_what_is_between_them_make_up_the_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    position = 0
    for token in tokens(text):
        between = text[position : token.start]
        assert between.strip() == "" or between.lstrip().startswith(("//", "/*"))
        assert token.newline == ("\n" in between)
        assert token.end > token.start
        position = token.end
    assert text[position:].strip() == "" or "/" in text[position:]


@given(st.lists(PIECES))
def test_tokens_are_spelled_in_the_source_at_their_span(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for token in tokens(text):
        spelled = text[token.start : token.end]
        if token.kind == "name":
            assert spelled == token.value
        elif token.kind not in ("int", "float", "string", "symbol", "text", "hole"):
            assert spelled == {"fstring": 'f"', "fstring end": '"'}.get(
                token.kind, token.kind
            )
