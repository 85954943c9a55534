/* Runs the function of a C program.
   SIZE: prints its answer.
   FUNCTION SIZE SMALL: prints the answer and the median time of a call. */

#include "timed.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST_CALLS 7
#define SECONDS 1.0

static double clock_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int count, char **arguments) {
    if (count == 2) {
        printf("%ld\n", run(atol(arguments[1])));
        return 0;
    }
    if (count != 4) return 2;
    long size = atol(arguments[2]), answer = 0;
    run(atol(arguments[3]));
    run(size);
    double times[MOST_CALLS], total = 0;
    int calls = 0;
    while (calls < MOST_CALLS && total < SECONDS) {
        double began = clock_now();
        answer = run(size);
        times[calls] = clock_now() - began;
        total += times[calls++];
    }
    qsort(times, calls, sizeof *times, compare);
    double middle = (times[(calls - 1) / 2] + times[calls / 2]) / 2;
    printf("%ld %.9f\n", answer, middle);
    return 0;
}
