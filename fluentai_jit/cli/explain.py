"""`fluentai-jit explain`: what became of one function, and why."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from .execution import machine, run_to_end, warnings_said
from .options import (
    arguments_argument,
    config_options,
    file_argument,
    load,
    load_program,
)
from .streams import tell

if TYPE_CHECKING:
    from ..bytecode.image import Chunk
    from ..config import Config
    from ..engine.program import Program
    from ..report.explain import Printer


@click.command("explain")
@file_argument
@click.argument("function", metavar="FUNC")
@arguments_argument
@click.option("--llvm", is_flag=True, help="Show the LLVM IR of its native code.")
@click.option("--asm", "assembly", is_flag=True, help="Show the assembly of it.")
@click.option(
    "--tags",
    metavar="TAG,...",
    help="Specialise for these types of the parameters, without running the program.",
)
@click.option("--show-output", is_flag=True, help="Let the program write to stdout.")
@config_options
def explain_command(
    file: str,
    function: str,
    arguments: tuple[str, ...],
    llvm: bool,
    assembly: bool,
    tags: str | None,
    show_output: bool,
    config_path: str | None,
    settings: tuple[str, ...],
) -> int:
    """Explain what became of a function.

    FUNC is its name, or the line where it begins. The program FILE is run with ARGS,
    its output discarded, and what is hot compiled on the spot, unless jit.mode is set
    otherwise.
    """
    from ..report.explain import explain_run, find_chunk

    sync = [] if _sets_mode(settings) else ["jit.mode=sync"]
    config = load(config_path, ["tracking.mode=counts", *sync, *settings])
    program = load_program(file)
    chunk = find_chunk(program.image, function)
    printer = _printer(config, llvm, assembly)
    if tags is not None:
        tell(_specialised(program, chunk, tags, config, printer))
        return 0
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        output = sys.stdout if show_output else nowhere
        with machine(program, config, arguments, output) as vm:
            outcome = run_to_end(vm)
            tell(explain_run(vm, chunk, printer))
    return outcome.status


def _sets_mode(settings: tuple[str, ...]) -> bool:
    return any(text.partition("=")[0].strip() == "jit.mode" for text in settings)


def _printer(config: Config, llvm: bool, assembly: bool) -> Printer | None:
    if not (llvm or assembly):
        return None
    from ..engine.setup import artifacts_of
    from ..report.machine_code import MachineCode

    with warnings_said():
        artifacts = artifacts_of(config)
    return MachineCode(artifacts, config["jit.opt_level"], llvm, assembly)


def _specialised(
    program: Program, chunk: Chunk, tags: str, config: Config, printer: Printer | None
) -> str:
    from ..core.tags import UNBOUND
    from ..jit.observed import Observed
    from ..jit.refusals import Refused
    from ..jit.unit import Request, UnitLimits, specialise
    from ..report.explain import explain_refusal, explain_unit

    image = program.image
    request = Request(
        chunk=chunk.index,
        back_edge=None,
        tags=_parsed_tags(chunk, tags),
        observed=Observed([0] * len(image.code), (UNBOUND,) * len(image.globals)),
    )
    limits = UnitLimits(
        config["jit.max_instructions"], config["jit.inline_instructions"]
    )
    try:
        unit = specialise(image, request, limits)
    except Refused as refused:
        return explain_refusal(image, chunk, str(refused))
    return explain_unit(image, chunk, unit, printer)


def _parsed_tags(chunk: Chunk, text: str) -> tuple[int | None, ...]:
    """The tags of the parameters; `any` stands for a type that is not known."""
    from ..core.tags import CELL, CLOSURE, TAG_NAMES, UNBOUND

    hidden = (UNBOUND, CELL)
    known = {name: tag for tag, name in enumerate(TAG_NAMES) if tag not in hidden}
    names = [name.strip() for name in text.split(",")] if text.strip() else []
    for name in names:
        if name != "any" and name not in known:
            allowed = ", ".join((*known, "any"))
            raise click.UsageError(f"--tags takes {allowed}, not {name!r}.")
    if len(names) != chunk.arity:
        noun = "parameter" if chunk.arity == 1 else "parameters"
        raise click.UsageError(
            f"{chunk.name} has {chunk.arity} {noun}, --tags names {len(names)}."
        )
    closure = (CLOSURE,) if chunk.captures else ()
    return (*(known.get(name) for name in names), *closure)
