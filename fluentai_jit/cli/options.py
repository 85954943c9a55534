"""Options and arguments that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from ..config import Config
    from ..engine.program import Program

Command = TypeVar("Command", bound=Callable[..., Any])
STDIN = "-"

file_argument = click.argument("file")
arguments_argument = click.argument(
    "arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]..."
)


def config_options(command: Command) -> Command:
    """`--config PATH` and `--set KEY=VALUE`, as `config_path` and `settings`."""
    path = click.option(
        "--config",
        "config_path",
        metavar="PATH",
        help="Read this file in place of the project's.",
    )
    settings = click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        help="Change a setting; any number of times.",
    )
    return path(settings(command))


def load(config_path: str | None, settings: Sequence[str]) -> Config:
    """The settings in force.

    Raises click.UsageError for a wrong flag, FluentError for a wrong file or
    variable.
    """
    from ..config import FLAG, load_config
    from ..errors import FluentError

    try:
        return load_config(config_path, settings)
    except FluentError as error:
        if error.message.startswith(f"{FLAG}: "):
            raise click.UsageError(error.message) from None
        raise


def load_program(file: str) -> Program:
    """The compiled program of a file, or of stdin for `-`. Raises FluentError."""
    from pathlib import Path

    from ..engine.program import compile_source, decoded_source, read_source
    from ..errors import FluentError
    from ..files import Readable, read_all

    if not file:
        raise FluentError("FileError", "the name of the program's file is empty")
    if file != STDIN:
        return compile_source(read_source(Path(file)))
    if sys.stdin is None:
        raise FluentError("FileError", "stdin is closed: there is no program to read")
    try:
        data = read_all(cast(Readable, sys.stdin.buffer))
    except OSError as error:
        message = f"cannot read stdin: {error.strerror}"
        raise FluentError("FileError", message) from None
    return compile_source(decoded_source("<stdin>", data))
