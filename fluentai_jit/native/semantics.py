"""The semantic functions compiled: one LLVM module that every unit links.

A function's annotations are its signature; the functions it calls become
primitives that call their symbols. Nothing is declared a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import Any

from llvmlite import ir

from ..core import number_parse, number_text, powers_of_ten, unwinding
from ..core.unit_functions import UNIT_FUNCTIONS, functions_of
from .convention import (
    RARE_CONVENTION,
    UNIT_CONVENTION,
    WORD,
    float64,
    int64,
    lower,
    types,
)
from .intrinsics import NATIVE_TYPE, PAIR, PRIMITIVES, TRIPLE, caller, declare
from .symbols import KERNEL_SYMBOLS, NATIVES_SYMBOL, POWERS_SYMBOL

PREFIX = "fluentai_"

# Rarely executed and long: one copy, called, instead of one copy a call site.
COLD = frozenset(
    (
        "compare_strings",
        "equal_strings",
        "equal_errors",
        "stopping",
        "compare_int_float",
        "adapted_chunk",
        "equal_arrays",
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
        # Their callers' registers are not worth it: two reads of the clock take 20 ns.
        "monotonic_time",
        "start_timed",
        "end_timed",
        "tail_timed",
        "start_sampled",
        "return_sampled",
        "end_sampled",
        "add_stack",
        "leave_sampled",
        "tail_sampled",
        "start_interpreted",
        "end_interpreted",
        "iterate_interpreted",
    )
)

# Called by so few executions that the others are not to save registers for them.
RARE = frozenset(("start_sampled", "leave_sampled", "tail_sampled", "stopping"))

# Within native operations, too long for LLVM to inline by itself: `replace` of single
# characters takes 120 ms instead of 140.
INLINED = frozenset(("stands_at",))

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


def convention_of(name: str) -> str:
    """How a semantic function of that name is called."""
    return RARE_CONVENTION if name in RARE else UNIT_CONVENTION


def symbol_of(function: Callable[..., Any]) -> str:
    """The symbol under which a semantic function is compiled."""
    return PREFIX + function.__name__


# Text of numbers is a module apart: with it, each unit took 20 ms longer to compile,
# fib 60 ms instead of 40 after lowering.
NUMBER_TEXT: dict[str, FunctionType] = {
    **functions_of(number_text),
    **functions_of(number_parse),
}

_callers: dict[str, Any] = {}


def callers(functions: Mapping[str, FunctionType]) -> dict[str, Any]:
    """Functions as code that calls their compiled counterparts sees them."""
    found = {}
    for name, function in functions.items():
        arguments, result = signature_of(function)
        found[name] = caller(
            symbol_of(function), result, arguments, convention=convention_of(name)
        )
    return found


def namespace() -> dict[str, Any]:
    """Every primitive and every semantic function, as compiled code sees them."""
    if not _callers:
        _callers.update(PRIMITIVES)
        _callers.update(callers(UNIT_FUNCTIONS))
    return _callers


def natives() -> dict[str, FunctionType]:
    """The native operations, what the driver calls, and what they call, by name."""
    from ..memory import (
        characters,
        closures,
        collector,
        equality,
        errors,
        hashing,
        keys,
        lists,
        maps,
        matrices,
        places,
        printing,
        ranges,
        render,
        scratch,
        search,
        sink,
        sorting,
        strings,
        tables,
        tagged,
        text,
        versions,
    )

    found: dict[str, FunctionType] = {}
    modules = (
        *(strings, versions, ranges, lists, matrices, closures, equality, errors),
        *(hashing, tables, keys, maps, tagged, places),
        *(scratch, sink, render, search, sorting, characters, text, printing),
        *(collector, unwinding),
    )
    for module in modules:
        found.update(functions_of(module))
    return found


def lower_natives() -> list[str]:
    """LLVM assembly of native operations, their table, and what the driver calls."""
    from ..memory.table import OPERATIONS

    functions = natives()
    among = callers({**NUMBER_TEXT, **functions})
    modules = lower_semantics(NUMBER_TEXT)
    for function in functions.values():
        arguments, result = signature_of(function)
        symbol = symbol_of(function)
        convention = "" if symbol in KERNEL_SYMBOLS else UNIT_CONVENTION
        bound = bind(function, among)
        attributes = ["alwaysinline"] if function.__name__ in INLINED else []
        modules.append(
            lower(bound, symbol, arguments, result, convention, attributes, True)
        )
    return [*modules, _table_module([symbol_of(each) for each in OPERATIONS])]


def _table_module(symbols: list[str]) -> str:
    """LLVM assembly of the tables: the operations' addresses, and powers of ten."""
    module = ir.Module("natives")
    # Two names of the library may be one operation.
    operations = [
        declare(module, symbol, NATIVE_TYPE, UNIT_CONVENTION).ptrtoint(WORD)
        for symbol in symbols
    ]
    kind = ir.ArrayType(WORD, len(operations))
    table = ir.GlobalVariable(module, kind, NATIVES_SYMBOL)
    table.initializer = ir.Constant(kind, operations)
    numbers = [WORD(word) for word in powers_of_ten.powers_of_ten()]
    kind = ir.ArrayType(WORD, len(numbers))
    powers = ir.GlobalVariable(module, kind, POWERS_SYMBOL)
    powers.initializer = ir.Constant(kind, numbers)
    powers.global_constant = True
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


def lower_semantics(
    functions: Mapping[str, FunctionType] = UNIT_FUNCTIONS,
) -> list[str]:
    """LLVM assembly of semantic functions, one module each.

    NUMBER_TEXT calls functions of UNIT_FUNCTIONS and is linked with them.
    """
    modules = []
    among = callers(functions)
    for name, function in functions.items():
        arguments, result = signature_of(function)
        attributes = ["noinline"] if name in COLD else ["alwaysinline"]
        if name in RARE:
            attributes.append("cold")
        modules.append(
            lower(
                bind(function, among),
                symbol_of(function),
                arguments,
                result,
                convention_of(name),
                attributes=attributes,
            )
        )
    return modules
