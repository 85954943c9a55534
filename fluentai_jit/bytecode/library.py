"""What a name means that no program defines: the library, as the compiler sees it."""

from __future__ import annotations

from ..core.hosts import HOST_INDEX, HOSTS
from ..core.natives import NATIVE_INDEX, NATIVES, OPERATORS
from ..core.primitives import bits_of_float
from ..core.scalars import LIBRARY_CONSTANTS, SCALAR_INDEX, SCALARS
from ..core.tags import FLOAT

FUNCTIONS = frozenset([*SCALAR_INDEX, *HOST_INDEX, *NATIVE_INDEX]) - OPERATORS
CONSTANTS = {
    name: (FLOAT, bits_of_float(value)) for name, value in LIBRARY_CONSTANTS.items()
}

# Names of the language's library that compile to an error of kind NotSupported,
# not to an unknown name.
_UNSUPPORTED = """
    all any apply arange array capitalize chars char_code chunk compose cons const
    contains copy count curry dot drop drop_while entries enumerate env fill filter
    filter_map find first flat_map flatten flip fold fold_right for_each format
    from_char_code from_entries from_list get group_by head identity index_of
    intersection is_alphabetic is_array is_empty is_list is_map is_numeric is_set
    is_symbol iterate join json_parse json_stringify keys last lower map map_array
    map_indexed map_values matmul max_by mean memoize merge min_by none now nth ones
    pad_center pad_left pad_right partial partition pipe product range reduce remove
    repeat replace rest reverse scan set shape sliding_window sort sort_by split
    starts_with ends_with sum tail take take_while to_list to_number trim uncurry
    union difference unique unzip upper values zeros zip
"""
UNSUPPORTED = frozenset(_UNSUPPORTED.split())
SUPPORTED = FUNCTIONS | CONSTANTS.keys()
NAMES = SUPPORTED | UNSUPPORTED


def arity(name: str) -> int:
    """How many arguments a library function takes."""
    if name in SCALAR_INDEX:
        return SCALARS[SCALAR_INDEX[name]].arity
    if name in NATIVE_INDEX:
        return NATIVES[NATIVE_INDEX[name]].arity
    return HOSTS[HOST_INDEX[name]].arity
