"""The functions of the prelude: their sources, and their graphs on first use.

The sources are the .flc files beside this one, each function beginning at the start
of a line. Inside them every name means the library's, and the operations that are no
names of the library are there, too.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ..errors import Source
from ..graph.nodes import Function
from ..syntax.parser import parse

# NodeIds begin so high that no program has them, each function's in a stretch of its
# own, so that they do not depend on what else a program uses.
_FIRST_ID = 1 << 32
_STRETCH = 1 << 12
_HEAD = re.compile(r"^(?=function (\w+))", re.M)


@cache
def sources() -> dict[str, tuple[int, Source]]:
    """Index and source of each function, by name.

    The text before a function is replaced by empty lines, so it keeps its place.
    """
    found: dict[str, tuple[int, Source]] = {}
    for path in sorted(Path(__file__).parent.glob("*.flc")):
        text = path.read_text(encoding="utf-8")
        heads = list(_HEAD.finditer(text))
        ends = [head.start() for head in heads[1:]] + [len(text)]
        for head, end in zip(heads, ends, strict=True):
            above = "\n" * text.count("\n", 0, head.start())
            own = text[head.start() : end]
            source = Source(f"<prelude>/{path.name}", above + own)
            found[head[1]] = len(found), source
    return found


@cache
def function(name: str) -> Function:
    """The graph of a function."""
    index, source = sources()[name]
    graph = parse(source)
    for node in graph.nodes:
        node.id += _FIRST_ID + index * _STRETCH
    (item,) = graph.root.items
    assert isinstance(item, Function)
    return item
