/* The product of two matrices by three loops. */

#include "timed.h"

#include <stdlib.h>

static double *filled(long size, long step) {
    double *matrix = malloc(size * size * sizeof *matrix);
    for (long i = 0; i < size; i++)
        for (long j = 0; j < size; j++) matrix[i * size + j] = (i * step + j) % 10;
    return matrix;
}

static double *product(const double *a, const double *b, long size) {
    double *c = malloc(size * size * sizeof *c);
    for (long i = 0; i < size; i++) {
        for (long j = 0; j < size; j++) {
            double total = 0.0;
            for (long k = 0; k < size; k++) total += a[i * size + k] * b[k * size + j];
            c[i * size + j] = total;
        }
    }
    return c;
}

long run(long size) {
    double *a = filled(size, 3), *b = filled(size, 7), *c = product(a, b, size);
    double trace = 0.0;
    for (long i = 0; i < size; i++) trace += c[i * size + i];
    free(a);
    free(b);
    free(c);
    return (long)trace;
}
