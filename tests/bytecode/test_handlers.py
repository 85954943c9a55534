"""The table of handlers: what the compiler makes, and what the verifier demands."""

import re
from contextlib import suppress
from dataclasses import replace

import pytest

from fluentai_jit.bytecode.disassembler import disassemble
from fluentai_jit.bytecode.image import Image
from fluentai_jit.bytecode.liveness import fill_masks
from fluentai_jit.bytecode.verifier import VerificationError, verify
from tests.bytecode.listings import chunk_named, image_of
from tests.bytecode.test_masks import masks

PROGRAM = """
function f(a, b) {
  let kept = a
  let r = 0
  while r < 3 {
    try { kept = g(b) / r } catch (1) { r = kept }
    r += 1
  }
  r
}
function g(x) { x }
"""


def changed(**fields: int) -> Image:
    """The program's image with another handler, and masks to match."""
    image = image_of(PROGRAM)
    entry = chunk_named(image, "f").entry
    absolute = {
        name: value + entry if name in ("start", "end", "target") else value
        for name, value in fields.items()
    }
    image.handlers[0] = replace(image.handlers[0], **absolute)
    with suppress(IndexError, ValueError):
        fill_masks(image)
    return image


def test_the_disassembler_shows_handlers() -> None:
    image = image_of("try { g(1) } finally { try { 1 / 0 } catch (e) { } }")
    lines = [line.strip() for line in disassemble(image, 0).splitlines()]
    found = [line for line in lines if line.startswith("errors of")]
    assert [re.sub(r"\d+", "N", line) for line in found] == [
        "errors of N to N: RN := thrown, goto N (finally)",
        "errors of N to N: RN := thrown, goto N (catch)",
    ]


def test_what_a_handler_reads_is_live_where_an_error_leads_to_it() -> None:
    image = image_of(
        "function f(a, b) { let x = a; try { x = g(b); x = b } catch (e) { x } }"
        "function g(x) { x }"
    )
    # R2 is x; the call may not yet have written it.
    assert masks(image, "f")[0] == ("CALL_CHUNK", {1, 2, 3}, {1, 2})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"start": -1}, "a handler of chunk 1 leaves its function or jumps backwards"),
        ({"end": 1}, "a handler of chunk 1 leaves its function or jumps backwards"),
        ({"target": 2}, "a handler of chunk 1 leaves its function or jumps backwards"),
        ({"target": 99}, "a handler of chunk 1 leaves its function or jumps backwards"),
        ({"register": 99}, "a handler of chunk 1 has no register 99"),
        ({"register": -1}, "a handler of chunk 1 has no register -1"),
        ({"kind": 3}, "a handler of chunk 1 is of the unknown kind 3"),
        ({"kind": -1}, "a handler of chunk 1 is of the unknown kind -1"),
        ({"register": 0}, "register 4 may not be assigned"),
    ],
)
def test_a_wrong_handler_is_rejected(fields: dict[str, int], message: str) -> None:
    with pytest.raises(VerificationError, match=message):
        verify(changed(**fields))


def test_a_handler_reads_only_what_is_assigned_wherever_an_error_may_come_from() -> (
    None
):
    image = image_of("function f(a) { let x = a + 1; try { a / 0 } catch (e) { x } }")
    entry = chunk_named(image, "f").entry
    image.handlers[0] = replace(image.handlers[0], start=entry)
    fill_masks(image)
    with pytest.raises(VerificationError, match="register 1 may not be assigned"):
        verify(image)


def test_a_handler_does_not_lead_into_a_loop() -> None:
    image = image_of("function f(a) { a / 0; let r = 1; while a { a -= 1; r = a }; r }")
    chunk = chunk_named(image, "f")
    edge = image.back_edges[0]
    inside = image_of("try { 1 / 0 } catch { }").handlers[0]
    handler = replace(
        inside, start=chunk.entry, end=chunk.entry + 1, target=edge.pc, register=1
    )
    image.handlers.append(handler)
    for each in image.chunks[: chunk.index]:
        assert each.handlers == 0
    chunk.handlers = 1
    for each in image.chunks[chunk.index + 1 :]:
        each.first_handler = 1
    fill_masks(image)
    with pytest.raises(VerificationError, match="into the middle of a loop"):
        verify(image)


@pytest.mark.parametrize(
    ("name", "value"), [("first_handler", 1), ("handlers", 0), ("handlers", 2)]
)
def test_every_handler_is_of_one_chunk(name: str, value: int) -> None:
    image = image_of(PROGRAM)
    setattr(chunk_named(image, "f"), name, value)
    with suppress(IndexError, ValueError):
        fill_masks(image)
    with pytest.raises(VerificationError, match="handler"):
        verify(image)


def test_a_try_that_cannot_fail_has_no_handler() -> None:
    assert not image_of("let x = try { 1 } catch (e) { 2 } finally { }").handlers
