"""A sum over the even ones among many squares: lists, and a lambda that captures
a variable.
"""

import sys
from functools import reduce


def pipeline(size: int) -> int:
    modulus = 1009
    squares = [x * x % modulus for x in range(size)]
    even = [x for x in squares if x % 2 == 0]
    return reduce(lambda total, x: (total * 3 + x) % modulus, even, 0)


if __name__ == "__main__":
    print(pipeline(int(sys.argv[1])))
