"""Programs from their text, compiled, listed and run, for the tests here."""

from __future__ import annotations

import io
import re

from fluentai_jit.bytecode.compiler import compile_graph
from fluentai_jit.bytecode.disassembler import disassemble
from fluentai_jit.bytecode.image import Chunk, Image
from fluentai_jit.bytecode.verifier import verify
from fluentai_jit.core.opcodes import OPCODES
from fluentai_jit.engine.program import Program
from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError, Source
from fluentai_jit.syntax.parser import parse


def image_of(text: str) -> Image:
    """The verified image of a program."""
    image = compile_graph(parse(Source("test.flc", text)))
    verify(image)
    return image


def chunk_named(image: Image, name: str) -> Chunk:
    """The chunk of a function."""
    return next(chunk for chunk in image.chunks if chunk.name == name)


def listing(text: str, name: str = "<main>") -> str:
    """A function's instructions, without source lines and the final RETURN 0.

    What follows a `;` is on a line of its own.
    """
    image = image_of(text)
    lines = disassemble(image, chunk_named(image, name).index).splitlines()[1:-1]
    text = "".join(re.sub(" +", " ", line[4:]).strip() + "\n" for line in lines)
    return text.replace("; ", ";\n")


def mnemonics(text: str, name: str = "<main>") -> list[str]:
    """The opcodes of a function, without the final RETURN."""
    image = image_of(text)
    chunk = chunk_named(image, name)
    words = image.code[chunk.entry : chunk.last]
    return [OPCODES[word & 255].name for word in words]


def run(text: str) -> str:
    """What the program prints, a space for each line end, and then its error."""
    graph = parse(Source("test.flc", text))
    image = compile_graph(graph)
    verify(image)
    stdout = io.StringIO()
    error = ""
    with VM(Program(graph.source, graph, image), stdout=stdout, engine="plain") as vm:
        try:
            vm.run()
        except FluentError as raised:
            error = f"{raised.kind}: {raised.message}"
    return " ".join([*stdout.getvalue().split("\n")[:-1], error]).strip()


def errors_of(text: str) -> list[str]:
    """The errors of compiling a program, each with its column."""
    graph = parse(Source("test.flc", text))
    try:
        compile_graph(graph)
    except FluentError as error:
        found = (error, *error.related)
        return [
            f"{each.span.column if each.span else 0} {each.kind}: {each.message}"
            for each in found
        ]
    return []
