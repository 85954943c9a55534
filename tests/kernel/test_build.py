"""How the interpreter is compiled: its dispatch."""

import re

import pytest

from fluentai_jit.core.opcodes import OPCODES
from fluentai_jit.core.primitives import unreachable
from fluentai_jit.kernel.build import (
    build_semantics,
    lower_kernel,
    one_switch,
    optimised,
)
from fluentai_jit.native import objects
from fluentai_jit.native.symbols import KERNEL_SYMBOL

HALVES = f"""
define i64 @{KERNEL_SYMBOL}(i64 %op) {{
entry:
  br label %head

head:                                             ; preds = %entry
  switch i64 %op, label %rest [
FIRST
  ]

rest:                                             ; preds = %head
  switch i64 %op, label %none [
SECOND
  ]

one:                                              ; preds = %head, %rest
  %value = phi i64 [ 1, %head ], [ 2, %rest ]
  ret i64 %value

two:                                              ; preds = %rest
  %other = phi i64 [ 3, %rest ]
  ret i64 %other

none:                                             ; preds = %rest
  unreachable
}}
"""


def halves(first: range, second: range) -> str:
    def cases(codes: range, label: str) -> str:
        return "\n".join(f"    i64 {code}, label %{label}" for code in codes)

    text = HALVES.replace("FIRST", cases(first, "one"))
    return text.replace("SECOND", cases(second, "two"))


def two_switches() -> str:
    """A kernel that is whole, its opcodes in two switches."""
    # Without the phi of both, which no two switches of the kernel share.
    text = halves(range(40), range(40, len(OPCODES))).replace(", [ 2, %rest ]", "")
    text = text.replace("%head, %rest\n  %value", "%head\n  %value")
    text = text.replace("[ 1, %head ]", ", ".join(["[ 1, %head ]"] * 40))
    rest = ", ".join(["[ 3, %rest ]"] * (len(OPCODES) - 40))
    return text.replace("[ 3, %rest ]", rest)


# Another function of the module, with labels of the same names.
OTHER = """
define i64 @other(i64 %op) {
entry:
  br label %rest

rest:
  br label %end

end:
  %value = phi i64 [ 1, %rest ]
  ret i64 %value
}
"""


def test_two_switches_become_one() -> None:
    text = two_switches()
    objects.parse(text)
    merged = one_switch(text)
    objects.parse(merged)
    assert merged.count("switch") == 1
    assert merged.count("i64 3, label") == 1
    assert "%rest" not in merged.replace("preds = %rest", "")


def test_other_functions_stay_as_they_are() -> None:
    merged = one_switch(OTHER + two_switches() + OTHER.replace("@other", "@last"))
    objects.parse(merged)
    assert merged == (
        OTHER + one_switch(two_switches()) + OTHER.replace("@other", "@last")
    )


def test_a_lost_opcode_is_noticed() -> None:
    with pytest.raises(ValueError, match="lacks opcodes"):
        one_switch(halves(range(40), range(41, len(OPCODES))))


@pytest.mark.native
def test_every_opcode_ends_in_a_jump_of_its_own() -> None:
    machine = objects.target_machine()
    module = optimised([*lower_kernel(), build_semantics()], machine)
    text = machine.emit_assembly(module)
    start = text.index(f"\n{KERNEL_SYMBOL}:")
    kernel = text[start : text.index(".cfi_endproc", start)]
    assert len(re.findall(r"\tjmpq?\s+\*", kernel)) >= len(OPCODES)


def test_what_is_unreachable_says_so() -> None:
    with pytest.raises(AssertionError):
        unreachable()
