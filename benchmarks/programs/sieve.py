"""Primes up to a limit by the sieve of Eratosthenes."""

import sys


def sieve(limit: int) -> int:
    candidate = bytearray([1]) * (limit + 1)
    count = 0
    for n in range(2, limit + 1):
        if candidate[n]:
            count += 1
            for multiple in range(n * n, limit + 1, n):
                candidate[multiple] = 0
    return count


if __name__ == "__main__":
    print(sieve(int(sys.argv[1])))
