"""Code of literals with any number of parts: f-strings and collections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..core import opcodes as op
from ..core.opcodes import MOVE
from ..graph import nodes
from ..graph.nodes import Expr
from .builder import Builder

# Items of a literal, or parts of an f-string, that are in registers at a time.
_STRETCH = 50


def fstring(code: Builder, node: nodes.FString, register: int) -> None:
    """The text of every part, and all of them as one string, a stretch at a time."""
    top = result = code.top
    for part in node.parts:
        if result - top == _STRETCH:
            code.native("concatenate", top, _STRETCH, node)
            result = top + 1
            code.emit(MOVE, result, top, 0, node)
        result += 1
        code.top = result
        if isinstance(part, str):
            code.emit(op.LOAD_CONST, result, 0, code.pool.string(part), node)
        else:
            code.top = result + 1
            code.compile(part, result + 1)
            code.native("to_string", result, 1, part)
    code.top = top
    code.native("concatenate", top, result - top, node)
    code.deliver(top, register, node)


def list_literal(code: Builder, node: nodes.ListLiteral, register: int) -> None:
    """`[a, ...xs]`."""
    _collection(code, node, node.items, register, "list", "concat")


def set_literal(code: Builder, node: nodes.SetLiteral, register: int) -> None:
    """`#{a, ...xs}`."""
    _collection(code, node, node.items, register, "make_set", "merge")


def map_literal(code: Builder, node: nodes.MapLiteral, register: int) -> None:
    """`{ "k": v, ...m }`, whose keys and values are items by turns."""
    items: list[Expr] = []
    for entry in node.entries:
        if isinstance(entry, nodes.Spread):
            items.append(entry)
        else:
            items += (entry.key, entry.value)
    _collection(code, node, items, register, "make_map", "merge")


def _collection(
    code: Builder,
    node: Expr,
    items: Sequence[Expr],
    register: int,
    make: str,
    join: str,
) -> None:
    """Items in stretches of one literal each, which are joined."""
    top = code.top
    joined = False
    for stretch in _stretches(items):
        # The literal so far, below it where both are joined, and the next stretch.
        if isinstance(stretch, nodes.Spread) and not joined:
            code.native(make, top, 0, node)
            joined = True
        result = top + 2 if joined else top
        code.top = result
        if isinstance(stretch, nodes.Spread):
            _spread(code, stretch, result, make)
        else:
            for offset, item in enumerate(stretch):
                code.top = result + 1 + offset
                code.compile(item, code.top)
            code.native(make, result, len(stretch), node)
        if joined:
            code.emit(MOVE, top + 1, top, 0, node)
            culprit = stretch if isinstance(stretch, nodes.Spread) else node
            code.native(join, top, 2, culprit)
        joined = True
    if not joined:
        code.native(make, top, 0, node)
    code.top = top
    code.deliver(top, register, node)


def _spread(code: Builder, node: nodes.Spread, result: int, make: str) -> None:
    """What `...e` adds; in a list, the elements of a set as well."""
    if make != "list":
        code.compile(node.value, result)
        return
    code.top = result + 1
    code.compile(node.value, result + 1)
    code.native("sequence", result, 1, node)


def _stretches(items: Sequence[Expr]) -> Iterator[list[Expr] | nodes.Spread]:
    """Runs of plain items of bounded length, and the spreads between them."""
    run: list[Expr] = []
    for item in items:
        if run and (isinstance(item, nodes.Spread) or len(run) == _STRETCH):
            yield run
            run = []
        if isinstance(item, nodes.Spread):
            yield item
        else:
            run.append(item)
    if run:
        yield run
