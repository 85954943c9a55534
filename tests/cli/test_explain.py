"""`explain`, `disasm` and `config`."""

import pytest

from fluentai_jit import compile
from fluentai_jit.bytecode.disassembler import disassemble
from fluentai_jit.settings import SETTINGS
from tests.cli.conftest import CommandLine

TWICE = """\
private function twice(x) {
    x + x
}
private function again(n) { if (n == 0) { 0 } else { again(n - 1) } }
println(again(300))
println(twice(2))
"""
ONLY_TWICE = """\
private function twice(x) {
    x + x
}
"""
# Up to the emitted Python, which is the specialiser's to test.
TWICE_FOR_INT = """\
twice(x) at twice.flc:1, node 6

Source
  1 | private function twice(x) {
  2 |     x + x
  3 | }

Bytecode
  chunk 1 twice(x): 2 registers, weight 3, line 1
     2     3  ADD             R1 := R0 + R0
           4  RETURN          return R1
     1     5  RETURN          return R0

Unit: 3 instructions
  guards at entry: x int

"""


@pytest.fixture
def twice(command: CommandLine) -> str:
    return command.write("twice.flc", TWICE)


def test_a_function_is_specialised_without_running_the_program(
    command: CommandLine, twice: str
) -> None:
    command.write(twice, ONLY_TWICE)
    status, out, err = command("explain", twice, "twice", "--tags", "int")
    assert (status, err) == (0, "")
    assert out.partition("Emitted Python\n")[0] == TWICE_FOR_INT
    assert "t, v, s = op_add(t0, v0, t0, v0)" in out


def test_a_function_is_explained_from_a_run_of_the_program(
    command: CommandLine, twice: str
) -> None:
    command.use("emitted")
    settings = ("--set", "jit.call_threshold=10")
    status, out, err = command("explain", twice, "again", *settings)
    assert (status, err) == (0, "")
    assert "300" not in out.partition("Source")[0]
    assert "State: native: calls run native code\n" in out
    assert "Counts: calls 1, native 0, tail iterations 300, back-edges 0, " in out
    assert "guards at entry: n int\n" in out
    assert "def again_0(ctx, base, frame" in out


def test_deoptimisations_are_told_with_reason_instruction_and_types(
    command: CommandLine,
) -> None:
    program = "private function f(x) { x + x }\n"
    program += "for i in 0..20 { f(i) }\n" + "f(0.5)\n" * 3
    name = command.write("a.flc", program)
    command.use("emitted")
    settings = ("--set", "jit.call_threshold=5", "--set", "jit.deoptimisation_limit=2")
    out = command("explain", name, "f", *settings).out
    assert (
        "Deoptimisations\n  3 x entry_guard at ADD in line 1, entered by call, "
        "first with (R0 float)\n"
    ) in out
    assert "  retired after deoptimisations: 1\n" in out
    assert "  types seen: x int or float\n" in out


def test_a_refusal_is_named(command: CommandLine, twice: str) -> None:
    command.use("emitted")
    small = ("--set", "jit.max_instructions=2", "--set", "jit.call_threshold=2")
    out = command("explain", twice, "again", *small).out
    assert "State: too_large (7 instructions): more instructions than jit.max_" in out
    out = command("explain", twice, "twice", "--tags", "int", *small).out
    assert out.endswith(
        "Not compiled: too_large: more instructions than jit.max_instructions "
        "(3 instructions)\n"
    )


def test_the_output_of_the_program_is_shown_on_request(
    command: CommandLine, twice: str
) -> None:
    assert not command("explain", twice, "twice").out.startswith("0\n4\n")
    assert command("explain", twice, "twice", "--show-output").out.startswith("0\n4\n")


def test_a_program_that_fails_is_explained_all_the_same(command: CommandLine) -> None:
    name = command.write("a.flc", "private function f(x) { 1 / x }\nf(0)\n")
    status, out, err = command("explain", name, "f")
    assert status == 1
    assert err.startswith("error[DivisionByZero]")
    assert "Counts: calls 1, native 0, tail iterations 0, back-edges 0, errors 1" in out


def test_a_function_can_be_named_by_its_line(command: CommandLine) -> None:
    name = command.write(
        "a.flc", "let f = x => x\nlet g = x => x + 1\nprintln(g(f(1)))"
    )
    assert command("explain", name, "2").out.startswith("g(x) at a.flc:2")
    assert command("explain", name, "<main>").out.startswith("<main>() at a.flc:1")


def test_a_name_that_several_functions_have(command: CommandLine) -> None:
    name = command.write("a.flc", "println((x => x)(1))\nprintln((x => 2 * x)(1))\n")
    status, out, err = command("explain", name, "<lambda>")
    assert (status, out) == (1, "")
    assert err.startswith(
        "error[UnknownIdentifier]: the program has 2 functions named '<lambda>': "
        "<lambda> in line 1, <lambda> in line 2\n"
    )


def test_a_name_that_no_function_has(command: CommandLine, twice: str) -> None:
    assert command("explain", twice, "twise") == (
        1,
        "",
        "error[UnknownIdentifier]: the program has no function named 'twise'\n"
        "   = hint: did you mean twice?\n",
    )


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ("int,int", "twice has 1 parameter, --tags names 2."),
        ("", "twice has 1 parameter, --tags names 0."),
        (
            "num",
            "--tags takes int, float, bool, nil, function, symbol, string, list,"
            " closure, map, set, range, tagged, error, array, any",
        ),
    ],
)
def test_wrong_tags(command: CommandLine, twice: str, tags: str, message: str) -> None:
    status, out, err = command("explain", twice, "twice", "--tags", tags)
    assert (status, out) == (2, "")
    assert message in err


@pytest.mark.native
def test_machine_code_is_shown(command: CommandLine, twice: str) -> None:
    options = ("--tags", "int", "--llvm", "--asm")
    status, out, err = command("explain", twice, "twice", *options)
    assert (status, err) == (0, "")
    assert "@llvm.sadd.with.overflow.i64" in out
    assert "\n  Assembly\n" in out


def test_bytecode_is_shown(command: CommandLine, twice: str) -> None:
    assert command("disasm", twice) == (0, disassemble(compile(TWICE).image), "")


def test_every_setting_is_shown_with_its_meaning(command: CommandLine) -> None:
    status, out, err = command("config", "--set", "jit.mode=off")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == list(SETTINGS)
    assert lines[0].split() == ["jit.mode", "off"]
    assert lines[1].strip() == SETTINGS["jit.mode"].description


def test_the_origin_of_settings_is_shown(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLUENTAI_JIT_LIMITS_DEPTH", "77")
    name = command.write("fluentai_jit.toml", "[jit]\nopt_level = 1\n")
    out = command("config", "--origin", "--set", "jit.mode=off").out
    assert "flag --set" in out.splitlines()[0]
    assert f"file {command.folder / name}" in out
    assert "environment FLUENTAI_JIT_LIMITS_DEPTH" in out
