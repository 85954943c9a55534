"""`cache` where the store does not do what is asked of it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from fluentai_jit.cli.cache import cache_command
from fluentai_jit.errors import FluentError
from fluentai_jit.native.store import Store


@pytest.mark.parametrize(
    ("name", "method", "message"),
    [("clear", "clear", "cannot be emptied"), ("warm", "put", "cannot be written")],
)
@pytest.mark.native
def test_a_store_that_cannot_be_written_is_an_error(
    name: str,
    method: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_arguments: object) -> bool:
        if method == "clear":
            raise OSError("database is locked")
        return False

    monkeypatch.setattr(Store, method, fails)
    monkeypatch.setenv("FLUENTAI_JIT_STORE_PATH", str(tmp_path / "store"))
    done = CliRunner().invoke(cache_command, [name])
    assert isinstance(done.exception, FluentError)
    assert message in done.exception.message
    assert done.exception.kind == "StoreError"
