/* Primes up to a limit by the sieve of Eratosthenes. */

#include "timed.h"

#include <stdlib.h>
#include <string.h>

long run(long limit) {
    char *candidate = malloc(limit + 1);
    memset(candidate, 1, limit + 1);
    long count = 0;
    for (long n = 2; n <= limit; n++) {
        if (candidate[n]) {
            count += 1;
            for (long multiple = n * n; multiple <= limit; multiple += n)
                candidate[multiple] = 0;
        }
    }
    free(candidate);
    return count;
}
