"""Instructions on arrays, whose records are in local variables where they can be."""

from __future__ import annotations

from typing import Any

from ..core.natives import NATIVES
from ..core.tags import ARRAY
from .body import BodyWriter
from .records import PARTS, Records

# Native operations that are written out for arrays: the function that is given the
# value, the one that is given parts of its record, and those parts.
_INLINED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "set_item": ("set_array_item", "put_number_at", ("kind", "size", "data")),
    "matrix_item": (
        "matrix_item",
        "matrix_number_at",
        ("kind", "rows", "columns", "data"),
    ),
    "set_matrix_item": (
        "set_matrix_item",
        "put_matrix_number_at",
        ("kind", "rows", "columns", "data"),
    ),
}
# Those that change an array, and give it back.
_CHANGES = ("set_item", "set_matrix_item")


class ArrayWriter(BodyWriter):
    """Writes what arrays need of a body."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.records = Records(
            self.image, self.body.member, self.body.live, self.inference
        )

    def load_record(self, register: int) -> None:
        """The record of the array in a register, beside it."""
        for part, function in PARTS.items():
            self.writer.line(f"{part}{register} = {function}(ctx, v{register})")

    def load_first_records(self) -> None:
        """Those of parameters, or of what is live where a loop begins."""
        for register in sorted(self.records.start):
            self.load_record(register)

    def copy_record(self, pc: int, target: int, source: int) -> None:
        """R[target] holds what R[source] does."""
        if self.records.has(pc, source):
            for part in PARTS:
                self.writer.line(f"{part}{target} = {part}{source}")

    def indexed(self, pc: int, items: int, index: int) -> str:
        """The expression of R[items][R[index]]."""
        if self.records.has(pc, items):
            parts = ", ".join(f"{part}{items}" for part in ("kind", "size", "data"))
            return f"number_at({parts}, t{index}, v{index})"
        return f"op_index(ctx, t{items}, v{items}, t{index}, v{index})"

    def item_set(self, pc: int, items: int, index: int, value: int) -> str:
        """The expression of R[items] with an item changed."""
        operands = f"t{index}, v{index}, t{value}, v{value}"
        if self.tag(pc, items) != ARRAY:
            return f"op_set_item(ctx, t{items}, v{items}, {operands})"
        if not self.records.has(pc, items):
            return f"set_array_item(ctx, t{items}, v{items}, {operands})"
        parts = ", ".join(f"{part}{items}" for part in ("kind", "size", "data"))
        return f"put_number_at(v{items}, {parts}, {operands})"

    def array_operation(self, pc: int, a: int, which: int, count: int) -> str | None:
        """The expression of a native operation on an array; None of any other."""
        name = NATIVES[which].name
        if name not in _INLINED or self.tag(pc, a + 1) != ARRAY:
            return None
        whole, with_parts, parts = _INLINED[name]
        operands = [f"t{r}, v{r}" for r in range(a + 1, a + 1 + count)]
        if not self.records.has(pc, a + 1):
            return f"{whole}(ctx, {', '.join(operands)})"
        given = [f"{part}{a + 1}" for part in parts]
        if name in _CHANGES:
            given.insert(0, f"v{a + 1}")
        return f"{with_parts}({', '.join([*given, *operands[1:]])})"

    def after_array_operation(self, pc: int, a: int, which: int) -> None:
        """The record of the value: that of the array which was changed."""
        if self.records.has(pc, a + 1):
            self.copy_record(pc, a, a + 1)
        elif self.records.gains(pc, a):
            self.load_record(a)
