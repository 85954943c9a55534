"""Which variable a name means: block scopes, and the top level with its order."""

from __future__ import annotations

from bisect import bisect_left

from .variables import Variable

# Functions are there before the first item runs.
_HOISTED = -1


class Scope:
    """The names of a block, a function's parameters, a loop or a match arm."""

    __slots__ = ("names", "parent")

    def __init__(self, parent: Scope | None) -> None:
        self.parent = parent
        self.names: dict[str, Variable] = {}

    def find(self, name: str) -> Variable | None:
        """The innermost variable of that name, the top level not searched."""
        scope: Scope | None = self
        while scope is not None:
            variable = scope.names.get(name)
            if variable is not None:
                return variable
            scope = scope.parent
        return None

    def visible(self) -> set[str]:
        """Every name in this scope and the ones around it."""
        names: set[str] = set()
        scope: Scope | None = self
        while scope is not None:
            names.update(scope.names)
            scope = scope.parent
        return names


class TopLevel:
    """The names of the top level, each with the items that declare it.

    A name may be declared by several items, each making a new variable. Code of
    the top level sees the declarations before it; a function sees the last one
    before it too, and where there is none the first after it, which will have run
    by the time the function does, or else it is used before its let.
    """

    __slots__ = ("by_item", "names")

    def __init__(self) -> None:
        self.names: dict[str, list[tuple[int, Variable]]] = {}
        self.by_item: dict[int, list[Variable]] = {}

    def declare(self, index: int, variable: Variable) -> None:
        """Add the variable that item `index` makes."""
        variable.top_level = True
        self.names.setdefault(variable.name, []).append((index, variable))
        self.by_item.setdefault(index, []).append(variable)

    def declare_function(self, variable: Variable) -> bool:
        """Add a function; False where there is one of that name already."""
        variable.top_level = True
        entries = self.names.setdefault(variable.name, [])
        if entries and entries[0][0] == _HOISTED:
            return False
        entries.insert(0, (_HOISTED, variable))
        return True

    def before(self, name: str, index: int) -> Variable | None:
        """The variable of that name as it is before item `index`."""
        entries = self.names.get(name)
        if entries is None:
            return None
        after = bisect_left(entries, (index,))
        return entries[after - 1][1] if after else None

    def first(self, name: str) -> Variable | None:
        """The first variable of that name, wherever it is."""
        entries = self.names.get(name)
        return entries[0][1] if entries else None
