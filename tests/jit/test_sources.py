"""The source of a unit is what the emitter wrote, whatever a program's text holds."""

from __future__ import annotations

import ast
import io
import tokenize

import pytest

from fluentai_jit.core.tags import INT
from fluentai_jit.jit.observed import Observed
from fluentai_jit.jit.unit import Request, Unit, UnitLimits, specialise
from tests.engines import execute, program_of

TEMPLATE = "private function f(n) {{ n * 2 +{0} (n - 1){0} }}\nf(3)\n"
# What ends a line for Python, for a terminal or for an editor, and what tries to
# leave a comment or a docstring.
STRANGE = [
    "\r",
    "\f",
    "\v",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202e",
    "\ufeff",
    "\x1b[2J",
    '"""',
    "'''",
    "\\",
    "\ud83d\ude00",
    "# -*- coding: utf-7 -*-",
]
PAYLOAD = "import os; os.abort()"


def unit_of(text: str) -> Unit:
    image = program_of(text).image
    chunk = next(chunk for chunk in image.chunks if chunk.name == "f")
    feedback = [0] * len(image.code)
    request = Request(chunk.index, None, (INT,), Observed(feedback))
    return specialise(image, request, UnitLimits(2000, 60))


def without_comments(source: str) -> str:
    """The same source, its comments blanked."""
    lines = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return "\n".join(lines)


def tree(source: str) -> str:
    return ast.dump(ast.parse(source))


PLAIN = unit_of(TEMPLATE.format(""))


@pytest.mark.parametrize("strange", STRANGE, ids=ascii)
def test_a_programs_comments_do_not_become_code(strange: str) -> None:
    comment = f" /* {strange}{PAYLOAD}{strange}{PAYLOAD} */ "
    unit = unit_of(TEMPLATE.format(comment))
    assert tree(unit.source) == tree(PLAIN.source)
    assert tree(unit.source) == tree(without_comments(unit.source))
    lines = unit.source.split("\n")
    assert all(line.isprintable() for line in lines)
    assert lines == [*unit.source.splitlines(), ""]


@pytest.mark.parametrize("strange", STRANGE[:11], ids=ascii)
def test_a_programs_strings_do_not_become_code(strange: str) -> None:
    text = (
        f'private function f(n) {{ if n == "{strange}{PAYLOAD}" {{ 1 }} else {{ 2 }} }}'
    )
    unit = unit_of(text)
    assert tree(unit.source) == tree(without_comments(unit.source))
    assert not any("os.abort" in node for node in _strings(unit.source))
    assert execute(program_of(text + "\nf(3)"), "emitted").results == ("2",)


def _strings(source: str) -> list[str]:
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.mark.parametrize("name", ["class_", "def", "lambda", "os", "table", "OK", "__"])
def test_a_function_may_have_any_name(name: str) -> None:
    text = f"private function {name}(n) {{ if n < 2 {{ n }} else {{ {name}(n - 1) }} }}"
    program = program_of(f"{text}\nprintln({name}(50))")
    assert execute(program, "emitted").output == "1\n"


@pytest.mark.parametrize("before", ["\n\n", "private function g(x) { x + 1 }\n"])
def test_an_edit_above_a_loop_leaves_its_unit_as_it_was(before: str) -> None:
    loop = "private function f(n) { let i = 0 while i < n { i += 1 } i }\n"
    sources = set()
    for text in (loop, before + loop):
        image = program_of(text).image
        chunk = next(chunk for chunk in image.chunks if chunk.name == "f")
        tags = (INT,) * chunk.registers
        feedback = [0] * len(image.code)
        request = Request(chunk.index, chunk.first_back_edge, tags, Observed(feedback))
        sources.add(specialise(image, request, UnitLimits(100, 0)).source)
    assert len(sources) == 1


def test_a_unit_names_nothing_outside_its_vocabulary() -> None:
    unit = unit_of(TEMPLATE.format(""))
    nodes = list(ast.walk(ast.parse(unit.source)))
    assert not [n for n in nodes if isinstance(n, ast.Import | ast.Attribute)]
    assert {n.name for n in nodes if isinstance(n, ast.FunctionDef)} >= {unit.entry}
