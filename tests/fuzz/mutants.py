"""Damaged images: what the verifier accepts has to run without leaving its arrays.

`python -m tests.fuzz.mutants --count 20000` changes images of generated programs,
shows each to the verifier, and runs what it accepts: in an interpreter whose every
load and store is compared with the true size of its array, then in the compiled one,
in a process of its own. Masks are made anew for most, as somebody would who builds
an image to deceive the verifier.
"""

from __future__ import annotations

import argparse
import copy
import io
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from fluentai_jit.bytecode.image import Image
from fluentai_jit.bytecode.liveness import fill_masks
from fluentai_jit.bytecode.verifier import VerificationError, verify
from fluentai_jit.core import primitives
from fluentai_jit.core.opcodes import OPCODES, Operand, decode, encode
from fluentai_jit.core.tags import TAG_NAMES
from fluentai_jit.engine.program import Program
from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from fluentai_jit.kernel import tiers
from fluentai_jit.memory.words import Words
from fluentai_jit.stdlib.host import Exit

from .differential import compiled
from .generator import case_of

# With more memory, what many VMs reserve at a time is too much for a fork.
SETTINGS = {
    "limits.instructions": 3000,
    "limits.depth": 60,
    "limits.memory_mb": 64,
    "jit.mode": "off",
}
# Mutants of one image, and programs run in one process of their own.
_PER_IMAGE = 20
_BATCH = 100


# ---- damage ---------------------------------------------------------------------
def _registers(random_: random.Random, image: Image) -> None:
    """Another register in a field of an instruction."""
    at = random_.randrange(len(image.code))
    code, a, b, c = decode(image.code[at])
    row = OPCODES[code]
    registers = image.chunk_at(at).registers
    other = random_.randrange(registers + (random_.random() < 0.1))
    kinds = (Operand.READ, Operand.WRITE, Operand.CALLEE, Operand.RESULT, Operand.LOOP)
    fields = [
        index for index, kind in enumerate((row.a, row.b, row.c)) if kind in kinds
    ]
    if fields:
        values = [a, b, c]
        values[random_.choice(fields)] = other
        image.code[at] = encode(code, *values)


def _jump(random_: random.Random, image: Image) -> None:
    """Another target of a jump."""
    jumps = [
        at
        for at, word in enumerate(image.code)
        if OPCODES[word & 255].c is Operand.JUMP
    ]
    if jumps:
        at = random_.choice(jumps)
        code, a, b, c = decode(image.code[at])
        image.code[at] = encode(code, a, b, c + random_.choice((-2, -1, 1, 1, 2, 3)))


def _operand(random_: random.Random, image: Image) -> None:
    """Another number in a field that is no register."""
    at = random_.randrange(len(image.code))
    code, a, b, c = decode(image.code[at])
    change = random_.choice((-1, 1, 2, 7))
    if random_.random() < 0.5:
        image.code[at] = encode(code, a, max(0, b + change), c)
    else:
        image.code[at] = encode(code, a, b, c + change)


def _opcode(random_: random.Random, image: Image) -> None:
    """Another instruction with the same fields."""
    at = random_.randrange(len(image.code))
    code, a, b, c = decode(image.code[at])
    row = OPCODES[code]
    alike = [x.code for x in OPCODES if (x.a, x.b, x.c) == (row.a, row.b, row.c)]
    image.code[at] = encode(random_.choice(alike), a, b, c)


def _swap(random_: random.Random, image: Image) -> None:
    """Two neighbouring instructions the other way round."""
    at = random_.randrange(len(image.code) - 1)
    code = image.code
    code[at], code[at + 1] = code[at + 1], code[at]


def _constant(random_: random.Random, image: Image) -> None:
    """Another tag or payload of a constant."""
    if image.constants:
        at = random_.randrange(len(image.constants))
        if at % 2:
            image.constants[at] += random_.choice((-1, 1, 1 << 40))
        else:
            image.constants[at] = random_.randrange(len(TAG_NAMES) + 1)


