"""Classes that are declared by their fields, with slots and a generated `__init__`."""

from __future__ import annotations

from typing import Any, dataclass_transform

# A field whose annotation has no other words than these holds no child nodes.
_LEAF_WORDS = frozenset(
    [
        "str",
        "int",
        "float",
        "bool",
        "None",
        "list",
        "tuple",
        "...",
        "TypeExpr",
        "Span",
        "NodeId",
        "Metadata",
    ]
)


class _Preset:
    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


# Any, because the call stands where a value of the field's own type is expected.
def preset(*, init: bool, default: object) -> Any:
    """Declare a field that starts as `default` and is no parameter.

    `init` is always False: type checkers read it.
    """
    return _Preset(default)


@dataclass_transform(eq_default=False, field_specifiers=(preset,))
class Record(type):
    """The metaclass of nodes: the annotations of a class body are its fields.

    `dataclasses` does the same for 16 ms more of import time: it loads `inspect`, and
    writes every `__init__` whether it is used or not.
    """

    # The parameters in order; those that may be missing; those that can hold nodes.
    field_names: tuple[str, ...]
    optional_fields: frozenset[str]
    child_fields: tuple[str, ...]
    _defaults: dict[str, object]

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]
    ) -> Record:
        own: dict[str, str] = namespace.get("__annotations__", {})
        # A class attribute of the same name would hide the slot.
        defaults = {field: namespace.pop(field) for field in own if field in namespace}
        namespace["__slots__"] = tuple(own)
        namespace["__init__"] = _first_init
        created = super().__new__(cls, name, bases, namespace)
        parent = created.__mro__[1]
        names: tuple[str, ...] = getattr(parent, "field_names", ())
        optional: frozenset[str] = getattr(parent, "optional_fields", frozenset())
        children: tuple[str, ...] = getattr(parent, "child_fields", ())
        created._defaults = getattr(parent, "_defaults", {}) | defaults
        created.field_names = names + tuple(
            field for field in own if not isinstance(defaults.get(field), _Preset)
        )
        created.optional_fields = optional | {
            field for field in own if field in defaults or "None" in own[field]
        }
        created.child_fields = children + tuple(
            field for field, annotation in own.items() if _holds_nodes(annotation)
        )
        return created

    def write_init(cls) -> None:
        """Give the class the `__init__` that its fields ask for."""
        parameters = [
            f"{field}=defaults[{field!r}]" if field in cls._defaults else field
            for field in cls.field_names
        ]
        lines = [f"def __init__(self, {', '.join(parameters)}):"]
        lines += [f"    self.{field} = {field}" for field in cls.field_names]
        lines += [
            f"    self.{field} = {default.value!r}"
            for field, default in cls._defaults.items()
            if isinstance(default, _Preset)
        ]
        namespace: dict[str, Any] = {"defaults": cls._defaults}
        exec("\n".join(lines), namespace)
        cls.__init__ = namespace["__init__"]  # type: ignore[misc]


def _first_init(self: object, *values: object, **named: object) -> None:
    # A program needs a third of the classes; writing all of them at import costs 4 ms.
    node_class: Record = type(self)  # type: ignore[assignment]
    node_class.write_init()
    self.__init__(*values, **named)  # type: ignore[misc]


def _holds_nodes(annotation: str) -> bool:
    for mark in "[]|,":
        annotation = annotation.replace(mark, " ")
    return not _LEAF_WORDS.issuperset(annotation.split())
