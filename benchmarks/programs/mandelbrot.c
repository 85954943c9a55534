/* Points of a grid that stay within the Mandelbrot set: float arithmetic. */

#include "timed.h"

#include <stdbool.h>

static bool escapes(double cr, double ci) {
    double x = 0.0, y = 0.0;
    for (int i = 0; i < 50; i++) {
        double xx = x * x, yy = y * y;
        if (xx + yy > 4.0) return true;
        y = 2.0 * x * y + ci;
        x = xx - yy + cr;
    }
    return false;
}

long run(long size) {
    long inside = 0;
    for (long row = 0; row < size; row++) {
        double ci = 2.0 * row / size - 1.0;
        for (long column = 0; column < size; column++) {
            double cr = 2.0 * column / size - 1.5;
            if (!escapes(cr, ci)) inside += 1;
        }
    }
    return inside;
}
