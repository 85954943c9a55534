"""The verifier accepts what the compiler makes and rejects everything unsafe."""

import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from fluentai_jit.bytecode.image import Image
from fluentai_jit.bytecode.liveness import fill_masks
from fluentai_jit.bytecode.verifier import VerificationError, verify
from fluentai_jit.core import opcodes
from fluentai_jit.core.opcodes import encode
from fluentai_jit.core.tags import BOOL, FUNCTION, LIST, NIL, STRING, UNBOUND
from tests.bytecode.images import Instruction, assemble
from tests.bytecode.listings import image_of

RETURN: Instruction = ("RETURN", 0)
LOAD0: Instruction = ("LOAD", 0, 0, 1)
LOAD1: Instruction = ("LOAD", 1, 0, 1)


def rejection(image: Image) -> str:
    with pytest.raises(VerificationError) as caught:
        verify(image)
    return caught.value.message


def test_a_hand_made_image_is_accepted() -> None:
    verify(
        assemble(
            LOAD0,
            LOAD1,
            ("FOR_PREP", 0, 0, 3),
            ("ADD_INT", 3, 2, 5),
            ("FOR_LOOP", 0, 0, -1),
            ("LOAD_CONST", 0, 0, 0),
            ("CALL_CHUNK", 0, 0, 0),
            ("UNLESS_TAG", 0, 3, 2),
            ("LOOP", 0, 1, 0),
            ("TAIL_CALL_CHUNK", 0, 0, 0),
            RETURN,
        )
    )


@pytest.mark.parametrize(
    ("instructions", "message"),
    [
        ([("MOVE", 4, 0), RETURN], "MOVE: a (.*) cannot be 4 here"),
        ([LOAD0, ("MOVE", 1, 9), RETURN], "MOVE: b (.*) cannot be 9 here"),
        ([LOAD0, ("ADD", 1, 0, 4), RETURN], "ADD: c (.*) cannot be 4 here"),
        ([LOAD0, ("ADD", 1, 0, -1)], "ADD: c (.*) cannot be -1 here"),
        ([LOAD0, ("MOVE", 1, 0, 7)], "MOVE: c (.*) cannot be 7 here"),
        ([("LOAD_CONST", 0, 0, 2)], "LOAD_CONST: c (.*) cannot be 2 here"),
        ([("LOAD_CONST", 0, 0, -1)], "LOAD_CONST: c (.*) cannot be -1 here"),
        ([("GET_GLOBAL", 0, 0, 1)], "GET_GLOBAL: c (.*) cannot be 1 here"),
        ([("CALL_CHUNK", 0, 0, 2)], "CALL_CHUNK: c (.*) cannot be 2 here"),
        ([LOAD1, ("CALL_CHUNK", 0, 1, 0)], "chunk0 takes 0 arguments, not 1"),
        ([LOAD0, ("CALL", 0, 4)], "CALL: b (.*) cannot be 4 here"),
        ([LOAD1, ("CALL", 1, 3)], "the arguments pass the last register"),
        ([LOAD1, ("SCALAR", 0, 0, 2)], "sin takes 1 arguments, not 2"),
        ([LOAD1, ("SCALAR", 1, 0, 1)], "SCALAR: a (.*) cannot be 1 here"),
        ([("SCALAR", 0, 999, 1)], "SCALAR: b (.*) cannot be 999 here"),
        ([LOAD1, ("HOST_CALL", 0, 1, 0)], "exit takes 1 arguments, not 0"),
        ([("HOST_CALL", 0, 99, 0)], "HOST_CALL: b (.*) cannot be 99 here"),
        ([("FAIL", 0, 99, 1)], "FAIL: b (.*) cannot be 99 here"),
        ([("FAIL", 0, 0, 0)], "the message of FAIL is no string"),
        ([("LOAD", 0, 99, 0)], "LOAD: b (.*) cannot be 99 here"),
        ([("LOAD", 0, STRING, 1)], "LOAD cannot make a string"),
        ([("LOAD", 0, UNBOUND, 1)], "LOAD cannot make a unbound"),
        ([("LOAD", 0, BOOL, 2)], "the value of LOAD cannot be bool 2"),
        ([("LOAD", 0, NIL, 1)], "the value of LOAD cannot be nil 1"),
        ([("LOAD", 0, FUNCTION, 2)], "the value of LOAD cannot be function 2"),
        ([("LOAD", 0, FUNCTION, -1)], "the value of LOAD cannot be function -1"),
        ([LOAD0, ("FOR_PREP", 2, 0, 1)], "FOR_PREP: a (.*) cannot be 2 here"),
        ([LOAD0, LOAD1, ("FOR_PREP", 0, 2, 1)], "FOR_PREP: b (.*) cannot be 2 here"),
        (
            [("TAIL_CALL_CHUNK", 1, 0, 0), LOAD0, RETURN],
            "RETURN 1 must follow the tail call",
        ),
        (
            [LOAD0, ("TAIL_CALL", 0, 0), ("RETURN", 1)],
            "RETURN 0 must follow the tail call",
        ),
        ([("JUMP", 0, 0, 9)], "JUMP leaves its function"),
        ([LOAD0, ("JUMP_UNLESS", 0, 0, -4), RETURN], "JUMP_UNLESS leaves its function"),
        ([LOAD0, ("JUMP", 0, 0, -1)], "JUMP jumps backwards"),
        ([("JUMP", 0, 0, 0)], "JUMP jumps backwards"),
        ([("MOVE", 0, 1), RETURN], "register 1 may not be assigned"),
        ([RETURN], "register 0 may not be assigned"),
        (
            [("GET_GLOBAL", 0, 0, 0), ("JUMP_UNLESS", 0, 0, 2), LOAD1, ("RETURN", 1)],
            "register 1 may not be assigned",
        ),
        ([LOAD0, ("CALL", 0, 1), RETURN], "register 1 may not be assigned"),
        (
            [LOAD0, LOAD1, ("FOR_PREP", 0, 0, 1), ("RETURN", 2)],
            "register 2 may not be assigned",
        ),
        (
            [
                LOAD0,
                ("UNLESS_TAG", 0, 1, 2),
                ("UNLESS_TAG", 0, 1, 2),
                ("LOOP", 0, 0, -1),
                RETURN,
            ],
            "a jump into the middle of a loop",
        ),
        (
            [LOAD0, LOAD1, ("MOVE", 2, 0), ("FOR_LOOP", 0, 0, -1), RETURN],
            "FOR_LOOP without its FOR_PREP",
        ),
        (
            [
                LOAD0,
                LOAD1,
                ("UNLESS_TAG", 0, 1, 2),
                ("LOOP", 0, 0, -2),
                ("LOOP", 0, 1, -2),
            ],
            "loops of chunk 1 overlap",
        ),
    ],
)
def test_an_unsafe_instruction_is_rejected(
    instructions: list[Instruction], message: str
) -> None:
    assert re.fullmatch(message, rejection(assemble(*instructions)))


