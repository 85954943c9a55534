"""Units installed and retired all the time: what the churning engine is for.

Whatever a program does must not depend on when native code comes and goes. Each
time the JIT is asked anything counts as a turn; every few turns everything that is
installed is retired, its heat is set anew, and what was seen is forgotten. So the
next unit is another one: made for the tags of that moment, with and without
reliance on inferred ones in alternation.
"""

from __future__ import annotations

from .controller import Jit

# Odd, so that units that are installed in pairs are not always retired in pairs.
_TURNS = 3


class ChurningJit(Jit):
    """A JIT that never lets a unit live long."""

    _turn = 0

    def on_hot(self) -> None:
        """Install a unit, or retire all."""
        super().on_hot()
        self._next_turn()

    def on_exit(self) -> None:
        """Count the exit, or retire all."""
        super().on_exit()
        self._next_turn()

    def poll(self) -> None:
        """Install what was asked for; at the end of a slice perhaps retire all."""
        super().poll()
        self._next_turn()

    def _next_turn(self) -> None:
        self._turn += 1
        if self._turn % _TURNS:
            return
        for key in list(self.slots.installed):
            self.slots.retire(*key)
            node = self.node(key)
            node.speculate = not node.speculate
            node.seen.clear()
            self.log.add("retire", **self._named(node), round=node.rounds)
            self._set_heat(node)
