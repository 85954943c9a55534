"""`python -m benchmarks WHAT`: one measurement."""

from __future__ import annotations

import argparse
import sys

from . import compare, compilation, counting, peers, startup, tail
from .processes import Failed
from .suite import WrongAnswer

COMMANDS = {
    "compare": compare,
    "peers": peers,
    "counting": counting,
    "tail": tail,
    "startup": startup,
    "compile": compilation,
}


def main() -> int:
    """Parse the arguments and measure; 1 where something measured is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").partition(": ")[2].partition("\n")[0]
        module.add_arguments(commands.add_parser(name, help=summary))
    options = parser.parse_args()
    try:
        COMMANDS[options.command].main(options)
    except (Failed, WrongAnswer, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
