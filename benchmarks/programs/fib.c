/* Fibonacci numbers by their definition: calls and little else. */

#include "timed.h"

static long fib(long n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

long run(long size) { return fib(size); }
