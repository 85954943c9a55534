"""Numba with a flat calling convention, and only the passes that are needed.

Numba's own convention returns values through memory and carries an exception
pointer. Here a function takes and returns machine words in registers: three
words are one LLVM struct {i64, i64, i64}. That alone made `fib` 1.6 times
faster, lets LLVM propagate constant tags through returns, and makes a tail
call between any two bodies one jump (docs/decisions.md).

Calls between functions, loads and stores are *primitives*: objects with a fixed
signature whose code generation is a few lines of LLVM, so that nothing is
resolved by overload at a call site.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import (
    callconv,
    cgutils,
    compiler,
    cpu,
    funcdesc,
    lowering,
    typed_passes,
    typing,
)
from numba.core import types as numba_types
from numba.core.compiler import Flags
from numba.core.compiler_lock import global_compiler_lock
from numba.core.datamodel import models, register_default
from numba.core.targetconfig import ConfigStack
from numba.core.typing.typeof import typeof_impl

# Half annotated in Numba: used here as the dynamic object that it is.
types: Any = numba_types

WORD = ir.IntType(64)
DOUBLE = ir.DoubleType()
int64 = types.int64
float64 = types.float64

# Between compiled functions: up to six words in registers.
UNIT_CONVENTION = "tailcc"
# Inside a unit: many words in machine registers, and none that the callee saves, so
# that a short way through it saves nothing. A tail call is one only where caller and
# callee have equal parameters, so all are declared to take as many.
BODY_CONVENTION = "preserve_nonecc"
# The callee saves registers: who calls it seldom pays nothing on the other path.
RARE_CONVENTION = "preserve_mostcc"

Builder = Any  # llvmlite's IRBuilder; untyped there
Generate = Callable[[Any, Builder, Any, Sequence[Any]], Any]


def words(count: int) -> ir.LiteralStructType:
    """The LLVM type of `count` words returned together."""
    return ir.LiteralStructType([WORD] * count)


class Primitive:
    """A callable of fixed signature for code that is compiled.

    `generate(context, builder, signature, arguments)` emits LLVM instructions
    and returns the resulting LLVM value.
    """

    def __init__(
        self, name: str, result: Any, arguments: Sequence[Any], generate: Generate
    ) -> None:
        self.name = name
        self.signature = typing.signature(result, *arguments)
        self.generate = generate
        self.type = PrimitiveType(self)


class PrimitiveType(numba_types.Callable):
    """Numba's view of a primitive."""

    def __init__(self, primitive: Primitive) -> None:
        self.primitive = primitive
        super().__init__(f"primitive({primitive.name}, {id(primitive)})")

    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        """The fixed signature; a wrong argument count is a bug of the emitter."""
        if len(args) != len(self.primitive.signature.args):
            raise TypeError(f"{self.primitive.name}: {len(args)} arguments")
        return self.primitive.signature

    def get_call_signatures(self) -> tuple[list[Any], bool]:
        """All signatures, and whether they depend on types."""
        return [self.primitive.signature], False

    def get_impl_key(self, sig: Any) -> Primitive:
        """The key under which Numba would look for an implementation."""
        return self.primitive


register_default(PrimitiveType)(models.OpaqueModel)


@typeof_impl.register(Primitive)  # type: ignore[untyped-decorator]
def _typeof_primitive(value: Primitive, context: Any) -> PrimitiveType:
    return value.type


