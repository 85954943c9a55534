"""Calls of the host's functions by a program."""

from __future__ import annotations

from collections.abc import Sequence

from ..bytecode.messages import arity_message, arity_range_message
from ..errors import FluentError, shortened
from ..memory.functions import HostFunction
from ..stdlib.host import Exit, Host, Value
from .incoming import to_words, words_needed
from .outgoing import to_python
from .values import host_function

# The text of an exception in a message is cut behind so many characters.
_LONGEST = 400


def call_function(host: Host, callee: Value, values: Sequence[Value]) -> Value:
    """What a function of the host gives for these arguments.

    Raises FluentError: ArityError, HostError for an exception of another type or a
    result without counterpart, and whatever a call back into the program throws.
    """
    state = host.state
    function = host_function(state, callee[1])
    _check_count(function, len(values))
    # It may write to the same place, or ask what the program has printed.
    host.flush()
    # From here on only Python has the arguments: the program may move its own.
    result = _called(function, [to_python(state, *value) for value in values])
    try:
        host.reserve(words_needed(state, result))
        return to_words(state, result)
    except FluentError as error:
        if error.kind == "HostError" and not error.stack:
            error.message = f"the result of {function.name}: {error.message}"
        raise


def _check_count(function: HostFunction, given: int) -> None:
    least, most = function.least, function.most
    if given >= least and (most is None or given <= most):
        return
    if least == most:
        message = arity_message(function.name, least, given)
    else:
        message = arity_range_message(function.name, least, most, given)
    raise FluentError("ArityError", message)


def _text_of(error: Exception) -> str:
    try:
        return str(error)
    except Exception:
        # Its class has a `__str__` that fails; the exception itself is the cause.
        return ""


def _called(function: HostFunction, arguments: list[object]) -> object:
    try:
        return function.call(*arguments)
    except (FluentError, Exit):
        raise
    except Exception as error:
        text = shortened(_text_of(error), _LONGEST)
        what = type(error).__name__ + (f": {text}" if text else "")
        # What cannot be encoded has no place in a string of the program.
        what = what.encode(errors="replace").decode()
        message = f"{shortened(function.name)} raised {what}"
        raise FluentError("HostError", message) from error
