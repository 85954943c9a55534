"""The primitives of core/primitives.py as LLVM instructions, under the same names."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir

from ..core.entries import PARAMETER_WORDS
from ..core.layout import NATIVES, STACK_BOUND
from ..core.primitives import MATH_FUNCTIONS
from .convention import (
    BODY_CONVENTION,
    DOUBLE,
    UNIT_CONVENTION,
    WORD,
    Builder,
    Primitive,
    float64,
    int64,
    types,
    words,
)
from .loader import LIBM_PREFIX

# What native code may use of the C stack below the kernel's own frame.
STACK_RESERVE = 256 * 1024
DOUBLE_WORD = ir.IntType(128)
BYTE_POINTER = ir.IntType(8).as_pointer()
PAIR = types.UniTuple(int64, 2)
TRIPLE = types.UniTuple(int64, 3)


def _address(builder: Builder, base: Any, index: Any) -> Any:
    return builder.gep(builder.inttoptr(base, WORD.as_pointer()), [index])


def _load(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
    return builder.load(_address(builder, args[0], args[1]))


def _offset(builder: Builder, base: Any, index: Any) -> Any:
    return builder.add(base, builder.mul(index, WORD(8)))


def _store(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
    builder.store(args[2], _address(builder, args[0], args[1]))
    return context.get_dummy_value()


def _load_atomic(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
    return builder.load_atomic(_address(builder, args[0], args[1]), "monotonic", 8)


def _overflow(name: str) -> Primitive:
    def generate(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
        pair = getattr(builder, f"s{name}_with_overflow")(*args)
        flag = builder.zext(builder.extract_value(pair, 1), WORD)
        return context.make_tuple(
            builder, signature.return_type, [builder.extract_value(pair, 0), flag]
        )

    return Primitive(name, PAIR, [int64, int64], generate)


def _instruction(
    name: str, result: Any, arguments: Sequence[Any], emit: Callable[..., Any]
) -> Primitive:
    def generate(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
        return emit(builder, *args)

    return Primitive(name, result, arguments, generate)


def _llvm_float(name: str) -> Primitive:
    """An LLVM intrinsic on float64 that is exactly rounded."""

    def emit(builder: Builder, value: Any) -> Any:
        function_type = ir.FunctionType(DOUBLE, [DOUBLE])
        function = builder.module.declare_intrinsic(
            f"llvm.{name}", [DOUBLE], function_type
        )
        return builder.call(function, [value])

    return _instruction(f"c_{name}", float64, [float64], emit)


def declare(
    module: ir.Module, name: str, function_type: ir.FunctionType, convention: str = ""
) -> ir.Function:
    """The function `name` of a module, declared on first use."""
    function = module.globals.get(name)
    if function is None:
        function = ir.Function(module, function_type, name)
        function.calling_convention = convention
    return function


def _libm(name: str, arity: int) -> Primitive:
    def emit(builder: Builder, *args: Any) -> Any:
        function_type = ir.FunctionType(DOUBLE, [DOUBLE] * arity)
        return builder.call(
            declare(builder.module, LIBM_PREFIX + name, function_type), args
        )

    return _instruction(f"c_{name}", float64, [float64] * arity, emit)


def _multiply_high(builder: Builder, a: Any, b: Any) -> Any:
    wide = [builder.zext(value, DOUBLE_WORD) for value in (a, b)]
    high = builder.lshr(builder.mul(*wide), DOUBLE_WORD(64))
    return builder.trunc(high, WORD)


def _frame_address(builder: Builder) -> Any:
    function = builder.module.declare_intrinsic(
        "llvm.frameaddress",
        [BYTE_POINTER],
        ir.FunctionType(BYTE_POINTER, [ir.IntType(32)]),
    )
    return builder.ptrtoint(builder.call(function, [ir.IntType(32)(0)]), WORD)


def _stack_exhausted(builder: Builder, ctx: Any, frame: Any) -> Any:
    bound = builder.load(_address(builder, ctx, WORD(STACK_BOUND)))
    low = builder.icmp_signed("<", _frame_address(builder), bound)
    return builder.zext(low, WORD)


def _set_stack_bound(builder: Builder, ctx: Any) -> Any:
    bound = builder.sub(_frame_address(builder), WORD(STACK_RESERVE))
    builder.store(bound, _address(builder, ctx, WORD(STACK_BOUND)))
    return ir.Constant(BYTE_POINTER, None)


def _cycle_counter(builder: Builder) -> Any:
    # Elsewhere the instruction may be one that ends the process.
    if not llvm.get_process_triple().startswith("x86_64"):
        return WORD(0)
    kind = ir.FunctionType(WORD, [])
    function = builder.module.declare_intrinsic("llvm.readcyclecounter", [], kind)
    return builder.call(function, [])


def _monotonic_ns(builder: Builder) -> Any:
    pair = builder.alloca(WORD, size=2)
    kind = ir.FunctionType(ir.IntType(32), [ir.IntType(32), WORD.as_pointer()])
    clock = declare(builder.module, "clock_gettime", kind)
    builder.call(clock, [ir.IntType(32)(time.CLOCK_MONOTONIC), pair])
    seconds = builder.load(pair)
    rest = builder.load(builder.gep(pair, [WORD(1)]))
    return builder.add(builder.mul(seconds, WORD(10**9)), rest)


def _unreachable(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
    builder.unreachable()
    return dead_value(context, builder, signature)


def llvm_type(numba_type: Any) -> Any:
    """The LLVM type of an argument or result."""
    if numba_type == float64:
        return DOUBLE
    if isinstance(numba_type, types.UniTuple):
        return words(numba_type.count)
    if isinstance(numba_type, types.NoneType):
        return ir.VoidType()
    return WORD


def caller(
    symbol: str,
    result: Any,
    arguments: Sequence[Any],
    convention: str = UNIT_CONVENTION,
) -> Primitive:
    """A call of a compiled function by its symbol."""
    function_type = ir.FunctionType(
        llvm_type(result), [llvm_type(argument) for argument in arguments]
    )

    def generate(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
        function = declare(builder.module, symbol, function_type, convention)
        value = builder.call(function, args, cconv=convention)
        return from_words(context, builder, signature, value)

    return Primitive(symbol, result, arguments, generate)


def from_words(context: Any, builder: Builder, signature: Any, value: Any) -> Any:
    """A returned struct as Numba's tuple; anything else as it is."""
    result = signature.return_type
    if isinstance(result, types.UniTuple):
        parts = [builder.extract_value(value, i) for i in range(result.count)]
        return context.make_tuple(builder, result, parts)
    if isinstance(result, types.NoneType):
        return context.get_dummy_value()
    return value


