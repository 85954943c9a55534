"""The blocks of output in docs/architecture.md, made by the code they describe."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from fluentai_jit.bytecode.disassembler import disassemble
from fluentai_jit.engine.program import Program, compile
from fluentai_jit.engine.vm import VM
from fluentai_jit.graph.printer import outline

PAGE = Path(__file__).parent.parent.parent / "docs" / "architecture.md"
_BLOCK = re.compile(r"^```(\w+) (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _program(text: str) -> Program:
    sources = [body for _kind, name, body in _BLOCK.findall(text) if name == "source"]
    return compile(sources[0])


def _masks(program: Program) -> str:
    chunk = program.image.chunks[1]
    lines = []
    for pc in range(chunk.entry, chunk.last + 1):
        if pc in program.image.live:
            mask = program.image.live[pc]
            names = [f"R{i}" for i in range(chunk.registers) if mask >> i & 1]
            lines.append(f"{pc:>5}  {' '.join(names)}")
    return "\n".join(lines)


def _emitted(program: Program) -> str:
    # The loop is to become hot while the function runs: not at its call.
    settings = {"jit.call_threshold": 3, "jit.back_edge_weight": 1.0}
    with VM(program, settings, stdout=io.StringIO(), engine="emitted") as vm:
        vm.run()
        assert vm.jit is not None
        units = [row.unit for key, row in vm.jit.slots.installed.items() if key[1] == 0]
    return units[0].source.rstrip()


def _counts(program: Program) -> str:
    with VM(program, {}, stdout=io.StringIO(), engine="emitted") as vm:
        vm.enable_usage_tracking()
        vm.run()
        stats = vm.get_all_usage_stats()
    assert stats is not None
    return "\n".join(
        f"{chunk.name:<8} calls {stats[chunk.node_id].execution_count}"
        f"  back-edges {stats[chunk.node_id].back_edges}"
        for chunk in program.image.chunks
    )


def blocks(text: str) -> dict[str, str]:
    """Each named block's content as the code makes it now."""
    program = _program(text)
    return {
        "graph": outline(program.graph.root.items[0]).rstrip(),
        "bytecode": disassemble(program.image, 1).rstrip(),
        "masks": _masks(program),
        "emitted": _emitted(program),
        "counts": _counts(program),
    }


def renewed(text: str) -> str:
    """The page with every block written again."""
    made = blocks(text)

    def block(match: re.Match[str]) -> str:
        kind, name, body = match.groups()
        return f"```{kind} {name}\n{made.get(name, body.rstrip())}\n```"

    return _BLOCK.sub(block, text)


if __name__ == "__main__":
    if sys.argv[1:] != ["--bless"]:
        sys.exit("usage: python -m tests.docs.blocks --bless")
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
