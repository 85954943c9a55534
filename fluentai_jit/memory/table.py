"""Which function carries out each native operation of core/natives.py."""

from __future__ import annotations

from collections.abc import Callable

from ..core.entries import register_natives
from ..core.natives import NATIVES
from ..core.operations import Result
from . import (
    characters,
    closures,
    equality,
    errors,
    lists,
    matrices,
    printing,
    ranges,
    search,
    sorting,
    strings,
    text,
)

Operation = Callable[..., Result]

_FUNCTIONS: dict[str, Operation] = {
    "add": text.n_add,
    "index": lists.n_index,
    "equal": equality.n_equal,
    "list": lists.n_list,
    "concatenate": text.n_concatenate,
    "set_item": lists.n_set_item,
    "matrix_item": matrices.n_matrix_item,
    "set_matrix_item": matrices.n_set_matrix_item,
    "iterations": lists.n_iterations,
    "closure": closures.n_closure,
    "cell": closures.n_cell,
    "thrown": errors.n_thrown,
    "range": ranges.n_range,
    "order": sorting.n_order,
    "parse": characters.n_parse,
    "to_string": text.n_text,
    "print": printing.n_print,
    "println": printing.n_println,
    "to_number": characters.n_to_number,
    "char_code": characters.n_char_code,
    "from_char_code": characters.n_from_char_code,
    "join": text.n_join,
    "replace": text.n_replace,
    "format": text.n_format,
    "split": search.n_split,
    "chars": search.n_chars,
    "string_contains": search.n_contains,
    "string_index_of": search.n_find,
    "starts_with": search.n_starts_with,
    "ends_with": search.n_ends_with,
    "trim": characters.n_trim,
    "trim_start": characters.n_trim_start,
    "trim_end": characters.n_trim_end,
    "upper": characters.n_upper,
    "lower": characters.n_lower,
    "string_repeat": characters.n_repeat,
    "pad_left": characters.n_pad_left,
    "pad_right": characters.n_pad_right,
    "pad_center": characters.n_pad_center,
    "string_reverse": characters.n_reverse,
    "is_alphabetic": characters.n_is_alphabetic,
    "is_numeric": characters.n_is_numeric,
    "is_alphanumeric": characters.n_is_alphanumeric,
    "is_whitespace": characters.n_is_whitespace,
    "is_upper": characters.n_is_upper,
    "is_lower": characters.n_is_lower,
    "append": lists.n_append,
    "push": lists.n_append,
    "prepend": lists.n_prepend,
    "concat": lists.n_concat,
    "slice": lists.n_slice,
    "substring": strings.n_substring,
}
OPERATIONS: tuple[Operation, ...] = tuple(_FUNCTIONS[row.name] for row in NATIVES)
register_natives(OPERATIONS)
