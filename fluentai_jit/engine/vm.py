"""The virtual machine as Python programs use it."""

from __future__ import annotations

import sys
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from ..arguments import check_keywords, given_functions, instance, texts, unicode_text
from ..bytecode.image import Chunk
from ..bytecode.messages import arity_range_message
from ..config import Config
from ..core.layout import FRAME, FRAME_BASE, FRAME_CHUNK, FRAME_IP, FRAME_WORDS
from ..core.opcodes import TAIL_CALL, decode
from ..core.tags import CLOSURE
from ..errors import STOPS, FluentError, nearest
from ..kernel.state import State
from ..memory.functions import function_size
from ..settings import shown
from ..stdlib.host import Exit
from .ctrl_c import InterruptHandler
from .driver import Driver
from .heap import HeapFull
from .host_calls import carry_out
from .hosting import ProgramHost
from .incoming import MISSING, to_words, words_needed
from .outgoing import to_python
from .output import Output
from .program import Program, compile
from .setup import (
    Engine,
    KernelRequest,
    Parts,
    config_of,
    engine_named,
    limits_of,
    no_room,
    opened_log,
)
from .tracking import Tracking
from .values import (
    FunctionValue,
    chunk_of,
    function_words,
    list_of_strings,
)

# Frames of Python that a run, and answering what it stops for, may take.
_PYTHON_FRAMES = 200


