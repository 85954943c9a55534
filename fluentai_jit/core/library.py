"""The library: every name that a program may use without defining it.

One row a name: how many arguments it takes, an example with its printed value, and a
sentence. Where it is implemented follows from the name of its form: a scalar function
(core/scalars.py), a native operation (core/natives.py), a host function
(core/hosts.py), else a function of the prelude, in FLC. docs/library.md is made from
this table.
"""

from __future__ import annotations

from typing import NamedTuple

from .natives import ANY
from .string_rows import STRING_ALIASES, STRING_ROWS


class Form(NamedTuple):
    """What carries out a call with `least` to `most` arguments.

    Arguments that are missing are nil. Where `most` is ANY, those from the last
    parameter on are given as one list, except to a native operation of any number.
    """

    least: int
    most: int
    target: str


class Row(NamedTuple):
    """A library function; `forms` only where its own name is not all there is."""

    name: str
    least: int
    most: int  # or ANY
    example: str  # an expression and its printed value: "sign(-3)  -1"
    description: str
    forms: tuple[Form, ...] = ()

    def form(self, count: int) -> Form | None:
        """What carries out a call with so many arguments; None where nothing does."""
        for form in self.forms or (Form(self.least, self.most, self.name),):
            if form.least <= count and (count <= form.most or form.most == ANY):
                return form
        return None


