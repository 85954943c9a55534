"""The semantic functions compiled: one LLVM module that every unit links.

A function's annotations are its signature; the functions it calls become
primitives that call their symbols. Nothing is declared a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import Any

from ..core import activation, number_parse, number_text, operations, scalars
from .convention import float64, int64, lower, types
from .intrinsics import PAIR, PRIMITIVES, TRIPLE, caller

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
        "format_int",
        "format_float",
        "put_digits",
        "parse_int",
        "parse_float",
        "nearest",
        "refusal",
    )
)

_TYPES = {
    "int": int64,
    "float": float64,
    "Memory": int64,
    "None": types.none,
    "Result": TRIPLE,
    "tuple[int, int, int]": TRIPLE,
    "Pair": PAIR,
    "Quad": types.UniTuple(int64, 4),
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
    **_functions_of(operations),
    **_functions_of(scalars),
    **_functions_of(activation),
}

# Text of numbers is a module apart: with it, each unit took 20 ms longer to compile,
# fib 60 ms instead of 40 after lowering.
NUMBER_TEXT: dict[str, FunctionType] = {
    **_functions_of(number_text),
    **_functions_of(number_parse),
}

_callers: dict[str, Any] = {}


def callers(functions: Mapping[str, FunctionType]) -> dict[str, Any]:
    """Functions as code that calls their compiled counterparts sees them."""
    found = {}
    for name, function in functions.items():
        arguments, result = signature_of(function)
        found[name] = caller(symbol_of(function), result, arguments)
    return found


def namespace() -> dict[str, Any]:
    """Every primitive and every semantic function, as compiled code sees them."""
    if not _callers:
        _callers.update(PRIMITIVES)
        _callers.update(callers(SEMANTICS))
    return _callers


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


def lower_semantics(functions: Mapping[str, FunctionType] = SEMANTICS) -> list[str]:
    """LLVM assembly of semantic functions, one module each.

    NUMBER_TEXT calls functions of SEMANTICS and is linked with them.
    """
    modules = []
    among = callers(functions)
    for name, function in functions.items():
        arguments, result = signature_of(function)
        cold = name in COLD
        modules.append(
            lower(
                bind(function, among),
                symbol_of(function),
                arguments,
                result,
                attributes=["noinline"] if cold else ["alwaysinline"],
            )
        )
    return modules
