"""Rows of the library's table: strings, their characters, text.

As in core/library.py: name, least and most arguments, example with its printed value,
description.
"""

from __future__ import annotations

from .natives import ANY

STRING_ROWS: tuple[tuple[str, int, int, str, str], ...] = (
    (
        *("substring", 2, 3, 'substring("abc", 0, 2)  ab'),
        "The characters from one index to before another, or to the end",
    ),
    (
        *("split", 2, 2, 'split("a,b", ",")  ["a", "b"]'),
        "The pieces between separators; the characters where that is empty",
    ),
    ("chars", 1, 1, 'chars("añ")  ["a", "ñ"]', "The characters, a list of strings"),
    (
        *("join", 2, 2, 'join(", ", [1, "b"])  1, b'),
        "The texts of a list's items, a separator between them; in either order",
    ),
    (
        *("replace", 3, 3, 'replace("banana", "an", "o")  booa'),
        "With every occurrence of a part replaced",
    ),
    (
        *("format", 1, ANY, 'format("{} of {{{}}}", 1, [2])  1 of {[2]}'),
        "The template with values in its places; braces are doubled",
    ),
    (
        *("string_index_of", 2, 2, 'string_index_of("banana", "nan")  2'),
        "The index of the first place where a part stands, or -1",
    ),
    (
        *("string_contains", 2, 2, 'string_contains("banana", "nan")  true'),
        "Whether a part stands anywhere",
    ),
    ("starts_with", 2, 2, 'starts_with("abc", "ab")  true', "Whether a part begins it"),
    ("ends_with", 2, 2, 'ends_with("abc", "bc")  true', "Whether a part ends it"),
    ("trim", 1, 1, 'trim(" a b ")  a b', "Without the white space around it"),
    ("trim_start", 1, 1, 'trim_start(" a")  a', "Without the white space before it"),
    ("trim_end", 1, 1, 'trim_end("a ")  a', "Without the white space behind it"),
    ("upper", 1, 1, 'upper("straße")  STRASSE', "In capital letters"),
    ("lower", 1, 1, 'lower("ÀB")  àb', "In small letters"),
    (
        *("capitalize", 1, 1, 'capitalize("hELLO")  Hello'),
        "The first letter as a capital, the others small",
    ),
    (
        *("string_repeat", 2, 2, 'string_repeat("ab", 3)  ababab'),
        "The string so many times",
    ),
    (
        *("string_reverse", 1, 1, 'string_reverse("abc")  cba'),
        "The characters from the last to the first",
    ),
    (
        *("pad_left", 2, 3, 'pad_left("7", 3, "0")  007'),
        "Filled up on the left to so many characters, with spaces or a text",
    ),
    (
        *("pad_right", 2, 3, 'pad_right("7", 3, "0")  700'),
        "Filled up on the right",
    ),
    (
        *("pad_center", 2, 3, 'pad_center("ab", 5, "*")  *ab**'),
        "Filled up on both sides, on the right first",
    ),
    (
        *("char_code", 1, 2, 'char_code("€")  8364'),
        "The code point of the first character, or of that at an index",
    ),
    (
        *("from_char_code", 1, 1, "from_char_code(8364)  €"),
        "The string of one character, by its code point",
    ),
    (
        *("to_number", 1, 1, 'to_number("1.5")  1.5'),
        "The int or else the float that a text shows; a number itself",
    ),
    (
        *("is_alphabetic", 1, 1, 'is_alphabetic("añ")  true'),
        "Whether all characters are letters, and there are some",
    ),
    (
        *("is_numeric", 1, 1, 'is_numeric("12")  true'),
        "Whether all characters are digits or other numerals",
    ),
    (
        *("is_alphanumeric", 1, 1, 'is_alphanumeric("a1")  true'),
        "Whether all characters are letters or numerals",
    ),
    (
        *("is_whitespace", 1, 1, r'is_whitespace(" \n")  true'),
        "Whether all characters are white space",
    ),
    (
        *("is_upper", 1, 1, 'is_upper("Ab")  false'),
        "Whether all characters are capital letters",
    ),
    (
        *("is_lower", 1, 1, 'is_lower("ab")  true'),
        "Whether all characters are small letters",
    ),
)
STRING_ALIASES: dict[str, str] = {
    "string_length": "length",
    "string_upcase": "upper",
    "string_downcase": "lower",
    "string_upper": "upper",
    "string_lower": "lower",
    "to_upper": "upper",
    "to_lower": "lower",
    "uppercase": "upper",
    "lowercase": "lower",
    "string_capitalize": "capitalize",
    "string_split": "split",
    "string_join": "join",
    "string_trim": "trim",
    "trim_left": "trim_start",
    "trim_right": "trim_end",
    "string_replace": "replace",
    "string_substring": "substring",
    "string_starts_with": "starts_with",
    "string_ends_with": "ends_with",
    "string_pad_left": "pad_left",
    "string_pad_right": "pad_right",
    "string_format": "format",
    "string_chars": "chars",
    "string_to_list": "chars",
    "string_to_number": "to_number",
    "string_to_int": "to_int",
    "string_to_float": "to_float",
    "int_to_string": "to_string",
    "number_to_string": "to_string",
    "char_to_int": "char_code",
    "int_to_char": "from_char_code",
}
