"""Lines of Python with their indentation."""

from __future__ import annotations


class Writer:
    """Collects lines of a module."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 0
        self.deepest = 0  # greatest indentation so far, in levels

    def line(self, text: str = "") -> None:
        """Append a line at the current indentation."""
        self._lines.append("    " * self._depth + text if text else "")

    def indented(self, text: str) -> None:
        """Append a line one level deeper."""
        self._lines.append("    " * (self._depth + 1) + text)

    def indent(self) -> None:
        """Go one level deeper."""
        self._depth += 1
        self.deepest = max(self.deepest, self._depth)

    def dedent(self) -> None:
        """Go one level back."""
        self._depth -= 1

    def mark(self) -> int:
        """How many lines there are; for `has_statement` and `insert`."""
        return len(self._lines)

    def has_statement(self, mark: int) -> bool:
        """Whether anything but comments was written since `mark`."""
        return any(not line.lstrip().startswith("#") for line in self._lines[mark:])

    def insert(self, mark: int, text: str) -> None:
        """Insert a line before line number `mark`, indented as that one."""
        following = self._lines[mark]
        indent = following[: len(following) - len(following.lstrip())]
        self._lines.insert(mark, indent + text)

    def text(self) -> str:
        """The module."""
        return "\n".join(self._lines) + "\n"
