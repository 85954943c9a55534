"""Structs, enums and constructors, as the resolver finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.tagged_objects import Shape
from ..graph.nodes import EnumDecl, Expr, FieldDecl, Node, StructDecl, Variant

if TYPE_CHECKING:
    from .variables import Unit


class Constructor:
    """What makes values of a shape; `defaults` are its fields' own, None without.

    `unit` is the function that it is as a value, and that evaluates the defaults.
    """

    __slots__ = ("declared", "defaults", "shape", "unit")

    def __init__(
        self, shape: Shape, defaults: list[Expr | None], declared: Node | None = None
    ) -> None:
        self.shape = shape
        self.defaults = defaults
        self.declared = declared
        self.unit: Unit | None = None

    @property
    def name(self) -> str:
        """Its name alone."""
        return self.shape.name

    @property
    def count(self) -> int:
        """How many fields it has."""
        return len(self.shape.names)

    @property
    def has_defaults(self) -> bool:
        """Whether a field has one."""
        return any(default is not None for default in self.defaults)

    @property
    def least(self) -> int:
        """How many arguments have to be given."""
        count = self.count
        while count and self.defaults[count - 1] is not None:
            count -= 1
        return count


class EnumType:
    """An enum by name, and its constructors."""

    __slots__ = ("constructors", "name")

    def __init__(self, name: str, constructors: dict[str, Constructor]) -> None:
        self.name = name
        self.constructors = constructors


def struct_constructor(node: StructDecl) -> Constructor:
    """The constructor of a struct."""
    return _of_fields(node.name, node.fields, node.name, node)


def enum_type(node: EnumDecl) -> EnumType:
    """An enum with all its constructors."""
    found = {each.name: _of_variant(each, node.name) for each in node.variants}
    return EnumType(node.name, found)


def anonymous(name: str, count: int) -> Constructor:
    """The constructor that a capitalised name is which nothing defines."""
    return _LISTS.get((name, count)) or _plain(name, count)


def _plain(name: str, count: int) -> Constructor:
    return Constructor(Shape(name, ("",) * count), [None] * count)


# The list's own constructors.
EMPTY_LIST = _plain("Nil", 0)
LIST_PAIR = _plain("Cons", 2)
_LISTS = {("Nil", 0): EMPTY_LIST, ("Cons", 2): LIST_PAIR}


def _of_variant(node: Variant, owner: str) -> Constructor:
    if node.types:
        shape = Shape(node.name, ("",) * len(node.types), owner)
        return Constructor(shape, [None] * len(node.types), node)
    return _of_fields(node.name, node.fields, owner, node)


def _of_fields(
    name: str, fields: list[FieldDecl], owner: str, node: Node
) -> Constructor:
    shape = Shape(name, tuple(field.name for field in fields), owner)
    return Constructor(shape, [field.default for field in fields], node)
