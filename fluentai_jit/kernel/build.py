"""Compile the interpreter: tier 1 from the source of tier 0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import FunctionType
from typing import Any, cast

from ..core.opcodes import OPCODES
from ..native import objects
from ..native.convention import int64, lower
from ..native.intrinsics import TRIPLE, caller
from ..native.semantics import PREFIX, bind, lower_natives, lower_semantics
from ..native.symbols import KERNEL_SYMBOL, KERNEL_SYMBOLS
from . import interpreter, slow
from .scalar_dispatch import dispatch_source

_SCALAR_SYMBOL = PREFIX + "scalar"
_SCALAR_ARGUMENTS = [int64] * 8
_SLOW_SYMBOL = PREFIX + "slow_operation"
_THROW_SYMBOL = PREFIX + "throw_value"


def build_semantics() -> bytes:
    """LLVM bitcode of all semantic functions, the same for every unit."""
    module = objects.link(lower_semantics(), ())
    for function in module.functions:
        if not function.is_declaration:
            function.linkage = "external"
    return module.as_bitcode()  # type: ignore[no-any-return]


def lower_kernel() -> list[str]:
    """LLVM assembly of the dispatch loop, the native operations and the collector."""
    namespace: dict[str, Any] = {}
    exec(compile(dispatch_source(), "<scalar dispatch>", "exec"), namespace)
    dispatch = lower(
        bind(namespace["scalar"]),
        _SCALAR_SYMBOL,
        _SCALAR_ARGUMENTS,
        TRIPLE,
        attributes=["noinline"],
    )
    scalar = caller(_SCALAR_SYMBOL, TRIPLE, _SCALAR_ARGUMENTS)
    operation = lower(
        bind(cast(FunctionType, slow.slow_operation)),
        _SLOW_SYMBOL,
        [int64] * 3,
        TRIPLE,
        attributes=["noinline"],
        all_words=True,
    )
    slow_operation = caller(_SLOW_SYMBOL, TRIPLE, [int64] * 3)
    loop = lower(
        bind(
            cast(FunctionType, interpreter.run),
            {
                "scalar": scalar,
                "slow_operation": slow_operation,
                "throw_value": caller(_THROW_SYMBOL, int64, [int64] * 4),
            },
        ),
        KERNEL_SYMBOL,
        [int64],
        int64,
        convention="",
        all_words=True,
    )
    return [dispatch, operation, loop, *lower_natives()]


_CASES = r"\[\n((?:    i64 \d+, label %\S+\n)+)  \]\n"


def one_switch(text: str) -> str:
    """The kernel's LLVM assembly with its dispatch as a single switch.

    LLVM makes a switch of the chain of comparisons, but no longer one from where
    cases times jumps back to the head exceed a bound of its own: the rest becomes
    a second switch in the default case of the first. Raises ValueError where the
    text is neither of that shape nor has one switch already.
    """
    # Labels are of one function, and others of the module may have the same.
    start = text.index(f"@{KERNEL_SYMBOL}(")
    end = text.index("\n}", start)
    return text[:start] + _joined(text[start:end]) + text[end:]


def _joined(function: str) -> str:
    """The text of the function with its two switches as one."""
    head = re.compile(rf"  switch i64 (%\S+), label %(\S+) {_CASES}")
    first = max(head.finditer(function), key=lambda match: len(match[3]))
    if first[3].count("label") == len(OPCODES):
        return function
    operand, rest = first[1], first[2]
    pattern = (
        rf"{re.escape(rest)}:[^\n]*\n  switch i64 {operand}, label (%\S+) {_CASES}"
    )
    second = re.compile(pattern).search(function, first.end())
    if second is None:
        raise ValueError("the kernel's dispatch has no second switch")
    cases = first[3] + second[2]
    if cases.count("label") != len(OPCODES):
        raise ValueError("the kernel's dispatch lacks opcodes")
    merged = f"  switch i64 {operand}, label {second[1]} [\n{cases}  ]\n"
    before = function[: first.start()]
    between, after = function[first.end() : second.start()], function[second.end() :]
    # What came from the second switch now comes from the block of the first.
    block = re.findall(r"^([^\s:]+):", before, re.M)[-1]
    return (before + merged + between + after).replace(f"%{rest} ]", f"%{block} ]")


def optimised(
    parts: Sequence[str | bytes],
    machine: Any,
    exported: Sequence[str] = KERNEL_SYMBOLS,
) -> Any:
    """The LLVM module of a kernel from its parts, ready to be emitted."""
    module = objects.link(parts, exported)
    objects.propagate(module, machine)
    module = objects.parse(one_switch(str(module)))
    objects.optimise(module, machine)
    return module


def build_kernel(semantics: bytes) -> bytes:
    """Object code of the kernel; exports KERNEL_SYMBOLS.

    The interpreter and the collector are C functions int64(int64).
    """
    machine = objects.target_machine()
    module = optimised([*lower_kernel(), semantics], machine)
    return objects.emit(module, machine)
