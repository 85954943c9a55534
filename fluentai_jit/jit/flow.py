"""Control flow of a chunk: blocks, dominators, loops.

A unit may start at the chunk's first instruction or at a loop header; everything
here is relative to that start. Dominators: Cooper, Harvey, Kennedy, "A Simple,
Fast Dominance Algorithm" (2001).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..bytecode.image import Chunk, Image
from ..core.opcodes import OPCODES, TAIL_CALL_CHUNK, Operand, decode

# Instructions that native code leaves to the interpreter, which comes back at the
# next call or back-edge.
INTERPRETED = frozenset(["FAIL", "HOST_CALL", "THROW"])


class Irreducible(Exception):
    """A loop of the graph has two entries, so it has no structured form."""


@dataclass(slots=True)
class Block:
    """Instructions from `start` to before `end`; control enters at `start` only."""

    start: int
    end: int
    successors: list[int] = field(default_factory=list)
    predecessors: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Flow:
    """The graph of blocks reachable from `start`, by first instruction.

    `order` is reverse postorder; `dominator[x]` the immediate dominator (of the
    start itself); `loops[h]` the blocks of the natural loop with header h.
    """

    start: int
    blocks: dict[int, Block]
    order: list[int]
    dominator: dict[int, int]
    loops: dict[int, set[int]]

    def dominates(self, a: int, b: int) -> bool:
        """Whether every path from the start to block b goes through block a."""
        while b != a:
            if b == self.start:
                return False
            b = self.dominator[b]
        return True


def successors_of(image: Image, chunk: Chunk, pc: int) -> list[int]:
    """Instructions that may follow `pc`, the jump's target last."""
    code, _a, _b, c = decode(image.code[pc])
    row = OPCODES[code]
    if code == TAIL_CALL_CHUNK:
        # A self tail call is a jump to the chunk's first instruction.
        return [chunk.entry] if c == chunk.index else []
    if row.name in ("RETURN", "TAIL_CALL") or row.name in INTERPRETED:
        return []
    result = [] if row.ends else [pc + 1]
    if row.c is Operand.JUMP:
        result.append(pc + c)
    return result


def _reachable(image: Image, chunk: Chunk, start: int) -> dict[int, list[int]]:
    edges: dict[int, list[int]] = {}
    pending = [start]
    while pending:
        pc = pending.pop()
        if pc not in edges:
            edges[pc] = successors_of(image, chunk, pc)
            pending.extend(edges[pc])
    return edges


def _blocks(edges: dict[int, list[int]], start: int) -> dict[int, Block]:
    leaders = {start}
    for pc, following in edges.items():
        if following != [pc + 1]:
            leaders.update(following)
    entering: dict[int, int] = {}
    for following in edges.values():
        for target in following:
            entering[target] = entering.get(target, 0) + 1
    leaders.update(target for target, count in entering.items() if count > 1)
    blocks = {}
    for leader in leaders:
        pc = leader
        while edges[pc] == [pc + 1] and pc + 1 not in leaders:
            pc += 1
        blocks[leader] = Block(leader, pc + 1, list(edges[pc]))
    for block in blocks.values():
        for target in block.successors:
            blocks[target].predecessors.append(block.start)
    return blocks


def _reverse_postorder(blocks: dict[int, Block], start: int) -> list[int]:
    order: list[int] = []
    seen = {start}
    stack = [(start, iter(blocks[start].successors))]
    while stack:
        node, following = stack[-1]
        for target in following:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(blocks[target].successors)))
                break
        else:
            order.append(node)
            stack.pop()
    order.reverse()
    return order


def _dominators(blocks: dict[int, Block], order: list[int]) -> dict[int, int]:
    rank = {node: index for index, node in enumerate(order)}
    dominator = {order[0]: order[0]}
    changed = True
    while changed:
        changed = False
        for node in order[1:]:
            known = [p for p in blocks[node].predecessors if p in dominator]
            new = known[0]
            for other in known[1:]:
                a, b = other, new
                while a != b:
                    while rank[a] > rank[b]:
                        a = dominator[a]
                    while rank[b] > rank[a]:
                        b = dominator[b]
                new = a
            if dominator.get(node) != new:
                dominator[node] = new
                changed = True
    return dominator


def _loops(flow: Flow) -> dict[int, set[int]]:
    rank = {node: index for index, node in enumerate(flow.order)}
    loops: dict[int, set[int]] = {}
    for node in flow.order:
        for target in flow.blocks[node].successors:
            if rank[target] > rank[node]:
                continue
            if not flow.dominates(target, node):
                raise Irreducible(f"jump from {node} into the loop at {target}")
            body = loops.setdefault(target, {target})
            pending = [node]
            while pending:
                inside = pending.pop()
                if inside not in body:
                    body.add(inside)
                    pending.extend(flow.blocks[inside].predecessors)
    return loops


def flow_of(image: Image, chunk: Chunk, start: int) -> Flow:
    """The control flow of `chunk` from instruction `start`.

    Raises Irreducible.
    """
    return flow_along(_reachable(image, chunk, start), start)


def flow_along(edges: dict[int, list[int]], start: int) -> Flow:
    """The control flow of instructions that `edges` leads to from `start`.

    Raises Irreducible.
    """
    blocks = _blocks(edges, start)
    order = _reverse_postorder(blocks, start)
    flow = Flow(start, blocks, order, _dominators(blocks, order), {})
    flow.loops = _loops(flow)
    return flow
