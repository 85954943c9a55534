"""Whether a number is even, one step down at a time.

Python has no tail calls; what is written with them elsewhere is a loop here.
"""

import sys


def is_even(n: int) -> bool:
    even = True
    while n != 0:
        n -= 1
        even = not even
    return even


if __name__ == "__main__":
    print(is_even(int(sys.argv[1])))
