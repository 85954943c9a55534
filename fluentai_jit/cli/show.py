"""Commands that show what is there: a saved report, bytecode, the settings."""

from __future__ import annotations

import sys

import click

from .options import config_options, file_argument, load, load_program
from .run import FORMATS
from .streams import tell


@click.command("report")
@click.argument("profile")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="How to show it.",
)
def report_command(profile: str, form: str) -> None:
    """Show a saved report.

    PROFILE is what `run --report json --report-to PROFILE` has written.
    """
    from ..errors import FluentError
    from ..files import read_all
    from ..report.profile import decode, encode

    try:
        with open(profile, "rb") as file:
            data = read_all(file)
    except OSError as error:
        message = f"cannot read {profile}: {error.strerror}"
        raise FluentError("FileError", message) from None
    saved = decode(data, profile)
    if form == "json":
        tell(encode(saved))
        return
    from ..report.table import shown

    tell(shown(saved, sys.stdout))


@click.command("disasm")
@file_argument
def disasm_command(file: str) -> None:
    """Show the bytecode of the program FILE."""
    from ..bytecode.disassembler import disassemble

    tell(disassemble(load_program(file).image))


@click.command("config")
@click.option("--origin", is_flag=True, help="Show where each value comes from.")
@config_options
def config_command(
    origin: bool, config_path: str | None, settings: tuple[str, ...]
) -> None:
    """Show every setting and what it does."""
    from ..config import render_table
    from ..settings import SETTINGS

    lines = render_table(load(config_path, settings), origin).splitlines()
    for line, row in zip(lines, SETTINGS.values(), strict=True):
        tell(f"{line}\n    {row.description}\n")
