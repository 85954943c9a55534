"""Why a chunk is not compiled: a named, counted outcome."""

from __future__ import annotations

REFUSALS: dict[str, str] = {
    "too_large": "more instructions than jit.max_instructions",
    "irreducible": "a loop with two entries has no structured form",
    "too_deep": "its loops nest deeper than Python source can",
    "leaves_at_once": "its first instructions are carried out by the interpreter",
    "limit": "jit.limit units were compiled already",
    "unstable": "its guards kept failing after jit.respecialise_limit rounds",
    "compiler_failed": "the compiler failed on it or took longer than its limits",
    "no_gain": "the expected gain does not cover the compile time yet",
    "busy": "the program's share of compile time is used up for now",
}


class Refused(Exception):
    """A chunk is not compiled, for one of REFUSALS."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        text = REFUSALS[self.reason]
        return f"{self.reason}: {text} ({self.detail})" if self.detail else text
