"""Programs made to measure: functions of a given number of instructions."""

from __future__ import annotations

# The small function that all of them call.
CALLEE = "mix"

_STATEMENTS = (
    "a = (a * 3 + b) % {modulus}",
    "if a > b {{ b = b + {number} }} else {{ c = c - a % {number} }}",
    "d = (d + c * 2 - n) % {modulus}",
    f"c = (c + {CALLEE}(a, d)) % {{modulus}}",
    "if d < 0 || c == {number} {{ d = {number} - d }}",
)
_CALLEE = f"private function {CALLEE}(x, y) {{ x * 2 + y }}\n"


def _function(name: str, statements: int, seed: int) -> str:
    lines = []
    for index in range(statements):
        number = 7 + 13 * seed + index
        statement = _STATEMENTS[index % len(_STATEMENTS)]
        lines.append(statement.format(number=number, modulus=10_007 + number))
    body = "\n        ".join(lines)
    return (
        f"private function {name}(n, a, b) {{\n"
        "    let c = 1\n    let d = 2\n"
        f"    while n > 0 {{\n        {body}\n        n -= 1\n    }}\n"
        "    a + b + c + d\n}\n"
    )


def functions(count: int, instructions: int) -> str:
    """A program of functions f0, f1, ... of at least so many instructions each."""
    from fluentai_jit.engine.program import compile

    statements = 1
    while True:
        program = compile(_CALLEE + _function("f0", statements, 0))
        if program.image.chunks[-1].length >= instructions:
            break
        statements += 1
    return _CALLEE + "".join(_function(f"f{i}", statements, i) for i in range(count))
