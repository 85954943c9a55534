"""Instructions that the kernel leaves to the driver: which function, which operands."""

from __future__ import annotations

from ..core.hosts import HOSTS
from ..core.natives import NATIVES
from ..core.opcodes import (
    ADD,
    ADD_INT,
    CALL,
    HOST_CALL,
    NATIVE_CALL,
    NATIVE_CALL_ANY,
    TAIL_CALL,
    decode,
)
from ..core.scalars import SCALARS
from ..core.tags import INT
from ..stdlib.arrays import ARRAY_FUNCTIONS
from ..stdlib.errors import ERROR_HOSTS
from ..stdlib.host import HOST_FUNCTIONS, NATIVE_HOSTS, SCALAR_HOSTS, Host, Value
from .foreign_calls import call_function

# By name, as core/hosts.py lists them.
FUNCTIONS = {**HOST_FUNCTIONS, **ARRAY_FUNCTIONS}
NATIVES_IN_PYTHON = {**NATIVE_HOSTS, **ERROR_HOSTS}


def carry_out(host: Host, pc: int, base: int) -> Value | None:
    """The value of instruction `pc` of a frame whose R[0] is register `base`.

    None where the kernel can execute it now.

    Raises FluentError, without a place, for what the program did wrong.
    """
    state = host.state
    code, a, b, c = decode(state.code.view[pc])
    view = state.registers.view

    def register(index: int) -> Value:
        at = 2 * (base + index)
        return view[at], view[at + 1]

    if code == ADD:
        return NATIVE_HOSTS["add"](host, register(b), register(c))
    if code == ADD_INT:
        return NATIVE_HOSTS["add"](host, register(b), (INT, c))
    if code in (CALL, TAIL_CALL):
        values = [register(a + 1 + index) for index in range(b)]
        return call_function(host, register(a), values)
    values = [register(a + 1 + index) for index in range(c)]
    if code == HOST_CALL:
        return FUNCTIONS[HOSTS[b].name](host, *values)
    if code in (NATIVE_CALL, NATIVE_CALL_ANY):
        return NATIVES_IN_PYTHON[NATIVES[b].name](host, *values)
    return SCALAR_HOSTS[SCALARS[b].name](host, *values)
