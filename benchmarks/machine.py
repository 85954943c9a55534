"""VMs of the measured programs, in the process that measures."""

from __future__ import annotations

import io
from typing import Any

from fluentai_jit.engine.program import compile
from fluentai_jit.engine.vm import VM

from .suite import PROGRAMS

WARM_UP_CALLS = 50


def machine(name: str, tier: int, store: str, **settings: Any) -> VM:
    """A VM with a program's functions defined, which calls end in tier 1 or 2.

    `settings` are those of the config, with `__` for a dot.
    """
    config: dict[str, Any] = {
        "store.path": store,
        "jit.mode": "off" if tier == 1 else "sync",
    }
    config.update((key.replace("__", "."), value) for key, value in settings.items())
    program = compile(PROGRAMS / f"{name}.flc")
    vm = VM(program, config=config, stdout=io.StringIO())
    if vm.driver.kernel.tier != 1:
        raise RuntimeError("the store has no compiled kernel")
    vm.run()
    return vm


def settled(vm: VM, function: str, size: int) -> bool:
    """Whether a call decides and compiles nothing; it is carried out."""
    before = 0 if vm.jit is None else len(vm.jit.log.events)
    vm.call(function, size)
    return vm.jit is None or len(vm.jit.log.events) == before


def warm_up(vm: VM, function: str, size: int) -> None:
    """Call until native code is in place and a call compiles nothing more.

    Without a JIT this is one call. Raises RuntimeError where that never happens.
    """
    for _ in range(WARM_UP_CALLS):
        still = settled(vm, function, size)
        if still and (vm.jit is None or vm.jit.slots.installed):
            return
    raise RuntimeError(f"{function}({size}) does not become native")