class VM(Tracking):
    """Runs one program.

    `config` is a Config or a mapping of settings; `stdout` a text stream for the
    program's output (the process's own by default); `args` what `args()` gives;
    `events` the file for the JIT's decisions; `functions` the functions of Python that
    the program was compiled to be given, by name. Settings may also be keywords, as
    `jit__mode="off"`, and win over `config`. A VM runs in one thread at a time.

    Raises FluentError for a value that is not allowed, TypeError for one of
    another type.
    """

    def __init__(
        self,
        program: Program,
        config: Config | Mapping[str, Any] | None = None,
        stdout: TextIO | None = None,
        args: Sequence[str] = (),
        engine: str = "auto",
        events: str | Path | None = None,
        functions: Mapping[str, Callable[..., object]] | None = None,
        **settings: object,
    ) -> None:
        check_keywords(settings, VM)
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._depth = 0
        self._closed = False
        takes = "a Program, as fluentai_jit.compile gives it"
        self.program = instance(program, Program, "program", takes)
        self.config = config = config_of(config, settings)
        self.engine = engine_named(engine)
        buffered = config["output.buffer_kb"] * 1024
        self.output = Output(stdout, buffered, config["limits.output_kb"])
        arguments = texts(args, "args")
        given = given_functions(functions or {}, self.program.image.functions)
        try:
            self._build(arguments, events)
            self._give(given)
        except MemoryError as error:
            raise no_room(config, error) from None

    def _give(self, functions: Mapping[str, Callable[..., object]]) -> None:
        """Let the program have functions under the names that it knows."""
        for name, function in functions.items():
            size = function_size(function, name)
            self.driver.heap.reserve(size, self.driver.kernel)
            at = 2 * self.program.image.functions[name]
            new_object = self.state.new_object
            offset = self.state.functions.place(function, name, new_object)
            self.state.globals.view[at] = CLOSURE
            self.state.globals.view[at + 1] = offset

    def _build(self, arguments: tuple[str, ...], events: str | Path | None) -> None:
        config = self.config
        heap_words = config["limits.memory_mb"] << 17
        # On a terminal every line is shown at once, which Python does.
        room = 0 if self.output.by_line else config["output.buffer_kb"] * 1024
        depth = config["limits.depth"]
        self.state = State(self.program.image, depth, heap_words, room)
        self.state.vm = weakref.ref(self)
        self.output.printed = self.state.printed
        self.output.may_print = self.state.may_print
        self.output.start_limit()
        words = list_of_strings(self.state, arguments)
        parts = Parts(config, self.engine)
        # What is no Python object ends with a VM that nobody closes, too.
        self._end = weakref.finalize(self, parts.close)
        self._end.atexit = False
        self.driver = Driver(
            self.state,
            parts.kernel(),
            limits_of(config, self.state.widest),
            self._host_call,
            config["vm.slice_us"] * 1000,
        )
        driver = self.driver
        self.output.while_blocked = lambda _: driver.check_stops()
        self._host = ProgramHost(self.state, words, self.output, self.driver)
        self._log = opened_log(events)
        self.jit = parts.jit(self.state, self._log)
        self.driver.jit = self.jit
        if self.jit is not None:
            self.jit.tier = self.driver.kernel.tier
            if config["jit.verify"]:
                from ..jit.verify import VerifyingKernel

                slots = self.jit.slots
                self.driver.verify(
                    lambda kernel: VerifyingKernel(kernel, self.state, slots)
                )
        self._kernel_request: KernelRequest | None = None
        if self.engine is Engine.AUTO and self.driver.kernel.tier == 0:
            self._kernel_request = parts.request_kernel()
            if self._kernel_request is not None:
                self.driver.at_slice = self._take_kernel
        self.tracker = None
        if config["tracking.mode"] != "off":
            self.enable_usage_tracking()

    # ---- running ------------------------------------------------------------
    def run(self) -> object:
        """Run the program's top level; returns its value.

        Raises FluentError for every error of the program, and SystemExit never:
        `exit(n)` raises stdlib.host.Exit.
        """
        return to_python(self.state, *self.execute())

    def execute(self) -> tuple[int, int]:
        """`run` for whoever does not want the value, which Python might not hold."""
        main = self.program.image.chunks[0]
        try:
            return self._activate(FunctionValue(main.name, 0), ())
        finally:
            self.update_metadata()

    def call(self, name: str, *args: object) -> object:
        """Call a function of the program by its name.

        Raises FluentError: UnknownIdentifier, ArityError, HostError for an
        argument without counterpart, and whatever the function throws.
        """
        chunk = self.program.function(name)
        if chunk is None:
            hint = nearest(name, self.program.function_names())
            raise FluentError(
                "UnknownIdentifier",
                f"the program has no function {shown(name)}",
                hint=hint and f"did you mean {hint!r}?",
            )
        return self._call_chunk(chunk, args)

    def call_value(self, function: FunctionValue, *args: object) -> object:
        """Call a function value that the program gave. Raises as `call`."""
        takes = "a FunctionValue, as the program gives it"
        instance(function, FunctionValue, "function", takes)
        chunk = chunk_of(self.state, function)
        return self._call_chunk(self.program.image.chunks[chunk], args, function)

    def _call_chunk(
        self,
        chunk: Chunk,
        args: tuple[object, ...],
        function: FunctionValue | None = None,
    ) -> object:
        plain = chunk.arity - chunk.rest
        most = None if chunk.rest else chunk.arity
        if len(args) < chunk.least or (most is not None and len(args) > most):
            message = arity_range_message(chunk.name, chunk.least, most, len(args))
            raise FluentError("ArityError", message)
        missing = (MISSING,) * (plain - len(args))
        rest = (list(args[plain:]),) if chunk.rest else ()
        args = (*args[:plain], *missing, *rest)
        function = function or FunctionValue(chunk.name, chunk.index)
        tag, payload = self._activate(function, args)
        return to_python(self.state, tag, payload)

    def _reserve(self, args: tuple[object, ...]) -> None:
        try:
            needed = sum(words_needed(self.state, value) for value in args)
            self.driver.heap.reserve(needed, self.driver.kernel)
        except HeapFull:
            raise self.driver.heap_full() from None

    def _activate(
        self, function: FunctionValue, args: tuple[object, ...]
    ) -> tuple[int, int]:
        with _Entered(self), InterruptHandler(self.driver):
            if self._depth > 1:
                self._check_python_stack()
            else:
                self.driver.start_limits()
                self.output.start_limit()
            self._reserve(args)
            callee = function_words(self.state, function)
            values = [to_words(self.state, value) for value in args]
            context = self.state.context.view
            outer = context[FRAME]
            nested = self._depth > 1
            frame = outer + 1 if nested else 0
            base = self._free_register(outer) if nested else 1
            registers = self.state.registers.view
            first = self.state.calls.push_stub(frame, base, callee, len(values))
            for index, value in enumerate(values):
                at = 2 * (first + index)
                registers[at], registers[at + 1] = value
            context[FRAME] = frame
            ended = None
            try:
                self.driver.run(frame)
            except FluentError as error:
                ended = error.kind
                raise
            finally:
                if nested:
                    self.state.calls.hand_callees_down(frame)
                context[FRAME] = outer if nested else 0
                self._flush_rest(ended)
            # The result of the stub's RETURN is in the register below its base.
            at = 2 * (base - 1)
            return registers[at], registers[at + 1]

    def _flush_rest(self, ended: str | None) -> None:
        """Hand over the output of a run that ended, with an error of kind `ended`."""
        stopped = ended in STOPS
        try:
            self.output.flush_rest(partial(self.driver.check_rest, stopped))
        except FluentError as error:
            # The program's own error says more than why its output was not taken.
            if ended is None or error.kind not in STOPS:
                raise

    def _check_python_stack(self) -> None:
        """Refuse a call from a host function that Python may not have the room for.

        Raises FluentError of kind StackOverflow.
        """
        try:
            sys._getframe(max(0, sys.getrecursionlimit() - _PYTHON_FRAMES))
        except ValueError:
            return
        message = "calls between the program and Python nest too deeply"
        raise FluentError("StackOverflow", message)

    def _free_register(self, frame: int) -> int:
        base = self.state.frames.view[frame * FRAME_WORDS + FRAME_BASE]
        return base + self.state.widest + 1

    def interrupt(self) -> None:
        """Stop the run that is under way as Ctrl-C does; from any thread."""
        self.driver.interrupt()

    def _take_kernel(self) -> None:
        """Go on in the compiled interpreter as soon as it is there."""
        assert self._kernel_request is not None
        kernel = self._kernel_request.kernel()
        if kernel is not None:
            self.driver.use_kernel(kernel)
            self.driver.at_slice = None

    # ---- host calls ---------------------------------------------------------
    def write(self, text: str) -> None:
        """Write program output."""
        self._check_open()
        self.output.write(unicode_text(instance(text, str, "text", "a str")))

    def _host_call(self) -> None:
        """Carry out the instruction at which the kernel stopped."""
        state = self.state
        frame = state.context.view[FRAME]
        pc = state.calls.field(frame, FRAME_IP)
        try:
            base = state.calls.field(frame, FRAME_BASE)
            result = carry_out(self._host, pc, base)
        except HeapFull:
            raise self.driver.heap_full() from None
        except (FluentError, Exit) as error:
            self.driver.throw_from_host(error)
            return
        if result is None:
            return
        code, a, _b, _c = decode(state.code.view[pc])
        after = pc + 1
        if code == TAIL_CALL:
            # The frame ends with this result, by its last instruction: RETURN R[0].
            a = 0
            after = state.image.chunks[state.calls.field(frame, FRAME_CHUNK)].last
        at = 2 * (state.calls.field(frame, FRAME_BASE) + a)
        state.registers.view[at], state.registers.view[at + 1] = result
        state.frames.view[frame * FRAME_WORDS + FRAME_IP] = after

    # ---- end ----------------------------------------------------------------
    def close(self) -> None:
        """Give back native code and arrays; running is an error afterwards.

        Raises FluentError of kind HostError while the program runs.
        """
        if self._closed:
            return
        # Native code of this VM may be on a stack.
        if self._depth > 0 or not self._lock.acquire(blocking=False):
            raise FluentError("HostError", "this VM is running and cannot be closed")
        self._closed = True
        self._lock.release()
        self.update_metadata()
        with ExitStack() as last:
            last.callback(self.state.close)
            last.callback(self._end)
            last.callback(self._log.close)
            if self.driver.sampler is not None:
                last.callback(self.driver.sampler.close)
            # Before those: it may still have something to be compiled.
            if self.jit is not None:
                last.callback(self.jit.close)
            self.output.flush()

    def _check_open(self) -> None:
        if self._closed:
            raise FluentError("HostError", "this VM is closed")

    def __enter__(self) -> VM:
        self._check_open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _Entered:
    """A run in this thread; another thread gets a clear error."""

    def __init__(self, vm: VM) -> None:
        self._vm = vm

    def __enter__(self) -> None:
        me = threading.get_ident()
        vm = self._vm
        if vm._owner != me and not vm._lock.acquire(blocking=False):
            raise FluentError("HostError", "this VM is running in another thread")
        if vm._closed:
            vm._lock.release()
            raise FluentError("HostError", "this VM is closed")
        vm._owner = me
        vm._depth += 1
        if vm._depth == 1:
            # One that came too late for an earlier run is not for this one.
            vm.driver.clear_interrupt()

    def __exit__(self, *_exception: object) -> None:
        vm = self._vm
        vm._depth -= 1
        if vm._depth == 0:
            vm._owner = None
            vm._lock.release()


def run(source: str | Path, **kwargs: Any) -> object:
    """Compile and run a program; returns its value. Keywords as for VM."""
    program = compile(source, kwargs.get("functions") or ())
    with VM(program, **kwargs) as vm:
        return vm.run()
