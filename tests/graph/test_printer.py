"""The graph as text."""

from __future__ import annotations

from fluentai_jit.errors import Source
from fluentai_jit.graph.printer import dump, outline
from fluentai_jit.syntax.parser import parse

TEXT = 'let f = (a, b = 1) => { m[a] += b; f"x{a}" }'


def test_dump_is_one_expression() -> None:
    assert dump(parse(Source("s", TEXT)).root) == (
        "(Program [(Let f (Lambda [(Param a) (Param b default=1)]"
        ' (Block [(Assign (Index m a) b operator=+) (FString ["x" a])])))])'
    )


def test_dump_with_ids_names_every_node() -> None:
    assert dump(parse(Source("s", "x = -1")).root, ids=True) == (
        "(Program#5 [(Assign#4 x#1 (Unary#3 - 1#2))])"
    )


def test_outline_has_a_line_for_each_node() -> None:
    assert outline(parse(Source("s", TEXT)).root) == (
        "#15 Program\n"
        "  #14 Let\n"
        "    #1 f\n"
        "    #13 Lambda\n"
        "      #2 Param a\n"
        "      #4 Param b\n"
        "        #3 default=1\n"
        "      #12 Block\n"
        "        #9 Assign operator=+\n"
        "          #7 Index\n"
        "            #5 m\n"
        "            #6 a\n"
        "          #8 b\n"
        "        #11 FString x\n"
        "          #10 a"
    )


def test_texts_are_quoted_and_escaped() -> None:
    root = parse(Source("s", r'"a\"\\\n" f"\"{x}"')).root
    assert [dump(item) for item in root.items] == [r'"a\"\\\n"', r'(FString ["\"" x])']
