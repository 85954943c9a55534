"""docs/report.svg, the picture of a report, from a report saved as JSON.

Made anew by these two, the program run twice so that its code is stored:

    fluentai-jit run docs/examples/primes.flc 400000 --report-to primes.json
    python docs/picture.py primes.json
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from rich.console import Console

from fluentai_jit.report.profile import decode
from fluentai_jit.report.table import print_table

PICTURE = Path(__file__).with_name("report.svg")
WIDTH = 100


def main() -> None:
    """Draw the report named by the first argument."""
    saved = Path(sys.argv[1])
    console = Console(record=True, file=io.StringIO(), width=WIDTH)
    print_table(decode(saved.read_bytes(), str(saved)), console)
    PICTURE.write_text(console.export_svg(title="fluentai-jit run --report"))


if __name__ == "__main__":
    main()
