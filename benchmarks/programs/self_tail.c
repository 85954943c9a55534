/* Laps run in `n` steps of 7919 on a ring of 10007 places, by self tail calls. */

#include "timed.h"

static long laps(long n, long place, long total) {
    if (n == 0) return total;
    long next = place + 7919;
    if (next < 10007) return laps(n - 1, next, total);
    return laps(n - 1, next - 10007, total + 1);
}

long run(long size) { return laps(size, 0, 0); }
