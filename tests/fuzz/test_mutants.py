"""What the verifier accepts stays inside its arrays; and the check of that can fail."""

import subprocess
import sys

import pytest

from fluentai_jit.bytecode import verifier
from fluentai_jit.bytecode.image import Image
from fluentai_jit.core.opcodes import GET_GLOBAL, SET_GLOBAL, encode
from fluentai_jit.engine.program import Program
from tests.engines import program_of
from tests.fuzz.mutants import Damaged, run_checked
from tests.fuzz.planted import ROOT

TEXT = """
let a = 1
private function next() { a = a + 1; a }
println(next())
"""


@pytest.mark.native
def test_accepted_mutants_run_in_both_interpreters() -> None:
    command = [sys.executable, "-m", "tests.fuzz.mutants", "--count", "1500"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 failures" in done.stdout


@pytest.mark.parametrize("opcode", [GET_GLOBAL, SET_GLOBAL])
@pytest.mark.parametrize("index", [-1, 3])
def test_leaving_an_array_is_noticed(opcode: int, index: int) -> None:
    program = program_of(TEXT)
    image: Image = program.image
    for at, word in enumerate(image.code):
        if word & 255 == opcode:
            image.code[at] = encode(opcode, 0, 0, index)
    with pytest.raises(IndexError, match=r"word -?\d+ of an array of"):
        run_checked(Program(program.source, program.graph, image))


def test_a_verifier_that_checks_no_fields_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verifier, "check_fields", lambda image, chunk: None)
    damaged = Damaged()
    damaged.run(0, 1500, compiled_too=False)
    assert any("IndexError" in failure for failure in damaged.failures)
