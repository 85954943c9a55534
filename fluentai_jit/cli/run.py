"""`fluentai-jit run`: a program, and a report of what became of its functions."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

import click

from .execution import machine, run_to_end
from .options import (
    STDIN,
    arguments_argument,
    config_options,
    file_argument,
    load,
    load_program,
)
from .streams import discard, is_silent, say
from .target import Target, opened

if TYPE_CHECKING:
    from ..report.profile import Profile

FORMATS = ("table", "json")


class _Run(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        followers: list[str] = []
        rest = super().parse_args(ctx, list(_with_format(args, followers)))
        # Not while a shell asks what could complete the line.
        for word in () if ctx.resilient_parsing else followers:
            _refuse_format(word, ctx)
        return rest


def _with_format(args: list[str], followers: list[str]) -> Iterator[str]:
    """Give a bare `--report` its value: click would take the file's name for one.

    Words that follow one are added to `followers`.
    """
    for index, argument in enumerate(args):
        if argument == "--":
            yield from args[index:]
            return
        follows = args[index + 1] if index + 1 < len(args) else ""
        bare = argument == "--report" and follows not in FORMATS
        if bare and not follows.startswith("-"):
            followers.append(follows)
        yield "--report=table" if bare else argument


def _refuse_format(word: str, ctx: click.Context) -> None:
    """Refuse a mistyped format that was taken for the program or its argument."""
    from ..errors import nearest

    file, arguments = ctx.params["file"], ctx.params["arguments"]
    if word not in (file, *arguments) or os.path.exists(word):
        return
    close = nearest(word, FORMATS)
    if close is None and word != file:
        return
    advice = f"the formats are {' and '.join(FORMATS)}"
    if close is not None:
        advice = f"did you mean {close}?"
    if word != file:
        advice += " An argument of the program goes after '--'."
    message = f"{word!r} is neither a format of --report nor an existing file; {advice}"
    raise click.UsageError(message, ctx)


@click.command("run", cls=_Run)
@file_argument
@arguments_argument
@click.option(
    "--jit",
    type=click.Choice(("auto", "off", "sync")),
    help="Compile what is hot beside the program, never, or on the spot.",
)
@click.option(
    "--track",
    type=click.Choice(("off", "counts", "sampled", "full")),
    help="Count the executions of every function, and time some or all of them.",
)
@click.option(
    "--report",
    "report_format",
    type=click.Choice(FORMATS),
    help="Report what became of each function; counts them at least.",
)
@click.option(
    "--report-to",
    metavar="PATH",
    help="Write the report there, not to stderr; implies --report, json for *.json.",
)
@config_options
@click.option(
    "--events", metavar="PATH", help="Log the JIT's decisions, as JSON lines."
)
@click.option(
    "--jit-verify",
    is_flag=True,
    help="Interpret every native call as well, and compare.",
)
def run_command(
    file: str,
    arguments: tuple[str, ...],
    jit: str | None,
    track: str | None,
    report_format: str | None,
    report_to: str | None,
    config_path: str | None,
    settings: tuple[str, ...],
    events: str | None,
    jit_verify: bool,
) -> int:
    """Run the program FILE.

    FILE may be '-' for stdin. ARGS are what the program's `args()` gives; those that
    begin with '-' go after '--'.
    """
    if report_to is not None and report_format is None:
        report_format = "json" if report_to.endswith(".json") else "table"
    if report_format is not None and track == "off":
        raise click.UsageError("--report needs --track counts, sampled or full.")
    for option, path in (("--report-to", report_to), ("--events", events)):
        _refuse_own_file(option, path, file)
    flags = [*settings]
    if jit is not None:
        flags.append(f"jit.mode={jit}")
    if track is not None:
        flags.append(f"tracking.mode={track}")
    if jit_verify:
        flags.append("jit.verify=true")
    config = load(config_path, flags)
    if report_format is not None and config["tracking.mode"] == "off":
        config = config.replace({"tracking.mode": "counts"})
    program = load_program(file)
    # Before the program runs: its report must not be lost to a wrong path.
    with opened(report_to) as target:
        with machine(program, config, arguments, sys.stdout, events) as vm:
            outcome = run_to_end(vm)
            if report_format is None:
                return outcome.status
            from ..report.rows import profile_of

            profile = profile_of(vm, outcome.wall_ns, outcome.ended)
        written = _write(profile, report_format, target)
    return outcome.status or (0 if written else 1)


def _refuse_own_file(option: str, path: str | None, file: str) -> None:
    if path is None or file == STDIN:
        return
    try:
        same = os.path.samefile(path, file)
    except OSError:
        return
    if same and os.path.isfile(file):
        raise click.UsageError(f"{option} is the program itself: {path}")


def _write(profile: Profile, form: str, target: Target) -> bool:
    """Write a report; whether that went well."""
    stream = target.stream
    if is_silent(stream):
        return False
    try:
        if stream is sys.stderr and form == "table":
            stream.write("\n")
        stream.write(_text(profile, form, stream))
        target.finish()
    except OSError as error:
        say(f"error: cannot write the report{target.where}: {error.strerror}\n")
        discard(stream)
        return False
    return True


def _text(profile: Profile, form: str, stream: TextIO) -> str:
    if form == "json":
        from ..report.profile import encode

        return encode(profile)
    from ..report.table import shown

    return shown(profile, stream)
