"""Stores whose code never looks whether tracking is on: what the look costs.

The test of the flag is replaced by a constant in the source of the kernel, which is
then compiled as it always is. Native code has no such test.
Where the code of the kernel lies in memory is varied too, by padding before it:
the layout alone changes a program's time, and a difference smaller than that is
none.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from types import FunctionType
from typing import cast

import llvmlite.binding as llvm
from llvmlite import ir

from fluentai_jit.kernel import build, interpreter
from fluentai_jit.native import keys, objects
from fluentai_jit.native.store import Store
from fluentai_jit.native.symbols import KERNEL_SYMBOL

_TEST = "load(ctx, FLAGS) & (COUNTING | TIMING | SAMPLING)"
_PADDING = "benchmark_padding"
# Functions begin at multiples of this many bytes.
_ALIGNMENT = 16
_STORE_BYTES = 1 << 28


def without_test(function: FunctionType) -> FunctionType:
    """The function with every test of the flag false.

    Raises ValueError where its source has none.
    """
    source = inspect.getsource(function)
    if _TEST not in source:
        raise ValueError(f"{function.__name__} does not test the flag")
    scope = dict(function.__globals__)
    # The annotations stay text, as they are in the modules these come from.
    future = "from __future__ import annotations\n"
    exec(future + source.replace(_TEST, "0"), scope)
    result: FunctionType = scope[function.__name__]
    return result


def fold() -> None:
    """Fold the flag away in all that this process compiles from now on."""
    vars(interpreter)["run"] = without_test(cast(FunctionType, interpreter.run))


def _padding(size: int) -> str:
    """LLVM assembly of a function of at least `size` bytes."""
    module = ir.Module("padding")
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), []), _PADDING)
    builder = ir.IRBuilder(function.append_basic_block())
    builder.asm(ir.FunctionType(ir.VoidType(), []), f".skip {size}", "", [], True)
    builder.ret_void()
    return str(module)


def build_stores(folders: Sequence[str], folded: bool) -> None:
    """Fill each folder with a kernel and operations; they differ in layout alone."""
    if folded:
        fold()
    operations = build.build_semantics()
    kernel = build.lower_kernel()
    llvm.initialize_native_asmparser()  # for the padding
    machine = objects.target_machine()
    for index, folder in enumerate(folders):
        parts: list[str | bytes] = [_padding(index * _ALIGNMENT), *kernel, operations]
        module = build.optimised(parts, machine, exported=(KERNEL_SYMBOL, _PADDING))
        store = Store(Path(folder), _STORE_BYTES, _refuse)
        store.put(keys.semantics_key(), operations)
        store.put(keys.kernel_key(), objects.emit(module, machine))
        store.close()


def _refuse(message: str) -> None:
    raise OSError(message)
