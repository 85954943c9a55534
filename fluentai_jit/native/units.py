"""A unit's source to object code.

The source is executed once: its decorators collect functions, its `leave` and
`done` declarations become primitives, and each function is lowered by Numba into
one LLVM module that is linked with the semantic functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

from llvmlite import ir

from ..core.entries import PARAMETER_WORDS
from ..core.layout import (
    CHUNK_ENTRY,
    CHUNK_WORDS,
    CHUNKS,
    FRAME_TAILS,
    FRAME_WORDS,
    FRAMES,
    FUEL,
    REGISTERS,
)
from ..core.tags import NIL
from . import objects
from .convention import (
    BODY_CONVENTION,
    UNIT_CONVENTION,
    WORD,
    Builder,
    Primitive,
    int64,
    lower,
    struct_of,
)
from .intrinsics import PRIMITIVES, TRIPLE, body_caller, dead_value
from .loader import ENTRY_SYMBOL, TABLE_SYMBOL
from .semantics import namespace

_BODY_PREFIX = "body_"
_MASK_BITS = 63


class _Exits:
    """The one exit block of an LLVM function.

    A site stores its values in slots shared by all sites and branches here; LLVM
    makes registers of the slots. Written out at every site instead, exits took
    four times the compile time. A register that is not live at the site is
    stored to a scratch word: the same register of the file may belong to a
    callee that has left its own frame there.
    """

    def __init__(self, builder: Builder, chunk: int) -> None:
        self.function = builder.function
        self.entry_block = self.function.entry_basic_block
        self.block = self.function.append_basic_block("exit")
        self.slots: dict[str, Any] = {}
        self.build = ir.IRBuilder(self.block)
        self.chunk = chunk
        self.ctx, self.base, self.frame = self.function.args[:3]
        self._finish: Any = None
        self._open()

    def slot(self, name: str) -> Any:
        """A word shared by all sites, allocated in the entry block."""
        if name not in self.slots:
            builder = ir.IRBuilder(self.entry_block)
            builder.position_at_start(self.entry_block)
            self.slots[name] = builder.alloca(WORD, name=name)
        return self.slots[name]

    def _memory(self, name: str, *arguments: Any) -> Any:
        primitive = PRIMITIVES[name]
        return primitive.generate(
            _CONTEXT, self.build, primitive.signature, list(arguments)
        )

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a semantic function from the exit block."""
        primitive = namespace()[name]
        return primitive.generate(
            _CONTEXT, self.build, primitive.signature, list(arguments)
        )

    def _open(self) -> None:
        build = self.build
        chunk = table_word(build, WORD(self.chunk))
        chunks = self._memory("load", self.ctx, WORD(CHUNKS))
        record = build.add(build.mul(chunk, WORD(CHUNK_WORDS)), WORD(CHUNK_ENTRY))
        start = self._memory("load", chunks, record)
        pc = build.add(start, build.load(self.slot("exit_pc")))
        self.call("put_frame", self.ctx, self.base, self.frame, chunk, pc)
        self.registers = self._memory("load", self.ctx, WORD(REGISTERS))
        self.scratch = self.slot("exit_scratch")
        status = self.call(
            "leave_status",
            self.ctx,
            self.frame,
            build.load(self.slot("exit_status")),
            build.load(self.slot("exit_own")),
        )
        result = struct_of(build, [WORD(NIL), WORD(0), status])
        self._finish = build.ret(result)

    def before_return(self) -> Builder:
        """A builder at the end of the exit block, before its return."""
        self.build.position_before(self._finish)
        return self.build

    def store_tails(self, value: Any) -> None:
        """Write the frame's number of tail calls."""
        build = self.before_return()
        frames = self._memory("load", self.ctx, WORD(FRAMES))
        at = build.mul(self.frame, WORD(FRAME_WORDS))
        self._memory("store", frames, build.add(at, WORD(FRAME_TAILS)), value)

    def store_register(self, register: int) -> None:
        """Write a register where it is live at the site that came here."""
        build = self.before_return()
        mask = build.load(self.slot(f"exit_live_{register // _MASK_BITS}"))
        bit = build.and_(mask, WORD(1 << register % _MASK_BITS))
        live = build.icmp_signed("!=", bit, WORD(0))
        index = build.mul(build.add(self.base, WORD(register)), WORD(2))
        words = build.inttoptr(self.registers, WORD.as_pointer())
        for offset, half in enumerate(("tag", "payload")):
            target = build.gep(words, [build.add(index, WORD(offset))])
            value = build.load(self.slot(f"exit_{half}_{register}"))
            build.store(value, build.select(live, target, self.scratch))