class FlatConvention(callconv.MinimalCallConv):  # type: ignore[misc]
    """Arguments and results by value; no exceptions, no return pointer."""

    def _result_type(self, result: Any) -> Any:
        if isinstance(result, types.UniTuple):
            return words(result.count)
        if isinstance(result, types.NoneType):
            return ir.VoidType()
        return self.context.get_value_type(result)

    def get_function_type(self, restype: Any, argtypes: Any) -> ir.FunctionType:
        """The LLVM type of a function."""
        packer = self._get_arg_packer(argtypes)
        given = list(packer.argument_types)
        given += [WORD] * (self.context.parameter_words - len(given))
        return ir.FunctionType(self._result_type(restype), given)

    def decorate_function(
        self, fn: Any, args: Any, fe_argtypes: Any, noalias: bool = False
    ) -> None:
        """Name the arguments, for readers of the LLVM code."""
        fn.named = fn.args[: len(args)]
        for argument, name in zip(fn.named, args, strict=True):
            argument.name = name

    def get_arguments(self, func: Any) -> Any:
        """Those that the source has: the rest is not used."""
        return func.named

    def return_value(self, builder: Builder, retval: Any) -> None:
        """Return a word, a float, or several words as a struct."""
        if isinstance(builder.function.function_type.return_type, ir.VoidType):
            builder.ret_void()
            return
        if isinstance(retval.type, ir.ArrayType):
            count = retval.type.count
        elif isinstance(retval.type, ir.LiteralStructType) and self._is_inlined(
            builder
        ):
            count = len(retval.type.elements)
        else:
            builder.ret(retval)
            return
        self._return_words(
            builder, [builder.extract_value(retval, i) for i in range(count)]
        )

    def _is_inlined(self, builder: Builder) -> bool:
        return "alwaysinline" in builder.function.attributes

    def _return_words(self, builder: Builder, values: Sequence[Any]) -> None:
        """Return several words from the one place where the function returns them.

        LLVM makes a variable each of them, where it would make one of the struct: a
        status that is known on every way to the return is then known behind it, too.
        """
        function = builder.function
        found = getattr(function, "return_place", None)
        if found is None:
            slots = [cgutils.alloca_once(builder, value.type) for value in values]
            block = function.append_basic_block("return")
            found = function.return_place = block, slots
            with builder.goto_block(block):
                words = [builder.load(slot) for slot in slots]
                builder.ret(struct_of(builder, words))
        block, slots = found
        for value, slot in zip(values, slots, strict=True):
            builder.store(value, slot)
        builder.branch(block)

    def return_user_exc(self, *args: Any, **kwargs: Any) -> None:
        """Exceptions do not exist here: a `raise` is a bug of the source."""
        raise NotImplementedError("compiled code raises no exceptions")


def struct_of(builder: Builder, values: Sequence[Any]) -> Any:
    """A struct value of these words."""
    result = ir.Constant(words(len(values)), ir.Undefined)
    for index, value in enumerate(values):
        result = builder.insert_value(result, value, index)
    return result


class FlatTypingContext(typing.Context):  # type: ignore[misc]
    """Numba's rules of types, each operator looked up once for its operand types.

    A literal is typed as what it is a literal of: Numba tries every operator for the
    literal first, and then again. Without these rules a unit takes 1.4 times as long.
    """

    def init(self) -> None:
        """Begin without any rule looked up."""
        super().init()
        self._resolved: dict[Any, Any] = {}

    def resolve_function_type(self, func: Any, args: Any, kws: Any) -> Any:
        """The signature of a call."""
        if kws or not isinstance(func, types.Function):
            return super().resolve_function_type(func, args, kws)
        plain = tuple(map(types.unliteral, args))
        key = func, plain
        found = self._resolved.get(key)
        if found is None:
            found = super().resolve_function_type(func, plain, kws)
            self._resolved[key] = found
        return found


class FlatContext(cpu.CPUContext):  # type: ignore[misc]
    """Numba's CPU target with the flat convention and a minimal registry."""

    def init(self) -> None:
        """Begin without any implementation looked up."""
        super().init()
        # The search takes 0.3 ms, for a handful of operators on words and floats.
        self._implementations: dict[Any, Any] = {}
        self._sizes: dict[Any, int] = {}
        # Parameters that a function is declared to have, at least.
        self.parameter_words = 0

    @property
    def call_conv(self) -> FlatConvention:
        """The flat convention."""
        return FlatConvention(self)

    def load_additional_registries(self) -> None:
        """Integers, floats and tuples; no arrays, no run-time library."""
        from numba.cpython import builtins, numbers, tupleobj  # noqa: F401

    def post_lowering(self, mod: Any, library: Any) -> None:
        """Nothing is linked in."""

    def get_constant_generic(self, builder: Builder, ty: Any, val: Any) -> Any:
        """A primitive as a value has no representation."""
        if isinstance(ty, PrimitiveType):
            return self.get_dummy_value()
        return super().get_constant_generic(builder, ty, val)

    def get_abi_sizeof(self, ty: Any) -> int:
        """Bytes that a value takes; Numba has LLVM parse a module for each question."""
        if ty not in self._sizes:
            self._sizes[ty] = super().get_abi_sizeof(ty)
        return self._sizes[ty]

    def get_function(self, fn: Any, sig: Any, _firstcall: bool = True) -> Any:
        """The code generator of a primitive, or Numba's implementation."""
        if isinstance(fn, PrimitiveType):
            primitive = fn.primitive

            def generate(builder: Builder, args: Sequence[Any], loc: Any = None) -> Any:
                return primitive.generate(self, builder, primitive.signature, args)

            return generate
        key = fn, sig.args, sig.return_type
        if key not in self._implementations:
            if isinstance(fn, types.Function):
                # Numba may have made the type of the function anew: it is equal to
                # the one that was asked for these types, and knows none of them.
                fn.get_call_type(self.typing_context, sig.args, {})
            found = super().get_function(fn, sig, _firstcall)
            self._implementations[key] = found
        return self._implementations[key]


