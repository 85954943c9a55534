"""Which function carries out each native operation of core/natives.py."""

from __future__ import annotations

from collections.abc import Callable

from ..core.entries import register_natives
from ..core.natives import NATIVES
from ..core.operations import Result
from . import closures, equality, lists, maps, places, strings, tagged
from .matrices import n_matrix_item, n_set_matrix_item
from .text import n_add, n_concatenate, n_text

Operation = Callable[..., Result]

_FUNCTIONS: dict[str, Operation] = {
    "add": n_add,
    "index": places.n_index,
    "equal": equality.n_equal,
    "list": lists.n_list,
    "concatenate": n_concatenate,
    "set_item": places.n_set_item,
    "member": places.n_member,
    "part": places.n_part,
    "set_member": places.n_set_member,
    "make_map": maps.n_make_map,
    "make_set": maps.n_make_set,
    "sequence": maps.n_sequence,
    "matrix_item": n_matrix_item,
    "set_matrix_item": n_set_matrix_item,
    "iterations": lists.n_iterations,
    "tagged": tagged.n_tagged,
    "closure": closures.n_closure,
    "cell": closures.n_cell,
    "to_string": n_text,
    "append": lists.n_append,
    "push": lists.n_append,
    "prepend": lists.n_prepend,
    "concat": lists.n_concat,
    "slice": lists.n_slice,
    "substring": strings.n_substring,
    "get": places.n_get,
    "remove": maps.n_remove,
    "contains": maps.n_contains,
    "insert": maps.n_insert,
    "keys": maps.n_keys,
    "values": maps.n_values,
    "entries": maps.n_entries,
    "from_entries": maps.n_from_entries,
    "merge": maps.n_merge,
    "intersection": maps.n_intersection,
    "difference": maps.n_difference,
}
OPERATIONS: tuple[Operation, ...] = tuple(_FUNCTIONS[row.name] for row in NATIVES)
register_natives(OPERATIONS)
