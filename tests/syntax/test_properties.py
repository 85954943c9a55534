"""What holds for every text: a graph or a FluentError, and spans that nest."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fluentai_jit.errors import FluentError, Source, render
from fluentai_jit.graph.nodes import Call, Graph, MethodCall, children, walk
from fluentai_jit.graph.printer import dump, outline
from fluentai_jit.syntax.parser import parse
from fluentai_jit.syntax.tokens import KEYWORDS

WORDS = ["x", "y", "Foo", "as", "with", "type", "rec", "case", "get", "print", "_"]
MARKS = "( ) [ ] { } #{ , ; : . .? .. ..= ... => -> |> || && | = := += == ! - + * **"
LITERALS = ["1", "2.5", '"s"', 'f"a{x}"', "'s", "\n", "@pure(true)", "$(x).print()"]
SNIPPETS = st.sampled_from([*sorted(KEYWORDS), *WORDS, *MARKS.split(), *LITERALS])

PROGRAM = """
private function total(xs: List<int>, start = 0) -> int {
  let sum = start
  for x in xs { sum += x; if sum > 100 { break } }
  match xs { [] => 0, [first, ...rest] when first > 3 => first |> f(rest), _ => sum }
}
let m = { "a": f"{x + 1}", b: [1, 2 -3], ...other }
try { risky(Point { x: 1 }) } catch (e) { e.message } finally { (a, b = 2) => a[b] }
"""


def parsed(text: str) -> Graph | None:
    try:
        return parse(Source("test.flc", text))
    except FluentError as error:
        assert error.kind in ("SyntaxError", "NotSupported")
        for each in (error, *error.related):
            assert each.span is not None
            assert 0 <= each.span.start <= each.span.end <= len(text)
        assert render(error)
        return None


@given(st.text())
def test_any_text_is_a_graph_or_a_fluent_error(text: str) -> None:
    graph = parsed(text)
    assert graph is None or graph.root.span.text == text


@given(st.lists(SNIPPETS, max_size=30).map(" ".join))
@settings(max_examples=300)
def test_any_tokens_are_a_graph_or_a_fluent_error(text: str) -> None:
    graph = parsed(text)
    assert graph is None or graph.root.span.text == text


@given(st.data())
@settings(max_examples=200)
def test_a_damaged_program_is_a_graph_or_a_fluent_error(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(PROGRAM)))
    end = data.draw(st.integers(start, min(start + 5, len(PROGRAM))))
    text = PROGRAM[:start] + data.draw(SNIPPETS) + PROGRAM[end:]
    graph = parsed(text)
    assert graph is None or dump(graph.root) == dump(parse(graph.source).root)


@given(st.lists(SNIPPETS, max_size=12).map(" ".join))
@settings(max_examples=300)
def test_spans_of_children_lie_within_their_parent(text: str) -> None:
    graph = parsed(PROGRAM + text) or parsed(PROGRAM)
    assert graph is not None
    for node in walk(graph.root):
        for child in children(node):
            assert node.span.start <= child.span.start
            assert child.span.end <= node.span.end
        if isinstance(node, Call | MethodCall):
            assert node.span.text


def test_ids_number_the_nodes_in_order_of_creation() -> None:
    graph = parse(Source("test.flc", PROGRAM))
    assert [node.id for node in graph.nodes] == list(range(len(graph.nodes)))
    reached = [node.id for node in walk(graph.root)]
    assert sorted(reached) == list(range(1, len(graph.nodes)))
    assert graph.node(len(graph.nodes) - 1) is graph.root


def test_parsing_and_printing_are_deterministic() -> None:
    first, second = (parse(Source("test.flc", PROGRAM)) for _ in range(2))
    assert dump(first.root, ids=True) == dump(second.root, ids=True)
    assert outline(first.root) == outline(second.root)