def _heap(random_: random.Random, image: Image) -> None:
    """A changed bit of a string constant."""
    at = random_.randrange(len(image.heap))
    image.heap[at] ^= 1 << random_.randrange(63)


def _mask(random_: random.Random, image: Image) -> None:
    """A changed bit of a live mask."""
    if image.live:
        pc = random_.choice(list(image.live))
        image.live[pc] ^= 1 << random_.randrange(8)


def _field(random_: random.Random, image: Image) -> None:
    """A changed field of a chunk or back-edge."""
    row: Any = random_.choice([*image.chunks, *image.back_edges])
    names = [name for name in row.__slots__ if isinstance(getattr(row, name), int)]
    name = random_.choice(names)
    setattr(row, name, getattr(row, name) + random_.choice((-1, 1, 2, 1 << 40)))


DAMAGE: tuple[tuple[int, Callable[[random.Random, Image], None]], ...] = (
    (8, _registers),
    (4, _operand),
    (3, _jump),
    (3, _opcode),
    (2, _swap),
    (2, _constant),
    (1, _heap),
    (1, _mask),
    (1, _field),
)


def mutant(random_: random.Random, image: Image) -> Image:
    """A copy of an image with one to three changes, most with masks to match."""
    result = copy.deepcopy(image)
    weights = [weight for weight, _damage in DAMAGE]
    remade = random_.random() < 0.9
    for _ in range(random_.randint(1, 3)):
        damage = random_.choices(DAMAGE, weights)[0][1]
        with suppress(OverflowError, IndexError):
            damage(random_, result)
    if remade:
        with suppress(IndexError, ValueError, OverflowError):
            fill_masks(result)
    return result


# ---- loads and stores that are compared with true sizes ---------------------------
class Bounded:
    """Words `first` to before `end` of an array, addressed from `origin`."""

    __slots__ = ("count", "origin", "view")

    def __init__(self, view: memoryview, origin: int, count: int) -> None:
        self.view = view
        self.origin = origin
        self.count = count

    def at(self, index: int) -> int:
        """The place in the array. Raises IndexError outside of it."""
        place = self.origin + index
        if not 0 <= place < self.count:
            raise IndexError(f"word {place} of an array of {self.count}")
        return place


def bounded(sizes: dict[int, int]) -> dict[str, Callable[..., Any]]:
    """Checked versions of the primitives that touch memory, by name."""

    def memory(where: Any) -> Bounded:
        if isinstance(where, Bounded):
            return where
        # The context record, which is handed over as it is.
        return Bounded(where, 0, len(where))

    def pointer(where: Any, index: int) -> Bounded:
        inside = memory(where)
        address = inside.view[inside.at(index)]
        view = primitives._views[address]
        # Elements of arrays get their memory while the program runs, no page more.
        return Bounded(view, 0, sizes.get(address, len(view)))

    def offset(where: Any, index: int) -> Bounded:
        inside = memory(where)
        return Bounded(inside.view, inside.origin + index, inside.count)

    def load(where: Any, index: int) -> int:
        inside = memory(where)
        return inside.view[inside.at(index)]

    def store(where: Any, index: int, value: int) -> None:
        inside = memory(where)
        inside.view[inside.at(index)] = value

    return {
        "pointer": pointer,
        "offset": offset,
        "load": load,
        "load_atomic": load,
        "store": store,
    }


def _touching() -> list[Any]:
    """Every module of the package with functions that touch memory."""
    modules = [
        module
        for name, module in sorted(sys.modules.items())
        if name.startswith("fluentai_jit.") and module is not primitives
    ]
    return [
        module
        for module in modules
        if any(
            getattr(module, name, None) is getattr(primitives, name)
            for name in bounded({})
        )
    ]


