"""The text of numbers by both tiers, and by the host that they have to agree with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from fluentai_jit.core.layout import OBJECT_HEADER, STRING_DATA
from fluentai_jit.core.number_parse import LONGEST
from fluentai_jit.core.number_text import TEXT_WORDS
from fluentai_jit.core.objects import string_words
from fluentai_jit.core.powers_of_ten import powers_of_ten
from fluentai_jit.core.statuses import DOMAIN_ERROR, OK, OVERFLOW
from fluentai_jit.core.tags import STRING
from fluentai_jit.errors import FluentError
from fluentai_jit.memory.words import Words
from fluentai_jit.stdlib.host import SCALAR_HOSTS
from tests.core.compiled import compiled, plain

Result = tuple[int, ...]

POWERS = Words.of(powers_of_ten())
MEMORY = Words(LONGEST)
AT = 2  # where a text begins
UNTOUCHED = -0x0123456789ABCDEF

_ENCODINGS = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}
_STATUSES = {"ArithmeticError": DOMAIN_ERROR, "IntegerOverflow": OVERFLOW}


def _both(name: str, *arguments: int) -> tuple[list[Result], list[list[int]]]:
    """What plain and compiled code return, and what they leave in memory."""
    tables = [POWERS] if name.endswith("_float") else []
    results, contents = [], []
    words = list(MEMORY.view[: AT + TEXT_WORDS + 1])
    for run, part in ((plain, "view"), (compiled, "address")):
        memory: list[Any] = [getattr(array, part) for array in [*tables, MEMORY]]
        MEMORY.fill(words)
        results.append(run(name)(*memory, AT, *arguments))
        contents.append(list(MEMORY.view[: len(words)]))
    return results, contents


def formatted(name: str, value: int) -> str:
    """The text that both tiers write, in whole words with nothing beside them."""
    MEMORY.fill([UNTOUCHED] * (AT + TEXT_WORDS + 1))
    (length, same), (content, other) = _both(name, value)
    assert length == same
    assert content == other
    end = AT + -(-length[0] // 8)
    assert content[:AT] == [UNTOUCHED] * AT
    assert set(content[end:]) == {UNTOUCHED}
    data = b"".join(word.to_bytes(8, "little") for word in content[AT:end])
    assert not data[length[0] :].strip(b"\0")
    return data[: length[0]].decode("ascii")


def parsed(name: str, text: str, width: int | None = None) -> Result:
    """The status and value that both tiers read from a text."""
    words = string_words(text)
    data = words[STRING_DATA:]
    if width is None:
        width = words[OBJECT_HEADER] >> 8
    else:
        wide = text.encode(_ENCODINGS[width]) + bytes(8)
        starts = range(0, len(wide) - 7, 8)
        data = [int.from_bytes(wide[i : i + 8], "little", signed=True) for i in starts]
    MEMORY.fill([0] * AT + data + [0] * TEXT_WORDS)
    (result, other), _ = _both(name, len(text), width)
    assert result == other
    tag, payload, status = result
    return (tag, payload, status) if status == OK else (tag, 0, status)


def host_result(name: str, text: str) -> tuple[int, int]:
    """(status, payload) of the host function; 0 where it fails."""
    heap = SimpleNamespace(view=string_words(text))
    host: Any = SimpleNamespace(state=SimpleNamespace(heap=heap))
    try:
        return OK, SCALAR_HOSTS[name](host, (STRING, 0))[1]
    except FluentError as error:
        return _STATUSES[error.kind], 0
