"""What parses and does not compile yet, in words."""

from __future__ import annotations

from ..graph import nodes
from ..graph.nodes import Node

_FORMS: dict[type[Node], str] = {
    nodes.ImplDecl: "the implementation of a trait",
    nodes.Spread: "a spread argument",
    nodes.TraitDecl: "`trait`",
}
# Contracts that are checked while the program runs; the others are notes.
CHECKED_CONTRACTS = frozenset(("requires", "ensures", "invariant"))


def describe(node: Node) -> str:
    """The form of a node, as the subject of "... is not supported yet"."""
    return _FORMS.get(type(node)) or f"`{type(node).__name__}`"
