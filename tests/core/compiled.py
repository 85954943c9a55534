"""Primitives and semantic functions as compiled code, beside the same in plain Python.

Each function is wrapped in one that takes and returns words, and all wrappers are
one object, compiled once.
"""

from __future__ import annotations

import ctypes
import math
import struct
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from fluentai_jit.config import Config
from fluentai_jit.core import (
    access,
    arithmetic,
    arrays,
    comparison,
    entries,
    heap,
    primitives,
    scalars,
)
from fluentai_jit.core.tags import FLOAT
from fluentai_jit.core.unit_functions import UNIT_FUNCTIONS
from fluentai_jit.engine.setup import artifacts_of
from fluentai_jit.memory.words import Words
from fluentai_jit.native import loader, objects
from fluentai_jit.native.convention import float64, int64, lower, types
from fluentai_jit.native.intrinsics import PRIMITIVES, TRIPLE
from fluentai_jit.native.semantics import (
    NUMBER_TEXT,
    callers,
    lower_semantics,
    namespace,
    signature_of,
)
from tests.engines import store_folder

_MODULES = (arrays, arithmetic, comparison, access, scalars)
# Activation is tested through programs: it runs on frames of a running one.
SEMANTIC = {
    name: function
    for name, function in UNIT_FUNCTIONS.items()
    if function.__module__ in [module.__name__ for module in _MODULES]
    or name == "character_at"
}
# Of the text of numbers, what others call; the rest is in them.
TEXT = {
    name: function
    for name, function in NUMBER_TEXT.items()
    if name.startswith(("format_", "parse_"))
}
# Called through an entry's address, which only compiled code has.
ENTRY_CALLS = ("call_entry", "call_nested_entry")
PROBE = "probe_entry"
_WORDS = 3

Words3 = tuple[int, ...]


def plain_function(name: str) -> Callable[..., Any]:
    """A primitive or semantic function as it is in tier 0."""
    if name in TEXT:
        return TEXT[name]
    for module in (primitives, entries, heap, *_MODULES):
        if hasattr(module, name):
            found: Callable[..., Any] = getattr(module, name)
            return found
    raise LookupError(name)


def types_of(name: str) -> tuple[list[Any], Any]:
    """Numba's types of the arguments and of the result."""
    if name in PRIMITIVES:
        signature = PRIMITIVES[name].signature
        return list(signature.args), signature.return_type
    return signature_of(TEXT[name] if name in TEXT else SEMANTIC[name])


def _wrapper_source(name: str) -> str:
    """`def w_name(out, a0, ...)`: arguments and results as words, in `out`."""
    arguments, result = types_of(name)
    names = [f"a{i}" for i in range(len(arguments))]
    passed = [
        f"float_of_bits({a})" if kind == float64 else a
        for a, kind in zip(names, arguments, strict=True)
    ]
    call = f"{name}({', '.join(passed)})"
    lines = [f"def w_{name}({', '.join(['out', *names])}):"]
    if isinstance(result, types.UniTuple):
        results = [f"r{i}" for i in range(result.count)]
        lines.append(f"    {', '.join(results)} = {call}")
        lines += [f"    store(out, {i}, r{i})" for i in range(result.count)]
    elif isinstance(result, types.NoneType):
        lines.append(f"    {call}")
    elif result == float64:
        lines.append(f"    store(out, 0, bits_of_float({call}))")
    else:
        lines.append(f"    store(out, 0, {call})")
    lines.append("    return 0")
    return "\n".join(lines) + "\n"


def _probe(ctx: int, base: int, frame: int) -> tuple[int, int, int]:
    return ctx, base + 1, frame + 2


@cache
def _code() -> loader.Code:
    modules = [lower(_probe, PROBE, [int64] * 3, TRIPLE)]
    symbols = [PROBE]
    for name in (*PRIMITIVES, *SEMANTIC, *TEXT):
        scope = {**namespace(), **callers(TEXT)}
        exec(_wrapper_source(name), scope)
        count = 1 + len(types_of(name)[0])
        symbol = f"w_{name}"
        function = scope[symbol]
        modules.append(lower(function, symbol, [int64] * count, int64, convention=""))
        symbols.append(symbol)
    config = Config().replace({"store.path": store_folder()})
    machine = objects.target_machine()
    modules += lower_semantics(NUMBER_TEXT)
    module = objects.link([*modules, artifacts_of(config).semantics()], symbols)
    objects.propagate(module, machine)
    objects.optimise(module, machine)
    return loader.load(objects.emit(module, machine), tuple(symbols))


def address_of(symbol: str) -> int:
    """Where a compiled function is."""
    return _code().addresses[symbol]


@cache
def compiled(name: str) -> Callable[..., Words3]:
    """The compiled function over words; it gives the words of its result."""
    arguments, result = types_of(name)
    prototype = ctypes.CFUNCTYPE(
        ctypes.c_int64, *[ctypes.c_int64] * (1 + len(arguments))
    )
    function = prototype(address_of(f"w_{name}"))
    out = Words(_WORDS)
    count = result.count if isinstance(result, types.UniTuple) else 1
    if isinstance(result, types.NoneType):
        count = 0

    def call(*values: int) -> Words3:
        function(out.address, *values)
        return tuple(out.view[:count])

    return call


@cache
def plain(name: str) -> Callable[..., Words3]:
    """The same function in plain Python, over the same words."""
    arguments, result = types_of(name)
    function = plain_function(name)
    floats = [kind == float64 for kind in arguments]

    def call(*values: Any) -> Words3:
        given = [
            float_of(value) if is_float else value
            for value, is_float in zip(values, floats, strict=True)
        ]
        found = function(*given)
        if isinstance(result, types.UniTuple):
            return tuple(found)
        if result == float64:
            return (bits_of(found),)
        return () if found is None else (found,)

    return call


def float_of(bits: int) -> float:
    """The float with these bits, without the functions under test."""
    value: float = struct.unpack("<d", struct.pack("<q", bits))[0]
    return value


def bits_of(value: float) -> int:
    """The bits of a float."""
    bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
    return bits


def settled(name: str, words: Words3) -> Words3:
    """A result with one bit pattern for NaN: which one it is says nothing."""
    result = types_of(name)[1]
    if result == float64:
        return tuple(_one_nan(word) for word in words)
    if isinstance(result, types.UniTuple) and result.count == 3 and words[0] == FLOAT:
        return (words[0], _one_nan(words[1]), words[2])
    return words


def _one_nan(bits: int) -> int:
    return bits_of(math.nan) if math.isnan(float_of(bits)) else bits


def differences(
    name: str, cases: Sequence[Sequence[int]], views: dict[int, Any] | None = None
) -> list[tuple[Sequence[int], Words3, Words3]]:
    """(arguments, plain, compiled) where the two differ.

    `views` maps addresses among the arguments to what plain code takes for them.
    """
    assert cases
    fast, slow = compiled(name), plain(name)
    found = []
    for case in cases:
        given = [(views or {}).get(word, word) for word in case]
        expected = settled(name, slow(*given))
        result = settled(name, fast(*case))
        if expected != result:
            found.append((case, expected, result))
    return found
