"""What is said where a VM has to do without stored code."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluentai_jit.config import Config
from fluentai_jit.engine.setup import Engine, FluentWarning, Parts, artifacts_of
from fluentai_jit.jit.process import CompileProcess


def test_a_store_that_is_not_used_is_told_with_the_way_out(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    config = Config().replace({"store.path": str(tmp_path)})
    with pytest.warns(FluentWarning) as told:
        assert artifacts_of(config).store is None
    assert [str(each.message) for each in told] == [
        f"the code store {tmp_path} must have mode 0700: chmod 700 {tmp_path}; "
        "going on without stored code"
    ]


def said_of_the_kernel(config: Config, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a start without a compiled interpreter says."""
    monkeypatch.setattr(CompileProcess, "ask", lambda *_arguments: None)
    parts = Parts(config, Engine.AUTO)
    with pytest.warns(FluentWarning) as told:
        parts.request_kernel()
    parts.close()
    return str(told[0].message)


def test_the_interpreter_is_compiled_once_where_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config().replace({"store.path": str(tmp_path / "store")})
    once = "compiling the interpreter for this machine, once; starting without it"
    each = "compiling the interpreter for this run; starting without it"
    assert said_of_the_kernel(config, monkeypatch) == once
    assert said_of_the_kernel(config.replace(store__enabled=False), monkeypatch) == each
