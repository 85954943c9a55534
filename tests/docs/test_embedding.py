"""The sessions of docs/embedding.md run as they stand there."""

from __future__ import annotations

import doctest
import re
import warnings

import pytest

from tests.docs.blocks import PAGE
from tests.engines import store_folder

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_sessions_give_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLUENTAI_JIT_JIT_MODE", "off")
    monkeypatch.setenv("FLUENTAI_JIT_COMPILE_MODE", "none")
    monkeypatch.setenv("FLUENTAI_JIT_STORE_PATH", store_folder())
    page = (PAGE.parent / "embedding.md").read_text(encoding="utf-8")
    sessions = _BLOCK.findall(page)
    assert len(sessions) >= 9
    parser = doctest.DocTestParser()
    test = parser.get_doctest("\n".join(sessions), {}, "embedding.md", None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    report: list[str] = []
    with warnings.catch_warnings():
        # A machine without a stored interpreter is told so.
        warnings.simplefilter("ignore")
        failed, tried = runner.run(test, out=report.append)
    assert tried > 40
    assert not failed, "".join(report)
