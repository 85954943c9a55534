"""After a string or comment without end the rest of the source is read, too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluentai_jit.errors import FluentError, Source
from fluentai_jit.syntax.lexer import MAX_ERRORS, Lexer
from fluentai_jit.syntax.parser import parse
from tests.syntax.parsing import errors_of

STRING = "this string has no end"
LET = "expected a pattern, found `=`"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('println("abc)', f"2:9 {STRING}"),
        ('println("abc', f"2:9 {STRING}"),
        ('println("smile :)', f"2:9 {STRING}"),
        ('println("a { b)', f"2:9 {STRING}"),
        ('let x = "abc;', f"2:9 {STRING}"),
        ('let m = {"k": [1, "abc]}', f"2:19 {STRING}"),
        ('if x == "abc { 1 }', f"2:9 {STRING}"),
        ('private function f() { println("abc) }', f"2:32 {STRING}"),
        ('private function f() { if a { "abc }; 1 }', f"2:31 {STRING}"),
        ('println(f"abc)', "2:9 this f-string has no end"),
        ('println(f"abc {x)', "2:15 this hole of the f-string is not closed"),
        ('println(f"abc {x")', "2:15 this hole of the f-string is not closed"),
    ],
)
def test_errors_before_and_after_a_string_without_end(line: str, error: str) -> None:
    text = f"let = 1\n{line}\nlet = 2\nlet x = 3\nlet = 4\n"
    assert errors_of(text) == [f"1:5 {LET}", error, f"3:5 {LET}", f"5:5 {LET}"]


@pytest.mark.parametrize(
    "line",
    [
        'if x == "abc {',
        'while x != "abc {',
        'private function f() { println("abc)',
        'xs.each(x => { println("abc)',
    ],
)
def test_a_block_goes_on_after_its_first_line(line: str) -> None:
    closer = "})" if "(x =>" in line else "}"
    column = line.index('"') + 1
    errors = errors_of(f"{line}\n  y\n{closer}\nlet = 2\n")
    assert errors == [f"1:{column} {STRING}", f"4:5 {LET}"]


def test_a_call_goes_on_after_a_comma() -> None:
    assert errors_of('f("abc,\n  3)\nlet = 2') == [f"1:3 {STRING}", f"3:5 {LET}"]


@pytest.mark.parametrize(
    "after",
    ['println("def")', 'println("")', 'println("?")', 'println(f"d{e}f")', '["a", 1]'],
)
@pytest.mark.parametrize("line", ['let a = "abc', 'println("abc)', 'f("a, "b")'])
def test_the_line_with_the_missing_quote_is_to_blame(line: str, after: str) -> None:
    """And not the last quote of the source, which has no partner."""
    errors = errors_of(f"{line}\n{after}\nlet = 2\n")
    assert len(errors) == 2
    assert errors[0].startswith("1:")
    assert errors[0].endswith(STRING)
    assert errors[1] == f"3:5 {LET}"


def test_a_sound_string_over_lines_is_not_to_blame() -> None:
    text = 'let s = "two\nlines"\nlet t = "abc\nlet = 2'
    assert errors_of(text) == [f"3:9 {STRING}", f"4:5 {LET}"]


def test_each_of_several_is_reported() -> None:
    text = 'println("a)\nprintln("b")\nprintln("c)\nlet = 1\nprintln("d)\nlet = 2'
    assert errors_of(text) == [
        f"1:9 {STRING}",
        f"3:9 {STRING}",
        f"4:5 {LET}",
        f"5:9 {STRING}",
        f"6:5 {LET}",
    ]


def test_many_characters_without_meaning_come_of_a_missing_quote() -> None:
    questions = 'println("what? who?")\n' * MAX_ERRORS
    text = f'println("abc)\n{questions}let = 1'
    assert errors_of(text) == [f"1:9 {STRING}", f"{MAX_ERRORS + 2}:5 {LET}"]


def test_lines_of_words_belong_to_the_text() -> None:
    text = 'let s = "first line\nsecond line\nand the third\nlet = 3'
    assert errors_of(text) == [f"1:9 {STRING}", f"4:5 {LET}"]


def test_what_follows_from_a_missing_quote_is_not_reported() -> None:
    assert errors_of('let m = {key": 1}\nlet = 2') == [f"1:13 {STRING}", f"2:5 {LET}"]
    # The bracket that seems to be open is closed in the text.
    assert errors_of('if a {\n  f(g("x} 1\n}') == [f"2:7 {STRING}"]


@pytest.mark.parametrize("text", ["let = 1\n/* abc\nlet = 2", 'let = 1\nf("{}" /* 3'])
def test_a_comment_without_end_takes_the_rest(text: str) -> None:
    errors = errors_of(text)
    assert errors[0] == f"1:5 {LET}" or len(errors) == 1
    assert errors[-1].endswith("this comment has no end")


def test_a_comment_that_a_missing_quote_has_made_is_none() -> None:
    text = 'println("abc)\nprintln("src/*.c")\nlet = 1'
    assert errors_of(text) == [f"1:9 {STRING}", f"3:5 {LET}"]


PIECES = st.sampled_from(
    [
        *('"', 'f"', "{", "}", "(", ")", "[", "]", "#{", "\\", ",", ";", " ", "\n"),
        *("a", "1", "let ", "= ", "if ", "'a", "?", "\u00e9", "/*", "*/", "//"),
    ]
)


@given(st.lists(PIECES, max_size=80))
def test_whatever_is_read_ends_and_is_in_order(pieces: list[str]) -> None:
    source = Source("test.flc", "".join(pieces))
    lexer = Lexer(source)
    lexer.run()
    position = 0
    for token in lexer.tokens:
        assert position <= token.start <= token.end
        position = token.end
    if not lexer.errors:
        return
    with pytest.raises(FluentError) as caught:
        parse(source)
    assert len(caught.value.related) < MAX_ERRORS
