"""LLVM assembly to an object file: link, optimise, emit. No Numba here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import llvmlite.binding as llvm

_initialised = False

# Copies the interpreter's dispatch, a jump through a table, to the end of every arm:
# each opcode then has a jump of its own to predict. LLVM does not where a block has
# more predecessors than this. In every process, so that the same source gives the
# same code in each.
_OPTIONS = ("--tail-dup-pred-size=1000",)


def initialise() -> None:
    """Make LLVM's native target ready; cheap when done already."""
    global _initialised
    if not _initialised:
        llvm.initialize_native_target()
        for option in _OPTIONS:
            llvm.set_option("fluentai_jit", option)
        llvm.initialize_native_asmprinter()
        _initialised = True


def target_machine(level: int = 2) -> Any:
    """The machine that code is made for: this one."""
    initialise()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=level,
        jit=True,
        reloc="pic",
    )


def cpu_key() -> str:
    """What of the machine goes into the key of a stored object."""
    initialise()
    features = llvm.get_host_cpu_features().flatten()
    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {features}"


def link(modules: Iterable[str | bytes], exported: Sequence[str]) -> Any:
    """One module of several (assembly text or bitcode); the rest becomes private."""
    initialise()
    whole = None
    for text in modules:
        if isinstance(text, bytes):
            part = llvm.parse_bitcode(text)
        else:
            part = llvm.parse_assembly(text)
        if whole is None:
            whole = part
        else:
            whole.link_in(part)
    if whole is None:
        raise ValueError("no modules")
    for function in whole.functions:
        if not function.is_declaration and function.name not in exported:
            function.linkage = "internal"
    whole.verify()
    return whole


def parse(text: str) -> Any:
    """A module from LLVM assembly. Raises RuntimeError where it is not valid."""
    module = llvm.parse_assembly(text)
    module.verify()
    return module


def propagate(module: Any, machine: Any) -> None:
    """Inline the operations and propagate constant tags, before anything else.

    LLVM's standard order looks for constants across functions before it inlines:
    the tag a body returns is then still hidden in the operations it calls. Two
    functions that tail-call each other took 1.9 times as long without this.
    """
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options())
    passes = llvm.create_new_module_pass_manager()
    passes.add_always_inliner_pass()
    passes.add_sroa_pass()
    passes.add_ipsccp_pass()
    passes.add_simplify_cfg_pass()
    passes.run(module, builder)


def optimise(module: Any, machine: Any, level: int = 2) -> None:
    """LLVM's standard passes at `level` (0 to 3)."""
    options = llvm.create_pipeline_tuning_options(speed_level=level)
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)


def emit(module: Any, machine: Any) -> bytes:
    """The object file."""
    return machine.emit_object(module)  # type: ignore[no-any-return]
