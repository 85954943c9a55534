/* The sun and four planets, moved in small steps by their attraction: floats in
   structs. The answer is the energy in 1e-12. */

#include "timed.h"

#include <math.h>

#define COUNT 5

typedef struct {
    double mass, x, y, z, vx, vy, vz;
} body;

static void advance(body *system, double dt) {
    for (int i = 0; i < COUNT; i++) {
        body *a = &system[i];
        for (int j = i + 1; j < COUNT; j++) {
            body *b = &system[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz;
            double pull = dt / (square * sqrt(square));
            double mi = a->mass * pull, mj = b->mass * pull;
            a->vx -= dx * mj;
            a->vy -= dy * mj;
            a->vz -= dz * mj;
            b->vx += dx * mi;
            b->vy += dy * mi;
            b->vz += dz * mi;
        }
    }
    for (int i = 0; i < COUNT; i++) {
        body *a = &system[i];
        a->x += dt * a->vx;
        a->y += dt * a->vy;
        a->z += dt * a->vz;
    }
}

static double energy(const body *system) {
    double total = 0.0;
    for (int i = 0; i < COUNT; i++) {
        const body *a = &system[i];
        total += 0.5 * a->mass * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz);
        for (int j = i + 1; j < COUNT; j++) {
            const body *b = &system[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            total -= a->mass * b->mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return total;
}

long run(long steps) {
    body system[COUNT] = {
        {39.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
        {0.038, 4.84, -1.16, -0.1, 0.606, 2.81, -0.025},
        {0.0113, 8.34, 4.12, -0.4, -1.01, 1.82, 0.0084},
        {0.0017, 12.89, -15.11, -0.22, 1.08, 0.868, -0.0108},
        {0.002, 15.38, -25.92, 0.18, 0.979, 0.594, -0.0347},
    };
    for (long i = 0; i < steps; i++) advance(system, 0.01);
    return (long)(energy(system) * 1e12);
}
