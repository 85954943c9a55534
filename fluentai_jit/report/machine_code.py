"""What LLVM makes of a unit, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..jit.vocabulary import constants

if TYPE_CHECKING:
    from ..jit.artifacts import Artifacts
    from ..jit.unit import Unit


class MachineCode:
    """Compiles units in this process to print them: as LLVM IR, assembly or both."""

    def __init__(
        self, artifacts: Artifacts, level: int, llvm: bool, assembly: bool
    ) -> None:
        self._artifacts = artifacts
        self._level = level
        self._llvm = llvm
        self._assembly = assembly

    def __call__(self, unit: Unit) -> str:
        """The text of a unit's code."""
        from ..native.objects import target_machine
        from ..native.units import build_unit, lower_unit

        modules = lower_unit(unit.source, unit.name, len(unit.table), constants())
        _code, module = build_unit(modules, self._artifacts.semantics(), self._level)
        parts = []
        if self._llvm:
            # Declarations and metadata left out: they say nothing of the function.
            defined = [each for each in module.functions if not each.is_declaration]
            parts.append("LLVM\n" + "\n".join(str(each) for each in defined))
        if self._assembly:
            text = target_machine(self._level).emit_assembly(module)
            parts.append(f"Assembly\n{text}")
        return "\n".join(parts)
