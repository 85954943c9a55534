"""The graph as text: on one line, or as a tree with a line for each node."""

from __future__ import annotations

from fluentai_jit.graph.base import TypeExpr
from fluentai_jit.graph.nodes import (
    BoolLiteral,
    FloatLiteral,
    IntLiteral,
    Name,
    NamePattern,
    NilLiteral,
    Node,
    StringLiteral,
    SymbolLiteral,
    WildcardPattern,
)

# Deeper levels are not indented further: a chain of n terms would print n² spaces.
_DEEPEST_INDENT = 40


def dump(node: Node, ids: bool = False) -> str:
    """The node as one S-expression: `(Binary + x 1)`, `(Binary#3 + x#1 1#2)` with ids.

    Required fields stand in their order; optional ones, when present, as `name=value`;
    what is true by its name alone.
    """
    pieces: list[str] = []
    waiting: list[Node | str] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            pieces.append(current)
        else:
            waiting.extend(reversed(_inline(current, ids)))
    return "".join(pieces)


def outline(node: Node) -> str:
    """The node as a tree, a line for each node: its id, class and plain fields."""
    lines: list[str] = []
    waiting: list[tuple[int, str, Node]] = [(0, "", node)]
    while waiting:
        depth, label, current = waiting.pop()
        below: list[tuple[int, str, Node]] = []
        words = [f"#{current.id}", label + (_leaf(current) or type(current).__name__)]
        for field in type(current).field_names[1:] if not _leaf(current) else ():
            value = getattr(current, field)
            prefix = f"{field}=" if field in type(current).optional_fields else ""
            if isinstance(value, Node):
                below.append((depth + 1, prefix, value))
            elif isinstance(value, list | tuple):
                nodes = [each for each in value if isinstance(each, Node)]
                below.extend((depth + 1, prefix, each) for each in nodes)
                words += [_plain(each) for each in value if not isinstance(each, Node)]
            elif value is not None and value is not False:
                words.append(field if value is True else prefix + _plain(value))
        lines.append("  " * min(depth, _DEEPEST_INDENT) + " ".join(words))
        waiting.extend(reversed(below))
    return "\n".join(lines)


def _inline(node: Node, ids: bool) -> list[Node | str]:
    number = f"#{node.id}" if ids else ""
    leaf = _leaf(node)
    if leaf is not None:
        return [leaf + number]
    parts: list[Node | str] = [f"({type(node).__name__}{number}"]
    for field in type(node).field_names[1:]:
        value = getattr(node, field)
        optional = field in type(node).optional_fields
        if value is None or value is False or (optional and value == ()):
            continue
        parts.append(f" {field}=" if optional and value is not True else " ")
        if value is True:
            parts.append(field)
        elif isinstance(value, list | tuple):
            parts.append("[")
            for index, each in enumerate(value):
                parts.append(" " if index else "")
                parts.append(each if isinstance(each, Node) else _plain(each, field))
            parts.append("]")
        else:
            parts.append(value if isinstance(value, Node) else _plain(value))
    parts.append(")")
    return parts


def _plain(value: object, field: str = "") -> str:
    if isinstance(value, TypeExpr):
        return value.text
    # The texts among the parts of an f-string would read like names.
    return _quoted(str(value)) if field == "parts" else str(value)


def _leaf(node: Node) -> str | None:
    """What stands for a node that needs no parentheses; None for other nodes."""
    match node:
        case Name() | NamePattern():
            return node.name
        case StringLiteral():
            return _quoted(node.value)
        case BoolLiteral():
            return "true" if node.value else "false"
        case IntLiteral() | FloatLiteral():
            return repr(node.value)
        case NilLiteral():
            return "nil"
        case SymbolLiteral():
            return f"'{node.name}"
        case WildcardPattern():
            return "_"
    return None


def _quoted(text: str) -> str:
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        text = text.replace(character, escape)
    return f'"{text}"'
