"""What of an error value is made in Python: its call stack."""

from __future__ import annotations

from ..core.layout import ERROR_ELIDED, ERROR_TRACE, LIST_DATA, OBJECT_LENGTH
from ..core.objects import list_words, string_words
from ..core.tags import LIST, STRING
from ..errors import StackEntry
from ..kernel.state import State
from .host import Host, Value


def frames_of(state: State, error: int) -> list[tuple[int, int]]:
    """(instruction, tail calls) of the frames where an error was thrown."""
    heap = state.heap.view
    start = error + ERROR_TRACE
    words = heap[start : start + 2 * heap[error + OBJECT_LENGTH]].tolist()
    pairs = zip(words[::2], words[1::2], strict=True)
    # A call from outside stands at no instruction of the program.
    return [(pc, tails) for pc, tails in pairs if pc < state.stub]


def _line(entry: StackEntry) -> str:
    return f"{entry.function} at {entry.file}:{entry.line}:{entry.column}"


def member(host: Host, error: Value, _name: Value) -> Value:
    """The field `stack`: a list of lines, the innermost call first."""
    state = host.state
    elided = state.heap.view[error[1] + ERROR_ELIDED]
    lines = [
        _line(entry) for entry in state.calls.entries_at(frames_of(state, error[1]))
    ]
    if elided:
        lines.append(f"... {elided} more")
    texts = [string_words(line) for line in lines]
    host.reserve(sum(map(len, texts)) + LIST_DATA + 2 * len(texts))
    items = [(STRING, state.new_object(words)) for words in texts]
    return LIST, state.new_object(list_words(items))


ERROR_HOSTS = {"member": member, "part": member}
