"""What became of one function: source, bytecode, specialisations, deoptimisations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..bytecode.disassembler import disassemble
from ..core.tags import TAG_NAMES
from ..errors import FluentError, nearest
from ..jit.refusals import REFUSALS
from .rows import deoptimisations_of
from .states import STATES, loop_line, nodes_of, state_of

if TYPE_CHECKING:
    from ..bytecode.image import Chunk, Image
    from ..engine.vm import VM
    from ..jit.node import Node
    from ..jit.unit import Unit

# Machine code of a unit as text; None where it is not asked for.
Printer = Callable[["Unit"], str]


def find_chunk(image: Image, name: str) -> Chunk:
    """The function of that name, or the one that begins in that line.

    Raises FluentError of kind UnknownIdentifier where there is none, or several.
    """
    if name.isascii() and name.isdigit():
        own = [chunk for chunk in image.chunks[1:] if not chunk.prelude]
        found = [chunk for chunk in own if chunk.span.line == int(name)]
        where = f"that begins in line {name}"
    else:
        found = [chunk for chunk in image.chunks if chunk.name == name]
        where = f"named {name!r}"
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(f"{each.name} in line {each.span.line}" for each in found)
        message = f"the program has {len(found)} functions {where}: {places}"
        raise FluentError("UnknownIdentifier", message, hint="name a line, or another")
    near = nearest(name, [chunk.name for chunk in image.chunks])
    hint = None if near is None else f"did you mean {near}?"
    message = f"the program has no function {where}"
    raise FluentError("UnknownIdentifier", message, hint=hint)


def explain_unit(
    image: Image, chunk: Chunk, unit: Unit, printer: Printer | None
) -> str:
    """A function and a specialisation of it that was made without running it."""
    return _text([*_code(image, chunk), *_unit(image, unit, printer, "Unit")])


def explain_refusal(image: Image, chunk: Chunk, refusal: str) -> str:
    """A function, and why there is no specialisation of it."""
    return _text([*_code(image, chunk), "", f"Not compiled: {refusal}"])


def explain_run(vm: VM, chunk: Chunk, printer: Printer | None) -> str:
    """A function, and what became of it in a VM that has run."""
    image = vm.program.image
    lines = [*_code(image, chunk), *_counts(vm, chunk), *_deoptimisations(vm, chunk)]
    if vm.jit is not None:
        for node in nodes_of(vm.jit, chunk.index):
            lines += _target(image, node, printer)
    return _text(lines)


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _indented(text: str) -> Iterator[str]:
    for line in text.rstrip("\n").split("\n"):
        yield f"  {line}".rstrip()


# ---- what was written and compiled ------------------------------------------------
def _code(image: Image, chunk: Chunk) -> Iterator[str]:
    source = chunk.span.source
    first = chunk.span.line
    last = source.position(chunk.span.start + len(chunk.span.text.rstrip()))[0]
    parameters = ", ".join(chunk.parameters)
    yield f"{chunk.name}({parameters}) at {source.name}:{first}, node {chunk.node_id}"
    yield ""
    yield "Source"
    margin = len(str(last))
    for line in range(first, last + 1):
        yield f"  {line:>{margin}} | {source.line_text(line)}".rstrip()
    yield ""
    yield "Bytecode"
    yield from _indented(disassemble(image, chunk.index))


# ---- what happened ----------------------------------------------------------------
def _counts(vm: VM, chunk: Chunk) -> Iterator[str]:
    state = state_of(vm, chunk.index)
    meaning = (STATES | REFUSALS).get(state.word, "")
    detail = f" ({state.detail})" if state.detail else ""
    yield ""
    yield f"State: {state.word}{detail}: {meaning}"
    stats = vm.get_usage_stats(chunk.node_id)
    if stats is not None:
        yield (
            f"Counts: calls {stats.execution_count:,}, native {stats.native_count:,}, "
            f"tail iterations {stats.tail_iterations:,}, "
            f"back-edges {stats.back_edges:,}, errors {stats.error_count:,}"
        )


def _deoptimisations(vm: VM, chunk: Chunk) -> Iterator[str]:
    rows = deoptimisations_of(vm, chunk.index)
    if rows:
        yield ""
        yield "Deoptimisations"
    for row in rows:
        entry = "call" if row.loop_line is None else f"loop in line {row.loop_line}"
        yield (
            f"  {row.count:,} x {row.reason} at {row.instruction} in line {row.line}, "
            f"entered by {entry}, first with ({row.types})"
        )


def _target(image: Image, node: Node, printer: Printer | None) -> Iterator[str]:
    """One target of compilation, where anything happened to it."""
    line = loop_line(image, node.key)
    title = "Entry" if line is None else f"Loop in line {line}"
    if node.unit is not None:
        yield from _unit(image, node.unit, printer, title, list(_history(image, node)))
    elif node.refusal is not None:
        yield from ("", title, *_history(image, node))


def _history(image: Image, node: Node) -> Iterator[str]:
    if node.compile_ms is not None:
        yield f"  compiled in {node.compile_ms:.1f} ms"
    if node.rounds:
        yield f"  retired after deoptimisations: {node.rounds}"
    if node.key[1] is None and any(len(tags) > 1 for tags in node.seen.values()):
        yield f"  types seen: {_seen(image, node)}"
    if node.refusal is not None:
        detail = f" ({node.detail})" if node.detail else ""
        yield f"  refused: {node.refusal}: {REFUSALS[node.refusal]}{detail}"


def _seen(image: Image, node: Node) -> str:
    parameters = image.chunks[node.key[0]].parameters
    return ", ".join(
        f"{name} {' or '.join(TAG_NAMES[tag] for tag in sorted(node.seen[index]))}"
        for index, name in enumerate(parameters)
        if index in node.seen
    )


def _unit(
    image: Image,
    unit: Unit,
    printer: Printer | None,
    title: str,
    history: Sequence[str] = (),
) -> Iterator[str]:
    chunks = [image.chunks[index] for index in unit.chunks]
    others = [chunk.name for chunk in chunks[1:]]
    yield ""
    yield f"{title}: {unit.instructions} instructions" + (
        f", with {', '.join(others)}" if others else ""
    )
    yield f"  guards at entry: {_guards(chunks[0], unit, title) or 'none'}"
    yield from history
    yield ""
    yield "Emitted Python"
    yield from _indented(unit.source)
    if printer is not None:
        yield ""
        yield from _indented(printer(unit))


def _guards(root: Chunk, unit: Unit, title: str) -> str:
    """The tags tested at entry: of parameters, at a loop of the live registers."""
    registers = tuple(f"R{index}" for index in range(len(unit.guards)))
    names = registers if title.startswith("Loop") else root.parameters
    return ", ".join(
        f"{name} {tag}"
        for name, tag in zip(names, unit.guards, strict=True)
        if tag != "any"
    )
