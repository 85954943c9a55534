"""Fibonacci numbers by their definition: calls and little else."""

import sys
import time


def fib(n: int) -> int:
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


if __name__ == "__main__":
    size, warm_up = int(sys.argv[1]), int(sys.argv[2])
    fib(warm_up)
    began = time.process_time()
    answer = fib(size)
    print(answer, time.process_time() - began)
