"""What a name means that no program defines: the library, as the compiler sees it."""

from __future__ import annotations

from ..core.hosts import HOST_INDEX
from ..core.library import FORMS, LIBRARY, Form
from ..core.library_aliases import ALIASES
from ..core.natives import ANY, NATIVE_INDEX
from ..core.primitives import bits_of_float
from ..core.scalars import LIBRARY_CONSTANTS, SCALAR_INDEX
from ..core.tags import FLOAT
from ..prelude import functions as prelude
from .messages import arity_message, arity_range_message

FUNCTIONS = frozenset(LIBRARY)
CONSTANTS = {
    name: (FLOAT, bits_of_float(value)) for name, value in LIBRARY_CONSTANTS.items()
}

# Names of the language's library that compile to an error of kind NotSupported,
# not to an unknown name.
UNSUPPORTED = frozenset(("channel", "env", "json_parse", "json_stringify", "now"))
SUPPORTED = FUNCTIONS | CONSTANTS.keys()
NAMES = SUPPORTED | UNSUPPORTED | ALIASES.keys()


def canonical(name: str) -> str:
    """The library's own spelling of a name."""
    return ALIASES.get(name, name)


def value_arity(name: str) -> int:
    """How many arguments a library function takes where it is used as a value."""
    return FORMS[name][0].least if name in FORMS else LIBRARY[name].least


def value_counts(name: str, most: int) -> range:
    """The numbers of arguments, up to `most`, that such a value may be called with."""
    row = LIBRARY.get(name)
    if row is None or row.least == row.most:
        return range(0)
    return range(row.least, (most if row.most == ANY else min(most, row.most)) + 1)


def carriers(name: str) -> set[str]:
    """What carries out the calls of such a value."""
    row = LIBRARY.get(name)
    if row is None:
        return {carrier(name, value_arity(name))}
    # From there on all are carried out by the same.
    last = max((form.least for form in FORMS.get(name, ())), default=row.least)
    most = last if row.most == ANY else row.most
    return {carrier(name, count) for count in range(row.least, most + 1)}


def is_inner(name: str) -> bool:
    """Whether the prelude may use a name that is not one of the library."""
    tables = (SCALAR_INDEX, NATIVE_INDEX, HOST_INDEX, prelude.sources())
    return any(name in table for table in tables)


def form_of(name: str, count: int) -> Form | None:
    """What carries out a call with so many arguments; None where nothing does."""
    row = LIBRARY.get(canonical(name))
    return Form(count, count, name) if row is None else row.form(count)


def carrier(name: str, count: int) -> str:
    """The name of what carries out a call; "" where nothing does."""
    form = form_of(name, count)
    return "" if form is None else form.target


def wrong_count(name: str, given: int) -> str | None:
    """The message of an ArityError; None where that many arguments are right."""
    row = LIBRARY.get(canonical(name))
    if row is None or row.form(given) is not None:
        return None
    if row.least == row.most:
        return arity_message(name, row.least, given)
    return arity_range_message(
        name, row.least, None if row.most == ANY else row.most, given
    )
