"""Laps run in `n` steps of 7919 on a ring of 10007 places.

Python has no tail calls; what is written with them elsewhere is a loop here.
"""

import sys


def self_tail(n: int) -> int:
    place = total = 0
    while n != 0:
        n -= 1
        following = place + 7919
        if following < 10007:
            place = following
        else:
            place = following - 10007
            total += 1
    return total


if __name__ == "__main__":
    print(self_tail(int(sys.argv[1])))
