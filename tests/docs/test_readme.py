"""The Python example of the README runs."""

from __future__ import annotations

import warnings

import pytest

from tests.docs.blocks import PAGE


def test_the_python_example(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLUENTAI_JIT_JIT_MODE", "off")
    monkeypatch.setenv("FLUENTAI_JIT_COMPILE_MODE", "none")
    text = (PAGE.parent.parent / "README.md").read_text(encoding="utf-8")
    example = text.split("```python\n")[1].split("```")[0]
    with warnings.catch_warnings():
        # A machine without a stored interpreter is told so.
        warnings.simplefilter("ignore")
        exec(compile(example, "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("42\n{")
