"""Laps run in `n` steps of 7919 on a ring of 10007 places, by a loop."""

import sys


def while_loop(n: int) -> int:
    place = total = 0
    while n > 0:
        place += 7919
        if place >= 10007:
            place -= 10007
            total += 1
        n -= 1
    return total


if __name__ == "__main__":
    print(while_loop(int(sys.argv[1])))
