"""Functions of the host: what of them is in the heap, and the callables themselves."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..core.layout import HOST_CLOSURE, HOST_CLOSURE_WORDS, STRING_DATA
from ..core.objects import string_words
from ..core.tags import INT, STRING

Callee = Callable[..., object]


@dataclass(frozen=True, slots=True, eq=False)
class HostFunction:
    """A callable, and how many arguments it takes; any number from `least` up
    where `most` is None."""

    call: Callee
    name: str
    least: int
    most: int | None

    @property
    def text(self) -> str:
        """It as printed."""
        return f"<function {self.name}>"


def described(call: Callee, name: str = "") -> HostFunction:
    """A callable with what its signature says."""
    if not name:
        found: object = getattr(call, "__name__", None)
        name = found if isinstance(found, str) else type(call).__name__
        # Of a program, text is Unicode.
        name = name.encode(errors="replace").decode()
    try:
        parameters = inspect.signature(call).parameters.values()
    except (TypeError, ValueError):
        # Some of C do not say.
        return HostFunction(call, name, 0, None)
    least, most = 0, 0
    for parameter in parameters:
        if parameter.kind is parameter.VAR_POSITIONAL:
            return HostFunction(call, name, least, None)
        if parameter.kind in (
            parameter.POSITIONAL_ONLY,
            parameter.POSITIONAL_OR_KEYWORD,
        ):
            most += 1
            least += parameter.default is parameter.empty
    return HostFunction(call, name, least, most)


class HostFunctions:
    """The functions of the host that one VM has in its heap, by handle.

    A callable has one object there, so that its identity is the callable's.
    """

    def __init__(self) -> None:
        self._functions: dict[int, HostFunction] = {}
        self._offsets: dict[int, int] = {}
        self._handles: dict[int, int] = {}  # by id of the callable
        self._last = 0

    def __len__(self) -> int:
        return len(self._functions)

    def __getitem__(self, handle: int) -> HostFunction:
        return self._functions[handle]

    def offset(self, call: Callee) -> int:
        """Where its object is; 0 where it has none."""
        handle = self._handles.get(id(call))
        return 0 if handle is None else self._offsets[handle]

    def place(
        self, call: Callee, name: str, new_object: Callable[[list[int]], int]
    ) -> int:
        """Where its object is, which is made if there is none."""
        offset = self.offset(call)
        if offset:
            return offset
        function = described(call, name)
        self._last = handle = self._last + 1
        text = new_object(string_words(function.text))
        words = [HOST_CLOSURE, 3, -1, STRING, text, INT, handle, INT, 0]
        self._functions[handle] = function
        self._handles[id(call)] = handle
        self._offsets[handle] = offset = new_object(words)
        return offset

    def keep(self, found: Mapping[int, int]) -> None:
        """Note where the objects are now, and drop the functions of all others."""
        for handle in self._functions.keys() - found.keys():
            function = self._functions.pop(handle)
            del self._handles[id(function.call)]
        self._offsets = dict(found)


def function_size(call: Callee, name: str = "") -> int:
    """Words of heap that a callable takes, at most."""
    text = described(call, name).text
    return HOST_CLOSURE_WORDS + STRING_DATA + (len(text) + 1) // 2
