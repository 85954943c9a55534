"""Primitives below the operations, in plain Python.

Operations, the kernel and emitted units are written over these few functions.
In tier 0 they are what stands here; for compiled code the names are bound to
LLVM instructions of the same meaning (`fluentai_jit.native.intrinsics`), and a
test compares the two on edge values.

Memory is a `memoryview` cast to "q": three times faster here than NumPy
elements, and it raises IndexError where compiled code would read anything.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import struct
import time
from collections.abc import Callable
from typing import NamedTuple

from .layout import FRAME_BOUND

Memory = memoryview  # an int64 address in compiled code

_WORD = 1 << 64
_SIGN = 1 << 63

# address -> view of the array that starts there, for `pointer`
_views: dict[int, memoryview] = {}


def register_view(address: int, view: memoryview) -> None:
    """Make the array at `address` reachable from plain Python code."""
    _views[address] = view


def release_view(address: int) -> None:
    """Forget the array at `address`."""
    _views.pop(address, None)


def pointer(memory: Memory, index: int) -> Memory:
    """The array whose address is word `index` of `memory`."""
    return _views[memory[index]]


def offset(memory: Memory, index: int) -> Memory:
    """The part of an array from word `index` on."""
    return memory[index:]


def load(memory: Memory, index: int) -> int:
    """Word `index` of `memory`."""
    return memory[index]


def store(memory: Memory, index: int, value: int) -> None:
    """Set word `index` of `memory`."""
    memory[index] = value


def load_atomic(memory: Memory, index: int) -> int:
    """Word `index`, read again at every execution.

    LLVM hoists a plain load of the limit word out of a loop, and an interrupt
    then never arrives; a monotonic atomic load stays where it is.
    """
    return memory[index]


def stack_exhausted(ctx: Memory, frame: int) -> int:
    """1 where native code must not nest deeper, else 0.

    Compiled code compares its stack address with a bound; a unit that runs as
    Python counts frames.
    """
    return 1 if frame > ctx[FRAME_BOUND] else 0


def set_stack_bound(ctx: Memory) -> None:
    """Set the bound of the C stack, 256 kB below here; compiled code only."""


def cycle_counter() -> int:
    """Cycles of the processor, 0 where none can be read; in plain Python ns."""
    return time.perf_counter_ns()


def monotonic_ns() -> int:
    """A clock in ns that never goes back."""
    return time.perf_counter_ns()


def unreachable() -> None:
    """Stands where control never comes; compiled code relies on it."""
    raise AssertionError("unreachable")


def wrap(value: int) -> int:
    """`value` modulo 2**64 as a signed 64-bit integer."""
    value &= _WORD - 1
    return value - _WORD if value & _SIGN else value


def add_overflow(a: int, b: int) -> tuple[int, int]:
    """(wrapped sum, 1 if it overflowed else 0)."""
    result = a + b
    if -_SIGN <= result < _SIGN:
        return result, 0
    return wrap(result), 1


def subtract_overflow(a: int, b: int) -> tuple[int, int]:
    """(wrapped difference, 1 if it overflowed else 0)."""
    result = a - b
    if -_SIGN <= result < _SIGN:
        return result, 0
    return wrap(result), 1


def multiply_overflow(a: int, b: int) -> tuple[int, int]:
    """(wrapped product, 1 if it overflowed else 0)."""
    result = a * b
    if -_SIGN <= result < _SIGN:
        return result, 0
    return wrap(result), 1


def multiply_high(a: int, b: int) -> int:
    """The high 64 bits of the product of a and b, both taken as unsigned."""
    return wrap((a & (_WORD - 1)) * (b & (_WORD - 1)) >> 64)


def quotient(a: int, b: int) -> int:
    """a / b toward zero; b is not 0, and not -1 where a is the least integer."""
    result = abs(a) // abs(b)
    return result if (a < 0) == (b < 0) else -result


def remainder(a: int, b: int) -> int:
    """a - quotient(a, b) * b, under the same conditions."""
    result = abs(a) % abs(b)
    return -result if a < 0 else result


def shift_left_bits(a: int, n: int) -> int:
    """a shifted left by 0 <= n < 64, modulo 2**64."""
    return wrap(a << n)


def shift_right_bits(a: int, n: int) -> int:
    """a shifted right by 0 <= n < 64, keeping its sign."""
    return a >> n


def logical_shift_right(a: int, n: int) -> int:
    """The bits of a shifted right by 0 <= n < 64, zeros shifted in."""
    return wrap((a & (_WORD - 1)) >> n)


_pack_float = struct.Struct("<d").pack
_unpack_float = struct.Struct("<d").unpack
_pack_int = struct.Struct("<q").pack
_unpack_int = struct.Struct("<q").unpack


def float_of_bits(bits: int) -> float:
    """The float64 with these bits."""
    return _unpack_float(_pack_int(bits))[0]  # type: ignore[no-any-return]


def bits_of_float(value: float) -> int:
    """The bits of a float64."""
    return _unpack_int(_pack_float(value))[0]  # type: ignore[no-any-return]


def float_of_int(value: int) -> float:
    """The nearest float64, ties to even."""
    return float(value)


def int_of_float(value: float) -> int:
    """`value` toward zero; it must lie inside int64."""
    return int(value)


def _load_libm() -> ctypes.CDLL:
    # Every tier calls this one library: LLVM's or Python's own versions of
    # `pow` and its kin differ from it in the last bit now and then.
    name = ctypes.util.find_library("m") if not _libm_is_builtin() else None
    return ctypes.CDLL(name or "libm.so.6")


def _libm_is_builtin() -> bool:
    # find_library runs ldconfig or gcc, 20 ms at start-up: not where the
    # usual name is there.
    try:
        ctypes.CDLL("libm.so.6")
    except OSError:
        return False
    return True


libm = _load_libm()


class MathFunction(NamedTuple):
    """A function of the C mathematics library."""

    arity: int
    # Exactly rounded in IEEE 754, so LLVM's own instruction gives the same bits;
    # of the others compiled code imports the library's.
    exact: bool


# Those bound below as `c_NAME`.
MATH_FUNCTIONS: dict[str, MathFunction] = {}


def _unary(name: str, exact: bool = False) -> Callable[[float], float]:
    MATH_FUNCTIONS[name] = MathFunction(1, exact)
    function = getattr(libm, name)
    function.restype = ctypes.c_double
    function.argtypes = [ctypes.c_double]
    return function  # type: ignore[no-any-return]


def _binary(name: str) -> Callable[[float, float], float]:
    MATH_FUNCTIONS[name] = MathFunction(2, exact=False)
    function = getattr(libm, name)
    function.restype = ctypes.c_double
    function.argtypes = [ctypes.c_double, ctypes.c_double]
    return function  # type: ignore[no-any-return]


c_sin = _unary("sin")
c_cos = _unary("cos")
c_tan = _unary("tan")
c_asin = _unary("asin")
c_acos = _unary("acos")
c_atan = _unary("atan")
c_sinh = _unary("sinh")
c_cosh = _unary("cosh")
c_tanh = _unary("tanh")
c_exp = _unary("exp")
c_log = _unary("log")
c_log2 = _unary("log2")
c_log10 = _unary("log10")
c_round = _unary("round")
c_pow = _binary("pow")
c_fmod = _binary("fmod")
c_atan2 = _binary("atan2")
c_hypot = _binary("hypot")
c_sqrt = _unary("sqrt", exact=True)
c_floor = _unary("floor", exact=True)
c_ceil = _unary("ceil", exact=True)
c_trunc = _unary("trunc", exact=True)
c_fabs = _unary("fabs", exact=True)
