"""The library: every name that a program may use without defining it.

One row a name, in core/library_rows.py. Where a function is implemented follows from
its name: a scalar function (core/scalars.py), a native operation (core/natives.py), a
host function (core/hosts.py), else a function of the prelude, in FLC; FORMS has those
whose name is not all there is. docs/library.md is made from this table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import library_rows as rows
from .natives import ANY


class Form(NamedTuple):
    """What carries out a call with `least` to `most` arguments.

    Arguments that are missing are nil. Where `most` is ANY, those from the last
    parameter on are given as one list, except to a native operation of any number.
    """

    least: int
    most: int
    target: str


FORMS: dict[str, tuple[Form, ...]] = {
    "rest": (Form(1, 1, "tail"),),
    "concat": (
        Form(2, 2, "concat"),
        Form(1, ANY, "concat_all"),
    ),
    "slice": (
        Form(3, 3, "slice"),
        Form(2, 2, "slice_from"),
    ),
    "contains": (Form(2, 2, "is_item"),),
    "index_of": (Form(2, 2, "place_of"),),
    "set": (Form(3, 3, "set_item"),),
    "union": (Form(2, 2, "merge"),),
    "sum": (
        Form(1, 1, "sum"),
        Form(2, ANY, "sum"),
    ),
    "product": (
        Form(1, 1, "product"),
        Form(2, ANY, "product"),
    ),
    "mean": (
        Form(1, 1, "mean"),
        Form(2, ANY, "mean"),
    ),
    "min": (
        Form(2, 2, "min"),
        Form(1, 1, "min_of"),
        Form(3, ANY, "min_of"),
    ),
    "max": (
        Form(2, 2, "max"),
        Form(1, 1, "max_of"),
        Form(3, ANY, "max_of"),
    ),
    "range": (
        Form(2, 2, "range"),
        Form(1, 1, "range_to"),
        Form(3, 3, "range_step"),
    ),
    "repeat": (Form(2, 2, "repeat_value"),),
    "const": (Form(1, 1, "constant"),),
    "compose": (
        Form(2, 2, "compose"),
        Form(1, ANY, "compose_all"),
    ),
    "pipe": (
        Form(2, 2, "pipe"),
        Form(1, ANY, "pipe_all"),
    ),
    "partial": (Form(1, ANY, "partial"),),
}


class Row(NamedTuple):
    """A library function."""

    name: str
    parameters: tuple[str, ...]  # `x?` may be left out, `...xs` is any number
    description: str
    example: str  # an expression
    value: str  # of the example, as printed

    @property
    def least(self) -> int:
        """The least number of arguments."""
        return sum(each[-1] != "?" and each[0] != "." for each in self.parameters)

    @property
    def most(self) -> int:
        """The greatest number of arguments, or ANY."""
        if self.parameters and self.parameters[-1][0] == ".":
            return ANY
        return len(self.parameters)

    def form(self, count: int) -> Form | None:
        """What carries out a call with so many arguments; None where nothing does."""
        own = (Form(self.least, self.most, self.name),)
        for form in FORMS.get(self.name, own):
            if form.least <= count and (count <= form.most or form.most == ANY):
                return form
        return None


_ROW = re.compile(r"(\w+)\((.*?)\)  +(.*)\n +(.*?)  +(.*)\n")


def _rows(text: str) -> Iterator[Row]:
    for name, parameters, *rest in _ROW.findall(text):
        yield Row(name, tuple(parameters.replace(",", " ").split()), *rest)


# By the heading of docs/library.md that the rows stand under.
GROUPS: dict[str, tuple[Row, ...]] = {
    "Lists": tuple(_rows(rows.LISTS)),
    "Lists and functions": tuple(_rows(rows.CALLBACKS)),
    "Maps and sets": tuple(_rows(rows.MAPS)),
    "Strings": tuple(_rows(rows.STRINGS)),
    "Kinds and conversions": tuple(_rows(rows.CONVERSIONS)),
    "Math": tuple(_rows(rows.MATH)),
    "Functional": tuple(_rows(rows.FUNCTIONAL)),
    "Arrays": tuple(_rows(rows.ARRAYS)),
    "The program's world": tuple(_rows(rows.PROGRAM)),
}
LIBRARY: dict[str, Row] = {row.name: row for group in GROUPS.values() for row in group}
