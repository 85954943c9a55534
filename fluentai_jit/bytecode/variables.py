"""What the resolver finds out about a program, and the code generator reads."""

from __future__ import annotations

from ..graph.nodes import Expr, Node, NodeId, Program
from .constructors import Constructor, EnumType

# (tag, payload) of a value that is known before the program runs
Constant = tuple[int, int]


class Unit:
    """A function that becomes a chunk: the program's top level is unit 0.

    `library` names the library function that a unit without body stands for, and
    `constructor` is the constructor; an adapter `adapts` another unit.
    """

    __slots__ = (
        "adapter_count",
        "adapters",
        "adapts",
        "body",
        "captured",
        "constructor",
        "defaults",
        "index",
        "is_value",
        "library",
        "name",
        "node",
        "outer",
        "parameters",
        "prelude",
        "references",
        "rest",
        "variable",
    )

    def __init__(
        self, index: int, name: str, node: Node, outer: Unit | None = None
    ) -> None:
        self.outer = outer  # the function it is written in
        # Variables of functions around it, in the order of its closure.
        self.captured: list[Variable] = []
        self.index = index
        self.name = name
        self.node = node
        self.body: Expr | Program | None = None
        self.library = ""
        self.is_value = False  # whether it is used other than by calls of its name
        self.adapts: Unit | None = None
        self.adapters = 0  # index of the first unit that adapts it
        self.adapter_count = 0
        self.constructor: Constructor | None = None
        self.prelude = False  # whether it is of the library's own source
        self.variable: Variable | None = None  # that it was declared with
        self.parameters: list[Variable] = []
        self.defaults: list[Expr | None] = []  # of each parameter
        self.rest = False  # whether the last one takes all further arguments
        # What its code, or code of functions in it, refers to.
        self.references: set[Variable | Unit] = set()

    @property
    def arity(self) -> int:
        """The number of its parameters."""
        return len(self.parameters)

    @property
    def least(self) -> int:
        """The number of arguments that have to be given."""
        count = self.arity - self.rest
        while count and self.defaults and self.defaults[count - 1] is not None:
            count -= 1
        return count

    @property
    def flexible(self) -> bool:
        """Whether the number of arguments may differ."""
        return self.rest or self.least < self.arity


class Variable:
    """A variable, constant, parameter or function name of the program.

    Where it lives is decided when everything is known about it: it *is* a chunk
    or a literal and lives nowhere, or in global `slot`, or in `register` of its
    owner.
    """

    __slots__ = (
        "assigned",
        "cell",
        "chunk",
        "fixed",
        "literal",
        "loop_uses",
        "meaning",
        "name",
        "owner",
        "register",
        "settled",
        "shared",
        "slot",
        "top_level",
        "unit",
        "value",
    )

    def __init__(self, name: str, owner: Unit, fixed: str = "") -> None:
        self.name = name
        self.owner = owner
        self.fixed = fixed  # what it is, where it may not be assigned
        self.top_level = False
        self.value: Expr | None = None  # what its let or const gives it
        self.unit: Unit | None = None  # the function written after its `=`
        self.assigned = False  # after its let
        self.shared = False  # used by another function than its owner
        self.settled = False  # no use can come before its let ran
        self.loop_uses = 0
        # What a declared type or constructor is; None of any other.
        self.meaning: Constructor | EnumType | None = None
        self.cell = False  # its register holds a cell, which closures share
        self.chunk = -1
        self.literal: Constant | None = None
        self.slot = -1
        self.register = -1


def argument_variables(unit: Unit, count: int) -> list[Variable]:
    """The parameters of a unit that the program does not write."""
    return [Variable(f"argument {i + 1}", unit) for i in range(count)]


class Resolution:
    """The functions of a program, and what every name in it means.

    `bindings` has the variable of each node that uses or declares one, `unknown`
    the error message of each use that has none; a name in neither is the
    library's. `defines` holds the `:=` that make a variable, `constructors` what each
    node means that stands for a constructor, and `declared` those of all types;
    `enum_members` are the nodes that name one after its enum.
    """

    __slots__ = (
        "bindings",
        "constructors",
        "declared",
        "defines",
        "enum_members",
        "globals",
        "lambdas",
        "prelude",
        "texts",
        "units",
        "unknown",
        "wrappers",
    )

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.bindings: dict[NodeId, Variable] = {}
        self.unknown: dict[NodeId, str] = {}
        self.defines: set[NodeId] = set()
        self.constructors: dict[NodeId, Constructor] = {}
        self.declared: list[Constructor] = []
        self.enum_members: set[NodeId] = set()
        self.lambdas: dict[NodeId, Unit] = {}
        # Every text that may be the key of a map.
        self.texts: set[str] = set()
        # Units that stand for library functions used as values, by name.
        self.wrappers: dict[str, Unit] = {}
        # The functions of the prelude that are linked in, by name.
        self.prelude: dict[str, Unit] = {}
        self.globals: list[str] = []
