"""Points of a grid that stay within the Mandelbrot set: float arithmetic."""

import sys


def escapes(cr: float, ci: float) -> bool:
    x = y = 0.0
    for _ in range(50):
        xx, yy = x * x, y * y
        if xx + yy > 4.0:
            return True
        y = 2.0 * x * y + ci
        x = xx - yy + cr
    return False


def mandelbrot(size: int) -> int:
    inside = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for column in range(size):
            cr = 2.0 * column / size - 1.5
            if not escapes(cr, ci):
                inside += 1
    return inside


if __name__ == "__main__":
    print(mandelbrot(int(sys.argv[1])))
