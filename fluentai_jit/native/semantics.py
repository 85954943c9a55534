"""The semantic functions compiled: one LLVM module that every unit links.

A function's annotations are its signature; the functions it calls become
primitives that call their symbols. Nothing is declared a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

from llvmlite import ir

from ..core import activation, heap, operations, scalars
from ..kernel.tiers import NATIVES_SYMBOL
from .convention import UNIT_CONVENTION, WORD, float64, int64, lower, types
from .intrinsics import NATIVE_TYPE, PRIMITIVES, TRIPLE, caller, declare

PREFIX = "fluentai_"

# Rarely executed and long: one copy, called, instead of one copy a call site.
COLD = frozenset(
    (
        "compare_strings",
        "compare_int_float",
        "character",
        "int_power",
        "s_factorial",
        "s_gcd",
        "s_lcm",
        "s_round_to",
    )
)

_TYPES = {
    "int": int64,
    "float": float64,
    "Memory": int64,
    "None": types.none,
    "Result": TRIPLE,
    "tuple[int, int, int]": TRIPLE,
}


def signature_of(function: Callable[..., Any]) -> tuple[list[Any], Any]:
    """(argument types, result type) from the annotations of a function."""
    annotations = dict(function.__annotations__)
    result = _TYPES[annotations.pop("return")]
    return [_TYPES[annotation] for annotation in annotations.values()], result


def symbol_of(function: Callable[..., Any]) -> str:
    """The symbol under which a semantic function is compiled."""
    return PREFIX + function.__name__


def _functions_of(module: Any) -> dict[str, FunctionType]:
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__
    }


SEMANTICS: dict[str, FunctionType] = {
    **_functions_of(heap),
    **_functions_of(operations),
    **_functions_of(scalars),
    **_functions_of(activation),
}

_callers: dict[str, Any] = {}


def namespace() -> dict[str, Any]:
    """Every primitive and every semantic function, as compiled code sees them."""
    if not _callers:
        _callers.update(PRIMITIVES)
        for name, function in SEMANTICS.items():
            arguments, result = signature_of(function)
            _callers[name] = caller(symbol_of(function), result, arguments)
    return _callers


def natives() -> dict[str, FunctionType]:
    """The native operations, the collector, and what they call, by name."""
    from ..memory import collector, equality, lists, strings, text

    found: dict[str, FunctionType] = {}
    for module in (strings, lists, equality, text, collector):
        found.update(_functions_of(module))
    return found


def lower_natives() -> list[str]:
    """LLVM assembly of the native operations, their table, and the collector."""
    from ..memory.collector import collect
    from ..memory.table import OPERATIONS

    functions = natives()
    callers = {}
    for name, function in functions.items():
        arguments, result = signature_of(function)
        callers[name] = caller(symbol_of(function), result, arguments)
    modules = []
    for function in functions.values():
        arguments, result = signature_of(function)
        symbol = symbol_of(function)
        convention = "" if function is collect else UNIT_CONVENTION
        bound = bind(function, callers)
        modules.append(
            lower(bound, symbol, arguments, result, convention, all_words=True)
        )
    return [*modules, _table_module([symbol_of(each) for each in OPERATIONS])]


def _table_module(symbols: list[str]) -> str:
    """LLVM assembly of the array of the native operations' addresses."""
    module = ir.Module("natives")
    # Two names of the library may be one operation.
    operations = [
        declare(module, symbol, NATIVE_TYPE, UNIT_CONVENTION).ptrtoint(WORD)
        for symbol in symbols
    ]
    kind = ir.ArrayType(WORD, len(operations))
    table = ir.GlobalVariable(module, kind, NATIVES_SYMBOL)
    table.initializer = ir.Constant(kind, operations)
    return str(module)


def bind(function: FunctionType, extra: dict[str, Any] | None = None) -> FunctionType:
    """The function with its globals replaced by their compiled counterparts."""
    table = {**namespace(), **(extra or {})}
    names = _names(function.__code__)
    values = {
        name: table[name] if name in table else function.__globals__[name]
        for name in names
        if name in table or name in function.__globals__
    }
    return FunctionType(
        function.__code__, values, function.__name__, function.__defaults__
    )


def _names(code: Any) -> Iterable[str]:
    return code.co_names  # type: ignore[no-any-return]


def lower_semantics() -> list[str]:
    """LLVM assembly of every semantic function, one module each."""
    modules = []
    for name, function in SEMANTICS.items():
        arguments, result = signature_of(function)
        cold = name in COLD
        modules.append(
            lower(
                bind(function),
                symbol_of(function),
                arguments,
                result,
                attributes=["noinline"] if cold else ["alwaysinline"],
            )
        )
    return modules
