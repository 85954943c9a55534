"""What compiled code does with edge values is what plain Python does with them."""

from __future__ import annotations

import ast
import inspect
import itertools
import platform
import time
from array import array
from types import FunctionType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluentai_jit.core import (
    access,
    activation,
    arithmetic,
    comparison,
    entries,
    number_parse,
    number_text,
    primitives,
    scalars,
    stopping,
    timing,
    unwinding,
)
from fluentai_jit.core.layout import STACK_BOUND, STRING_DATA
from fluentai_jit.core.tags import ARRAY, FLOAT, INT, MAX_INT, MIN_INT, NIL
from fluentai_jit.kernel import interpreter
from fluentai_jit.memory.words import Words
from fluentai_jit.native.intrinsics import PRIMITIVES
from fluentai_jit.native.semantics import signature_of
from tests.core.compiled import (
    ENTRY_CALLS,
    PROBE,
    SEMANTIC,
    address_of,
    compiled,
    differences,
    plain,
)
from tests.core.edges import FLOAT_BITS, FLOATS, INTS, Memory

pytestmark = pytest.mark.native

ARITHMETIC = (
    *("add_overflow", "subtract_overflow", "multiply_overflow"),
    "multiply_high",
)
DIVISIONS = ("quotient", "remainder")
SHIFTS = ("shift_left_bits", "shift_right_bits", "logical_shift_right")
# What primitives are for plain Python alone: arrays by address, and `wrap`.
PLAIN_ONLY = {"register_view", "release_view", "wrap"}
MEMORY = ("load", "store", "load_atomic", "pointer", "offset")
STACK = ("stack_exhausted", "set_stack_bound")
CLOCKS = ("cycle_counter", "monotonic_ns")


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory()


# ---- the table ------------------------------------------------------------------
def offered() -> set[str]:
    """Names that core/primitives and core/entries offer to compiled code."""
    names = {name for name in vars(primitives) if name.startswith("c_")}
    for name, value in vars(primitives).items():
        here = getattr(value, "__module__", "") == primitives.__name__
        if isinstance(value, FunctionType) and here and not name.startswith("_"):
            names.add(name)
    return names - PLAIN_ONLY | {*ENTRY_CALLS, "call_native"}