_CORE = (
    Row("append", 2, 2, "append([1], 2)  [1, 2]", "The list with an item at its end"),
    Row("push", 2, 2, "push([1], 2)  [1, 2]", "The same as append"),
    Row("prepend", 2, 2, "prepend([1], 2)  [2, 1]", "The list with an item in front"),
    Row("concat", 2, 2, "concat([1], [2, 3])  [1, 2, 3]", "The items of both lists"),
    Row(
        "slice",
        3,
        3,
        "slice([1, 2, 3], 0, 2)  [1, 2]",
        "The items from one index to before another",
    ),
    Row("length", 1, 1, 'length("abc")  3', "Characters of a string, items of a list"),
)
_CONVERSIONS = (
    Row("to_string", 1, 1, "to_string(1.5)  1.5", "The text of a value as printed"),
    Row(
        "to_int",
        1,
        1,
        "to_int(2.9)  2",
        "Whole part of a number toward zero; the int that a text shows",
    ),
    Row("to_float", 1, 1, "to_float(2)  2.0", "A number, or its text, as a float"),
    Row("type_of", 1, 1, "type_of(1)  int", "The name of a value's kind, a string"),
    Row("is_int", 1, 1, "is_int(1)  true", "Whether the value is an int"),
    Row("is_float", 1, 1, "is_float(1)  false", "Whether the value is a float"),
    Row("is_bool", 1, 1, "is_bool(true)  true", "Whether the value is a bool"),
    Row("is_nil", 1, 1, "is_nil(nil)  true", "Whether the value is nil"),
    Row("is_string", 1, 1, 'is_string("a")  true', "Whether the value is a string"),
    Row(
        "is_function", 1, 1, "is_function(1)  false", "Whether the value is a function"
    ),
)
_MAPS: tuple[Row, ...] = ()
_MATH = (
    Row("sin", 1, 1, "sin(0)  0.0", "Sine of an angle in radians"),
    Row("cos", 1, 1, "cos(0)  1.0", "Cosine of an angle in radians"),
    Row("tan", 1, 1, "tan(0)  0.0", "Tangent of an angle in radians"),
    Row("asin", 1, 1, "asin(0)  0.0", "Arc sine, radians; NaN outside [-1, 1]"),
    Row("acos", 1, 1, "acos(1)  0.0", "Arc cosine, radians; NaN outside [-1, 1]"),
    Row("atan", 1, 1, "atan(0)  0.0", "Arc tangent, radians"),
    Row("sinh", 1, 1, "sinh(0)  0.0", "Hyperbolic sine"),
    Row("cosh", 1, 1, "cosh(0)  1.0", "Hyperbolic cosine"),
    Row("tanh", 1, 1, "tanh(0)  0.0", "Hyperbolic tangent"),
    Row("exp", 1, 1, "exp(0)  1.0", "e raised to a power"),
    Row("ln", 1, 1, "ln(1)  0.0", "Natural logarithm; -inf of 0, NaN below"),
    Row("log2", 1, 1, "log2(8)  3.0", "Logarithm to base 2"),
    Row("log10", 1, 1, "log10(1000)  3.0", "Logarithm to base 10"),
    Row("sqrt", 1, 1, "sqrt(16)  4.0", "Square root; NaN of a negative number"),
    Row("floor", 1, 1, "floor(-1.5)  -2.0", "Greatest whole number at most x, a float"),
    Row("ceil", 1, 1, "ceil(1.2)  2.0", "Least whole number at least x, a float"),
    Row("round", 1, 1, "round(2.5)  3.0", "Nearest whole number, halves away from 0"),
    Row("trunc", 1, 1, "trunc(-1.7)  -1.0", "Whole part toward zero, a float"),
    Row("atan2", 2, 2, "atan2(0, 1)  0.0", "Angle of the point (x, y): atan2(y, x)"),
    Row("hypot", 2, 2, "hypot(3, 4)  5.0", "Length of the vector (x, y)"),
    Row("log", 2, 2, "log(8, 2)  3.0", "Logarithm of x to a base"),
    Row("pow", 2, 2, "pow(2, 10)  1024", "x ** y, as the operator"),
    Row("degrees", 1, 1, "degrees(0)  0.0", "Radians to degrees"),
    Row("radians", 1, 1, "radians(0)  0.0", "Degrees to radians"),
    Row("abs", 1, 1, "abs(-3)  3", "Absolute value, of the kind of its argument"),
    Row("sign", 1, 1, "sign(-3)  -1", "-1, 0 or 1, of the kind of its argument"),
    Row("min", 2, 2, "min(2, 1)  1", "The lesser of two numbers or strings"),
    Row("max", 2, 2, "max(2, 1)  2", "The greater of two numbers or strings"),
    Row("clamp", 3, 3, "clamp(12, 0, 10)  10", "x, at least and at most the others"),
    Row(
        "round_to",
        2,
        2,
        "round_to(3.14159, 2)  3.14",
        "x rounded to decimal places, halves away from zero",
    ),
    Row("factorial", 1, 1, "factorial(5)  120", "n! of a non-negative int"),
    Row("gcd", 2, 2, "gcd(12, 18)  6", "Greatest common divisor, not negative"),
    Row("lcm", 2, 2, "lcm(4, 6)  12", "Least common multiple, not negative"),
    Row("is_even", 1, 1, "is_even(4)  true", "Whether an int is even"),
    Row("is_odd", 1, 1, "is_odd(4)  false", "Whether an int is odd"),
    Row("is_nan", 1, 1, "is_nan(0.5)  false", "Whether the value is the float NaN"),
    Row("bit_and", 2, 2, "bit_and(12, 10)  8", "Bitwise and of two ints"),
    Row("bit_or", 2, 2, "bit_or(12, 10)  14", "Bitwise or of two ints"),
    Row("bit_xor", 2, 2, "bit_xor(12, 10)  6", "Bitwise exclusive or of two ints"),
    Row("shift_left", 2, 2, "shift_left(1, 4)  16", "a * 2**n, checked"),
    Row("shift_right", 2, 2, "shift_right(-9, 1)  -5", "a / 2**n rounded down"),
    Row("div", 2, 2, "div(-7, 2)  -4", "Whole quotient rounded down, of ints"),
    Row("rem", 2, 2, "rem(-7, 2)  -1", "Remainder, as the operator %"),
)
# Whose target takes a string only.
_ONLY_STRINGS = (
    Row(
        "contains",
        2,
        2,
        'contains("banana", "nan")  true',
        "Whether a part stands anywhere",
        (Form(2, 2, "string_contains"),),
    ),
    Row(
        "index_of",
        2,
        2,
        'index_of("banana", "nan")  2',
        "The index of the first place where a part stands, or -1",
        (Form(2, 2, "string_index_of"),),
    ),
    Row(
        "repeat",
        2,
        2,
        'repeat("ab", 3)  ababab',
        "The string so many times",
        (Form(2, 2, "string_repeat"),),
    ),
    Row(
        "reverse",
        1,
        1,
        'reverse("abc")  cba',
        "The characters from the last to the first",
        (Form(1, 1, "string_reverse"),),
    ),
)
_STRINGS = (*(Row(*row) for row in STRING_ROWS), *_ONLY_STRINGS)
_FUNCTIONAL: tuple[Row, ...] = ()
_ARRAYS = (
    Row("array", 2, 2, "array(2, 0.5)  [0.5, 0.5]", "A number so many times"),
    Row("zeros", 1, 2, "zeros(2)  [0.0, 0.0]", "Zeros; two sizes make a matrix"),
    Row("ones", 1, 2, "ones(1, 2)  [[1.0, 1.0]]", "Ones; two sizes make a matrix"),
    Row(
        "arange",
        1,
        3,
        "arange(1, 7, 2)  [1, 3, 5]",
        "Numbers from a first one, else 0, to before an end, by a step, else 1",
    ),
    Row(
        "from_list", 1, 1, "from_list([1, 2])  [1, 2]", "The array of a list of numbers"
    ),
    Row("to_list", 1, 1, "to_list(zeros(2))  [0.0, 0.0]", "The items as a list"),
    Row("shape", 1, 1, "shape(zeros(2, 3))  [2, 3]", "The sizes of an array, a list"),
    Row("copy", 1, 1, "copy(ones(2))  [1.0, 1.0]", "An array with memory of its own"),
    Row("fill", 2, 2, "fill(zeros(2), 3)  [3.0, 3.0]", "The array, all items changed"),
    Row("is_array", 1, 1, "is_array(zeros(1))  true", "Whether the value is an array"),
)
_PROGRAM = (
    Row(
        "print",
        1,
        1,
        "type_of(print)  function",
        "Writes a value, the line goes on",
    ),
    Row(
        "println",
        1,
        1,
        "type_of(println)  function",
        "Writes a value and ends the line",
    ),
    Row("args", 0, 0, "args()  []", "The program's arguments, a list of strings"),
    Row("exit", 1, 1, "type_of(exit)  function", "Ends the program with a status"),
)

# By the heading of docs/library.md that the rows stand under.
GROUPS: dict[str, tuple[Row, ...]] = {
    "Lists": _CORE,
    "Kinds and conversions": _CONVERSIONS,
    "Maps and sets": _MAPS,
    "Math": _MATH,
    "Strings": _STRINGS,
    "Functional": _FUNCTIONAL,
    "Arrays": _ARRAYS,
    "The program's world": _PROGRAM,
}
LIBRARY: dict[str, Row] = {row.name: row for rows in GROUPS.values() for row in rows}

# Other spellings: each means the row of the name that stands behind it.
ALIASES: dict[str, str] = {
    "list_length": "length",
    "list_append": "append",
    "list_concat": "concat",
    "list_slice": "slice",
    **STRING_ALIASES,
}
