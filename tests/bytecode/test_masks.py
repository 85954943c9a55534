"""Live masks: what is needed after each safepoint, and nothing else."""

from fluentai_jit.bytecode.image import Image
from fluentai_jit.bytecode.liveness import reads_writes
from fluentai_jit.core import opcodes
from fluentai_jit.core.opcodes import OPCODES, encode
from tests.bytecode.listings import chunk_named, image_of


def masks(image: Image, name: str) -> list[tuple[str, set[int], set[int] | None]]:
    """For each safepoint of a function its opcode, live and live across it."""
    chunk = chunk_named(image, name)
    found = []
    for pc in range(chunk.entry, chunk.last + 1):
        if pc in image.live:
            across = image.across.get(pc)
            row = OPCODES[image.code[pc] & 255]
            found.append(
                (
                    row.name,
                    registers(image.live[pc]),
                    None if across is None else registers(across),
                )
            )
    return found


def registers(mask: int) -> set[int]:
    return {number for number in range(mask.bit_length()) if mask >> number & 1}


def test_across_a_call_only_what_comes_after_it_is_live() -> None:
    image = image_of(
        "function fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }"
    )
    assert masks(image, "fib") == [
        ("UNLESS_LT_INT", {0}, None),
        ("SUB_INT", {0}, None),
        ("CALL_CHUNK", {0, 2}, {0}),
        ("SUB_INT", {0, 1}, None),
        ("CALL_CHUNK", {1, 3}, {1}),
        ("ADD", {1, 2}, None),
    ]


def test_what_a_loop_needs_in_its_next_round_is_live_at_its_end() -> None:
    image = image_of(
        "function f(n) { let s = 1; while s < n { s = g(s) }; s } function g(x) { x }"
    )
    assert masks(image, "f") == [
        ("UNLESS_LT", {0, 1}, None),
        ("CALL_CHUNK", {0, 2}, {0}),
        ("LOOP", {0, 1}, None),
    ]


def test_the_visible_variable_of_a_for_is_dead_between_rounds() -> None:
    image = image_of("function f(n) { for i in 0..n { println(i) } }")
    assert masks(image, "f") == [
        ("FOR_PREP", {1, 2}, None),
        ("NATIVE_CALL", {1, 2, 5}, None),
        ("FOR_LOOP", {1, 2}, None),
    ]


def test_the_callee_and_its_arguments_are_live_before_a_call() -> None:
    image = image_of("function f(g, x, y) { g(x, 1) + y }")
    assert masks(image, "f")[0] == ("CALL", {2, 3, 4, 5}, {2})


def test_every_instruction_that_can_leave_has_a_mask() -> None:
    image = image_of("let t = 0; for i in 0..9 { t += sqrt(i) * i }; println(t)")
    exits = {pc for pc, word in enumerate(image.code) if OPCODES[word & 255].exits}
    assert image.live.keys() == exits


def test_reads_and_writes_follow_the_operand_kinds() -> None:
    def sets(*fields: int) -> tuple[set[int], set[int]]:
        reads, writes = reads_writes(encode(*fields))
        return registers(reads), registers(writes)

    assert sets(opcodes.ADD, 1, 2, 3) == ({2, 3}, {1})
    assert sets(opcodes.ADD_INT, 1, 2, -3) == ({2}, {1})
    assert sets(opcodes.CALL, 4, 2) == ({4, 5, 6}, {4})
    assert sets(opcodes.CALL_CHUNK, 4, 2, 0) == ({5, 6}, {4})
    assert sets(opcodes.SCALAR, 4, 0, 1) == ({5}, {4})
    assert sets(opcodes.SET_GLOBAL, 4, 0, 1) == ({4}, set())
    assert sets(opcodes.UNLESS_LT, 4, 5, -2) == ({4, 5}, set())
    assert sets(opcodes.UNLESS_LT_INT, 4, 5, -2) == ({4}, set())
    assert sets(opcodes.FOR_PREP, 4, 1, 2) == ({4, 5}, {5, 6})
    assert sets(opcodes.FOR_LOOP, 4, 1, -2) == ({4, 5}, {4, 6})
    assert sets(opcodes.FAIL, 0, 1, 2) == (set(), set())
