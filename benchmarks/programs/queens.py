"""Ways to place n queens on a board of n x n, none attacking another: lists that
grow by a copy for each way tried.
"""

import sys


def safe(placed: list[int], column: int) -> bool:
    row = len(placed)
    for above in range(row):
        distance = placed[above] - column
        if distance == 0 or distance == row - above or distance == above - row:
            return False
    return True


def ways(placed: list[int], size: int) -> int:
    if len(placed) == size:
        return 1
    count = 0
    for column in range(size):
        if safe(placed, column):
            count += ways([*placed, column], size)
    return count


def queens(size: int) -> int:
    return ways([], size)


if __name__ == "__main__":
    print(queens(int(sys.argv[1])))
