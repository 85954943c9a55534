"""Which function carries out each native operation of core/natives.py."""

from __future__ import annotations

from collections.abc import Callable

from ..core.entries import register_natives
from ..core.natives import NATIVES
from ..core.operations import Result
from . import closures, equality, errors, lists, strings
from .text import n_add, n_concatenate, n_text

Operation = Callable[..., Result]

_FUNCTIONS: dict[str, Operation] = {
    "add": n_add,
    "index": lists.n_index,
    "equal": equality.n_equal,
    "list": lists.n_list,
    "concatenate": n_concatenate,
    "set_item": lists.n_set_item,
    "iterations": lists.n_iterations,
    "closure": closures.n_closure,
    "cell": closures.n_cell,
    "thrown": errors.n_thrown,
    "to_string": n_text,
    "append": lists.n_append,
    "push": lists.n_append,
    "prepend": lists.n_prepend,
    "concat": lists.n_concat,
    "slice": lists.n_slice,
    "substring": strings.n_substring,
}
OPERATIONS: tuple[Operation, ...] = tuple(_FUNCTIONS[row.name] for row in NATIVES)
register_natives(OPERATIONS)
