"""What the kernel's object code defines for the process that loads it."""

from __future__ import annotations

KERNEL_SYMBOL = "fluentai_kernel"
# Of the same object: the tables of native operations and of powers of ten, the
# collector, what unwinds the stack, and what times activations.
POWERS_SYMBOL = "fluentai_powers"
NATIVES_SYMBOL = "fluentai_natives"
COLLECTOR_SYMBOL = "fluentai_collect"
UNWIND_SYMBOL = "fluentai_unwind"
THROW_SYMBOL = "fluentai_throw"
STACK_SYMBOL = "fluentai_take_stack"
CYCLES_SYMBOL = "fluentai_cycles"
KERNEL_SYMBOLS = (
    *(KERNEL_SYMBOL, NATIVES_SYMBOL, POWERS_SYMBOL),
    *(COLLECTOR_SYMBOL, UNWIND_SYMBOL, THROW_SYMBOL),
    *(STACK_SYMBOL, CYCLES_SYMBOL),
)
