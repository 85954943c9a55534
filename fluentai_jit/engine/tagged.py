"""Tagged values as Python sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.tagged_objects import Shape


@dataclass(frozen=True)
class Tagged:
    """A tagged value of a program, `Some(1)` or the struct `Point { x: 1, y: 2 }`.

    `names` are those of the fields where they have some, and attributes, too; raises
    ValueError for names that are not one for each field, and each another.
    """

    name: str
    fields: tuple[object, ...] = ()
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.names and len(self.names) != len(self.fields):
            message = f"{self.name} has {len(self.fields)} fields"
            raise ValueError(f"{message} and {len(self.names)} names")
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"{self.name} has two fields of one name")

    def __getattr__(self, name: str) -> object:
        # An object that is being copied has no names yet.
        names = self.__dict__.get("names", ())
        if name in names:
            return self.fields[names.index(name)]
        owner = self.__dict__.get("name", "a tagged value")
        raise AttributeError(f"{owner} has no field {name!r}")

    def __repr__(self) -> str:
        if not self.fields:
            return self.name
        shown = [repr(value) for value in self.fields]
        if self.names:
            pairs = zip(self.names, shown, strict=True)
            shown = [f"{name}={text}" for name, text in pairs]
        return f"{self.name}({', '.join(shown)})"


def tagged_of(shape: Shape, fields: Sequence[object]) -> Tagged:
    """The Python object of a tagged value."""
    return Tagged(shape.name, tuple(fields), shape.names if shape.named else ())
