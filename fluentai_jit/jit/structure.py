"""Structured Python from a reducible control flow graph.

Source: Norman Ramsey, "Beyond Relooper" (ICFP 2022), which makes nested blocks
and loops from the dominator tree. Python has no labelled break, but every branch
that the algorithm makes stands in tail position of the block it leaves, so a
branch further out is a flag: `to_12 = 1`, and the code in between runs only
`if to_12 == 0`. LLVM's jump threading removes the flags again.

Python's indentation has an end, so where branches nest deep, what is inside them is
written after them in the same way, the arms of a long `match` one below the other.

A dispatch over blocks instead was measured 1.4 to 1.5 times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .flow import Flow
from .refusals import Refused
from .writer import Writer

# Writes a block's instructions; returns the condition of its last, or None.
# With a condition, the first successor is where it holds.
WriteBlock = Callable[[int], str | None]
# Writes a block and what is inside it, given the block that runs after; returns the
# labels flagged there.
Write = Callable[[int | None], set[int]]

# Levels of indentation that branches inside each other may take.
_LEVELS = 60
# Python's own limits: 100 levels of indentation, 20 blocks of loops.
_MOST_LEVELS = 95
_MOST_LOOPS = 18


@dataclass(slots=True)
class _Loop:
    """A Python loop being written."""

    header: int
    after: int | None  # block that runs when the loop is left by `break`


class Structurer:
    """Writes the blocks of a flow as nested `if` and `while`."""

    def __init__(self, flow: Flow, writer: Writer, write_block: WriteBlock) -> None:
        self.flow = flow
        self.writer = writer
        self.write_block = write_block
        self.rank = {node: index for index, node in enumerate(flow.order)}
        # Of each block, in order: those written after the loop that begins with it,
        # and those written after the block itself.
        self.outside: dict[int, list[int]] = {node: [] for node in flow.order}
        self.inside: dict[int, list[int]] = {node: [] for node in flow.order}
        self._place()
        self.loops: list[_Loop] = []
        # Python loop depth at which a block's label was declared.
        self.depth: dict[int, int] = {}

    def write(self) -> None:
        """Write everything from the flow's start.

        Raises Refused where loops nest deeper than Python allows.
        """
        self._tree(self.flow.start, None)
        if self.writer.deepest >= _MOST_LEVELS:
            raise Refused("too_deep")

    # ---- which blocks are placed after, not inside --------------------------
    def _place(self) -> None:
        """Find what is written after each block; the rest goes into its branches.

        That is what several branches lead to, what a loop leads to, and where
        branches would nest deeper than _LEVELS, what is inside them.
        """
        children: dict[int, list[int]] = {node: [] for node in self.flow.order}
        for node in self.flow.order[1:]:
            children[self.flow.dominator[node]].append(node)
        # Of a block with what it dominates; at most, as not every guard is needed.
        levels: dict[int, int] = {}
        for node in reversed(self.flow.order):
            nested = 0
            for child in children[node]:
                if self._leaves_loop(node, child):
                    self.outside[node].append(child)
                elif self._forward_entries(child) > 1 or levels[child] > _LEVELS:
                    self.inside[node].append(child)
                else:
                    nested = max(nested, levels[child])
            # The block's guard, and its own branches.
            own = [nested + 2, *(levels[child] for child in self.inside[node])]
            if node in self.flow.loops:
                own = [max(own) + 2, *(levels[child] for child in self.outside[node])]
            levels[node] = max(own)

    def _forward_entries(self, node: int) -> int:
        return sum(
            1
            for source in self.flow.blocks[node].predecessors
            if self.rank[source] < self.rank[node]
        )

    def _leaves_loop(self, parent: int, node: int) -> bool:
        body = self.flow.loops.get(parent)
        return body is not None and node not in body

    # ---- writing -------------------------------------------------------------
    def _tree(self, node: int, fall: int | None) -> set[int]:
        """Write `node` and all it dominates; `fall` is what runs after.

        Returns the labels that were flagged inside and lie further out.
        """
        return self._sequence(*self._parts(node), fall)

    def _parts(self, node: int) -> tuple[list[int], Write]:
        """(blocks written after `node`, what writes it given the first of these)."""
        if node in self.flow.loops:
            return self.outside[node], partial(self._loop, node)
        return self.inside[node], partial(self._within, node)

    def _sequence(self, after: list[int], write: Write, fall: int | None) -> set[int]:
        """`write`, then the blocks of `after` in order, each behind its flag.

        What comes after one of these is written at the same level: it may only be
        skipped by branches to what stands behind it in the list.
        """
        start = self.writer.mark()
        labels: set[int] = set()
        flagged: set[int] = set()
        raised: set[int] = set()
        pending: list[int] = []
        while True:
            pending = after + pending
            labels.update(after)
            self.depth.update(dict.fromkeys(after, len(self.loops)))
            flagged |= self._guarded(flagged, write, pending[0] if pending else fall)
            raised |= flagged
            if not pending:
                break
            label = pending.pop(0)
            del self.depth[label]
            flagged.discard(label)
            after, write = self._parts(label)
        for label in sorted(raised & labels):
            self.writer.insert(start, f"to_{label} = 0")
        return flagged

    def _guarded(self, flags: set[int], write: Write, fall: int | None) -> set[int]:
        """Write a block, to run only where no branch went past it."""
        if not flags:
            return write(fall)
        tests = " and ".join(f"to_{label} == 0" for label in sorted(flags))
        self.writer.line(f"if {tests}:")
        self.writer.indent()
        mark = self.writer.mark()
        flagged = write(fall)
        self._fill(mark)
        self.writer.dedent()
        return flagged

    def _fill(self, mark: int) -> None:
        """Python requires a statement where only comments stand since `mark`."""
        if not self.writer.has_statement(mark):
            self.writer.line("pass")

    def _within(self, node: int, fall: int | None) -> set[int]:
        condition = self.write_block(node)
        targets = self.flow.blocks[node].successors
        if not targets:
            return set()
        if condition is None:
            return self._branch(node, targets[0], fall)
        return self._fork(node, condition, targets, fall)

    def _fork(
        self, node: int, condition: str, targets: list[int], fall: int | None
    ) -> set[int]:
        self.writer.line(f"if {condition}:")
        self.writer.indent()
        mark = self.writer.mark()
        flagged = self._branch(node, targets[0], fall)
        self._fill(mark)
        self.writer.dedent()
        self.writer.line("else:")
        self.writer.indent()
        mark = self.writer.mark()
        flagged |= self._branch(node, targets[1], fall)
        self._fill(mark)
        self.writer.dedent()
        return flagged

    def _branch(self, source: int, target: int, fall: int | None) -> set[int]:
        if self.rank[target] <= self.rank[source]:
            return self._continue(target, fall)
        if target in self.depth:
            return self._leave(target, fall)
        return self._tree(target, fall)

    def _continue(self, header: int, fall: int | None) -> set[int]:
        loop = self.loops[-1]
        if loop.header == header:
            if fall != header:
                self.writer.line("continue")
            return set()
        self.writer.line(f"to_{header} = 1")
        self.writer.line("break")
        return {header}

    def _leave(self, target: int, fall: int | None) -> set[int]:
        if target == fall:
            return set()
        if self.depth[target] == len(self.loops):
            self.writer.line(f"to_{target} = 1")
            return {target}
        if self.loops[-1].after == target:
            self.writer.line("break")
            return set()
        self.writer.line(f"to_{target} = 1")
        self.writer.line("break")
        return {target}

    def _loop(self, header: int, after: int | None) -> set[int]:
        self.writer.line("while True:")
        self.writer.indent()
        start = self.writer.mark()
        self.loops.append(_Loop(header, after))
        if len(self.loops) > _MOST_LOOPS:
            raise Refused("too_deep")
        body = partial(self._within, header)
        flagged = self._sequence(self.inside[header], body, header)
        self.loops.pop()
        if header in flagged:
            # An inner loop continues this one: clear the flag first.
            self.writer.insert(start, f"to_{header} = 0")
            flagged.discard(header)
        self.writer.dedent()
        self._escape(flagged)
        return flagged

    def _escape(self, flagged: set[int]) -> None:
        """After a loop: go on outward with flags whose target lies there."""
        for label in sorted(flagged):
            if self.depth.get(label) == len(self.loops):
                # Behind this loop in the same block, which tests the flag.
                continue
            again = self.loops[-1].header == label
            self.writer.line(f"if to_{label} == 1:")
            self.writer.indented("continue" if again else "break")
