"""What the resolver finds out about a program, and the code generator reads."""

from __future__ import annotations

from ..graph.nodes import Expr, Node, NodeId, Program

# (tag, payload) of a value that is known before the program runs
Constant = tuple[int, int]


class Unit:
    """A function that becomes a chunk: the program's top level is unit 0.

    `library` names the library function that a unit without body stands for.
    """

    __slots__ = (
        "body",
        "captured",
        "index",
        "library",
        "name",
        "node",
        "outer",
        "parameters",
        "prelude",
        "references",
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
        self.prelude = False  # whether it is of the library's own source
        self.variable: Variable | None = None  # that it was declared with
        self.parameters: list[Variable] = []
        # What its code, or code of functions in it, refers to.
        self.references: set[Variable | Unit] = set()

    @property
    def arity(self) -> int:
        """The number of its parameters."""
        return len(self.parameters)


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
        self.cell = False  # its register holds a cell, which closures share
        self.chunk = -1
        self.literal: Constant | None = None
        self.slot = -1
        self.register = -1


class Resolution:
    """The functions of a program, and what every name in it means.

    `bindings` has the variable of each node that uses or declares one, `unknown`
    the error message of each use that has none; a name in neither is the
    library's. `defines` holds the `:=` that make a variable.
    """

    __slots__ = (
        "bindings",
        "defines",
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
        self.lambdas: dict[NodeId, Unit] = {}
        # Every text that may be the key of a map.
        self.texts: set[str] = set()
        # Units that stand for library functions used as values, by name.
        self.wrappers: dict[str, Unit] = {}
        # The functions of the prelude that are linked in, by name.
        self.prelude: dict[str, Unit] = {}
        self.globals: list[str] = []
