"""Laps run in `n` steps of 7919 on a ring of 10007 places.

Python has no tail calls; what is written with them elsewhere is a loop here.
"""

import sys
import time


def laps(n: int) -> int:
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
    size, warm_up = int(sys.argv[1]), int(sys.argv[2])
    laps(warm_up)
    began = time.process_time()
    answer = laps(size)
    print(answer, time.process_time() - began)
