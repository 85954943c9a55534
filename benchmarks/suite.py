"""The programs that are measured, their sizes, and their answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"
STEP, RING = 7919, 10007


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A program of `programs/`, and the function of it that is timed.

    `size` takes 0.1 to 0.5 s in tier 1; `small` warms an engine up. `answer` gives
    the result for a size; it knows other sizes too where there is a formula.
    """

    name: str
    function: str
    size: int
    small: int
    answer: Callable[[int], int | bool]

    def path(self, suffix: str) -> Path:
        """Its file in one of the languages: .flc, .c, .lua, .js or .py."""
        return PROGRAMS / (self.name + suffix)

    def check(self, size: int, printed: str) -> None:
        """Raises WrongAnswer unless this is how a language prints the answer."""
        answer = self.answer(size)
        # C has no word for a truth value.
        if printed.lower() not in (str(answer).lower(), str(int(answer))):
            message = f"{self.name}({size}) is {answer}, not {printed}"
            raise WrongAnswer(message)


class WrongAnswer(Exception):
    """An engine gave another answer than the program has: its time means nothing."""


def fibonacci(n: int) -> int:
    """The n-th Fibonacci number."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def laps(steps: int) -> int:
    """Full rounds of the ring in so many steps."""
    return steps * STEP // RING


def _known(*answers: tuple[int, int]) -> Callable[[int], int]:
    return dict(answers).__getitem__


SIEVE = ((5 * 10**6, 348513), (10**4, 1229), (100, 25))
MATMUL = ((200, 900000), (30, 20250), (5, 460))
NBODY = ((10**5, -171089249348), (1000, -171111346812), (10, -171099373703))
PIPELINE = ((10**6, 499), (1000, 381), (100, 947))
WORDS = ((300_000, 576002485), (1000, 392000015), (100, 89000003))
TREES = ((18, 1048063), (8, 1007), (4, 59))
QUEENS = ((10, 724), (6, 4), (4, 2))
COLLATZ = ((10**5, 933), (10**7, 65009), (10**8, 563808), (10**9, 4972412))

BENCHMARKS = (
    Benchmark("fib", "fib", 34, 20, fibonacci),
    Benchmark("mandelbrot", "mandelbrot", 400, 50, _known((400, 63572), (50, 992))),
    Benchmark("self_tail", "self_tail", 10**7, 10**5, laps),
    Benchmark("mutual_tail", "is_even", 20 * 10**6, 10**5, lambda n: n % 2 == 0),
    Benchmark("while_loop", "while_loop", 20 * 10**6, 10**5, laps),
    Benchmark("collatz", "collatz", 10**7, 10**5, _known(*COLLATZ)),
    Benchmark("sieve", "sieve", 5 * 10**6, 10**4, _known(*SIEVE)),
    Benchmark("matmul", "multiply", 200, 30, _known(*MATMUL)),
    Benchmark("nbody", "nbody", 10**5, 1000, _known(*NBODY)),
    Benchmark("queens", "queens", 10, 6, _known(*QUEENS)),
    Benchmark("binary_trees", "binary_trees", 18, 8, _known(*TREES)),
    Benchmark("word_count", "word_count", 300_000, 1000, _known(*WORDS)),
    Benchmark("pipeline", "pipeline", 10**6, 1000, _known(*PIPELINE)),
)
BY_NAME = {benchmark.name: benchmark for benchmark in BENCHMARKS}

# Those of the stated targets; the loops show what the others cannot.
TARGETS = ("fib", "mandelbrot", "self_tail", "mutual_tail")
# Programs without values in the heap.
SCALARS = (*TARGETS, "while_loop", "collatz")
