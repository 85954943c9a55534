"""Everything imports only from what docs/architecture.md lists above it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.docs.blocks import PAGE

PACKAGE = PAGE.parent.parent / "fluentai_jit"
# What a user imports or starts: it may reach everything.
FRONT = {"__init__", "__main__"}


def listed() -> list[str]:
    """Packages and modules of the tree, in its order."""
    text = PAGE.read_text(encoding="utf-8")
    (tree,) = re.findall(r"^```text\nfluentai_jit/\n(.*?)^```$", text, re.M | re.S)
    return re.findall(r"(\w+)(?:/|\.py\b)", tree)


def top_of(path: Path) -> str:
    """The package, or module beside the packages, that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(source: str, package: tuple[str, ...]) -> set[str]:
    """Packages and modules of the tree that a module in `package` imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = (*start, *(node.module.split(".") if node.module else ()))
            names = [(*module, alias.name) for alias in node.names]
        else:
            continue
        found |= {name[1] for name in names if name[0] == PACKAGE.name and name[1:]}
    # The rest are names that the package itself defines, as `__version__`.
    return found & set(listed())


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if top_of(path) not in FRONT]


def test_the_tree_lists_each_package_and_module_once() -> None:
    assert sorted(listed()) == sorted({top_of(path) for path in FILES})


@pytest.mark.parametrize("name", listed())
def test_imports_lead_upwards(name: str) -> None:
    order = listed()
    above = set(order[: order.index(name) + 1])
    wrong = {}
    for path in FILES:
        if top_of(path) == name:
            package = path.relative_to(PACKAGE.parent).parent.parts
            below = imported(path.read_text(encoding="utf-8"), package) - above
            if below:
                wrong[str(path)] = below
    assert not wrong


def test_an_import_is_found_wherever_it_stands() -> None:
    source = """
from .. import __version__, config
from .layout import FRAME
import re
def later():
    from ..engine.vm import VM
    import fluentai_jit.graph.nodes
if TYPE_CHECKING:
    from fluentai_jit.jit import unit
"""
    found = imported(source, ("fluentai_jit", "core"))
    assert found == {"config", "core", "engine", "graph", "jit"}
