"""A compiled program: source, graph and verified image."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..arguments import function_names, text, wrong_type
from ..bytecode.image import Chunk, Image
from ..errors import SYNTAX_ERROR, FluentError, Source, Span
from ..files import read_all
from ..graph.base import Graph, NodeId
from ..graph.nodes import Function, Lambda, Let
from ..graph.patterns import NamePattern
from ..settings import shown

# Frames of Python from which on a caller has used up much of the stack.
_FRAMES = 100


@dataclass(frozen=True, slots=True)
class Program:
    """What `compile` makes and any number of VMs run."""

    source: Source
    graph: Graph
    image: Image

    def function(self, name: str) -> Chunk | None:
        """The chunk of the last top-level function of this name."""
        node_id = self._functions().get(text(name, "name"))
        for chunk in self.image.chunks:
            if node_id is not None and chunk.node_id == node_id:
                return chunk
        return None

    def function_names(self) -> list[str]:
        """The names of the top-level functions."""
        return list(self._functions())

    def _functions(self) -> dict[str, NodeId]:
        names = {}
        for item in self.graph.root.items:
            if isinstance(item, Function):
                names[item.name] = item.id
            elif isinstance(item, Let) and isinstance(item.value, Lambda):
                if isinstance(item.pattern, NamePattern):
                    names[item.pattern.name] = item.value.id
        return names


def read_source(path: Path) -> Source:
    """The text of a program file.

    Raises FluentError of kind FileError for what is missing, a folder, not to be
    read, too large or not UTF-8.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            data = read_all(file)
    except FileNotFoundError:
        raise FluentError("FileError", f"there is no file {name}") from None
    except IsADirectoryError:
        raise FluentError("FileError", f"{name} is a folder, not a program") from None
    # ValueError for a name that holds a NUL.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FluentError("FileError", f"cannot read {name}: {reason}") from None
    return decoded_source(name, data)


def decoded_source(name: str, data: bytes) -> Source:
    """The text of a program. Raises FluentError (FileError) if it is not UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = f"{name} is no program: it is not UTF-8 text"
        raise FluentError("FileError", message) from None
    if "\0" in text:
        raise FluentError("FileError", f"{name} is no program: it holds binary data")
    return Source(name, text)


def compile_source(source: Source, functions: Sequence[str] = ()) -> Program:
    """Parse, compile and verify; `functions` are names of what the host gives.

    Raises FluentError with every error found.
    """
    try:
        sys._getframe(_FRAMES)
    except ValueError:
        return _compile(source, functions)
    # How deep a program may nest is not to depend on who compiles it: in a thread of
    # its own it has all of Python's stack.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_compile, source, functions).result()


def _compile(source: Source, functions: Sequence[str]) -> Program:
    from ..bytecode.compiler import compile_graph
    from ..bytecode.verifier import verify
    from ..syntax.parser import parse

    graph = parse(source)
    image = compile_graph(graph, functions)
    verify(image)
    return Program(source, graph, image)


def _names(functions: object) -> tuple[str, ...]:
    """Names for functions of the host; FluentError for what is no name in a program."""
    from ..syntax.tokens import KEYWORDS

    names = function_names(functions)
    for name in names:
        if not (name.isascii() and name.isidentifier()) or name in KEYWORDS:
            message = f"{shown(name)} is not a name that a function can have"
            raise FluentError("HostError", message)
    return names


def compile(source: str | Path, functions: Iterable[str] = ()) -> Program:
    """Compile a program: its text, or the path of its file as a Path.

    `functions` are the names of the functions that the VM will be given, or the
    mapping itself.

    Raises FluentError, and TypeError for what is neither.
    """
    names = _names(functions)
    if isinstance(source, Path):
        return compile_source(read_source(source), names)
    program: object = source
    if not isinstance(program, str):
        raise wrong_type("source", "a str or a pathlib.Path", source)
    return compile_source(_unicode(Source("<string>", program)), names)


def _unicode(source: Source) -> Source:
    """The source; SyntaxError for half of a surrogate pair, which no file can hold."""
    try:
        source.text.encode()
    except UnicodeEncodeError as error:
        code = ord(source.text[error.start])
        span = Span(source, error.start, error.start + 1)
        message = f"U+{code:04X} is not a Unicode character"
        raise FluentError(SYNTAX_ERROR, message, span) from None
    return source
