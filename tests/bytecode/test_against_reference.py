"""Random programs do what a tree-walking evaluator says."""

import io
import re

import pytest

from fluentai_jit.bytecode.compiler import compile_graph
from fluentai_jit.bytecode.verifier import verify
from fluentai_jit.engine.program import Program
from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError, Source
from fluentai_jit.graph.nodes import Graph
from fluentai_jit.syntax.parser import parse
from tests.bytecode.programs import Programs
from tests.bytecode.reference import Evaluator, OutOfStepsError, ProgramError

Outcome = tuple[list[str], str]


def outcome_of_vm(graph: Graph) -> Outcome:
    """What the program printed, and the kind of error that ended it."""
    image = compile_graph(graph)
    verify(image)
    stdout = io.StringIO()
    kind = ""
    with VM(Program(graph.source, graph, image), stdout=stdout, engine="plain") as vm:
        try:
            vm.run()
        except FluentError as error:
            kind = error.kind
    text = re.sub("<function [^>]*>", "<function>", stdout.getvalue())
    return text.splitlines(), kind


def outcome_of_reference(graph: Graph) -> Outcome:
    """The same by the evaluator. Raises OutOfStepsError."""
    evaluator = Evaluator(graph)
    kind = ""
    try:
        evaluator.run()
    except ProgramError as error:
        kind = error.kind
    return evaluator.output, kind


@pytest.mark.parametrize("seed", range(100))
def test_a_random_program_prints_what_the_evaluator_prints(seed: int) -> None:
    graph = parse(Source("random.flc", Programs(seed).program()))
    try:
        expected = outcome_of_reference(graph)
    except OutOfStepsError:
        pytest.skip("the program runs for too long")
    assert outcome_of_vm(graph) == expected, graph.source.text