def changed(change: Callable[[Image], None]) -> Image:
    """A good image with two functions and a loop, after a change."""
    image = image_of(
        'function f(n) { let s = "text"; while n > 0 { n -= 1.5 }; s }\n'
        "for i in 0..3 { println(f(i)) }"
    )
    change(image)
    return image


def set_field(path: str, value: int) -> Callable[[Image], None]:
    """Set `table.index.field` of an image."""

    def change(image: Image) -> None:
        table, index, name = path.split(".")
        setattr(getattr(image, table)[int(index)], name, value)

    return change


def put(table: str, index: int, value: int) -> Callable[[Image], None]:
    """Set one word of a table of an image."""

    def change(image: Image) -> None:
        getattr(image, table)[index] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("chunks.1.index", 0, "chunk 1 says that it is 0"),
        ("chunks.1.entry", 3, "chunk 1 does not begin where the last one ended"),
        ("chunks.1.length", 0, "chunk 1 does not begin where the last one ended"),
        ("chunks.1.length", 3, "the chunks do not cover the code and its back-edges"),
        ("chunks.1.registers", 251, "chunk 1 has 251 registers"),
        ("chunks.1.registers", 0, "chunk 1 has 0 registers"),
        ("chunks.1.registers", 1, "LOAD_CONST: a (.*) cannot be 1 here"),
        ("chunks.1.arity", -1, "chunk 1 has -1 parameters"),
        ("chunks.1.arity", 2, "chunk 1 does not name its parameters"),
        ("chunks.1.first_back_edge", 0, "chunk 1 has not the back-edges that follow"),
        (
            "chunks.1.back_edges",
            0,
            "the chunks do not cover the code and its back-edges",
        ),
        ("chunks.1.weight", 0, "the weight of chunk 1 is 3, not 0"),
        ("back_edges.0.weight", 1, "the weight of back-edge 0 is 4, not 1"),
        ("back_edges.0.index", 1, "back-edge 0 says that it is 1"),
        ("back_edges.0.chunk", 1, "back-edge 0 is another jump"),
        ("back_edges.0.pc", 3, "back-edge 0 is no such jump"),
        ("back_edges.0.pc", 99, "back-edge 0 leaves its function"),
        ("back_edges.0.target", -1, "back-edge 0 leaves its function"),
    ],
)
def test_a_wrong_table_is_rejected(path: str, value: int, message: str) -> None:
    assert re.fullmatch(message, rejection(changed(set_field(path, value))))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda image: image.chunks.clear(), "there is no chunk"),
        (
            lambda image: image.nodes.pop(),
            "not every instruction has its place in the source",
        ),
        (
            lambda image: image.starts.append(0),
            "not every instruction has its place in the source",
        ),
        (lambda image: image.constants.pop(), "the constants are no pairs"),
        (
            lambda image: image.heap.__delitem__(slice(9)),
            "the heap lacks its reserved word",
        ),
        (put("constants", 0, 99), "constant 0 cannot be tag 99 1"),
        (put("constants", 0, UNBOUND), "constant 0 cannot be unbound 1"),
        (put("constants", 0, LIST), "constant 0 is no list in the heap"),
        (put("constants", 1, 99), "constant 0 refers outside the heap, to 99"),
        (put("constants", 1, 0), "constant 0 refers outside the heap, to 0"),
        (put("constants", 1, 2), "constant 0 is no string in the heap"),
        (put("heap", 1, 5), "constant 0 is no string in the heap"),
        (put("heap", 2, -1), "constant 0 has the impossible length -1"),
        (put("heap", 2, 9), "constant 0 ends outside the heap"),
        (put("heap", 2, 3), "constant 0 is not padded with zeros"),
        (put("heap", 1, 1 | 4 << 8), "constant 0 ends outside the heap"),
        (lambda image: image.live.popitem(), "the mask 'live' is wrong"),
        (lambda image: image.live.update({0: 1}), "the mask 'live' is wrong"),
        (lambda image: image.across.clear(), "the mask 'across' is wrong"),
        (put("code", -1, encode(opcodes.RETURN, 1)), "a chunk must end with RETURN 0"),
        (put("code", 0, 200), "unknown opcode 200"),
        (put("code", 0, -1), "unknown opcode 255"),
    ],
)
def test_a_damaged_image_is_rejected(
    change: Callable[[Image], None], message: str
) -> None:
    assert rejection(changed(change)) == message


