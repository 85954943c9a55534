"""Nodes, their fields and children, the graph, metadata."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from fluentai_jit.errors import Source, Span
from fluentai_jit.graph import nodes
from fluentai_jit.graph.metadata import HINT_KINDS, PerformanceHint, UsageStats
from fluentai_jit.graph.nodes import (
    Binary,
    Call,
    Graph,
    IntLiteral,
    Lambda,
    Let,
    Name,
    Node,
    Param,
    children,
    walk,
)

SOURCE = Source("test.flc", "let x = 1 + 2")
SPAN = Span(SOURCE, 0, 13)


def test_fields_are_the_parameters_in_order() -> None:
    node = Binary(SPAN, "+", IntLiteral(SPAN, 1), right=IntLiteral(SPAN, 2))
    assert (node.id, node.span, node.op) == (0, SPAN, "+")
    assert isinstance(node.right, IntLiteral)
    assert Binary.field_names == ("span", "op", "left", "right")


def test_optional_fields_have_defaults() -> None:
    let = Let(SPAN, nodes.NamePattern(SPAN, "x"), IntLiteral(SPAN, 1), False)
    assert (let.body, let.public) == (None, False)
    assert Lambda(SPAN, [], let).contracts == ()


def test_wrong_fields_are_refused() -> None:
    with pytest.raises(TypeError, match="value"):
        IntLiteral(SPAN)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        IntLiteral(SPAN, 1).vale = 2  # type: ignore[attr-defined]


def test_nodes_compare_by_identity() -> None:
    node = IntLiteral(SPAN, 1)
    assert node != IntLiteral(SPAN, 1)
    assert len({node, node, IntLiteral(SPAN, 1)}) == 2


NODE_CLASSES = [
    each
    for each in vars(nodes).values()
    if inspect.isclass(each) and issubclass(each, Node)
]


@pytest.mark.parametrize("node_class", NODE_CLASSES, ids=lambda each: each.__name__)
def test_child_fields_are_those_annotated_with_nodes(node_class: type[Node]) -> None:
    annotations = {}
    for each in reversed(node_class.__mro__):
        annotations.update(inspect.get_annotations(each))
    known = {each.__name__ for each in NODE_CLASSES}
    for field in node_class.field_names:
        words = annotations[field].replace("[", " ").replace("]", " ").split()
        holds_nodes = bool(known & {word.strip(",") for word in words})
        assert (field in node_class.child_fields) == holds_nodes


def test_children_and_walk_follow_the_source() -> None:
    left, right = Name(SPAN, "a"), Name(SPAN, "b")
    call = Call(SPAN, Name(SPAN, "f"), [left, right])
    root = Lambda(SPAN, [Param(SPAN, "p", left)], call)
    assert children(call) == [call.callee, left, right]
    assert list(walk(root)) == [
        root,
        root.params[0],
        left,
        call,
        call.callee,
        left,
        right,
    ]


def test_a_graph_numbers_its_nodes_from_one() -> None:
    graph = Graph(SOURCE)
    first = graph.add(IntLiteral(SPAN, 1))
    second = graph.add(IntLiteral(SPAN, 2))
    assert (first.id, second.id) == (1, 2)
    assert graph.node(2) is second
    assert repr(second) == "<IntLiteral #2>"
    for missing in (0, 3, -1):
        with pytest.raises(IndexError):
            graph.node(missing)


def test_metadata_is_made_on_first_use_and_kept() -> None:
    node = IntLiteral(SPAN, 1)
    metadata = node.metadata
    assert metadata is node.metadata
    assert metadata.span == SPAN
    assert metadata.type_info is None
    assert metadata.is_pure is None
    assert metadata.context_memory.usage_stats.execution_count == 0
    assert metadata.context_memory.usage_stats.avg_execution_time_ns is None


def test_statistics_of_a_run_are_written_into_metadata() -> None:
    metadata = IntLiteral(SPAN, 1).metadata
    assert metadata.context_memory.last_modified is None
    metadata.update_usage_stats(UsageStats(7, 12.5, 1, True))
    stats = metadata.context_memory.usage_stats
    assert (stats.execution_count, stats.avg_execution_time_ns) == (7, 12.5)
    assert (stats.error_count, stats.is_hot_path) == (1, True)
    assert metadata.context_memory.last_modified is not None


@pytest.mark.parametrize("kind", HINT_KINDS)
def test_performance_hints_of_every_kind(kind: str) -> None:
    hint = PerformanceHint(kind, 0.5, "in the loop", 4)
    assert (hint.kind, hint.confidence, hint.argument) == (kind, 0.5, 4)


@pytest.mark.parametrize(
    ("kind", "confidence"), [("inline", 0.5), ("should_inline", 1.5), ("custom", -0.1)]
)
def test_wrong_performance_hints_are_refused(kind: str, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"must be|unknown"):
        PerformanceHint(kind, confidence)


@pytest.mark.parametrize("module", ["dataclasses", "inspect", "pathlib", "difflib"])
def test_parsing_imports_nothing_slow(module: str) -> None:
    program = (
        "import sys\n"
        "from fluentai_jit.errors import Source\n"
        "from fluentai_jit.syntax.parser import parse\n"
        "parse(Source('s', 'let f = x => x + 1'))\n"
        f"sys.exit({module!r} in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.returncode == 0