BODY_TYPE = ir.FunctionType(words(3), [WORD] * PARAMETER_WORDS)


def body_caller(symbol: str, arguments: int, tail: bool) -> Primitive:
    """A call of a body by its symbol; with `tail`, a jump that returns its result."""

    def generate(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
        function = declare(builder.module, symbol, BODY_TYPE, BODY_CONVENTION)
        rest = PARAMETER_WORDS - len(args)
        given = [*args, *([ir.Constant(WORD, ir.Undefined)] * rest)]
        kind = "musttail" if tail else ""
        value = builder.call(function, given, cconv=BODY_CONVENTION, tail=kind)
        if not tail:
            return from_words(context, builder, signature, value)
        builder.ret(value)
        return dead_value(context, builder, signature)

    return Primitive(symbol, TRIPLE, [int64] * arguments, generate)


def dead_value(context: Any, builder: Builder, signature: Any) -> Any:
    """Go on in a block that is never reached, with an undefined result."""
    builder.position_at_end(builder.function.append_basic_block("dead"))
    return ir.Constant(context.get_value_type(signature.return_type), ir.Undefined)


ENTRY_TYPE = ir.FunctionType(words(3), [WORD, WORD, WORD])


def _entry(name: str) -> Primitive:
    def generate(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
        entry = builder.inttoptr(args[0], ENTRY_TYPE.as_pointer())
        value = builder.call(entry, args[1:], cconv=UNIT_CONVENTION)
        return from_words(context, builder, signature, value)

    return Primitive(name, TRIPLE, [int64] * 4, generate)


NATIVE_TYPE = ir.FunctionType(words(3), [WORD] * 7)


def _call_native(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
    """Call an operation by its address, which is in a table."""
    ctx, which, *operands = args
    table = builder.load(_address(builder, ctx, WORD(NATIVES)))
    address = builder.load(_address(builder, table, which))
    operation = builder.inttoptr(address, NATIVE_TYPE.as_pointer())
    value = builder.call(operation, [ctx, *operands], cconv=UNIT_CONVENTION)
    return from_words(context, builder, signature, value)


def _primitives() -> dict[str, Primitive]:
    two = [int64, int64]
    rows = [
        Primitive("load", int64, two, _load),
        Primitive("pointer", int64, two, _load),
        _instruction("offset", int64, two, _offset),
        Primitive("load_atomic", int64, two, _load_atomic),
        Primitive("store", types.none, [int64] * 3, _store),
        _instruction("multiply_high", int64, two, _multiply_high),
        _instruction("quotient", int64, two, lambda b, x, y: b.sdiv(x, y)),
        _instruction("remainder", int64, two, lambda b, x, y: b.srem(x, y)),
        _instruction("shift_left_bits", int64, two, lambda b, x, n: b.shl(x, n)),
        _instruction("shift_right_bits", int64, two, lambda b, x, n: b.ashr(x, n)),
        _instruction("logical_shift_right", int64, two, lambda b, x, n: b.lshr(x, n)),
        _instruction(
            "float_of_bits", float64, [int64], lambda b, x: b.bitcast(x, DOUBLE)
        ),
        _instruction(
            "bits_of_float", int64, [float64], lambda b, x: b.bitcast(x, WORD)
        ),
        _instruction(
            "float_of_int", float64, [int64], lambda b, x: b.sitofp(x, DOUBLE)
        ),
        _instruction("int_of_float", int64, [float64], lambda b, x: b.fptosi(x, WORD)),
        _instruction("stack_exhausted", int64, two, _stack_exhausted),
        _instruction("set_stack_bound", types.none, [int64], _set_stack_bound),
        _instruction("cycle_counter", int64, [], _cycle_counter),
        _instruction("monotonic_ns", int64, [], _monotonic_ns),
        Primitive("unreachable", types.none, [], _unreachable),
        _entry("call_entry"),
        _entry("call_nested_entry"),
        Primitive("call_native", TRIPLE, [int64] * 8, _call_native),
    ]
    table = {row.name: row for row in rows}
    for name, llvm_name in (("add", "add"), ("subtract", "sub"), ("multiply", "mul")):
        table[f"{name}_overflow"] = _overflow(llvm_name)
    for name, row in MATH_FUNCTIONS.items():
        made = _llvm_float(name) if row.exact else _libm(name, row.arity)
        table[f"c_{name}"] = made
    return table


PRIMITIVES: dict[str, Primitive] = _primitives()