def test_a_wide_string_has_characters_of_unicode_only() -> None:
    image = image_of('println("\\u{1F600}")')
    verify(image)
    image.heap[4] = 0x110000
    assert rejection(image) == "constant 0 has a character beyond Unicode"


def test_list_constants_are_followed_into_their_items() -> None:
    def with_list(*words: int) -> Image:
        image = assemble(LOAD0, RETURN)
        image.constants.extend((LIST, len(image.heap)))
        image.heap.extend(words)
        return image

    verify(with_list(2, 2, 0, 7, STRING, 1))
    verify(with_list(2, 0))
    assert rejection(with_list(2, 1, STRING, 2)) == (
        "an item of constant 2 is no string in the heap"
    )
    assert rejection(with_list(2, 2, 0, 7)) == "constant 2 ends outside the heap"


def test_the_error_says_where() -> None:
    with pytest.raises(VerificationError) as caught:
        verify(assemble(LOAD0, ("MOVE", 1, 9)))
    assert caught.value.pc == 4
    assert str(caught.value) == "MOVE: b (register read) cannot be 9 here (at 4)"


PROGRAM = """
const N = 3
let total = 0
function fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
function count(n, acc) {
  match n { 0 => acc, 1 | 2 => -1, _ => count(n - 1, acc + 2.5) }
}
function search(limit) {
  if limit < 0 { return 0 }
  for i in 0..limit {
    let n = i
    while n != 1 && n > -5 { if n % 2 == 0 { n = n / 2; continue }; n -= 3 }
    if i * N > limit { return sqrt(i) }
    for j in i..=N { total += j; if total == 99 { break } }
  }
  let f = search
  f(limit - 1) |> println
}
println(fib(9)); println(count(5, "a")); search(args().length())
"""


# Bits of the opcode, of a, b and c, and the sign.
BITS = [1 << bit for bit in (0, 1, 8, 9, 24, 25, 26, 40, 41, 42)] + [-1 << 63]


def mutant(random_: random.Random) -> Image:
    """The image of PROGRAM with one to three changes, often with masks to match."""
    image = image_of(PROGRAM)
    tables = [image.code, image.code, image.code, image.constants, image.heap]
    for _ in range(random_.randint(1, 3)):
        kind = random_.randint(0, 9)
        if kind <= 6:
            table = random_.choice(tables)
            at = random_.randrange(len(table))
            if random_.random() < 0.3:
                table[at] = random_.choice(table)
            else:
                table[at] ^= random_.choice(BITS)
        else:
            row: Any = random_.choice([*image.chunks, *image.back_edges])
            fields = [
                name for name in row.__slots__ if isinstance(getattr(row, name), int)
            ]
            name = random_.choice(fields)
            change = random_.choice((-100, -1, 1, 2, 300, 1 << 40))
            setattr(row, name, getattr(row, name) + change)
    if random_.random() < 0.8:
        with suppress(IndexError, ValueError):
            fill_masks(image)
    return image


@pytest.mark.timing
def test_random_damage_is_accepted_or_rejected_and_nothing_else() -> None:
    random_ = random.Random(7)
    rejected = 0
    start = time.process_time()
    for _ in range(400):
        image = mutant(random_)
        try:
            verify(image)
        except VerificationError:
            rejected += 1
    assert 200 < rejected < 400
    # 12 ms each would be ten times what compiling and verifying takes.
    assert time.process_time() - start < 400 * 0.012