def used(module: object) -> set[str]:
    """What a module of compiled code takes from core/primitives and core/entries."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").rpartition(".")[2] in ("primitives", "entries")
        for alias in node.names
    }


def test_the_primitives_are_those_that_the_core_offers() -> None:
    assert set(PRIMITIVES) == offered()


COMPILED_SOURCES = (
    *(access, arithmetic, comparison, scalars, activation, interpreter),
    *(number_text, number_parse, timing, unwinding, stopping),
)


@pytest.mark.parametrize("module", COMPILED_SOURCES)
def test_compiled_sources_use_nothing_else(module: object) -> None:
    assert used(module) - {"Memory"} <= set(PRIMITIVES)


def test_every_primitive_is_compared_here() -> None:
    unary = {name for name, row in PRIMITIVES.items() if name.startswith("c_")}
    conversions = {"float_of_bits", "bits_of_float", "float_of_int", "int_of_float"}
    compared = {*ARITHMETIC, *DIVISIONS, *SHIFTS, *MEMORY, *STACK, *CLOCKS}
    compared |= {*ENTRY_CALLS}
    # What is never executed has no result to compare.
    nothing = {"unreachable"}
    # Through the table of native operations: see tests/memory.
    nothing |= {"call_native"}
    assert compared | unary | conversions | nothing == set(PRIMITIVES)


# ---- primitives -----------------------------------------------------------------
@pytest.mark.parametrize("name", ARITHMETIC)
def test_arithmetic_of_whole_words(name: str) -> None:
    assert not differences(name, list(itertools.product(INTS, INTS)))


def test_the_high_half_of_a_product_is_unsigned() -> None:
    assert plain("multiply_high")(-1, -1) == (-2,)
    assert plain("multiply_high")(MIN_INT, 2) == (1,)
    assert plain("multiply_high")(MAX_INT, 2) == (0,)


@pytest.mark.parametrize("name", DIVISIONS)
def test_division(name: str) -> None:
    cases = [
        (a, b)
        for a, b in itertools.product(INTS, INTS)
        if b != 0 and (a, b) != (MIN_INT, -1)
    ]
    assert not differences(name, cases)


@pytest.mark.parametrize("name", SHIFTS)
def test_shifts(name: str) -> None:
    assert not differences(name, list(itertools.product(INTS, range(64))))


@pytest.mark.parametrize("name", ["float_of_bits", "bits_of_float"])
def test_float_bits(name: str) -> None:
    assert not differences(name, [(bits,) for bits in FLOAT_BITS])


def test_int_to_float() -> None:
    assert not differences("float_of_int", [(value,) for value in INTS])


def test_float_to_int() -> None:
    inside = [
        (bits,)
        for value, bits in zip(FLOATS, FLOAT_BITS, strict=True)
        if -(2.0**63) <= value < 2.0**63
    ]
    assert len(inside) > 20
    assert not differences("int_of_float", inside)


@pytest.mark.parametrize("name", [name for name in PRIMITIVES if name[:2] == "c_"])
def test_mathematics(name: str) -> None:
    arity = len(PRIMITIVES[name].signature.args)
    assert not differences(name, list(itertools.product(FLOAT_BITS, repeat=arity)))


def test_loads_and_stores() -> None:
    words = Words(8)
    other = Words(4)
    for run, address in ((compiled, words.address), (plain, words.view)):
        run("store")(address, 3, MIN_INT)
        assert words.view[3] == MIN_INT
        assert run("load")(address, 3) == (MIN_INT,)
        assert run("load_atomic")(address, 3) == (MIN_INT,)
        run("store")(address, 3, 0)
    words.view[1] = other.address
    other.view[2] = 42
    (found,) = compiled("pointer")(words.address, 1)
    assert compiled("load")(found, 2) == (42,)
    assert primitives.pointer(words.view, 1)[2] == 42


def test_a_part_of_an_array_begins_at_its_index() -> None:
    words = Words.of(array("q", [0, 11, 22, 33]))
    (part,) = compiled("offset")(words.address, 2)
    assert compiled("load")(part, 1) == (33,)
    assert primitives.offset(words.view, 2)[1] == 33


def test_the_stack_is_exhausted_below_its_bound() -> None:
    context = Words(64)
    compiled("set_stack_bound")(context.address)
    bound = context.view[STACK_BOUND]
    assert compiled("stack_exhausted")(context.address, 0) == (0,)
    context.view[STACK_BOUND] = bound + (1 << 40)
    assert compiled("stack_exhausted")(context.address, 0) == (1,)


def test_the_monotonic_clock_is_that_of_python() -> None:
    clock = compiled("monotonic_ns")
    times = []
    for _ in range(3):
        times += [time.perf_counter_ns(), clock()[0], plain("monotonic_ns")()[0]]
    assert times == sorted(times)


def test_the_cycle_counter_does_not_go_back() -> None:
    clock = compiled("cycle_counter")
    times = [clock()[0] for _ in range(100)]
    assert times == sorted(times)
    # Other processors may have none that a program may read.
    assert (times[0] < times[-1]) is (platform.machine() in ("x86_64", "AMD64"))


@pytest.mark.parametrize("name", ENTRY_CALLS)
def test_entries_are_called_through_their_slot(name: str) -> None:
    context = Words(64)
    result = compiled(name)(address_of(PROBE), context.address, 5, 6)
    assert result == (context.address, 6, 8)
    handle = entries.register_entry(lambda ctx, base, frame: (len(ctx), base, frame))
    try:
        found = getattr(entries, name)(handle, context.view, 5, 6)
    finally:
        entries.release_entry(handle)
    assert found == (len(context.view), 5, 6)


# ---- semantic functions ---------------------------------------------------------
def cases_of(name: str, memory: Memory) -> list[list[int]]:
    """Arguments for a function, by the names of its parameters."""
    names = list(SEMANTIC[name].__annotations__)[:-1]
    values = [list(pair) for pair in memory.values()]
    few = [list(pair) for pair in memory.few_values()]
    context = [memory.context.address]
    if names == ["ctx", "t", "v", "t2", "v2", "t3", "v3"]:
        arities = {row.function.__name__: row.arity for row in scalars.SCALARS}
        arity = arities.get(name, 3)
        if arity == 1:
            return [context + a + [NIL, 0] * 2 for a in values]
        if arity == 2:
            return [context + a + b + [NIL, 0] for a in values for b in values]
        return [context + a + b + c for a in few for b in few for c in few]
    if names[:1] == ["ctx"]:
        if len(names) == 3:
            return [context + a for a in values]
        if len(names) == 7:
            return [context + a + b + c for a in few for b in few for c in few]
        return [context + a + b for a in values for b in values]
    if len(names) == 2:
        return values
    if names[-1] == "closed":
        return [a + b + [closed] for a in few for b in few for closed in (0, 1)]
    return [a + b for a in values for b in values]


# Below the operations, with conditions on their arguments.
INNER = (
    *("to_number", "int_power", "compare_int_float"),
    *("compare_strings", "equal_strings", "character_at", "equal_numbers"),
    "compared",
    # Called for arrays alone; what they are called by is compared.
    *("equal_arrays", "put_number", "set_matrix_item", "equal_errors"),
    *("number_at", "matrix_number_at", "put_number_at", "put_matrix_number_at"),
    *("array_kind", "array_size", "array_rows", "array_columns", "array_data"),
    # Through programs: no value made here is a closure or tagged, no chunk adapted.
    *("op_field", "same_constructor", "adapted_chunk"),
)


@pytest.mark.parametrize("name", [name for name in SEMANTIC if name not in INNER])
def test_semantic_function(name: str, memory: Memory) -> None:
    assert not differences(name, cases_of(name, memory), memory.views)


def test_inner_functions_of_numbers(memory: Memory) -> None:
    numbers = [(t, v) for t, v in memory.values() if t in (INT, FLOAT)]
    assert not differences("to_number", numbers)
    both = [(*a, *b) for a in numbers for b in numbers]
    assert not differences("equal_numbers", both)
    powers = [(a, b) for a in INTS for b in INTS if b >= 0]
    assert not differences("int_power", powers)
    pairs = [
        (a, bits)
        for a in INTS
        for value, bits in zip(FLOATS, FLOAT_BITS, strict=True)
        if value == value
    ]
    assert not differences("compare_int_float", pairs)


def test_items_of_matrices_are_set_alike(memory: Memory) -> None:
    numbers = [(INT, -7), (FLOAT, FLOAT_BITS[4]), (NIL, 0)]
    cases = [
        (memory.context.address, ARRAY, at, INT, i, INT, j, *number)
        for at in memory.arrays
        for i in (-1, 0, 1, 2)
        for j in (-1, 0, 1, 2, 3)
        for number in numbers
    ]
    assert not differences("set_matrix_item", cases, memory.views)


def test_inner_functions_of_strings(memory: Memory) -> None:
    context = memory.context.address
    pairs = itertools.product(memory.strings, memory.strings)
    cases = [(context, a, b) for a, b in pairs]
    assert not differences("compare_strings", cases, memory.views)
    assert not differences("equal_strings", cases, memory.views)
    assert not differences("compared", [(0,), (1,), (comparison.LEFT_EARLY,)])
    for _context, a, b in cases:
        ordered = comparison.compare_strings(memory.context.view, a, b)
        assert comparison.equal_strings(memory.context.view, a, b) == (ordered == 0)
    heap = memory.heap
    characters = [
        (heap.address, string + STRING_DATA, heap.view[string] >> 8, index)
        for string in memory.strings
        for index in range(heap.view[string + 1])
    ]
    assert not differences("character_at", characters, memory.views)


def test_every_semantic_function_has_types() -> None:
    for name, function in SEMANTIC.items():
        arguments, _result = signature_of(function)
        assert len(arguments) == function.__code__.co_argcount, name


WORD = st.integers(MIN_INT, MAX_INT)
NUMBER = st.tuples(st.sampled_from([INT, FLOAT]), WORD)
OPERATORS = [
    name
    for name in SEMANTIC
    if name.startswith("op_") and name not in ("op_not", "op_set_item", *INNER)
]


@settings(max_examples=300, deadline=None)
@given(a=NUMBER, b=NUMBER, name=st.sampled_from(OPERATORS))
def test_operators_on_any_two_numbers(
    a: tuple[int, int], b: tuple[int, int], name: str
) -> None:
    names = list(SEMANTIC[name].__annotations__)[:-1]
    memory = Memory()
    case = [*a, *b] if len(names) >= 4 else [*a]
    if names[0] == "ctx":
        case.insert(0, memory.context.address)
    assert not differences(name, [case], memory.views)