_CONTEXT: Any = None


def table_word(builder: Builder, index: Any) -> Any:
    """Word `index` of the unit's table."""
    module = builder.module
    table = module.globals.get(TABLE_SYMBOL)
    if table is None:
        table = ir.GlobalVariable(module, ir.ArrayType(WORD, 0), TABLE_SYMBOL)
        table.linkage = "external"
    pointer = builder.bitcast(table, WORD.as_pointer())
    return builder.load(builder.gep(pointer, [index]))


def _set_context(context: Any) -> None:
    # The shared exit block is built from within a primitive's generator, which
    # is where Numba hands out its target context.
    global _CONTEXT
    _CONTEXT = context


class _Environment:
    """Names of a unit's source bound for compiling, and its functions."""

    def __init__(self, constants: dict[str, int]) -> None:
        self.functions: list[tuple[FunctionType, int, bool]] = []
        self.names: dict[str, Any] = {
            **constants,
            **namespace(),
            "table": Primitive(
                "table",
                int64,
                [int64],
                lambda context, builder, signature, args: table_word(builder, args[0]),
            ),
            "body": self.body,
            "entry": self.entry,
            "leave": self.leave,
            "done": self.done,
        }

    def body(self, parameters: int) -> Callable[[FunctionType], Primitive]:
        """Collect a function; its name stands for a call of it."""

        def declare(function: FunctionType) -> Primitive:
            self.functions.append((function, parameters, False))
            symbol = _BODY_PREFIX + function.__name__
            jump = body_caller(symbol, parameters, tail=True)
            self.names[f"jump_{function.__name__}"] = jump
            return body_caller(symbol, parameters, tail=False)

        return declare

    def entry(self, function: FunctionType) -> FunctionType:
        """Collect the exported function."""
        self.functions.append((function, 3, True))
        return function

    def leave(
        self,
        chunk: int,
        pc: int,
        live: tuple[int, ...],
        own: int,
        tails: str,
        flush: list[tuple[str, int]] | None = None,
    ) -> Primitive:
        """An exit: a branch to the function's one exit block."""
        counts = 0 if flush is None else 1 + len(flush)
        count = 4 + (tails == "given") + counts + 2 * len(live)

        def generate(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
            _set_context(context)
            exits = _exits_of(builder, chunk, tails, flush)
            builder.store(WORD(pc), exits.slot("exit_pc"))
            builder.store(args[3], exits.slot("exit_status"))
            builder.store(WORD(own), exits.slot("exit_own"))
            rest = list(args[4:])
            if tails == "given":
                builder.store(rest.pop(0), exits.slot("exit_tails"))
            for index in range(counts):
                builder.store(rest.pop(0), exits.slot(f"exit_count_{index}"))
            _store_live(builder, exits, live, rest)
            builder.branch(exits.block)
            return dead_value(context, builder, signature)

        return Primitive(f"leave_{pc}", TRIPLE, [int64] * count, generate)

    def done(self, flush: list[tuple[str, int]]) -> Primitive:
        """The return of a body with loops."""

        def generate(context: Any, builder: Builder, signature: Any, args: Any) -> Any:
            ctx, fuel = args[0], args[1]
            _write_back(context, builder, ctx, fuel, flush, args[2:-2])
            builder.ret(struct_of(builder, [args[-2], args[-1], WORD(0)]))
            return dead_value(context, builder, signature)

        return Primitive("done", TRIPLE, [int64] * (4 + len(flush)), generate)


def _store_live(
    builder: Builder, exits: _Exits, live: Sequence[int], values: Sequence[Any]
) -> None:
    masks = {register // _MASK_BITS: 0 for register in live}
    for position, register in enumerate(live):
        masks[register // _MASK_BITS] |= 1 << register % _MASK_BITS
        fresh = f"exit_tag_{register}" not in exits.slots
        builder.store(values[2 * position], exits.slot(f"exit_tag_{register}"))
        builder.store(values[2 * position + 1], exits.slot(f"exit_payload_{register}"))
        if fresh:
            exits.store_register(register)
    # Every mask word of the function is set at every site; the first site does
    # not know of later words, so all that could be needed are set.
    for word in range(256 // _MASK_BITS + 1):
        builder.store(WORD(masks.get(word, 0)), exits.slot(f"exit_live_{word}"))


def _exits_of(
    builder: Builder, chunk: int, tails: str, flush: list[tuple[str, int]] | None
) -> _Exits:
    function = builder.function
    exits: _Exits | None = getattr(function, "fluentai_exits", None)
    if exits is None:
        exits = _Exits(builder, chunk)
        function.fluentai_exits = exits
        if tails == "zero":
            exits.store_tails(WORD(0))
        elif tails == "given":
            exits.store_tails(exits.before_return().load(exits.slot("exit_tails")))
        if flush is not None:
            build = exits.before_return()
            counts = [
                build.load(exits.slot(f"exit_count_{index}"))
                for index in range(1 + len(flush))
            ]
            _write_back(_CONTEXT, build, exits.ctx, counts[0], flush, counts[1:])
    return exits


def _write_back(
    context: Any,
    builder: Builder,
    ctx: Any,
    fuel: Any,
    flush: list[tuple[str, int]],
    counts: Sequence[Any],
) -> None:
    store = PRIMITIVES["store"]
    store.generate(context, builder, store.signature, [ctx, WORD(FUEL), fuel])
    for (name, position), count in zip(flush, counts, strict=True):
        primitive = namespace()[name]
        target = table_word(builder, WORD(position))
        primitive.generate(context, builder, primitive.signature, [ctx, target, count])


def _table_module(size: int) -> str:
    module = ir.Module("table")
    table = ir.GlobalVariable(module, ir.ArrayType(WORD, max(1, size)), TABLE_SYMBOL)
    table.initializer = ir.Constant(table.value_type, None)
    return str(module)


def lower_unit(
    source: str, name: str, table_size: int, constants: dict[str, int]
) -> list[str]:
    """LLVM assembly of a unit: its functions and its table."""
    environment = _Environment(constants)
    exec(compile(source, f"<unit {name}>", "exec"), environment.names)
    modules = [_table_module(table_size)]
    for function, parameters, exported in environment.functions:
        symbol = ENTRY_SYMBOL if exported else _BODY_PREFIX + function.__name__
        modules.append(
            lower(
                function,
                symbol,
                [int64] * parameters,
                TRIPLE,
                UNIT_CONVENTION if exported else BODY_CONVENTION,
                all_words=True,
                parameter_words=0 if exported else PARAMETER_WORDS,
            )
        )
    return modules


def build_unit(
    modules: Sequence[str], semantics: bytes, level: int
) -> tuple[bytes, Any]:
    """(object code, optimised LLVM module) of a lowered unit."""
    machine = objects.target_machine(level)
    module = objects.link([*modules, semantics], (ENTRY_SYMBOL,))
    objects.propagate(module, machine)
    objects.optimise(module, machine, level)
    return objects.emit(module, machine), module
