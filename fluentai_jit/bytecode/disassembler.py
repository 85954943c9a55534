"""The printer of bytecode: an image as text, one line for each instruction."""

from __future__ import annotations

import re

from ..core.hosts import HOSTS
from ..core.layout import CATCH_ALL, CATCH_SOME, FINALLY_BLOCK
from ..core.objects import string_text
from ..core.opcodes import B_BIAS, FAIL_KINDS, OPCODES, Opcode, Operand, decode
from ..core.primitives import float_of_bits
from ..core.scalars import SCALARS
from ..core.tags import BOOL, FLOAT, FUNCTION, LIST, NIL, STRING, TAG_NAMES
from .image import Chunk, Handler, Image

HANDLER_NAMES = {
    CATCH_ALL: "catch",
    CATCH_SOME: "catch some",
    FINALLY_BLOCK: "finally",
}
# In a row's notation: R[a], R[a+1], K[c], G[c], the constant (b, c), or b and c
# standing for something that is no register.
_TERM = re.compile(r"R\[([abc])(?:\+(\d))?\]|[KG]\[c\]|\(b, c\)|\b([bc])\b")
# A longer string is cut, so that an instruction stays one line.
_LONGEST_STRING = 40


def disassemble(image: Image, chunk: int | None = None) -> str:
    """The instructions of one chunk, or of all, with names and source lines."""
    chunks = image.chunks if chunk is None else [image.chunks[chunk]]
    return "\n\n".join(_chunk(image, each) for each in chunks) + "\n"


def disassemble_range(image: Image, first: int, count: int = 12) -> str:
    """`count` instructions from `first` on, or up to the end of their chunk."""
    last = min(first + count - 1, image.chunk_at(first).last)
    lines = []
    for pc in range(first, last + 1):
        line = image.span_at(pc).line
        lines.append(_instruction(image, pc, str(line)))
    return "\n".join(lines)


def _chunk(image: Image, chunk: Chunk) -> str:
    counts = (
        f"{chunk.registers} registers, weight {chunk.weight}, line {chunk.span.line}"
    )
    parameters = ", ".join(chunk.parameters)
    lines = [f"chunk {chunk.index} {chunk.name}({parameters}): {counts}"]
    line_before = 0
    for pc in range(chunk.entry, chunk.last + 1):
        line = image.span_at(pc).line
        place = str(line) if line != line_before else ""
        line_before = line
        lines.append(_instruction(image, pc, place))
    lines.extend(_handler(row) for row in image.handlers_of(chunk))
    return "\n".join(lines)


def _handler(row: Handler) -> str:
    """The line of a handler, below the instructions of its chunk."""
    kind = HANDLER_NAMES[row.kind]
    what = f"R{row.register} := thrown, goto {row.target}"
    return f"     errors of {row.start} to {row.end - 1}: {what} ({kind})"


def _instruction(image: Image, pc: int, line: str) -> str:
    code, a, b, c = decode(image.code[pc])
    row = OPCODES[code]
    fields = {"a": a, "b": b, "c": c}

    def term(match: re.Match[str]) -> str:
        register, above, field = match.groups()
        if register is not None:
            return f"R{fields[register] + int(above or 0)}"
        if match[0] == "(b, c)":
            return _value(image, b, c)
        return _operand(image, row, field or "c", fields[field or "c"], pc)

    text = _TERM.sub(term, _statement(row))
    return f"{line:>4} {pc:>5}  {row.name:<15} {text}"


def _statement(row: Opcode) -> str:
    """A row's notation without the remark after it."""
    statement, _, remark = row.notation.partition("; ")
    return row.notation if "goto" in remark else statement


def _operand(image: Image, row: Opcode, field: str, value: int, pc: int) -> str:
    """What a field that is no register stands for."""
    kind: Operand = getattr(row, field)
    if kind is Operand.IMMEDIATE:
        return str(value - B_BIAS if field == "b" else value)
    if kind is Operand.JUMP:
        return str(pc + value)
    if kind is Operand.CONSTANT:
        at = 2 * value
        return _value(image, image.constants[at], image.constants[at + 1])
    if kind is Operand.GLOBAL:
        return image.globals[value]
    if kind is Operand.CHUNK:
        return f"{value} {image.chunks[value].name}"
    if kind is Operand.SCALAR:
        return SCALARS[value].name
    if kind is Operand.HOST:
        return HOSTS[value].name
    if kind is Operand.KIND:
        return FAIL_KINDS[value]
    if kind is Operand.TAG_MASK:
        names = (name for tag, name in enumerate(TAG_NAMES) if value >> tag & 1)
        return "{" + ", ".join(names) + "}"
    return str(value)


def _value(image: Image, tag: int, payload: int) -> str:
    """A constant as it is written in the language, as far as it can be."""
    if tag == FLOAT:
        return repr(float_of_bits(payload))
    if tag == BOOL:
        return "true" if payload else "false"
    if tag == NIL:
        return "nil"
    if tag == FUNCTION:
        return f"function {payload} {image.chunks[payload].name}"
    if tag == STRING:
        text = string_text(image.heap, payload)
        short = text if len(text) <= _LONGEST_STRING else text[:_LONGEST_STRING] + "..."
        return '"' + short.encode("unicode_escape").decode("ascii") + '"'
    if tag == LIST:
        return f"list at {payload}"
    return str(payload)
