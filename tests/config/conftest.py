"""A user's folder and a project's folder that nothing of this machine reaches."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from fluentai_jit.config import Config, load_config
from fluentai_jit.errors import FluentError


class Place:
    """Where the layers are read from in one test."""

    def __init__(self, root: Path) -> None:
        self.user_file = root / "xdg" / "fluentai_jit" / "config.toml"
        self.user_file.parent.mkdir(parents=True)
        self.project = root / "project"
        self.project.mkdir()

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
        return path

    def load(
        self,
        *settings: str,
        path: Path | None = None,
        overrides: Mapping[str, object] | None = None,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Config:
        folder = self.project if cwd is None else cwd
        return load_config(path, settings, overrides, environ or {}, folder)

    def refusal(
        self,
        *settings: str,
        path: Path | None = None,
        overrides: Mapping[str, object] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> str:
        """The message that a wrong layer gives."""
        return refusal(
            lambda: self.load(
                *settings, path=path, overrides=overrides, environ=environ
            )
        )


def refusal(action: Callable[[], object]) -> str:
    """The message of the ConfigError that the action ends in."""
    with pytest.raises(FluentError) as caught:
        action()
    error = caught.value
    assert error.kind == "ConfigError"
    assert error.message.isprintable()
    assert error.hint is None
    return error.message


@pytest.fixture(scope="session", autouse=True)
def no_user_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("xdg")))
        yield


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    return Place(tmp_path)
