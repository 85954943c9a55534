"""Arguments of the Python API: a wrong one is refused by the name of its parameter.

A value of a wrong type is a TypeError, as it is in Python; a value that is not among
those allowed is a FluentError, raised where it is looked up.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterable, Mapping
from typing import SupportsIndex, TypeVar

from .errors import FluentError, nearest
from .settings import GROUPS, SETTINGS, shown

Kind = TypeVar("Kind")


def wrong_type(parameter: str, takes: str, value: object) -> TypeError:
    """`name must be a str, not int`; `takes` is what it must be."""
    return TypeError(f"{parameter} must be {takes}, not {type(value).__name__}")


def instance(value: object, kind: type[Kind], parameter: str, takes: str) -> Kind:
    """The value, if it is of that kind. Raises TypeError."""
    if not isinstance(value, kind):
        raise wrong_type(parameter, takes, value)
    return value


def text(value: object, parameter: str) -> str:
    """A str. Raises TypeError."""
    return instance(value, str, parameter, "a str")


def int_of(value: object) -> int | None:
    """The int that a value of any type of ints is, NumPy's too; None of another."""
    if not isinstance(value, SupportsIndex):
        return None
    try:
        return operator.index(value)
    except TypeError:
        # Arrays have the method, whether or not they are one int.
        return None


def integer(value: object, parameter: str) -> int:
    """An int, of NumPy too. Raises TypeError."""
    found = int_of(value)
    if found is None:
        raise wrong_type(parameter, "an int", value)
    return found


def unicode_text(value: str) -> str:
    """The str; FluentError of kind HostError for half of a surrogate pair in it."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        code = ord(value[error.start])
        message = f"U+{code:04X} is not a Unicode character"
        raise FluentError("HostError", message) from None
    return value


def texts(values: object, parameter: str) -> tuple[str, ...]:
    """Several str. Raises TypeError, also for one that stands alone."""
    takes = "a sequence of str"
    if isinstance(values, str):
        raise TypeError(f"{parameter} must be {takes}, not a single str")
    if isinstance(values, Mapping) or not isinstance(values, Iterable):
        raise wrong_type(parameter, takes, values)
    return tuple(
        text(value, f"{parameter}[{index}]") for index, value in enumerate(values)
    )


def function_names(functions: object) -> tuple[str, ...]:
    """The names of functions for a program, of a mapping its keys. Raises TypeError."""
    names = tuple(functions) if isinstance(functions, Mapping) else functions
    return texts(names, "functions")


def given_functions(
    functions: object, names: Iterable[str]
) -> dict[str, Callable[..., object]]:
    """The functions for a program that was compiled with these names.

    Raises TypeError, and FluentError where it is not exactly these.
    """
    found: dict[str, Callable[..., object]] = {}
    for name, function in mapping(functions, "functions").items():
        if not callable(function):
            raise wrong_type(f"functions[{name!r}]", "callable", function)
        found[name] = function
    wanted = set(names)
    for name in sorted(wanted - found.keys()):
        message = f"the program needs functions[{name!r}] of its host"
        raise FluentError("HostError", message)
    for name in found.keys() - wanted:
        message = f"the program was compiled without the function {shown(name)}"
        hint = "give its name to compile: compile(source, functions=functions)"
        raise FluentError("HostError", message, hint=hint)
    return found


def path_text(value: object, parameter: str) -> str:
    """A path as a str. Raises TypeError."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        raise wrong_type(parameter, "a str or a pathlib.Path", value)
    return path


def mapping(
    value: object, parameter: str, takes: str = "a mapping"
) -> Mapping[str, object]:
    """A mapping; its keys are looked at by whoever looks them up. Raises TypeError."""
    if not isinstance(value, Mapping):
        raise wrong_type(parameter, takes, value)
    return value


def check_keywords(keywords: Iterable[str], function: Callable[..., object]) -> None:
    """Refuse what is neither a setting nor a group of them.

    `function` was given the keywords beside its own parameters. Raises FluentError
    of kind ConfigError for what looks like a setting, else TypeError.
    """
    for name in keywords:
        if name.replace("__", ".") in SETTINGS or name in GROUPS:
            continue
        message = _unknown_keyword(name, function)
        if "__" in name:
            raise FluentError("ConfigError", message)
        raise TypeError(message)


def _unknown_keyword(name: str, function: Callable[..., object]) -> str:
    from inspect import signature

    *parameters, _keywords = signature(function).parameters
    spelled = [setting.replace(".", "__") for setting in SETTINGS]
    # A setting without its group is far from its full name.
    endings = [keyword for keyword in spelled if keyword.endswith(f"__{name}")]
    near = endings[0] if endings else nearest(name, (*parameters, *spelled))
    known = f"there are {', '.join(parameters)}, and settings as jit__mode"
    advice = f"did you mean {near}?" if near else known
    return f"unknown keyword argument {name!r}; {advice}"
