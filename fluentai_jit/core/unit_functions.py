"""The functions that units may call, whichever engine carries them out."""

from __future__ import annotations

from types import FunctionType, ModuleType

from . import (
    access,
    activation,
    appending,
    arithmetic,
    arrays,
    comparison,
    heap,
    sampling,
    scalars,
    stopping,
    timing,
)


def functions_of(module: ModuleType) -> dict[str, FunctionType]:
    """The functions that a module defines, by name."""
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__
    }


UNIT_FUNCTIONS: dict[str, FunctionType] = {
    **functions_of(heap),
    **functions_of(stopping),
    **functions_of(arrays),
    **functions_of(appending),
    **functions_of(arithmetic),
    **functions_of(comparison),
    **functions_of(access),
    **functions_of(scalars),
    **functions_of(activation),
    **functions_of(timing),
    **functions_of(sampling),
}
