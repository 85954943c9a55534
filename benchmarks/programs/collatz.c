/* `n` steps of the 3x + 1 problem, from 27 and then from each number of steps left:
   the branches of a step are as good as random. */

#include "timed.h"

long run(long n) {
    long x = 27, total = 0;
    while (n > 0) {
        if (x == 1) {
            x = n;
            total += 1;
        } else if (x % 2 == 0) {
            x = x / 2;
        } else {
            x = 3 * x + 1;
        }
        n -= 1;
    }
    return total;
}
