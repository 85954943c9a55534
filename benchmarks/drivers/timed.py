"""Times a function of a Python program: FILE FUNCTION SIZE SMALL.

Prints its answer for a size and the median time of a call. CPython and PyPy run this.
"""

import statistics
import sys
import time
from importlib import import_module
from pathlib import Path

MOST_CALLS, SECONDS = 7, 1.0


def main() -> None:
    file, name, size, small = sys.argv[1:]
    path = Path(file)
    sys.path.insert(0, str(path.parent))
    function = getattr(import_module(path.stem), name)
    function(int(small))
    function(int(size))
    times: list[float] = []
    while len(times) < MOST_CALLS and sum(times) < SECONDS:
        began = time.process_time()
        answer = function(int(size))
        times.append(time.process_time() - began)
    print(answer, statistics.median(times))


if __name__ == "__main__":
    main()
