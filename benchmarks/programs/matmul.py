"""The product of two matrices by three loops."""

import sys

Matrix = list[list[float]]


def filled(size: int, step: int) -> Matrix:
    return [[float((i * step + j) % 10) for j in range(size)] for i in range(size)]


def product(a: Matrix, b: Matrix, size: int) -> Matrix:
    c = [[0.0] * size for _ in range(size)]
    for i in range(size):
        row = a[i]
        for j in range(size):
            total = 0.0
            for k in range(size):
                total += row[k] * b[k][j]
            c[i][j] = total
    return c


def multiply(size: int) -> int:
    c = product(filled(size, 3), filled(size, 7), size)
    trace = 0.0
    for i in range(size):
        trace += c[i][i]
    return int(trace)


if __name__ == "__main__":
    print(multiply(int(sys.argv[1])))
