"""`cache` where the store does not do what is asked of it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from fluentai_jit.cli.cache import cache_command
from fluentai_jit.errors import FluentError
from fluentai_jit.native.store import Store
from tests.cli.conftest import CommandLine

COMMANDS = [("cache",), ("cache", "clear"), ("cache", "verify"), ("cache", "warm")]


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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store of its own."""
    monkeypatch.setenv("FLUENTAI_JIT_STORE_PATH", str(tmp_path / "store"))
    (tmp_path / "store").mkdir(mode=0o700)
    return tmp_path / "store"


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_store_that_is_refused_is_one_message(
    command: CommandLine,
    folder: Path,
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLUENTAI_JIT_STORE_ENABLED", "true")
    folder.chmod(0o755)
    message = f"the code store {folder} must have mode 0700: chmod 700 {folder}"
    assert command(*arguments) == (1, "", f"error[StoreError]: {message}\n")


def test_a_store_that_is_turned_off_is_one_message(command: CommandLine) -> None:
    message = "store.enabled is false: there is no code store"
    assert command("cache") == (1, "", f"error[StoreError]: {message}\n")


def test_no_place_for_a_store_is_one_message(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLUENTAI_JIT_STORE_ENABLED", "true")
    monkeypatch.setattr("fluentai_jit.engine.setup.store_folder", lambda _config: None)
    message = "there is no home folder for the code store; set store.path"
    assert command("cache") == (1, "", f"error[StoreError]: {message}\n")


def test_a_damaged_store_is_told_and_used_again(
    command: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLUENTAI_JIT_STORE_ENABLED", "true")
    file = folder / "code.sqlite"
    file.write_bytes(b"no database" * 1000)
    told = f"fluentai-jit: the code store {file} is damaged and was emptied\n"
    assert command("cache", "verify") == (1, "0 entries, 0 damaged\n", told)
    assert command("cache", "verify") == (0, "0 entries, 0 damaged\n", "")


@pytest.mark.native
def test_explaining_without_the_store_says_so_on_one_line(
    command: CommandLine, fib: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLUENTAI_JIT_STORE_ENABLED", "true")
    folder.chmod(0o755)
    err = command("explain", fib, "unused", "--tags", "int", "--llvm").err
    assert err.startswith(f"fluentai-jit: the code store {folder} must have mode 0700")
    assert err.count("\n") == 1
