"""What capitalised names mean: structs, enums, constructors, declared or not."""

from __future__ import annotations

from ..errors import SYNTAX_ERROR, FluentError, nearest
from ..graph import nodes
from ..graph.nodes import Node
from .constructors import (
    Constructor,
    EnumType,
    anonymous,
    enum_type,
    struct_constructor,
)
from .messages import no_field_message, suggestion
from .names import NameResolver
from .variables import Unit, Variable

# Names that stand for what the language has and this compiler does not.
_RESERVED = frozenset(["Promise"])


class TypeResolver(NameResolver):
    """Resolution of declared types and of every use of a constructor."""

    # ---- declarations -------------------------------------------------------
    def _declare_types(self, items: list[Node]) -> None:
        """Make the types of a block, or of the top level, visible all over it."""
        for item in items:
            if type(item) is nodes.StructDecl:
                self._declare_type(item, "struct", struct_constructor(item))
            elif type(item) is nodes.EnumDecl:
                declared = enum_type(item)
                self._declare_type(item, "enum", declared)
                for constructor in declared.constructors.values():
                    self._declare_variant(constructor)

    def _declare_type(
        self,
        node: nodes.StructDecl | nodes.EnumDecl,
        kind: str,
        meaning: Constructor | EnumType,
    ) -> None:
        variable = Variable(node.name, self._unit, kind)
        variable.meaning = meaning
        if not self._make_visible(variable):
            message = f"there are two types '{node.name}' in this block"
            self.errors.append(FluentError(SYNTAX_ERROR, message, node.span))
        elif isinstance(meaning, Constructor):
            self._declared(meaning)

    def _declare_variant(self, constructor: Constructor) -> None:
        self._declared(constructor)
        variable = Variable(constructor.name, self._unit, "constructor")
        variable.meaning = constructor
        if not self._make_visible(variable):
            # Of two constructors of that name neither is meant by the name alone.
            other = self._find(constructor.name)
            if other is not None and other.fixed == "constructor":
                other.meaning = None

    def _make_visible(self, variable: Variable) -> bool:
        if self._scope is None:
            return self.top.declare_function(variable)
        return self._scope.names.setdefault(variable.name, variable) is variable

    def _declared(self, constructor: Constructor) -> None:
        self.result.declared.append(constructor)
        self.result.texts.update(constructor.shape.names)
        if constructor.has_defaults:
            self._constructor_unit(constructor)

    def _constructor_unit(self, constructor: Constructor) -> Unit:
        """The function that a constructor with fields is."""
        if constructor.unit is None:
            assert constructor.declared is not None
            unit = self._new_unit(constructor.name, constructor.declared)
            unit.constructor = constructor
            constructor.unit = unit
            if not constructor.has_defaults:
                unit.parameters = [
                    Variable(name or f"field {i + 1}", unit)
                    for i, name in enumerate(constructor.shape.names)
                ]
        self._references.add(constructor.unit)
        return constructor.unit

    def _struct_item(self, node: nodes.StructDecl) -> None:
        self._defaults(self.result.declared, node.fields, node)

    def _enum_item(self, node: nodes.EnumDecl) -> None:
        for variant in node.variants:
            self._defaults(self.result.declared, variant.fields, variant)

    def _defaults(
        self,
        declared: list[Constructor],
        fields: list[nodes.FieldDecl],
        node: Node,
    ) -> None:
        """Resolve the defaults of a constructor's fields."""
        for constructor in declared:
            if constructor.declared is node and constructor.unit is not None:
                self._enter(constructor.unit, fields, None)

    # ---- uses ---------------------------------------------------------------
    def _meant(self, variable: Variable, name: str, node: Node) -> None:
        """A name that is bound to a type or constructor."""
        meaning = variable.meaning
        if isinstance(meaning, Constructor):
            self._constructor(meaning, node)
        elif variable.fixed == "enum":
            self.result.unknown[node.id] = f"the enum '{name}' is no value"
        else:
            owners = [
                each.shape.owner for each in self.result.declared if each.name == name
            ]
            shown = " and ".join(f"{owner}.{name}" for owner in owners)
            self.result.unknown[node.id] = f"'{name}' may be {shown}"

    def _constructor(self, constructor: Constructor, node: Node) -> None:
        self.result.constructors[node.id] = constructor
        if constructor.unit is not None:
            self._references.add(constructor.unit)

    def _undeclared(self, name: str, node: Node, count: int) -> None:
        if name in _RESERVED:
            self.unsupported(node, f"'{name}'")
        else:
            self._constructor(anonymous(name, count), node)

    def _of_enum(self, object_: Node, name: str, node: Node) -> bool:
        """Resolve `Enum.Name`; False where this is something else."""
        if type(object_) is not nodes.Name:
            return False
        variable = self._find(object_.name)
        if variable is None or not isinstance(variable.meaning, EnumType):
            return False
        self.result.enum_members.add(node.id)
        self._variant_of(variable.meaning, name, node)
        return True

    def _variant_of(self, declared: EnumType, name: str, node: Node) -> None:
        constructor = declared.constructors.get(name)
        if constructor is not None:
            self._constructor(constructor, node)
            return
        message = f"the enum '{declared.name}' has no constructor '{name}'"
        close = nearest(name, declared.constructors)
        self.result.unknown[node.id] = message + suggestion(close)

    def _dotted(self, name: str, node: Node, count: int) -> None:
        """The constructor that a name in a pattern or before `{` stands for.

        An undeclared one has `count` fields, or none where that is -1.
        """
        first, _, second = name.partition(".")
        if second:
            variable = self._find(first)
            if variable is not None and isinstance(variable.meaning, EnumType):
                self._variant_of(variable.meaning, second, node)
                return
        else:
            variable = self._find(name)
            if variable is not None and variable.meaning is not None:
                self._meant(variable, name, node)
                return
            if variable is None and count >= 0:
                self._undeclared(name, node, count)
                return
        declared = [each.name for each in self.result.declared]
        message = f"unknown constructor '{name}'"
        self.result.unknown[node.id] = message + suggestion(nearest(name, declared))

    def _member(self, node: nodes.Member) -> None:
        if not self._of_enum(node.object, node.name, node):
            self.visit(node.object)
        elif node.id in self.result.constructors:
            constructor = self.result.constructors[node.id]
            if constructor.count:
                self._constructor_unit(constructor)

    def _struct_literal(self, node: nodes.StructLiteral) -> None:
        self._dotted(node.name, node, -1)
        for field in node.fields:
            self.visit(field.value)

    def _check_field_names(self, pattern: nodes.StructPattern) -> None:
        constructor = self.result.constructors.get(pattern.id)
        if constructor is None:
            return
        for field in pattern.fields:
            if field.name not in constructor.shape.names:
                message = no_field_message(
                    pattern.name, field.name, constructor.shape.names
                )
                self.errors.append(FluentError(SYNTAX_ERROR, message, field.span))
