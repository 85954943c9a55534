/* A sum over the even ones among many squares: two arrays, as what C has no lambdas
   for is written as loops. */

#include "timed.h"

#include <stdlib.h>

long run(long size) {
    const long modulus = 1009;
    long *squares = malloc(size * sizeof *squares), *even = malloc(size * sizeof *even);
    for (long x = 0; x < size; x++) squares[x] = x * x % modulus;
    long kept = 0;
    for (long i = 0; i < size; i++)
        if (squares[i] % 2 == 0) even[kept++] = squares[i];
    long total = 0;
    for (long i = 0; i < kept; i++) total = (total * 3 + even[i]) % modulus;
    free(squares);
    free(even);
    return total;
}
