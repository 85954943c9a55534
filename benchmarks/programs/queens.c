/* Ways to place n queens on a board of n x n, none attacking another. The queens
   stand in one array. */

#include "timed.h"

#include <stdbool.h>

#define LARGEST 32

static bool safe(const long *placed, long row, long column) {
    for (long above = 0; above < row; above++) {
        long distance = placed[above] - column;
        if (distance == 0 || distance == row - above || distance == above - row)
            return false;
    }
    return true;
}

static long ways(long *placed, long row, long size) {
    if (row == size) return 1;
    long count = 0;
    for (long column = 0; column < size; column++) {
        if (safe(placed, row, column)) {
            placed[row] = column;
            count += ways(placed, row + 1, size);
        }
    }
    return count;
}

long run(long size) {
    long placed[LARGEST];
    return size > LARGEST ? -1 : ways(placed, 0, size);
}
