"""The process that `processes.fresh` starts: MODULE FUNCTION ARGUMENTS."""

from __future__ import annotations

import json
import sys
from importlib import import_module


def main() -> None:
    """Call a function with JSON arguments, and print its result as JSON."""
    module, function, arguments = sys.argv[1:]
    result = getattr(import_module(module), function)(**json.loads(arguments))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
