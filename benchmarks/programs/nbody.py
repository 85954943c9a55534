"""The sun and four planets, moved in small steps by their attraction: floats in
objects. The answer is the energy in 1e-12.
"""

import sys
from math import sqrt


class Body:
    __slots__ = ("mass", "vx", "vy", "vz", "x", "y", "z")

    def __init__(self, mass: float, place: list[float], speed: list[float]) -> None:
        self.mass = mass
        self.x, self.y, self.z = place
        self.vx, self.vy, self.vz = speed


def bodies() -> list[Body]:
    return [
        Body(39.5, [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
        Body(0.038, [4.84, -1.16, -0.1], [0.606, 2.81, -0.025]),
        Body(0.0113, [8.34, 4.12, -0.4], [-1.01, 1.82, 0.0084]),
        Body(0.0017, [12.89, -15.11, -0.22], [1.08, 0.868, -0.0108]),
        Body(0.002, [15.38, -25.92, 0.18], [0.979, 0.594, -0.0347]),
    ]


def advance(system: list[Body], dt: float) -> None:
    count = len(system)
    for i in range(count):
        a = system[i]
        for j in range(i + 1, count):
            b = system[j]
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            square = dx * dx + dy * dy + dz * dz
            pull = dt / (square * sqrt(square))
            mi = a.mass * pull
            mj = b.mass * pull
            a.vx -= dx * mj
            a.vy -= dy * mj
            a.vz -= dz * mj
            b.vx += dx * mi
            b.vy += dy * mi
            b.vz += dz * mi
    for a in system:
        a.x += dt * a.vx
        a.y += dt * a.vy
        a.z += dt * a.vz


def energy(system: list[Body]) -> float:
    total = 0.0
    for i, a in enumerate(system):
        total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
        for b in system[i + 1 :]:
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            total -= a.mass * b.mass / sqrt(dx * dx + dy * dy + dz * dz)
    return total


def nbody(steps: int) -> int:
    system = bodies()
    for _ in range(steps):
        advance(system, 0.01)
    return int(energy(system) * 1e12)


if __name__ == "__main__":
    print(nbody(int(sys.argv[1])))
