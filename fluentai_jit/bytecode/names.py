"""Names, variables and functions during the walk of the resolver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import NOT_SUPPORTED, SYNTAX_ERROR, FluentError, nearest
from ..graph import nodes
from ..graph.nodes import Expr, Node
from ..prelude import functions as prelude
from . import library
from .constructors import Constructor
from .messages import unbound_message, unknown_message, unsupported_message
from .scopes import Scope, TopLevel
from .unsupported import CHECKED_CONTRACTS, describe
from .variables import Resolution, Unit, Variable, argument_variables

# What a hoisted `let rec` is called where it is assigned.
RECURSIVE = "`let rec` function"
# Kinds of names that stand for no variable.
TYPE_KINDS = frozenset(["struct", "enum", "constructor"])


class NameResolver:
    """The state of the walk: the function, scope and top-level item it is in."""

    def __init__(self, root: nodes.Program) -> None:
        self.result = Resolution()
        self.errors: list[FluentError] = []
        self.top = TopLevel()
        # For every item of the top level, what its own code refers to.
        self.item_references: list[set[Variable | Unit]] = []
        # Functions that the host gives, by name.
        self.given: dict[str, Variable] = {}
        self.variables: list[Variable] = []  # of lets and consts
        # Uses of variables of another function, other than of the top level.
        self.captures: list[tuple[Variable, Node, Unit]] = []
        # Functions of the prelude that are called, and not yet walked over.
        self._waiting: list[tuple[Unit, nodes.Function]] = []
        self._in_prelude = False
        self._main = self._unit = Unit(0, "<main>", root)
        self.result.units.append(self._main)
        self._main.body = root
        self._references = self._main.references
        self._scope: Scope | None = None
        self._loops = 0
        self._limit = 0  # items below this index are before the position

    def visit(self, node: Node) -> None:
        """Resolve a node and all below it."""
        raise NotImplementedError

    # ---- errors -------------------------------------------------------------
    def unsupported(self, node: Node, thing: str = "") -> None:
        """Note that a form cannot be compiled; what is in it is not looked at."""
        message = unsupported_message(thing or describe(node))
        self.errors.append(FluentError(NOT_SUPPORTED, message, node.span))

    # ---- functions ----------------------------------------------------------
    def _new_unit(self, name: str, node: Node) -> Unit:
        unit = Unit(len(self.result.units), name, node, self._unit)
        unit.prelude = self._in_prelude
        self.result.units.append(unit)
        return unit

    def _hoist(self, function: nodes.Function) -> Variable:
        variable = Variable(function.name, self._unit, "function")
        self._give(variable, self._new_unit(function.name, function))
        self.result.bindings[function.id] = variable
        return variable

    def _give(self, variable: Variable, unit: Unit) -> None:
        """Note that the variable is bound to that function where it is declared."""
        variable.unit = unit
        unit.variable = variable

    def _function(self, node: nodes.Function) -> None:
        unit = self.result.bindings[node.id].unit
        assert unit is not None
        if node.is_async:
            self.unsupported(node, "an async function")
        elif node.body is None:
            self.unsupported(node, "a function without a body")
        else:
            self._contracts(node)
            self._enter(unit, node.params, node.body)

    def _contracts(self, node: nodes.Function | nodes.Lambda) -> None:
        for contract in node.contracts:
            if contract.kind in CHECKED_CONTRACTS:
                self.unsupported(contract, f"the contract @{contract.kind}")

    def _lambda(self, node: nodes.Lambda) -> None:
        unit = self._new_unit("<lambda>", node)
        self._references.add(unit)
        self._lambda_body(unit, node)

    def _lambda_body(self, unit: Unit, node: nodes.Lambda) -> None:
        self.result.lambdas[node.id] = unit
        self._contracts(node)
        self._enter(unit, node.params, node.body)

    def _enter(
        self,
        unit: Unit,
        params: Sequence[nodes.Param | nodes.FieldDecl],
        body: Expr | None,
    ) -> None:
        outer = self._unit, self._scope, self._references, self._loops
        self._unit = unit
        self._scope = Scope(self._scope)
        self._references = unit.references
        self._loops = 0
        for param in params:
            # A default sees the parameters before its own.
            if param.default is not None:
                self.visit(param.default)
            unit.defaults.append(param.default)
            unit.rest = isinstance(param, nodes.Param) and param.rest
            unit.parameters.append(self._declare(param.name, param))
        unit.body = body
        if body is not None:
            self.visit(body)
        self._unit, self._scope, self._references, self._loops = outer

    def give(self, names: Iterable[str]) -> None:
        """Declare functions that the host gives: globals, set before the program."""
        for name in names:
            self.given[name] = variable = Variable(name, self._main, "host function")
            variable.top_level = variable.shared = variable.settled = True
            self.variables.append(variable)

    # ---- scopes and bindings ------------------------------------------------
    def _declare(self, name: str, node: Node, fixed: str = "") -> Variable:
        """A new variable of the innermost scope."""
        scope = self._scope
        assert scope is not None
        variable = Variable(name, self._unit, fixed)
        scope.names[name] = variable
        self.result.bindings[node.id] = variable
        return variable

    # ---- names --------------------------------------------------------------
    def _find(self, name: str) -> Variable | None:
        scope = self._scope
        if scope is not None:
            variable = scope.find(name)
            if variable is not None:
                return variable
        if self._in_prelude:
            return None
        variable = self.top.before(name, self._limit)
        if variable is None and self._unit is not self._main:
            variable = self.top.first(name)
        return self.given.get(name) if variable is None else variable

    def _use(self, variable: Variable, node: Node) -> None:
        self.result.bindings[node.id] = variable
        self._references.add(variable)
        if variable.owner is not self._unit:
            variable.shared = True
            if not variable.top_level:
                self.captures.append((variable, node, self._unit))
        if self._loops:
            variable.loop_uses += 1

    def _unknown(self, name: str, node: Node) -> None:
        if self.top.first(name) is not None:
            message = unbound_message(name)
        else:
            names = self._scope.visible() if self._scope is not None else set()
            close = nearest(name, names | self.top.names.keys() | self.given.keys())
            message = unknown_message(name, close or nearest(name, library.SUPPORTED))
        self.result.unknown[node.id] = message

    def _name(self, node: nodes.Name) -> None:
        self._named(node, node.name)
        constructor = self.result.constructors.get(node.id)
        if constructor is not None and constructor.count:
            self._constructor_unit(constructor)
            return
        name = library.canonical(node.name)
        if self._means_library(node, name) and name not in self.result.wrappers:
            self.result.wrappers[name] = self._wrapper(node, name)

    def _wrapper(self, node: Node, name: str) -> Unit:
        """The function that a library name is where it is used as a value."""
        arity = library.value_arity(name)
        for each in library.carriers(name):
            self._use_carrier(each)
        carrier = library.carrier(name, arity)
        unit = self.result.prelude.get(carrier)
        if unit is not None and unit.arity == arity:
            return unit
        unit = self._new_unit(name, node)
        unit.library = name
        unit.parameters = argument_variables(unit, arity)
        return unit

    def _means_library(self, node: Node, name: str) -> bool:
        return node.id not in self.result.bindings and (
            name in library.FUNCTIONS or (self._in_prelude and library.is_inner(name))
        )

    def _use_library(self, name: str, count: int) -> None:
        """Link the prelude's function that a call of a library name needs, if any."""
        self._use_carrier(library.carrier(name, count))

    def _use_carrier(self, carrier: str) -> None:
        if carrier not in prelude.sources() or carrier in self.result.prelude:
            return
        function = prelude.function(carrier)
        unit = self._new_unit(carrier, function)
        unit.outer = None
        unit.prelude = True
        unit.parameters = [Variable(each.name, unit) for each in function.params]
        self.result.prelude[carrier] = unit
        self._waiting.append((unit, function))

    def _walk_prelude(self) -> None:
        """The functions of the prelude that the program uses, also indirectly."""
        self._in_prelude = True
        self._scope = None
        while self._waiting:
            unit, function = self._waiting.pop()
            assert function.body is not None
            unit.parameters = []
            self._enter(unit, function.params, function.body)

    def _named(self, node: Node, name: str, count: int = 0) -> None:
        """A name that stands for a value or is called, with `count` arguments."""
        variable = self._find(name)
        if variable is not None and variable.fixed in TYPE_KINDS:
            self._meant(variable, name, node)
        elif variable is not None:
            self._use(variable, node)
        elif self._in_prelude and library.is_inner(name):
            return
        elif library.canonical(name) in library.UNSUPPORTED:
            self.unsupported(node, f"the library function '{name}'")
        elif name in library.NAMES:
            pass
        elif name[0].isupper() and self.top.first(name) is None:
            self._undeclared(name, node, count)
        else:
            self._unknown(name, node)

    def _meant(self, variable: Variable, name: str, node: Node) -> None:
        """A name that is bound to a type or constructor."""
        raise NotImplementedError

    def _undeclared(self, name: str, node: Node, count: int) -> None:
        """A capitalised name that nothing defines."""
        raise NotImplementedError

    def _constructor_unit(self, constructor: Constructor) -> Unit:
        """The function that a constructor with fields is."""
        raise NotImplementedError

    def _assign(self, node: nodes.Assign) -> None:
        target = node.target
        while isinstance(target, nodes.Index | nodes.Member):
            if isinstance(target, nodes.Member):
                self.result.texts.add(target.name)
            else:
                self.visit(target.index)
                if target.column is not None:
                    self.visit(target.column)
            target = target.object
        if type(target) is not nodes.Name:
            self.unsupported(node, "assigning to this part of a value")
            return
        self.visit(node.value)
        self._assign_name(target.name, target)

    def _assign_name(self, name: str, node: Node) -> None:
        variable = self._find(name)
        if variable is None:
            if name in library.NAMES:
                self._not_assignable(f"the library name '{name}'", node)
            else:
                self._unknown(name, node)
        elif variable.fixed == RECURSIVE:
            self.unsupported(node, f"assigning a {RECURSIVE}")
        elif variable.fixed:
            self._not_assignable(f"the {variable.fixed} '{name}'", node)
        else:
            variable.assigned = True
            self._use(variable, node)

    def _declared_twice(self, function: nodes.Function) -> None:
        message = f"there are two functions '{function.name}' in this block"
        self.errors.append(FluentError(SYNTAX_ERROR, message, function.span))

    def _not_assignable(self, what: str, node: Node) -> None:
        message = f"cannot assign to {what}"
        self.errors.append(FluentError("AssignmentError", message, node.span))
