"""Random programs do what a tree-walking evaluator says."""

import io

import pytest

from fluentai_jit.bytecode.compiler import compile_graph
from fluentai_jit.bytecode.verifier import verify
from fluentai_jit.core.tags import STRING
from fluentai_jit.engine.program import Program
from fluentai_jit.engine.values import FunctionValue
from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError, Source
from fluentai_jit.syntax.parser import parse
from tests.bytecode.programs import Programs
from tests.bytecode.reference import Evaluator, OutOfStepsError, ProgramError

_ = STRING


def outcome_of_vm(program: Program) -> tuple[list[str], str]:
    stdout = io.StringIO()
    with VM(program, stdout=stdout, engine="plain") as vm:
        try:
            value = vm.run()
            result = "function" if isinstance(value, FunctionValue) else str(value)
        except FluentError as error:
            result = error.kind
    return stdout.getvalue().splitlines(), result


@pytest.mark.parametrize("seed", range(60))
def test_random_program(seed: int) -> None:
    text = Programs(seed).program()
    source = Source("random.flc", text)
    graph = parse(source)
    image = compile_graph(graph)
    verify(image)
    evaluator = Evaluator(graph)
    try:
        result = evaluator.run()
    except ProgramError as error:
        result = error.kind
    except OutOfStepsError:
        return
    lines, actual = outcome_of_vm(Program(source, graph, image))
    assert (len(lines), actual) == (len(evaluator.output), result), text
