"""The verifier: no image that it accepts makes the interpreter leave its arrays.

The interpreter and native code test neither opcodes nor registers nor indices, so
this is where all of that is tested, once, before the image is run.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.layout import CATCH_ALL, CATCH_SOME, FINALLY_BLOCK
from ..core.opcodes import FOR_LOOP, LOOP, MAX_REGISTERS, RETURN
from .image import Chunk, Handler, Image
from .liveness import live_masks
from .loops import enclosing_loops, weights
from .verification_error import VerificationError
from .verify_constants import check_constants
from .verify_fields import check_fields
from .verify_flow import check_flow

__all__ = ["VerificationError", "verify"]

_MAX_WEIGHT = 1 << 40


def verify(image: Image) -> None:
    """Check a whole image.

    Raises VerificationError.
    """
    _check_chunks(image)
    check_constants(image)
    parents = [_check_loops(image, chunk) for chunk in image.chunks]
    _check_handlers(image)
    for chunk, inside in zip(image.chunks, parents, strict=True):
        check_fields(image, chunk)
        check_flow(image, chunk, inside)
    live, across = live_masks(image)
    _compare_masks("live", image.live, live)
    _compare_masks("across", image.across, across)


def _check_chunks(image: Image) -> None:
    """Check that the chunks and their back-edges cover the code and its tables."""
    end = edges = 0
    if not image.chunks:
        raise VerificationError("there is no chunk")
    for index, chunk in enumerate(image.chunks):
        where = f"chunk {index}"
        if chunk.index != index:
            raise VerificationError(f"{where} says that it is {chunk.index}")
        if chunk.entry != end or chunk.length < 1:
            raise VerificationError(f"{where} does not begin where the last one ended")
        if not 1 <= chunk.registers <= MAX_REGISTERS:
            raise VerificationError(f"{where} has {chunk.registers} registers")
        if (
            chunk.captures < 0
            or not 0 <= chunk.arity <= chunk.inputs <= chunk.registers
        ):
            raise VerificationError(f"{where} has {chunk.inputs} parameters")
        if len(chunk.parameters) != chunk.arity:
            raise VerificationError(f"{where} does not name its parameters")
        _check_adapters(image, chunk, where)
        if chunk.first_back_edge != edges or chunk.back_edges < 0:
            raise VerificationError(f"{where} has not the back-edges that follow")
        end += chunk.length
        edges += chunk.back_edges
    if image.chunks[0].inputs:
        raise VerificationError("the top level has parameters")
    if end != len(image.code) or edges != len(image.back_edges):
        raise VerificationError("the chunks do not cover the code and its back-edges")
    for table in (image.nodes, image.starts, image.ends):
        if len(table) != end:
            raise VerificationError("not every instruction has its place in the source")
    for chunk in image.chunks:
        if image.code[chunk.last] != RETURN:
            raise VerificationError("a chunk must end with RETURN 0", chunk.last)


def _check_adapters(image: Image, chunk: Chunk, where: str) -> None:
    """Check that a call with another number of arguments finds one for that number."""
    first, count = chunk.adapters, chunk.adapter_count
    if count < 0 or not 0 <= first <= len(image.chunks) - count:
        raise VerificationError(f"{where} has adapters that are no chunks")
    for position in range(count):
        adapter = image.chunks[first + position]
        arity = image.chunks[first].arity + position
        if adapter.arity != arity or bool(adapter.captures) != bool(chunk.captures):
            raise VerificationError(f"{where} has an adapter for other calls")


def _check_loops(image: Image, chunk: Chunk) -> Sequence[int]:
    """Check the back-edges of a chunk; for each the one of the loop around it."""
    first = chunk.first_back_edge
    edges = image.back_edges[first : first + chunk.back_edges]
    for offset, edge in enumerate(edges):
        index = first + offset
        where = f"back-edge {index}"
        if edge.index != index:
            raise VerificationError(f"{where} says that it is {edge.index}")
        if not chunk.entry <= edge.target <= edge.pc <= chunk.last:
            raise VerificationError(f"{where} leaves its function")
        word = image.code[edge.pc]
        if word & 255 not in (LOOP, FOR_LOOP) or word >> 24 & 0xFFFF != index:
            raise VerificationError(f"{where} is no such jump", edge.pc)
    loops = [(edge.pc, edge.target) for edge in edges]
    parents = enclosing_loops(loops)
    if parents is None:
        raise VerificationError(f"loops of chunk {chunk.index} overlap")
    weight, edge_weights = weights(chunk.length, loops, parents)
    _check_weight(f"chunk {chunk.index}", chunk.weight, weight)
    for edge, expected in zip(edges, edge_weights, strict=True):
        _check_weight(f"back-edge {edge.index}", edge.weight, expected)
    return parents


def _check_handlers(image: Image) -> None:
    """Check the table of handlers; what reaches one is checked with the flow."""
    count = 0
    for chunk in image.chunks:
        where = f"chunk {chunk.index}"
        if chunk.first_handler != count or chunk.handlers < 0:
            raise VerificationError(f"{where} has not the handlers that follow")
        count += chunk.handlers
        for handler in image.handlers_of(chunk):
            _check_handler(chunk, handler)
    if count != len(image.handlers):
        raise VerificationError("a handler is of no chunk")


def _check_handler(chunk: Chunk, handler: Handler) -> None:
    where = f"a handler of chunk {chunk.index}"
    # A target behind the instructions lets one pass find what is live and assigned.
    ordered = chunk.entry <= handler.start < handler.end <= handler.target
    if not ordered or handler.target > chunk.last:
        raise VerificationError(f"{where} leaves its function or jumps backwards")
    if not 0 <= handler.register < chunk.registers:
        raise VerificationError(f"{where} has no register {handler.register}")
    if handler.kind not in (CATCH_ALL, CATCH_SOME, FINALLY_BLOCK):
        raise VerificationError(f"{where} is of the unknown kind {handler.kind}")


def _check_weight(where: str, found: int, expected: int) -> None:
    if found != expected or not 1 <= found < _MAX_WEIGHT:
        raise VerificationError(f"the weight of {where} is {expected}, not {found}")


def _compare_masks(name: str, found: dict[int, int], expected: dict[int, int]) -> None:
    if found == expected:
        return
    for pc in sorted(found.keys() | expected.keys()):
        if found.get(pc) != expected.get(pc):
            raise VerificationError(f"the mask '{name}' is wrong", pc)
