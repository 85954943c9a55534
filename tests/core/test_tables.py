"""Every table of the core is complete: each row has its handlers."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from fluentai_jit.bytecode.image import Image
from fluentai_jit.core import hosts, layout, library_rows, opcodes, statuses, tags
from fluentai_jit.core.library import FORMS, GROUPS, LIBRARY, Form
from fluentai_jit.core.library_aliases import ALIASES
from fluentai_jit.core.natives import ANY, NATIVES, Native
from fluentai_jit.core.opcodes import (
    B_BIAS,
    BY_NAME,
    MAX_C,
    MIN_C,
    OPCODES,
    Operand,
    decode,
    encode,
)
from fluentai_jit.core.scalars import SCALAR_INDEX, SCALARS, Scalar
from fluentai_jit.core.statuses import ERROR_KINDS, STATUS_NAMES
from fluentai_jit.core.tags import BOOL, INT, TAG_NAMES
from fluentai_jit.engine.host_calls import FUNCTIONS
from fluentai_jit.engine.messages import _MESSAGES
from fluentai_jit.jit.flow import INTERPRETED
from fluentai_jit.jit.observed import Observed
from fluentai_jit.jit.unit import Request, UnitLimits, specialise
from fluentai_jit.jit.vocabulary import constants
from fluentai_jit.kernel import interpreter
from fluentai_jit.prelude import functions as prelude
from fluentai_jit.stdlib.host import SCALAR_HOSTS
from tests.bytecode.images import Instruction, assemble
from tests.engines import execute, program_of

LAYOUT = Path(inspect.getfile(layout)).read_text(encoding="utf-8")


# ---- opcodes --------------------------------------------------------------------
def kernel_arms() -> set[str]:
    """Opcodes that the dispatch loop compares with."""
    tree = ast.parse(inspect.getsource(interpreter.run))
    return {
        comparator.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Name)
        and node.left.id == "op"
        and isinstance(node.ops[0], ast.Eq)
        for comparator in node.comparators
        if isinstance(comparator, ast.Name)
    }


def test_every_opcode_has_an_arm_in_the_kernel() -> None:
    assert kernel_arms() == set(BY_NAME)


# Fields that make each kind of operand legal in the chunk below.
_FIELDS = {
    Operand.TAG: INT,
    Operand.TAG_MASK: 1 << INT,
    Operand.IMMEDIATE: 1,
    Operand.JUMP: 1,
    Operand.SCALAR: SCALAR_INDEX["sin"],
}


def instruction_of(name: str) -> list[Instruction]:
    """One instruction with legal operands, and what it jumps over."""
    row = BY_NAME[name]
    fields = [_FIELDS.get(kind, 0) for kind in (row.a, row.b, row.c)]
    if row.b is Operand.IMMEDIATE:
        fields[1] += B_BIAS
    if name in ("LOOP", "FOR_LOOP"):
        # A loop of two instructions, which something has to leave.
        fields[2] = -1
        return [("UNLESS_TAG", 3, 1 << BOOL, 2), (name, *fields), ("MOVE", 0, 0)]
    if name == "SCALAR":
        fields[2] = 1
    if name == "CALL_CHUNK":
        fields[1], fields[2] = 4, 1
    if name == "TAIL_CALL_CHUNK":
        # Not of itself: that would be an endless loop.
        fields[1], fields[2] = 0, 0
    if name == "TAIL_CALL" or name in INTERPRETED:
        # A body of nothing but these is refused: there is a way around them.
        return [("UNLESS_TAG", 3, 1 << BOOL, 2), (name, *fields)]
    return [(name, *fields)]


def image_with(name: str) -> Image:
    return assemble(*instruction_of(name), arity=4, registers=10)


@pytest.mark.parametrize("name", list(BY_NAME))
def test_every_opcode_is_emitted(name: str) -> None:
    image = image_with(name)
    request = Request(1, None, (INT, INT, INT, BOOL), Observed([0] * 16, (tags.INT,)))
    unit = specialise(image, request, UnitLimits(100, 0))
    assert re.search(rf"^ *# \d+ {name}\b", unit.source, re.M), unit.source
    compile(unit.source, "unit", "exec")


def test_an_instruction_is_decoded_as_it_was_encoded() -> None:
    for row in OPCODES:
        for c in (0, 1, -1, MIN_C, MAX_C):
            word = encode(row.code, 65535, 65535, c)
            assert -(1 << 63) <= word < 1 << 63
            assert decode(word) == (row.code, 65535, 65535, c)


def test_opcodes_are_numbered_and_fit() -> None:
    assert [row.code for row in OPCODES] == list(range(len(OPCODES)))
    assert len(OPCODES) <= opcodes.MAX_OPCODES
    assert all(getattr(opcodes, row.name) == row.code for row in OPCODES)


# ---- scalar, native and host functions ------------------------------------------
def test_every_example_is_true() -> None:
    rows = LIBRARY.values()
    text = "\n".join(f"println({row.example})" for row in rows)
    printed = execute(program_of(text), "plain").output.splitlines()
    wrong = {
        row.example: found
        for row, found in zip(rows, printed, strict=True)
        if row.value != found
    }
    assert not wrong


def test_an_example_is_of_its_function() -> None:
    for row in LIBRARY.values():
        assert re.search(rf"\b{row.name}\b", row.example), row.name


def test_every_library_function_is_carried_out() -> None:
    tables: list[Scalar | Native | hosts.HostRow] = [*SCALARS, *NATIVES, *hosts.HOSTS]
    targets = {row.name: row.arity for row in tables}
    for name in prelude.sources():
        targets[name] = len(prelude.function(name).params)
    for row in LIBRARY.values():
        for form in FORMS.get(row.name, (Form(row.least, row.most, row.name),)):
            arity = targets[form.target]
            assert form.most <= arity or arity == ANY, row.name


def test_the_forms_of_a_row_cover_its_arguments() -> None:
    for row in LIBRARY.values():
        last = row.least + 4 if row.most == ANY else row.most
        taken = [count for count in range(last + 2) if row.form(count)]
        end = last + 2 if row.most == ANY else last + 1
        assert taken == list(range(row.least, end)), row.name


def test_library_rows_are_named_once() -> None:
    names = [row.name for rows in GROUPS.values() for row in rows]
    assert len(names) == len(set(names))
    assert not ALIASES.keys() & LIBRARY.keys()
    assert {*ALIASES.values(), *FORMS} <= LIBRARY.keys()


def test_every_row_of_the_library_is_read() -> None:
    texts = [text for name, text in vars(library_rows).items() if name.isupper()]
    lines = [line for text in texts for line in text.splitlines() if line]
    assert len(lines) == 2 * len(LIBRARY)


def test_every_host_function_is_implemented() -> None:
    assert list(FUNCTIONS) == [row.name for row in hosts.HOSTS]
    assert set(SCALAR_HOSTS) <= set(SCALAR_INDEX)


def test_what_carries_functions_out_is_named_once() -> None:
    tables: list[Scalar | Native | hosts.HostRow] = [*SCALARS, *NATIVES, *hosts.HOSTS]
    names = [row.name for row in tables] + list(prelude.sources())
    assert len(names) == len(set(names))


# ---- statuses and tags ----------------------------------------------------------
def status_values() -> dict[str, int]:
    return {
        name: value
        for name, value in vars(statuses).items()
        if name.isupper() and isinstance(value, int) and name != "LAST_ERROR"
    }


def test_every_status_has_a_name_of_its_own() -> None:
    values = status_values()
    assert len(set(values.values())) == len(values)
    assert {value: name.lower() for name, value in values.items()} == STATUS_NAMES


def test_every_error_has_a_kind_and_a_message() -> None:
    errors = {
        value for value in status_values().values() if 0 < value <= statuses.LAST_ERROR
    }
    assert errors == set(ERROR_KINDS) == set(_MESSAGES)


def test_every_tag_has_a_name() -> None:
    values = {
        name: value
        for name, value in vars(tags).items()
        if name.isupper() and isinstance(value, int) and not name.endswith("_INT")
    }
    assert [name.lower() for name in values] == list(TAG_NAMES)
    assert list(values.values()) == list(range(len(TAG_NAMES)))


def test_names_of_emitted_code_are_not_ambiguous() -> None:
    found: dict[str, int] = {}
    for module in (tags, layout, statuses):
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, int) and name != "LIMIT":
                assert found.setdefault(name, value) == value, name
    # Emitted code means the word of the context, not the status.
    assert constants()["LIMIT"] == layout.LIMIT


# ---- layout ---------------------------------------------------------------------
def sections() -> dict[str, dict[str, int]]:
    """The constants of each section of core/layout.py."""
    found: dict[str, dict[str, int]] = {}
    current = ""
    for line in LAYOUT.splitlines():
        if heading := re.match(r"# ---- (.*?) -+$", line):
            current = heading[1]
            found[current] = {}
        elif row := re.match(r"([A-Z_]+) = (\d+)", line):
            found[current][row[1]] = int(row[2])
    return found


@pytest.mark.parametrize(
    "section",
    [
        name
        for name, rows in sections().items()
        if any("_WORDS" in row for row in rows) and name != "heap objects"
    ],
)
def test_offsets_of_a_record_do_not_overlap(section: str) -> None:
    rows = sections()[section]
    size = next(value for name, value in rows.items() if name.endswith("_WORDS"))
    offsets = [value for name, value in rows.items() if not name.endswith("_WORDS")]
    assert len(set(offsets)) == len(offsets) > 0
    assert max(offsets) < size


def test_the_data_of_an_object_follows_its_header() -> None:
    rows = sections()["heap objects"]
    string = [rows[f"OBJECT_{part}"] for part in ("HEADER", "LENGTH")]
    string += [rows["STRING_HASH"], rows["STRING_DATA"]]
    assert string == [0, 1, 2, 3]
    assert rows["STRING_BUFFER"] == rows["SHARED_WORDS"] - 1
    assert rows["LIST_DATA"] == 2
    assert rows["VIEW_VERSION"] == rows["VIEW_WORDS"] - 1
    assert rows["VERSION_PAYLOAD"] == rows["VERSION_WORDS"] - 1
    kinds = [value for name, value in rows.items() if name.startswith("KIND_")]
    assert len(set(kinds)) == len(kinds)
    assert all(0 < kind < 256 for kind in kinds)


# Operands that each operator refuses, as a program would write them.
REFUSED = [
    *(f"nil {sign} true" for sign in ("+", "-", "*", "/", "%", "**")),
    *(f"nil {sign} true" for sign in ("<", "<=", ">", ">=")),
    *(f"if nil {sign} 1 {{ }}" for sign in ("<", "<=", ">", ">=")),
    *(
        "-nil",
        "!1",
        "1[0]",
        "[1][nil]",
        "append(1, nil)",
        "for x in nil { }",
        "nil || true",
        "nil && true",
        "nil()",
    ),
    *("for i in nil..1 { }", "sin(nil)", "hypot(nil, 1)", "clamp(1, nil, 2)"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_an_error_names_its_operands(text: str) -> None:
    (result,) = execute(program_of(text), "plain").results
    first = result.splitlines()[0]
    assert first.startswith("error[TypeError]: "), result
    assert "nil" in first or "int 1" in first, result
