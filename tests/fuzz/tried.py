"""Functions of throw, try and finally on plain Python against what they mean."""

from __future__ import annotations

import io

from fluentai_jit.errors import FluentError
from fluentai_jit.stdlib.host import Exit
from tests.engines import counts_of, make_vm, program_of

from .scope import Chance
from .trying import ARGUMENTS, SHOW, Fault, Left, Problem, TooLong, Tries

# What a call came to: its value, what it threw, the kind of its error, an exit.
Outcome = tuple[str, object]


def _meant(function: object, argument: int) -> Outcome:
    assert callable(function)
    try:
        return "value", function(argument)
    except Problem as problem:
        if isinstance(problem.value, Fault):
            return "error", problem.value.kind
        return "thrown", problem.value
    except Left as left:
        return "exit", left.status


def tries_disagreement(seed: int) -> str | None:
    """Call random functions; the first outcome that the rules do not give."""
    tries = Tries(Chance(seed), "t")
    model = tries.model()
    text = f"{SHOW}\n{tries.source()}"
    last = tries.known[-1]
    with make_vm(program_of(text), "plain", stdout=io.StringIO()) as vm:
        vm.run()
        for argument in ARGUMENTS:
            try:
                wanted = _meant(model[last], argument)
            except TooLong:
                return None
            found: Outcome
            try:
                found = "value", vm.call(last, argument)
            except FluentError as error:
                found = "error", error.kind
                if error.thrown:
                    found = "thrown", error.value
            except Exit as left:
                found = "exit", left.status
            if found != wanted:
                return f"{last}({argument}) is {found}, by the rules {wanted}\n{text}"
        for name, row in counts_of(vm):
            if row.errors != model["errors"].get(name, row.errors):
                left_by = model["errors"][name]
                return f"{name} was left by {row.errors} errors, not {left_by}\n{text}"
    return None
