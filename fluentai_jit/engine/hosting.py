"""What host functions get of the VM that calls them."""

from __future__ import annotations

from ..kernel.state import State
from .output import Output
from .values import display

Value = tuple[int, int]


class ProgramHost:
    """The stdlib.host.Host of one VM; `arguments` is the list that `args()` gives."""

    def __init__(self, state: State, arguments: Value, output: Output) -> None:
        self.state = state
        self.arguments = arguments
        self.write = output.write

    def text_of(self, value: Value) -> str:
        """The text of a value as printed."""
        return display(self.state, *value)