class _Library:
    """Receives the lowered module; nothing is compiled by Numba itself."""

    def __init__(self, codegen: Any) -> None:
        self.codegen = codegen
        self.module: ir.Module | None = None

    def create_ir_module(self, name: str) -> ir.Module:
        return self.codegen._create_empty_module(name)

    def add_ir_module(self, module: ir.Module) -> None:
        self.module = module

    def add_linking_library(self, library: Any) -> None:
        raise NotImplementedError(f"compiled code links to {library}")


class _Lower(lowering.Lower):  # type: ignore[misc]
    wanted_attributes: Sequence[str] = ()

    def setup_function(self, fndesc: Any) -> None:
        """Declare the function with its attributes, which decide how it returns."""
        super().setup_function(fndesc)
        for attribute in self.wanted_attributes:
            self.function.attributes.add(attribute)

    def lower_binop(self, resty: Any, expr: Any, op: Any) -> Any:
        """An operator on two values; LLVM sees for itself which are constants."""
        target = self.context
        function = target.typing_context.resolve_value_type(op)
        signature = self.fndesc.calltypes[expr]
        operands = [
            target.cast(
                self.builder, self.loadvar(side.name), self.typeof(side.name), kind
            )
            for side, kind in zip((expr.lhs, expr.rhs), signature.args, strict=True)
        ]
        result = target.get_function(function, signature)(self.builder, operands)
        return target.cast(self.builder, result, signature.return_type, resty)

    def emit_environment_object(self) -> None:
        """No Python objects are reachable, so no environment is needed."""


_contexts: tuple[Any, FlatContext] | None = None


def _compile_contexts() -> tuple[Any, FlatContext]:
    global _contexts
    if _contexts is None:
        typing_context = FlatTypingContext()
        target = FlatContext(typing_context, "cpu")
        # Division by zero is tested by the operations themselves.
        target.error_model = callconv.create_error_model("numpy", target)
        target.refresh()
        typing_context.refresh()
        _contexts = typing_context, target
    return _contexts


def _flags() -> Flags:
    flags = Flags()
    flags.error_model = "numpy"  # no ZeroDivisionError branch
    flags.nrt = False
    flags.no_compile = True
    flags.no_cpython_wrapper = True
    flags.no_cfunc_wrapper = True
    flags.enable_pyobject = False
    return flags


def lower(
    function: Callable[..., Any],
    symbol: str,
    arguments: Sequence[Any],
    result: Any,
    convention: str = UNIT_CONVENTION,
    attributes: Sequence[str] = (),
    all_words: bool = False,
    parameter_words: int = 0,
) -> str:
    """The LLVM assembly of a Python function.

    It is declared with `parameter_words` parameters if it has fewer.
    With `all_words` every local variable is an int64, which spares Numba the
    search for a common type of the constants assigned to one.

    Passes: bytecode to Numba IR, type inference, lowering. Everything the
    function calls must be a Primitive in its globals. Raises Numba's errors,
    which are bugs of the caller, not of a program.
    """
    typing_context, target = _compile_contexts()
    with ConfigStack().enter(_flags()), global_compiler_lock:
        function_ir = compiler.run_frontend(function)
        local_types: dict[str, Any] = {}
        if all_words:
            names = function.__code__.co_varnames
            # Arguments, too: a constant assigned to one would fix its type otherwise.
            local_types = dict.fromkeys(names, int64)
            local_types.update(zip(names, arguments, strict=False))
        typed = typed_passes.type_inference_stage(
            typing_context, target, function_ir, tuple(arguments), result, local_types
        )
        descriptor = funcdesc.PythonFunctionDescriptor.from_specialized_function(
            function_ir,
            typed.typemap,
            typed.return_type,
            typed.calltypes,
            mangler=lambda *_args, **_kwargs: symbol,
            inline=False,
            noalias=False,
            abi_tags=[],
        )
        library = _Library(target.codegen())
        lowerer = _Lower(target, library, descriptor, function_ir, metadata={})
        lowerer.wanted_attributes = attributes
        lowerer.context.parameter_words = parameter_words  # a copy of the target
        with target.push_code_library(library):
            lowerer.lower()
        lowerer.function.calling_convention = convention
    return str(library.module)
