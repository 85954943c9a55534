"""Verification of each instruction by itself: opcode, operands, indices."""

from __future__ import annotations

from collections.abc import Callable

from ..core.hosts import HOSTS
from ..core.natives import ANY, NATIVES
from ..core.opcodes import (
    CALL,
    CALL_CHUNK,
    FAIL,
    FAIL_KINDS,
    FOR_LOOP,
    HOST_CALL,
    LOAD,
    LOOP,
    MAX_B,
    MAX_C,
    MIN_C,
    NATIVE_CALL,
    NATIVE_CALL_ANY,
    OPCODES,
    RETURN,
    SCALAR,
    TAIL_CALL,
    TAIL_CALL_CHUNK,
    Operand,
)
from ..core.scalars import SCALARS
from ..core.tags import BOOL, FUNCTION, INT, NIL, STRING, TAG_NAMES, UNBOUND
from .image import Chunk, Image
from .verification_error import VerificationError
from .verify_constants import check_immediate

# SCALAR and NATIVE_CALL read three argument registers, whatever is called.
_SCALAR_REGISTERS = 4
_LOOP_REGISTERS = 3
_REGISTER_KINDS = (
    Operand.READ,
    Operand.WRITE,
    Operand.UPDATE,
    Operand.CALLEE,
    Operand.RESULT,
)


def check_fields(image: Image, chunk: Chunk) -> None:
    """Check every instruction of a chunk."""
    bounds = _bounds(image, chunk.registers)
    below_a = [bounds[row.a][1] for row in OPCODES]
    for op in (SCALAR, NATIVE_CALL):
        below_a[op] = chunk.registers - _SCALAR_REGISTERS + 1
    below_b = [bounds[row.b][1] for row in OPCODES]
    least_c = [bounds[row.c][0] for row in OPCODES]
    below_c = [bounds[row.c][1] for row in OPCODES]
    code = image.code
    for pc in range(chunk.entry, chunk.last + 1):
        word = code[pc]
        op = word & 255
        if op >= len(OPCODES):
            raise VerificationError(f"unknown opcode {op}", pc)
        a, b, c = word >> 8 & 0xFFFF, word >> 24 & 0xFFFF, word >> 40
        if a >= below_a[op]:
            raise _out_of_range(op, "a", a, pc)
        if b >= below_b[op]:
            raise _out_of_range(op, "b", b, pc)
        if not least_c[op] <= c < below_c[op]:
            raise _out_of_range(op, "c", c, pc)
        check = _CHECKS.get(op)
        if check is not None:
            check(image, chunk, pc, a, b, c)


def _bounds(image: Image, registers: int) -> dict[Operand, tuple[int, int]]:
    """For each kind of operand its least value, and the first one too great."""
    bounds = dict.fromkeys(_REGISTER_KINDS, (0, registers))
    return bounds | {
        Operand.NONE: (0, 1),
        Operand.LOOP: (0, registers - _LOOP_REGISTERS + 1),
        Operand.COUNT: (0, registers),
        Operand.IMMEDIATE: (MIN_C, MAX_C + 1),
        Operand.PAYLOAD: (MIN_C, MAX_C + 1),
        Operand.JUMP: (MIN_C, MAX_C + 1),
        Operand.TAG: (0, len(TAG_NAMES)),
        Operand.TAG_MASK: (0, MAX_B + 1),
        Operand.CONSTANT: (0, len(image.constants) // 2),
        Operand.GLOBAL: (0, len(image.globals)),
        Operand.CHUNK: (0, len(image.chunks)),
        Operand.BACK_EDGE: (0, len(image.back_edges)),
        Operand.SCALAR: (0, len(SCALARS)),
        Operand.NATIVE: (0, len(NATIVES)),
        Operand.HOST: (0, len(HOSTS)),
        Operand.KIND: (0, len(FAIL_KINDS)),
        Operand.FLAG: (0, 2),
    }


def _out_of_range(op: int, field: str, value: int, pc: int) -> VerificationError:
    row = OPCODES[op]
    kind: Operand = getattr(row, field)
    meaning = kind.value or "unused"
    return VerificationError(
        f"{row.name}: {field} ({meaning}) cannot be {value} here", pc
    )


def _check_load(
    image: Image, chunk: Chunk, pc: int, a: int, tag: int, payload: int
) -> None:
    # UNBOUND stands for an argument that is not given.
    if tag == UNBOUND and payload == 0:
        return
    if tag not in (INT, BOOL, NIL, FUNCTION):
        raise VerificationError(f"LOAD cannot make a {TAG_NAMES[tag]}", pc)
    check_immediate(image, tag, payload, "the value of LOAD", pc)


def _check_window(chunk: Chunk, pc: int, a: int, count: int) -> None:
    if a + count >= chunk.registers:
        raise VerificationError("the arguments pass the last register", pc)


def _check_arity(pc: int, name: str, arity: int, count: int) -> None:
    if count != arity:
        raise VerificationError(f"{name} takes {arity} arguments, not {count}", pc)


def _check_call(
    image: Image, chunk: Chunk, pc: int, a: int, count: int, callee: int
) -> None:
    _check_window(chunk, pc, a, count)
    op = image.code[pc] & 255
    if op in (CALL_CHUNK, TAIL_CALL_CHUNK):
        target = image.chunks[callee]
        _check_arity(pc, target.name, target.inputs, count)
    if op in (TAIL_CALL, TAIL_CALL_CHUNK):
        if pc == chunk.last or image.code[pc + 1] != (a << 8 | RETURN):
            raise VerificationError(f"RETURN {a} must follow the tail call", pc)


def _check_scalar(
    image: Image, chunk: Chunk, pc: int, a: int, index: int, count: int
) -> None:
    _check_arity(pc, SCALARS[index].name, SCALARS[index].arity, count)


def _check_native(
    image: Image, chunk: Chunk, pc: int, a: int, index: int, count: int
) -> None:
    row = NATIVES[index]
    if (row.arity == ANY) != (image.code[pc] & 255 == NATIVE_CALL_ANY):
        raise VerificationError(f"{row.name} is called in another way", pc)
    if row.arity == ANY:
        _check_window(chunk, pc, a, count)
    else:
        _check_arity(pc, row.name, row.arity, count)


def _check_host(
    image: Image, chunk: Chunk, pc: int, a: int, index: int, count: int
) -> None:
    _check_window(chunk, pc, a, count)
    _check_arity(pc, HOSTS[index].name, HOSTS[index].arity, count)


def _check_fail(
    image: Image, chunk: Chunk, pc: int, a: int, kind: int, constant: int
) -> None:
    if image.constants[2 * constant] != STRING:
        raise VerificationError("the message of FAIL is no string", pc)


def _check_back_edge(
    image: Image, chunk: Chunk, pc: int, a: int, index: int, offset: int
) -> None:
    edge = image.back_edges[index]
    if (edge.chunk, edge.pc, edge.target) != (chunk.index, pc, pc + offset):
        raise VerificationError(f"back-edge {index} is another jump", pc)


_CHECKS: dict[int, Callable[[Image, Chunk, int, int, int, int], None]] = {
    LOAD: _check_load,
    CALL: _check_call,
    CALL_CHUNK: _check_call,
    TAIL_CALL: _check_call,
    TAIL_CALL_CHUNK: _check_call,
    SCALAR: _check_scalar,
    NATIVE_CALL: _check_native,
    NATIVE_CALL_ANY: _check_native,
    HOST_CALL: _check_host,
    FAIL: _check_fail,
    LOOP: _check_back_edge,
    FOR_LOOP: _check_back_edge,
}
