"""The error of the verifier."""

from __future__ import annotations


class VerificationError(Exception):
    """An image that must not be run: what is wrong, and at which instruction.

    `pc` is None where the fault is in a table, not in an instruction.
    """

    def __init__(self, message: str, pc: int | None = None) -> None:
        super().__init__(message, pc)
        self.message = message
        self.pc = pc

    def __str__(self) -> str:
        return self.message if self.pc is None else f"{self.message} (at {self.pc})"