@contextmanager
def checked(vm: VM) -> Iterator[None]:
    """While it lasts, the plain interpreter runs `vm` with checked memory."""
    vm.state.prepare_masks()
    arrays = [words for words in vars(vm.state).values() if isinstance(words, Words)]
    arrays += vm.state._masks or ()
    arrays.append(tiers._powers())
    sizes = {words.address: words.count for words in arrays}
    replaced: list[tuple[Any, str, Any]] = []
    for module in _touching():
        for name, function in bounded(sizes).items():
            if getattr(module, name, None) is getattr(primitives, name):
                replaced.append((module, name, getattr(module, name)))
                setattr(module, name, function)
    try:
        yield
    finally:
        for module, name, function in replaced:
            setattr(module, name, function)


# ---- running what was accepted ----------------------------------------------------
def _execute(vm: VM) -> None:
    # Whatever the program does is right, but for an error of Python's.
    with suppress(FluentError, Exit):
        vm.run()


def run_checked(program: Program) -> None:
    """Run in the bounds-checked interpreter. Raises IndexError where it leaves."""
    with VM(program, SETTINGS, io.StringIO(), engine="plain") as vm, checked(vm):
        _execute(vm)


def run_compiled(program: Program) -> None:
    """Run in the compiled interpreter, of this process."""
    with VM(program, SETTINGS, io.StringIO(), engine="compiled") as vm:
        _execute(vm)


def survives(programs: Sequence[Program]) -> bool:
    """Whether a process of its own runs all of them in the compiled interpreter."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            for program in programs:
                run_compiled(program)
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0


@dataclass(slots=True)
class Damaged:
    """A campaign: what was tried, and what went wrong."""

    tried: int = 0
    accepted: int = 0
    failures: list[str] = field(default_factory=list)
    _waiting: list[tuple[int, Program]] = field(default_factory=list)

    def run(self, first: int, count: int, compiled_too: bool = True) -> None:
        """Try `count` mutants, of the programs of consecutive seeds."""
        seed = first
        while self.tried < count:
            program = compiled(case_of(seed))
            if program is not None:
                self._mutants(seed, program, min(_PER_IMAGE, count - self.tried))
            seed += 1
            if compiled_too and len(self._waiting) >= _BATCH:
                self._compiled()
        if compiled_too:
            self._compiled()

    def _mutants(self, seed: int, program: Program, count: int) -> None:
        random_ = random.Random(seed)
        for _ in range(count):
            self.tried += 1
            image = mutant(random_, program.image)
            try:
                verify(image)
            except VerificationError:
                continue
            except Exception as error:
                self.failures.append(f"seed {seed}: the verifier breaks: {error!r}")
                continue
            self.accepted += 1
            damaged = Program(program.source, program.graph, image)
            try:
                run_checked(damaged)
            except Exception as error:
                self.failures.append(f"seed {seed}, mutant {self.tried}: {error!r}")
            self._waiting.append((self.tried, damaged))

    def _compiled(self) -> None:
        waiting, self._waiting = self._waiting, []
        if survives([program for _number, program in waiting]):
            return
        for number, program in waiting:
            if not survives([program]):
                self.failures.append(f"mutant {number} breaks the compiled interpreter")

    def summary(self) -> str:
        """One line."""
        share = self.accepted / self.tried * 100 if self.tried else 0.0
        return (
            f"{self.tried} mutants, {self.accepted} accepted and run ({share:.0f} %), "
            f"{len(self.failures)} failures"
        )


def main() -> int:
    """Run a campaign; 1 where something failed, or too few were accepted."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.mutants")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.monotonic()
    damaged = Damaged()
    damaged.run(options.seed, options.count)
    for failure in damaged.failures[:20]:
        print(failure)
    print(f"{damaged.summary()}, {time.monotonic() - began:.0f} s")
    return 1 if damaged.failures or damaged.accepted < 0.2 * damaged.tried else 0


if __name__ == "__main__":
    sys.exit(main())
