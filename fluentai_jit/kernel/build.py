"""Compile the interpreter: tier 1 from the source of tier 0."""

from __future__ import annotations

from types import FunctionType
from typing import Any, cast

from ..native import objects
from ..native.convention import int64, lower
from ..native.intrinsics import TRIPLE, caller
from ..native.semantics import PREFIX, bind, lower_semantics
from . import interpreter
from .scalar_dispatch import dispatch_source
from .tiers import KERNEL_SYMBOL

_SCALAR_SYMBOL = PREFIX + "scalar"
_SCALAR_ARGUMENTS = [int64] * 8


def build_semantics() -> bytes:
    """LLVM bitcode of all semantic functions, the same for every unit."""
    module = objects.link(lower_semantics(), ())
    for function in module.functions:
        if not function.is_declaration:
            function.linkage = "external"
    return module.as_bitcode()  # type: ignore[no-any-return]


def _lower_kernel() -> list[str]:
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
    loop = lower(
        bind(cast(FunctionType, interpreter.run), {"scalar": scalar}),
        KERNEL_SYMBOL,
        [int64],
        int64,
        convention="",
        all_words=True,
    )
    return [dispatch, loop]


def build_kernel(semantics: bytes, level: int = 2, baseline: bool = False) -> bytes:
    """Object code of the kernel; exports KERNEL_SYMBOL, a C function int64(int64)."""
    machine = objects.target_machine(level, baseline)
    module = objects.link([*_lower_kernel(), semantics], (KERNEL_SYMBOL,))
    objects.propagate(module, machine)
    objects.optimise(module, machine, level)
    return objects.emit(module, machine)
