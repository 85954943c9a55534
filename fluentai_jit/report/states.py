"""How far each function has come on its way to native code, and why no further."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..bytecode.image import Image
    from ..engine.vm import VM
    from ..jit.controller import Jit
    from ..jit.node import Key, Node

# Beside these, the reasons of jit.refusals.REFUSALS.
STATES = {
    "native": "calls run native code",
    "native loop": "a loop runs native code; calls begin in the interpreter",
    "native inside": "native code of another function includes it",
    "compiling": "was being compiled when the program ended",
    "retired": "its native code was retired after too many deoptimisations",
    "cold": "called and repeated less often than jit.call_threshold",
    "off": "the JIT was off",
}
NATIVE_TIER = 2


class State(NamedTuple):
    """A function's tier, a word of STATES or REFUSALS, and what goes with it."""

    tier: int
    word: str
    detail: str = ""


def state_of(vm: VM, chunk: int) -> State:
    """What became of a chunk by now."""
    jit = vm.jit
    tier = vm.driver.kernel.tier
    if jit is None:
        return State(tier, "off")
    image = vm.program.image
    return _native(jit, image, chunk) or _interpreted(jit, image, chunk, tier)


def nodes_of(jit: Jit, chunk: int) -> list[Node]:
    """The compilation targets of a chunk: its entry, then its loops."""
    keys = sorted(
        (key for key in jit.nodes if key[0] == chunk),
        key=lambda key: -1 if key[1] is None else key[1],
    )
    return [jit.nodes[key] for key in keys]


def loop_line(image: Image, key: Key) -> int | None:
    """The line of the loop that a target is; None for the entry of a function."""
    if key[1] is None:
        return None
    return image.span_at(image.back_edges[key[1]].pc).line


def _native(jit: Jit, image: Image, chunk: int) -> State | None:
    installed = jit.slots.installed
    if (chunk, None) in installed:
        return State(NATIVE_TIER, "native")
    lines = [loop_line(image, key) for key in installed if key[0] == chunk]
    if lines:
        noun = "line" if len(lines) == 1 else "lines"
        return State(NATIVE_TIER, "native loop", f"{noun} {_joined(lines)}")
    within = [key[0] for key, row in installed.items() if chunk in row.unit.chunks]
    if within:
        names = dict.fromkeys(image.chunks[index].name for index in within)
        return State(NATIVE_TIER, "native inside", _joined(names))
    return None


def _joined(items: Iterable[object]) -> str:
    return ", ".join(str(item) for item in items)


def _interpreted(jit: Jit, image: Image, chunk: int, tier: int) -> State:
    nodes = nodes_of(jit, chunk)
    if any(node.pending for node in nodes):
        return State(tier, "compiling")
    for node in nodes:
        if node.refusal is not None:
            # The entry comes first: a loop's refusal stands for a function whose
            # calls were never considered.
            line = loop_line(image, node.key)
            loop = () if line is None else (f"loop of line {line}",)
            detail = ": ".join((*loop, *filter(None, (node.detail,))))
            return State(tier, node.refusal, detail)
    rounds = max((node.rounds for node in nodes), default=0)
    if rounds:
        return State(tier, "retired", "once" if rounds == 1 else f"{rounds} times")
    return State(tier, "cold")
