"""What all nodes have in common, and the graph that numbers them."""

from __future__ import annotations

from typing import TypeVar

from fluentai_jit.errors import Source, Span
from fluentai_jit.graph.record import Record, preset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fluentai_jit.graph.metadata import Metadata
    from fluentai_jit.graph.nodes import Program

NodeId = int


class Node(metaclass=Record):
    """A node of the graph.

    The annotations of a class, after the span and in their order, are the parameters
    of its constructor. `id` is 0 until the node is added to a graph.
    """

    span: Span
    id: NodeId = preset(init=False, default=0)
    _metadata: Metadata | None = preset(init=False, default=None)

    @property
    def metadata(self) -> Metadata:
        """The node's metadata, made on first use."""
        if self._metadata is None:
            from fluentai_jit.graph.metadata import Metadata

            self._metadata = Metadata(self.span)
        return self._metadata

    def __repr__(self) -> str:
        return f"<{type(self).__name__} #{self.id}>"


class Expr(Node):
    """What has a value."""


class Pattern(Node):
    """What a value is matched against."""


class Declaration(Node):
    """What only names something; as an item its value is nil."""


class TypeExpr:
    """A type annotation: its source text, and its parts.

    `name` is the type's name, "->" for a function type (`arguments` are the types of
    the parameters and then of the result) or "()" for a tuple.
    """

    __slots__ = ("arguments", "name", "text")

    def __init__(self, text: str, name: str, arguments: tuple[TypeExpr, ...]) -> None:
        self.text = text
        self.name = name
        self.arguments = arguments


AnyNode = TypeVar("AnyNode", bound=Node)


class Graph:
    """All nodes of one source, by NodeId; index 0 of `nodes` is not in use.

    `continued_lines` are the places where a line that begins with `(`, `[`, `-` or `*`
    goes on with the line before it, although that could have ended there.
    """

    __slots__ = ("continued_lines", "nodes", "root", "source")
    root: Program

    def __init__(self, source: Source) -> None:
        self.source = source
        self.nodes: list[Node] = [Node(Span(source, 0, 0))]
        self.continued_lines: list[Span] = []

    def add(self, node: AnyNode) -> AnyNode:
        """Give the node the next NodeId, and give it back."""
        node.id = len(self.nodes)
        self.nodes.append(node)
        return node

    def node(self, node_id: NodeId) -> Node:
        """The node of that id; IndexError if there is none."""
        if not 0 < node_id < len(self.nodes):
            raise IndexError(f"no node {node_id} in {self.source.name}")
        return self.nodes[node_id]


def children(node: Node) -> list[Node]:
    """The node's direct children, in the order of its fields."""
    found: list[Node] = []
    for field in type(node).child_fields:
        value = getattr(node, field)
        if isinstance(value, Node):
            found.append(value)
        elif value is not None:
            found.extend(each for each in value if isinstance(each, Node))
    return found


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, parents before children, in source order."""
    # Not recursive: a chain of a thousand `+` is a thousand levels deep.
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))
