"""Fuzzing by hand: `python -m tests.fuzz --count 20000 --engines plain,emitted`.

Exits with 1 where engines disagree, or where something that can be reached was
reached less often than `--at-least` says. Campaigns of different seeds are added up
with `--save` and `--add`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.engines import ENGINES

from .campaign import Campaign
from .coverage import Coverage


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="programs to try")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first one")
    parser.add_argument("--engines", default="plain,emitted")
    parser.add_argument(
        "--stress", action="store_true", help="collect before every allocation"
    )
    parser.add_argument("--at-least", type=int, default=0, help="asserted coverage")
    parser.add_argument("--save", type=Path, help="write the counts of coverage there")
    parser.add_argument(
        "--add", type=Path, action="append", default=[], help="counts to add to these"
    )
    parser.add_argument("--failures", type=int, default=3, help="stop after so many")
    parser.add_argument("--shrink", type=float, default=60.0, help="seconds for each")
    return parser.parse_args()


def main() -> int:
    """Run one campaign and print what it found."""
    arguments = _arguments()
    engines = arguments.engines.split(",")
    unknown = set(engines) - set(ENGINES)
    if unknown:
        print(f"unknown engines: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    coverage = None
    # Without both there is nothing to measure coverage on.
    if {"plain", "emitted"} <= set(engines):
        coverage = Coverage()
        coverage.install()
    campaign = Campaign(
        engines, coverage, arguments.shrink, arguments.failures, arguments.stress
    )
    campaign.run(arguments.seed, arguments.count)
    for failure in campaign.failures:
        print(failure, end="\n\n")
    missing: list[str] = []
    if coverage is not None:
        for path in arguments.add:
            coverage.add(json.loads(path.read_text("utf-8")))
        if arguments.save is not None:
            arguments.save.write_text(json.dumps(coverage.rows()), "utf-8")
        print(coverage.text())
        missing = coverage.missing(arguments.at_least)
    print(campaign.summary())
    for row in missing:
        print(f"reached too rarely: {row}")
    return 1 if campaign.failures or missing else 0


if __name__ == "__main__":
    sys.exit(main())
