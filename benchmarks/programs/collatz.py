"""`n` steps of the 3x + 1 problem, from 27 and then from each number of steps left:
the branches of a step are as good as random.
"""

import sys


def collatz(n: int) -> int:
    x, total = 27, 0
    while n > 0:
        if x == 1:
            x = n
            total += 1
        elif x % 2 == 0:
            x //= 2
        else:
            x = 3 * x + 1
        n -= 1
    return total


if __name__ == "__main__":
    print(collatz(int(sys.argv[1])))
