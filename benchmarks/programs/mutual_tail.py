"""Whether a number is even, one step down at a time.

Python has no tail calls; what is written with them elsewhere is a loop here.
"""

import sys
import time


def is_even(n: int) -> bool:
    even = True
    while n != 0:
        n -= 1
        even = not even
    return even


if __name__ == "__main__":
    size, warm_up = int(sys.argv[1]), int(sys.argv[2])
    is_even(warm_up)
    began = time.process_time()
    answer = is_even(size)
    print(answer, time.process_time() - began)
