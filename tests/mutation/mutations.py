"""Changes of one token in the code that gives programs their meaning."""

from __future__ import annotations

import ast
import io
import itertools
import random
import tokenize
from pathlib import Path
from typing import NamedTuple

from fluentai_jit.core import layout

PACKAGE = Path(__file__).parents[2] / "fluentai_jit"
# Where an operation, an instruction or a place of state gets its meaning.
FILES = (
    *("core/arithmetic.py", "core/comparison.py", "core/access.py", "core/scalars.py"),
    *("core/activation.py", "core/heap.py"),
    *("core/unwinding.py", "core/number_text.py", "core/number_parse.py"),
    *("memory/lists.py", "memory/strings.py", "memory/text.py", "memory/search.py"),
    *("memory/maps.py", "memory/tables.py", "memory/keys.py", "memory/hashing.py"),
    *("memory/equality.py", "memory/render.py", "memory/sink.py", "memory/sorting.py"),
    *("memory/ranges.py", "memory/closures.py", "memory/places.py"),
    *("memory/characters.py", "memory/versions.py", "memory/arrays.py"),
    *("bytecode/expressions.py", "bytecode/conditions.py", "bytecode/control.py"),
    *("bytecode/calls.py", "bytecode/fold.py", "bytecode/liveness.py"),
    *("bytecode/patterns.py", "bytecode/throwing.py", "bytecode/variables.py"),
    *("bytecode/sequences.py", "bytecode/builder.py", "bytecode/resolver.py"),
    *("jit/emitter.py", "jit/body.py", "jit/counting.py", "jit/members.py"),
    *("jit/inference.py", "jit/flow.py", "jit/structure.py"),
)
_OPERATORS = {
    "+": "-", "-": "+", "*": "+", "//": "*", "%": "//", "<<": ">>", ">>": "<<",
    "&": "|", "|": "&", "^": "&", "<": "<=", "<=": "<", ">": ">=", ">=": ">",
    "==": "!=", "!=": "==", "+=": "-=", "-=": "+=",
}  # fmt: skip
_WORDS = {"and": "or", "or": "and", "True": "False", "False": "True", "not": ""}
# Names of the same kind, of which one may stand where the other should.
_NAMES = {
    "t": "t2", "t2": "t", "v": "v2", "v2": "v", "v3": "v2", "t3": "t2", "a": "b",
    "b": "a", "ta": "tb", "tb": "ta", "first": "last", "start": "end", "end": "start",
    "length": "count", "count": "length", "before": "after", "after": "before",
}  # fmt: skip


# Constants that change nothing, whether they are added or subtracted.
_ZEROS = {name for name, value in vars(layout).items() if value == 0}


class Mutation(NamedTuple):
    """One token of a file that becomes another one."""

    file: str
    line: int
    column: int
    old: str
    new: str

    def applied(self, source: str) -> str:
        """The source with it."""
        lines = source.split("\n")
        text = lines[self.line - 1]
        end = self.column + len(self.old)
        lines[self.line - 1] = text[: self.column] + self.new + text[end:]
        return "\n".join(lines)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.old} -> {self.new!r}"


def _names_of(function: ast.FunctionDef) -> set[str]:
    names = {each.arg for each in function.args.args}
    return names | {
        each.id for each in ast.walk(function) if isinstance(each, ast.Name)
    }


def _replacement(token: tokenize.TokenInfo, names: set[str]) -> str | None:
    text = token.string
    if token.type == tokenize.OP:
        return _OPERATORS.get(text)
    if token.type == tokenize.NUMBER and text.isdigit():
        return str(int(text) + 1)
    if token.type == tokenize.NAME:
        other = _NAMES.get(text)
        return other if other in names else _WORDS.get(text)
    return None


def _idle_parts(node: ast.AST) -> list[ast.AST]:
    """Parts of a node on which nothing can depend.

    Annotations; the payload returned beside a status that is not OK; the operator in
    `if x < y: x = y`, which does nothing for equal ones; the first value of a variable
    that both branches behind it set.
    """
    if isinstance(node, ast.AnnAssign):
        return [node.annotation]
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        *value, status = node.value.elts
        if isinstance(status, ast.Name) and status.id.isupper() and status.id != "OK":
            return list(value[1:])
    if isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
        left, right = node.test.left, node.test.comparators[0]
        assigned = f"{ast.unparse(left)} = {ast.unparse(right)}"
        if isinstance(node.test.ops[0], ast.Lt | ast.Gt):
            if ast.unparse(node.body[0]) == assigned and not node.orelse:
                return [node.test]
    if isinstance(node, ast.FunctionDef | ast.If | ast.While):
        pairs = zip(node.body, node.body[1:], strict=False)
        return [first for first, then in pairs if _is_overwritten(first, then)]
    return []


def _sets(statement: ast.stmt, target: str) -> bool:
    if not isinstance(statement, ast.Assign):
        return False
    return any(
        ast.unparse(part) == target
        for whole in statement.targets
        for part in (whole.elts if isinstance(whole, ast.Tuple) else [whole])
    )


def _is_overwritten(first: ast.stmt, then: ast.stmt) -> bool:
    """Whether a constant is assigned that each branch behind it replaces."""
    if not (isinstance(first, ast.Assign) and isinstance(first.value, ast.Constant)):
        return False
    if not (isinstance(then, ast.If) and then.orelse):
        return False
    target = ast.unparse(first.targets[0])
    branches = (then.body, then.orelse)
    return all(any(_sets(each, target) for each in branch) for branch in branches)


def _within(node: ast.AST, line: int, column: int) -> bool:
    assert isinstance(node, ast.expr | ast.stmt)
    start = (node.lineno, node.col_offset)
    end = (node.end_lineno or 0, node.end_col_offset or 0)
    return start <= (line, column) < end


def mutations_of(file: str) -> list[Mutation]:
    """All of a file's, inside the bodies of its functions."""
    source = (PACKAGE / file).read_text(encoding="utf-8")
    bodies: dict[int, set[str]] = {}
    idle: list[ast.AST] = []
    for node in ast.walk(ast.parse(source)):
        idle += _idle_parts(node)
        if isinstance(node, ast.FunctionDef):
            last = node.end_lineno or node.lineno
            names = _names_of(node)
            for line in range(node.body[0].lineno, last + 1):
                bodies[line] = names
    found = []
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for token, following in itertools.pairwise(tokens):
        line, column = token.start
        new = _replacement(token, bodies[line]) if line in bodies else None
        if token.string in "+-" and following.string in _ZEROS:
            continue
        if new is not None and not any(_within(each, line, column) for each in idle):
            found.append(Mutation(file, line, column, token.string, new))
    return [each for each in found if _compiles(each.applied(source))]


def _compiles(source: str) -> bool:
    try:
        compile(source, "<mutant>", "exec")
    except SyntaxError:
        return False
    return True


def chosen(count: int, seed: int) -> list[Mutation]:
    """That many, every file as likely as it is long."""
    everything = [each for file in FILES for each in mutations_of(file)]
    return random.Random(seed).sample(everything, count)
