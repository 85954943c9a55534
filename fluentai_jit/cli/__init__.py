"""The command line: arguments, streams and exit statuses; the work is done elsewhere.

Exit statuses: 0; 1 for an error of the program or of a file; 2 for wrong usage; 130
after an interrupt; what the program gave to `exit`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import click

from .. import __version__, interrupts
from . import streams
from .cache import cache_command
from .explain import explain_command
from .run import run_command
from .show import config_command, disasm_command, report_command

USAGE = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def commands() -> None:
    """Runs FLC programs, and shows what became of their functions."""


for _command in (
    run_command,
    report_command,
    explain_command,
    disasm_command,
    config_command,
    cache_command,
):
    commands.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, `sys.argv` by default; gives the exit status."""
    from ..errors import FluentError, render

    streams.prepare()
    try:
        with streams.guarded():
            # In this mode click gives back what the command returns, or the status
            # with which `--help` ends.
            result = commands.main(arguments, "fluentai-jit", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.UsageError as error:
        _show_usage(error)
        return USAGE
    except FluentError as error:
        streams.say(render(error) + "\n")
        return 1
    except streams.OutputFailed as failure:
        streams.say_failed(failure)
        return 1
    except MemoryError:
        streams.say("error: there is not enough memory\n")
        return 1
    except click.Abort:
        # Python's own handler: this is not the process of the command line.
        streams.say(interrupts.MESSAGE)
        return interrupts.STATUS


def _show_usage(error: click.UsageError) -> None:
    text = io.StringIO()
    error.show(text)
    streams.say(text.getvalue())
    command = None if error.ctx is None else error.ctx.info_name
    if isinstance(error, click.NoSuchOption) and command in ("run", "explain"):
        streams.say("Arguments of the program that begin with '-' go after '--'.\n")
