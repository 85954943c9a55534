"""When to compile, when to give up: pure functions of counters and config.

Heat is counted down in thousandths of a call. Costs and speeds are the medians
measured for docs/decisions.md; they only order decisions in time, so a machine of
another speed changes when something is compiled, never what it computes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

HEAT_UNIT = 1000
# Of a node that backed off so often that it no longer matters; fits a word.
MOST_HEAT = 1 << 61

# ns for a unit of charge (about an instruction) in tiers 0 and 1.
NS_PER_CHARGE = (700.0, 1.2)
# Compile cost in a warm compile process: fixed, and per bytecode instruction.
COMPILE_MS = 40.0
COMPILE_MS_PER_INSTRUCTION = 7.0
# Part of a hot node's interpreted time that native code saves.
SAVED = 0.8


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The settings that decide, taken from the config."""

    calls: int
    back_edge_weight: float
    iteration_weight: float
    time_ms: float
    gain_factor: float
    backoff: float
    deoptimisations: int
    rounds: int
    units: int  # compiled at most; -1 for all of them
    instructions: int  # of the largest function that is compiled
    inlined: int  # instructions of the largest callee in its caller's unit
    grace_s: float  # compile seconds allowed at the start
    share: float  # compile seconds allowed per second of the program's CPU time


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a node when its heat ran out."""

    charge: int  # fuel spent in it since the program began, in its tier
    tier: int
    instructions: int


class Decision(Enum):
    """What to do about a hot node."""

    COMPILE = "compile"
    WAIT = "no_gain"


def heat_of(thresholds: Thresholds, factor: float = 1.0) -> int:
    """Heat a node starts with, `factor` times its first threshold."""
    heat = min(thresholds.calls * factor * HEAT_UNIT, MOST_HEAT)
    return max(1, int(heat)) - 1


def heat_costs(thresholds: Thresholds) -> tuple[int, int, int]:
    """Heat taken by a call, a back-edge and a self tail call."""
    return (
        HEAT_UNIT,
        max(1, int(thresholds.back_edge_weight * HEAT_UNIT)),
        max(1, int(thresholds.iteration_weight * HEAT_UNIT)),
    )


def predicted_compile_ms(instructions: int) -> float:
    """Expected compile time of a unit."""
    return COMPILE_MS + COMPILE_MS_PER_INSTRUCTION * instructions


def spent_ms(profile: Profile) -> float:
    """Estimated time spent in a node so far."""
    return profile.charge * NS_PER_CHARGE[profile.tier] / 1e6


def decide(profile: Profile, thresholds: Thresholds) -> Decision:
    """Compile when what it took so far, expected to come again, pays for it.

    Compiling once the time lost equals the compile time costs at most twice what
    it would with the future known: Karlin et al., "Competitive snoopy caching" (1988).
    """
    spent = spent_ms(profile)
    cost = predicted_compile_ms(profile.instructions) * thresholds.gain_factor
    if spent * SAVED >= cost or spent >= thresholds.time_ms:
        return Decision.COMPILE
    return Decision.WAIT


# Looking a unit up means specialising it, which takes this long.
LOOK_UP_MS = 3.0


def worth_looking_up(profile: Profile) -> bool:
    """Whether a stored unit would pay for the search."""
    return spent_ms(profile) * SAVED >= LOOK_UP_MS


def is_unstable(rounds: int, thresholds: Thresholds) -> bool:
    """Whether a node was specialised often enough to leave it alone."""
    return rounds > thresholds.rounds


def is_enough(compiles: int, thresholds: Thresholds) -> bool:
    """Whether no further unit is to be compiled."""
    return 0 <= thresholds.units <= compiles


def allowed_ms(cpu_s: float, thresholds: Thresholds) -> float:
    """Compile time that a program may have caused after so much CPU time."""
    return 1e3 * (thresholds.grace_s + thresholds.share * cpu_s)
