"""Name resolution: which variable, function or library entry every name means.

One walk over the graph, before any code is made, because what a variable becomes
(a register, a global, a literal, a chunk) depends on every use of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import SYNTAX_ERROR, FluentError
from ..graph import nodes
from ..graph.nodes import Expr, Node, walk
from . import library
from .messages import arity_message
from .names import RECURSIVE
from .resolve_types import TypeResolver
from .scopes import Scope
from .variables import Variable


class Resolver(TypeResolver):
    """The walk over every form of the language."""

    # ---- items --------------------------------------------------------------
    def program(self, root: nodes.Program) -> None:
        """Resolve a whole program."""
        self._declare_types(root.items)
        for item in root.items:
            if type(item) is nodes.Function:
                if not self.top.declare_function(self._hoist(item)):
                    self._declared_twice(item)
        for index, item in enumerate(root.items):
            self._survey(index, item)
        for index, item in enumerate(root.items):
            self._limit = index
            self._references = set()
            self.item_references.append(self._references)
            self._item(item)
        self._walk_prelude()

    def _survey(self, index: int, item: Node) -> None:
        """Declare what an item of the top level makes, for functions before it."""
        if type(item) is nodes.Let:
            if item.body is None:
                for name, pattern in bound_names(item.pattern).items():
                    self._foresee(index, name, pattern, "")
        elif type(item) is nodes.Const:
            self._foresee(index, item.name, item, "const")
        elif type(item) is nodes.Define and self.top.before(item.name, index) is None:
            self._foresee(index, item.name, item, "")

    def _foresee(self, index: int, name: str, node: Node, fixed: str) -> None:
        variable = Variable(name, self._main, fixed)
        self.result.bindings[node.id] = variable
        self.top.declare(index, variable)
        self.variables.append(variable)

    def _items(self, items: list[Node]) -> None:
        """The items of a block: its functions first, then all in order."""
        self._scope = scope = Scope(self._scope)
        self._declare_types(items)
        for item in items:
            if type(item) is nodes.Function:
                if item.name in scope.names:
                    self._declared_twice(item)
                scope.names[item.name] = self._hoist(item)
            elif (
                type(item) is nodes.Let
                and item.recursive
                and type(item.pattern) is nodes.NamePattern
                and type(item.value) is nodes.Lambda
            ):
                self._declare(item.pattern.name, item.pattern, RECURSIVE)
        for item in items:
            visit = _ITEM_VISITS.get(type(item))
            if visit is None:
                self.unsupported(item)
            else:
                visit(self, item)
        self._scope = scope.parent

    def _item(self, item: Node) -> None:
        """An item, where names can be defined."""
        visit = _ITEM_VISITS.get(type(item))
        if visit is None:
            self.unsupported(item)
        else:
            visit(self, item)

    def _let_item(self, node: nodes.Let) -> None:
        if node.body is None:
            self._let_binding(node)
        else:
            self._let(node)

    def _let_binding(self, node: nodes.Let) -> None:
        pattern = node.pattern
        if type(pattern) is nodes.NamePattern:
            self._bind(pattern.name, pattern, node.value)
        elif type(pattern) is nodes.WildcardPattern:
            self.visit(node.value)
        else:
            self.visit(node.value)
            self._destructured(pattern)

    def _destructured(self, pattern: nodes.Pattern) -> None:
        """The variables of a let whose pattern is not a name alone."""
        scope = self._scope
        self._scope = found = Scope(scope)
        self._pattern(pattern, found)
        self._scope = scope
        for variable in found.names.values():
            if variable.top_level:
                continue
            assert scope is not None
            scope.names[variable.name] = variable
            self.variables.append(variable)

    def _let(self, node: nodes.Let) -> None:
        """`let x = e; body`."""
        assert node.body is not None
        self._scope = scope = Scope(self._scope)
        self._let_binding(node)
        self.visit(node.body)
        self._scope = scope.parent

    def _const(self, node: nodes.Const) -> None:
        self._bind(node.name, node, node.value, "const")

    def _bind(self, name: str, node: Node, value: Expr, fixed: str = "") -> None:
        """A let, const or defining `:=`: its value, then its variable.

        Only a lambda standing directly after the `=` sees the variable.
        """
        bindings = self.result.bindings
        if type(value) is not nodes.Lambda:
            self.visit(value)
        if node.id not in bindings:
            self.variables.append(self._declare(name, node, fixed))
        variable = bindings[node.id]
        if type(value) is nodes.Lambda:
            unit = self._new_unit(name, value)
            self._give(variable, unit)
            self._limit += 1 if variable.top_level else 0
            self._lambda_body(unit, value)
            self._limit -= 1 if variable.top_level else 0
        else:
            variable.value = value

    def _define(self, node: nodes.Define) -> None:
        """`name := value` as an item."""
        if node.id in self.result.bindings or self._find(node.name) is None:
            self.result.defines.add(node.id)
            self._bind(node.name, node, node.value)
        else:
            self.visit(node.value)
            self._assign_name(node.name, node)

    def _nested_define(self, node: nodes.Define) -> None:
        if self._find(node.name) is None:
            self.unsupported(node, "a definition by `:=` inside an expression")
        else:
            self.visit(node.value)
            self._assign_name(node.name, node)

    # ---- expressions --------------------------------------------------------
    def visit(self, node: Node) -> None:
        """Resolve a node and all below it."""
        visit = _VISITS.get(type(node))
        if visit is None:
            self.unsupported(node)
        else:
            visit(self, node)

    def _leaf(self, node: Node) -> None:
        """A node without names in it."""

    def _operand(self, node: nodes.Unary) -> None:
        self.visit(node.operand)

    def _operators(self, node: Expr) -> None:
        # A loop: a chain of operators may be longer than Python's stack is deep.
        rights: list[Expr] = []
        while type(node) is nodes.Binary or type(node) is nodes.Logical:
            rights.append(node.right)
            node = node.left
        self.visit(node)
        for right in reversed(rights):
            self.visit(right)

    def _parts(self, node: nodes.FString) -> None:
        for part in node.parts:
            if not isinstance(part, str):
                self.visit(part)

    def _list(self, node: nodes.ListLiteral | nodes.SetLiteral) -> None:
        for item in node.items:
            self.visit(item.value if isinstance(item, nodes.Spread) else item)

    def _map(self, node: nodes.MapLiteral) -> None:
        for entry in node.entries:
            if isinstance(entry, nodes.Spread):
                self.visit(entry.value)
            else:
                self.visit(entry.key)
                self.visit(entry.value)

    def _text(self, node: nodes.StringLiteral) -> None:
        self.result.texts.add(node.value)

    def _index(self, node: nodes.Index) -> None:
        self.visit(node.object)
        self.visit(node.index)
        if node.column is not None:
            self.visit(node.column)

    def _call(self, node: nodes.Call) -> None:
        callee = node.callee
        if type(callee) is nodes.Name:
            self._called(callee, callee.name, len(node.args))
        else:
            self.visit(callee)
        for argument in node.args:
            self.visit(argument)

    def _method_call(self, node: nodes.MethodCall) -> None:
        if node.optional:
            self.unsupported(node, "`.?`")
            return
        if self._of_enum(node.receiver, node.name, node):
            for argument in node.args:
                self.visit(argument)
            return
        self.visit(node.receiver)
        for argument in node.args:
            self.visit(argument)
        name = node.name
        variable = self._find(name)
        if variable is None or variable.unit is not None or name not in library.NAMES:
            self._called(node, name, len(node.args) + 1)
        else:
            # Which of the two is called depends on what the variable holds.
            self.unsupported(node, f"the method '{name}', also a variable's name,")

    def _called(self, node: Node, name: str, count: int) -> None:
        """A name that is called with so many arguments."""
        self._named(node, name, count)
        name = library.canonical(name)
        if self._means_library(node, name):
            self._use_library(name, count)

    def _printable(self, node: nodes.Printable) -> None:
        self.visit(node.value)

    # ---- control ------------------------------------------------------------
    def _block(self, node: nodes.Block) -> None:
        self._items(node.items)

    def _if(self, node: nodes.If) -> None:
        while True:
            self.visit(node.condition)
            self._items(node.then.items)
            if type(node.otherwise) is not nodes.If:
                break
            node = node.otherwise
        if node.otherwise is not None:
            self.visit(node.otherwise)

    def _while(self, node: nodes.While) -> None:
        self._loops += 1
        self.visit(node.condition)
        self._items(node.body.items)
        self._loops -= 1

    def _for(self, node: nodes.For) -> None:
        self.visit(node.iterable)
        self._scope = scope = Scope(self._scope)
        self._loops += 1
        pattern = node.pattern
        self._pattern(pattern, scope)
        self._items(node.body.items)
        self._loops -= 1
        self._scope = scope.parent

    def _range(self, node: nodes.Range) -> None:
        self.visit(node.start)
        self.visit(node.end)

    def _return(self, node: nodes.Return) -> None:
        if node.value is not None:
            self.visit(node.value)

    def _match(self, node: nodes.Match) -> None:
        self.visit(node.subject)
        for arm in node.arms:
            self._scope = scope = Scope(self._scope)
            self._pattern(arm.pattern, scope)
            if arm.guard is not None:
                self.visit(arm.guard)
            self.visit(arm.body)
            self._scope = scope.parent

    def _throw(self, node: nodes.Throw) -> None:
        self.visit(node.value)

    def _try(self, node: nodes.Try) -> None:
        self._items(node.body.items)
        for clause in node.catches:
            self._scope = scope = Scope(self._scope)
            if clause.pattern is not None:
                self._pattern(clause.pattern, scope)
            if clause.guard is not None:
                self.visit(clause.guard)
            self._items(clause.body.items)
            self._scope = scope.parent
        if node.final is not None:
            self._items(node.final.items)

    def _pattern(self, pattern: Node, scope: Scope) -> None:
        if isinstance(pattern, nodes.NamePattern):
            self._pattern_name(pattern.name, pattern, scope)
        elif isinstance(pattern, nodes.AliasPattern):
            self._pattern(pattern.pattern, scope)
            self._pattern_name(pattern.name, pattern, scope)
        elif isinstance(pattern, nodes.OrPattern):
            for alternative in pattern.alternatives:
                self._pattern(alternative, scope)
        elif isinstance(pattern, nodes.LiteralPattern):
            self.visit(pattern.value)
        elif isinstance(pattern, nodes.ConstructorPattern):
            self._constructor_pattern(pattern)
            for part in pattern.args or ():
                self._pattern(part, scope)
        elif isinstance(pattern, nodes.StructPattern):
            self._dotted(pattern.name, pattern, -1)
            self._check_field_names(pattern)
            for field in pattern.fields:
                self._pattern(field.pattern, scope)
        elif isinstance(pattern, nodes.ListPattern):
            for item in pattern.items:
                self._pattern(item, scope)
            if pattern.rest is not None:
                self._pattern(pattern.rest, scope)
        elif isinstance(pattern, nodes.MapPattern):
            for entry in pattern.entries:
                self.visit(entry.key)
                self._pattern(entry.pattern, scope)

    def _constructor_pattern(self, pattern: nodes.ConstructorPattern) -> None:
        variable = self._find(pattern.name)
        if variable is not None and variable.meaning is None:
            if pattern.args is None and variable.fixed == "const":
                self._use(variable, pattern)
                return
        args = pattern.args
        self._dotted(pattern.name, pattern, len(args or ()))
        constructor = self.result.constructors.get(pattern.id)
        if args is not None and constructor is not None:
            if constructor.count != len(args):
                found = arity_message(pattern.name, constructor.count, len(args))
                message = found.replace("argument", "field", 1)
                self.errors.append(FluentError(SYNTAX_ERROR, message, pattern.span))

    def _pattern_name(self, name: str, pattern: Node, scope: Scope) -> None:
        # Alternatives bind one and the same variable; that of a let of the top level
        # is there already.
        variable = scope.names.get(name) or self.result.bindings.get(pattern.id)
        if variable is not None:
            scope.names[name] = self.result.bindings[pattern.id] = variable
        else:
            self._declare(name, pattern)


def bound_names(pattern: Node) -> dict[str, Node]:
    """The names that a pattern binds, each with a node that does."""
    found: dict[str, Node] = {}
    for each in walk(pattern):
        if isinstance(each, nodes.NamePattern | nodes.AliasPattern):
            found.setdefault(each.name, each)
    return found


# What each form does; a form that is not here is not supported yet. TypeAlias
# is a note to the reader of the program.
_VISITS: dict[type[Node], Callable[[Resolver, Any], None]] = {
    nodes.Assign: Resolver._assign,
    nodes.Binary: Resolver._operators,
    nodes.Block: Resolver._block,
    nodes.BoolLiteral: Resolver._leaf,
    nodes.Break: Resolver._leaf,
    nodes.Call: Resolver._call,
    nodes.Const: Resolver._const,
    nodes.Continue: Resolver._leaf,
    nodes.Define: Resolver._nested_define,
    nodes.FString: Resolver._parts,
    nodes.FloatLiteral: Resolver._leaf,
    nodes.For: Resolver._for,
    nodes.Function: Resolver._function,
    nodes.If: Resolver._if,
    nodes.Index: Resolver._index,
    nodes.IntLiteral: Resolver._leaf,
    nodes.Lambda: Resolver._lambda,
    nodes.EnumDecl: Resolver._enum_item,
    nodes.Let: Resolver._let,
    nodes.ListLiteral: Resolver._list,
    nodes.Logical: Resolver._operators,
    nodes.Match: Resolver._match,
    nodes.MapLiteral: Resolver._map,
    nodes.Member: Resolver._member,
    nodes.MethodCall: Resolver._method_call,
    nodes.Name: Resolver._name,
    nodes.NilLiteral: Resolver._leaf,
    nodes.Printable: Resolver._printable,
    nodes.Range: Resolver._range,
    nodes.Return: Resolver._return,
    nodes.SetLiteral: Resolver._list,
    nodes.StringLiteral: Resolver._text,
    nodes.StructDecl: Resolver._struct_item,
    nodes.StructLiteral: Resolver._struct_literal,
    nodes.SymbolLiteral: Resolver._leaf,
    nodes.Throw: Resolver._throw,
    nodes.Try: Resolver._try,
    nodes.TypeAlias: Resolver._leaf,
    nodes.Unary: Resolver._operand,
    nodes.While: Resolver._while,
}
_ITEM_VISITS = _VISITS | {
    nodes.Let: Resolver._let_item,
    nodes.Define: Resolver._define,
}
