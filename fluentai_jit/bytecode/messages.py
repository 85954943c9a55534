"""Texts of errors that the compiler foresees and that also happen at run time.

The same words, whether a FAIL instruction raises the error or the driver does.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import nearest


def arity_message(name: str, expected: int, given: int) -> str:
    """`f expects 2 arguments, got 1`."""
    noun = "argument" if expected == 1 else "arguments"
    return f"{name} expects {expected} {noun}, got {given}"


def arity_range_message(name: str, least: int, most: int | None, given: int) -> str:
    """`f expects 2 to 3 arguments, got 1`; at least so many where `most` is None."""
    if most == least:
        return arity_message(name, least, given)
    if most is None:
        noun = "argument" if least == 1 else "arguments"
        return f"{name} expects at least {least} {noun}, got {given}"
    between = "or" if most == least + 1 else "to"
    return f"{name} expects {least} {between} {most} arguments, got {given}"


def unbound_message(name: str) -> str:
    """`x is used before its let`."""
    return f"{name} is used before its let"


def unknown_message(name: str, close: str | None) -> str:
    """`unknown name 'foo', did you mean 'fob'?`; `close` is None where nothing is."""
    return f"unknown name '{name}'{suggestion(close)}"


def suggestion(close: str | None) -> str:
    """What follows a message where a similar name exists."""
    return "" if close is None else f", did you mean '{close}'?"


def unsupported_message(thing: str) -> str:
    """`an f-string is not supported yet`."""
    return f"{thing} is not supported yet"


def no_field_message(what: str, field: str, names: Iterable[str]) -> str:
    """`Point has no field 'z', did you mean 'x'?`."""
    close = nearest(field, [name for name in names if name])
    return f"{what} has no field '{field}'{suggestion(close)}"
