"""Structured Python from a reducible control flow graph.

Source: Norman Ramsey, "Beyond Relooper" (ICFP 2022), which makes nested blocks
and loops from the dominator tree. Python has no labelled break, but every branch
that the algorithm makes stands in tail position of the block it leaves, so a
branch further out is a flag: `to_12 = 1`, and the code in between runs only
`if to_12 == 0`. LLVM's jump threading removes the flags again.

A dispatch over blocks instead was measured 1.4 to 1.5 times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .flow import Flow
from .refusals import Refused
from .writer import Writer

# Writes a block's instructions; returns the condition of its last, or None.
# With a condition, the first successor is where it holds.
WriteBlock = Callable[[int], str | None]

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
        self.children: dict[int, list[int]] = {node: [] for node in flow.order}
        for node in flow.order[1:]:
            self.children[flow.dominator[node]].append(node)
        self.loops: list[_Loop] = []
        # Python loop depth at which a block's label was declared.
        self.depth: dict[int, int] = {}

    def write(self) -> None:
        """Write everything from the flow's start.

        Raises Refused where it nests deeper than Python allows.
        """
        self._tree(self.flow.start, None)
        if self.writer.deepest >= _MOST_LEVELS:
            raise Refused("too_deep")

    # ---- which blocks are placed after, not inside --------------------------
    def _forward_entries(self, node: int) -> int:
        return sum(
            1
            for source in self.flow.blocks[node].predecessors
            if self.rank[source] < self.rank[node]
        )

    def _leaves_loop(self, parent: int, node: int) -> bool:
        body = self.flow.loops.get(parent)
        return body is not None and node not in body

    def _followers(self, node: int) -> tuple[list[int], list[int]]:
        """(blocks after the loop at `node`, merge blocks inside), in order."""
        outside, inside = [], []
        for child in self.children[node]:
            if self._leaves_loop(node, child):
                outside.append(child)
            elif self._forward_entries(child) > 1:
                inside.append(child)
        by_rank = self.rank.__getitem__
        return sorted(outside, key=by_rank), sorted(inside, key=by_rank)

    # ---- writing -------------------------------------------------------------
    def _tree(self, node: int, fall: int | None) -> set[int]:
        """Write `node` and all it dominates; `fall` is what runs after.

        Returns the labels that were flagged inside and lie further out.
        """
        outside, inside = self._followers(node)
        if node not in self.flow.loops:
            return self._within(node, inside, fall)
        return self._sequence(
            outside, fall, lambda after: self._loop(node, inside, after)
        )

    def _sequence(
        self,
        after: list[int],
        fall: int | None,
        first: Callable[[int | None], set[int]],
    ) -> set[int]:
        """`first`, then the blocks of `after` in order, each behind its flag."""
        for label in after:
            self.depth[label] = len(self.loops)
        start = self.writer.mark()
        flagged = first(after[0] if after else fall)
        raised = set(flagged)
        for label, rest in zip(after, [*after[1:], fall], strict=False):
            self.depth.pop(label)
            flagged = (flagged - {label}) | self._guarded(
                flagged - {label}, label, rest
            )
            raised |= flagged
        for label in sorted(raised & set(after)):
            self.writer.insert(start, f"to_{label} = 0")
        return flagged

    def _guarded(self, pending: set[int], label: int, fall: int | None) -> set[int]:
        """Write block `label`, to run only where no branch went past it."""
        if not pending:
            return self._tree(label, fall)
        tests = " and ".join(f"to_{other} == 0" for other in sorted(pending))
        self.writer.line(f"if {tests}:")
        self.writer.indent()
        mark = self.writer.mark()
        flagged = self._tree(label, fall)
        self._fill(mark)
        self.writer.dedent()
        return flagged

    def _fill(self, mark: int) -> None:
        """Python wants a statement where only comments stand since `mark`."""
        if not self.writer.has_statement(mark):
            self.writer.line("pass")

    def _within(self, node: int, merges: list[int], fall: int | None) -> set[int]:
        if merges:
            return self._sequence(
                merges, fall, lambda after: self._within(node, [], after)
            )
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

    def _loop(self, header: int, merges: list[int], after: int | None) -> set[int]:
        self.writer.line("while True:")
        self.writer.indent()
        start = self.writer.mark()
        self.loops.append(_Loop(header, after))
        if len(self.loops) > _MOST_LOOPS:
            raise Refused("too_deep")
        flagged = self._within(header, merges, header)
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
