"""How near to whole numbers the multiples of a fraction come.

With it, that an approximate product decides as the exact one would is shown for all
floats and all decimals.
"""

from __future__ import annotations

from fractions import Fraction


def least_parts(factor: Fraction, most: int) -> tuple[Fraction, Fraction]:
    """How far above and below a whole number the multiples lie that are not whole.

    Least distances of n * factor for n from 1 to `most`: in Euclid's algorithm each
    step finds the next n that comes closer on one side.
    """
    above = factor % 1
    if above == 0:
        return Fraction(1), Fraction(1)
    below = 1 - above
    n_above = n_below = 1
    while above != below:
        if above > below:
            steps = min(-(above // -below) - 1, (most - n_above) // n_below)
            above, n_above = above - steps * below, n_above + steps * n_below
        else:
            steps = min(-(below // -above) - 1, (most - n_below) // n_above)
            below, n_below = below - steps * above, n_below + steps * n_above
        if steps == 0:
            break
    return above, below
