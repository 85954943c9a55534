"""Arrays from and to NumPy, whose memory is the same, and their text."""

from __future__ import annotations

import math
import sys
from array import array
from typing import TYPE_CHECKING, Any

from ..core.layout import ARRAY_HANDLE
from ..core.primitives import float_of_bits
from ..core.tags import FLOAT, INT
from ..errors import FluentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..kernel.state import State
    from ..memory.arrays import ArrayMemory


def memory_of(state: State, payload: int) -> ArrayMemory:
    """The memory of an array of the program."""
    return state.arrays[state.heap.view[payload + ARRAY_HANDLE]]


def is_numpy_array(value: object) -> bool:
    """Whether a value is an array of NumPy, which is imported if there are any."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def array_record(state: State, values: Any) -> list[int]:
    """The record of an array that shares the memory of a NumPy array.

    Raises FluentError of kind HostError for what an FLC array cannot be.
    """
    problem = None
    tag = {"float64": FLOAT, "int64": INT}.get(str(values.dtype))
    if values.ndim not in (1, 2):
        problem = f"it has {values.ndim} dimensions, not 1 or 2"
    elif tag is None:
        problem = f"its dtype is {values.dtype}, not int64 or float64"
    elif isinstance(values, sys.modules["numpy"].ma.MaskedArray):
        problem = "it has a mask"
    elif not values.flags.c_contiguous:
        problem = "its items are not contiguous in row-major order"
    elif not values.flags.writeable:
        problem = "it is read-only"
    elif not values.flags.aligned:
        problem = "its memory is not aligned"
    if problem is not None or tag is None:
        raise FluentError("HostError", f"a NumPy array cannot be passed: {problem}")
    return state.arrays.adopt(values, tag)


def numpy_array(state: State, payload: int) -> Any:
    """The NumPy array whose memory an array of the program is."""
    import numpy

    memory = memory_of(state, payload)
    if not isinstance(memory.owner, array):
        return memory.owner
    dtype = numpy.float64 if memory.tag == FLOAT else numpy.int64
    count = math.prod(memory.shape)
    items = numpy.frombuffer(memory.owner, dtype=dtype)[:count]
    return items.reshape(memory.shape)


def array_text(
    state: State, payload: int, number: Callable[[float], str], limit: int
) -> str:
    """`[1, 2]`, or `[[1.0, 2.0]]` of two dimensions; `number` gives a float's text.

    Of a text longer than `limit` characters, only the first of them are sure.
    """
    memory = memory_of(state, payload)
    count = min(limit, math.prod(memory.shape))
    words = memory.view[:count]
    if memory.tag == FLOAT:
        texts = [number(float_of_bits(word)) for word in words]
    else:
        texts = [str(word) for word in words]
    if len(memory.shape) == 1:
        return f"[{', '.join(texts)}]"
    rows, columns = memory.shape
    parts = [
        f"[{', '.join(texts[row * columns : (row + 1) * columns])}]"
        for row in range(min(rows, limit))
    ]
    return f"[{', '.join(parts)}]"
