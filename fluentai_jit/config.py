"""The settings in force: layers from the defaults to Python arguments, with origins.

Later layers win: built-in defaults, the user's config.toml, the project's file, the
environment, `--set` flags, Python arguments. What a layer says is validated against
the table in `settings`; what is wrong raises a FluentError of kind ConfigError that
names the place it came from.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fluentai_jit.arguments import check_keywords, mapping, path_text, text, texts
from fluentai_jit.errors import FluentError, nearest
from fluentai_jit.files import read_all
from fluentai_jit.settings import (
    ENVIRONMENT_PREFIX,
    GROUPS,
    SETTINGS,
    Setting,
    Value,
    shown,
)

if TYPE_CHECKING:
    from pathlib import Path

PROJECT_FILE = "fluentai_jit.toml"
DEFAULT = "default"
FLAG = "flag --set"
PYTHON = "Python argument"
VARIABLES = {row.environment_name: name for name, row in SETTINGS.items()}


class Config:
    """An immutable snapshot of every setting: `config["jit.call_threshold"]`.

    `Config()` holds the defaults alone, and reads neither files nor environment;
    `load_config` gives the layered one. Snapshots compare by their values.
    """

    __slots__ = ("_origins", "_values")
    _values: dict[str, Value]
    _origins: dict[str, str]

    def __init__(self) -> None:
        self._values = {name: row.default for name, row in SETTINGS.items()}
        self._origins = {}

    # Any, because the table knows the types and the type checker does not.
    def __getitem__(self, name: str) -> Any:
        return self._values[_row(name).name]

    def origin(self, name: str) -> str:
        """Say which layer gave the value: "default", "flag --set", "file /a/b.toml"."""
        return self._origins.get(_row(name).name, DEFAULT)

    def replace(
        self, overrides: Mapping[str, object] | None = None, /, **more: object
    ) -> Config:
        """Give a snapshot with other values, keyed as the overrides of `load_config`.

        Raises FluentError (ConfigError) on a wrong name or value, and then nothing
        is changed; `self` never is.
        """
        changed = self
        if overrides is not None:
            changed = self._changed(_python_entries(mapping(overrides, "overrides")))
        return changed._changed(_python_entries(more))

    def keys(self) -> Iterator[str]:
        """The names in the table's order; makes `dict(config)` work."""
        return iter(self._values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Config):
            return NotImplemented
        return self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(self._values.values()))

    def __repr__(self) -> str:
        changed = {name: self._values[name] for name in self._origins}
        return f"<Config {changed}>"

    def _changed(self, entries: Iterable[_Entry]) -> Config:
        changed = Config()
        changed._values.update(self._values)
        changed._origins.update(self._origins)
        for entry in entries:
            changed._values[entry.name] = entry.validated()
            changed._origins[entry.name] = entry.origin
        return changed


class _Entry:
    """One setting as a layer gives it, not yet validated.

    `text` says that the value is spelled out, `project` that it comes from a file
    that may be somebody else's, `folder` what relative paths are relative to.
    """

    __slots__ = ("folder", "name", "origin", "project", "text", "value")

    def __init__(
        self,
        name: str,
        value: object,
        origin: str,
        folder: str,
        *,
        text: bool = False,
        project: bool = False,
    ) -> None:
        self.name = name
        self.value = value
        self.origin = origin
        self.folder = folder
        self.text = text
        self.project = project

    def validated(self) -> Value:
        row = _row(self.name, f"{self.origin}: ")
        if self.project and not row.in_project:
            raise _error(
                f"{self.origin}: {row.name} cannot be set by a project's file; set it "
                f"in the user's config.toml, in {row.environment_name}, or with --set"
            )
        try:
            value = row.parse(str(self.value)) if self.text else row.check(self.value)
        except ValueError as refusal:
            raise _error(f"{self.origin}: {row.name} {refusal}") from None
        return row.resolve(value, self.folder)


def load_config(
    path: str | Path | None = None,
    settings: Sequence[str] = (),
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    **keywords: object,
) -> Config:
    """Read every layer and give the settings in force.

    `path` names a file to read in place of the project's, which otherwise is the
    nearest one from `cwd` upwards. `settings` are KEY=VALUE texts, the last one of
    a key wins. `overrides` are keyed "jit.mode", "jit__mode" or {"jit": {"mode":
    ...}}; settings given as keywords, `jit__mode="off"`, win over them. `environ`
    and `cwd` default to the process's own.

    Raises FluentError (ConfigError) on a file that cannot be read, on a name that
    is not in the table, and on a value that its row does not allow; TypeError on
    an argument of another type.
    """
    check_keywords(keywords, load_config)
    if isinstance(path, Mapping):
        raise TypeError("path must name a file; settings go into `overrides`")
    folder = _working_folder(cwd)
    config = Config()._changed(_user_entries())
    if path is None:
        config = config._changed(_project_entries(folder))
    else:
        file = os.path.join(folder, path_text(path, "path"))
        config = config._changed(_named_entries(file))
    variables = os.environ if environ is None else mapping(environ, "environ")
    config = config._changed(_variable_entries(variables, folder))
    flags = _flag_entries(texts(settings, "settings"), folder)
    return config._changed(flags).replace(overrides, **keywords)


def render_table(config: Config, origin: bool = False) -> str:
    """Every setting with its value and unit, aligned; with `origin`, where it is set.

    A value stands as `--set` takes it, an empty one as "".
    """
    rows = [
        (name, spelled(config[name]), row.unit, config.origin(name) if origin else "")
        for name, row in SETTINGS.items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in padded)


def spelled(value: Value) -> str:
    """A value as `--set` takes it; for readers, quoted if empty or not printable."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if text and text.isprintable() else f'"{ascii(text)[1:-1]}"'


def _user_entries() -> Iterator[_Entry]:
    # Imported for the folder's name: 12 ms, most of it pathlib, re and tempfile.
    import platformdirs

    try:
        folder = platformdirs.user_config_dir("fluentai_jit", appauthor=False)
    except RuntimeError:
        # An unknown user without HOME has no folder, and so no settings.
        return
    # A home that is not known leaves a relative path, which would be anybody's.
    if not os.path.isabs(folder):
        return
    path = os.path.join(folder, "config.toml")
    data = _read(path)
    if data is not None:
        yield from _table_entries(_parsed(data, path), path, project=False)


def _project_entries(folder: str) -> Iterator[_Entry]:
    """The nearest fluentai_jit.toml, or pyproject.toml that has a table for us."""
    while folder:
        path = os.path.join(folder, PROJECT_FILE)
        data = _read(path)
        table = None if data is None else _parsed(data, path)
        if table is None:
            path = os.path.join(folder, "pyproject.toml")
            data = _read(path)
            # The search keeps other projects' files, and 20 ms of tomllib, away.
            if data is not None and b"fluentai" in data:
                table = _tool_table(data, path)
        if table is not None:
            yield from _table_entries(table, path, project=True)
            return
        parent = os.path.dirname(folder)
        folder = "" if parent == folder else parent


def _named_entries(path: str) -> Iterator[_Entry]:
    data = _read(path, named=True) or b""
    if os.path.basename(path) != "pyproject.toml":
        table: Mapping[str, object] | None = _parsed(data, path)
    else:
        table = _tool_table(data, path)
    if table is None:
        raise _error(f"{_file(path)}: has no table tool.fluentai_jit")
    yield from _table_entries(table, path, project=False)


def _variable_entries(environ: Mapping[str, object], folder: str) -> Iterator[_Entry]:
    for variable in sorted(text(key, "a key of environ") for key in environ):
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        origin = f"environment {variable}"
        name = VARIABLES.get(variable)
        if name is None:
            raise _unknown(variable, "environment: ", VARIABLES)
        yield _Entry(name, environ[variable], origin, folder, text=True)


def _flag_entries(settings: Sequence[str], folder: str) -> Iterator[_Entry]:
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise _error(f"{FLAG}: needs KEY=VALUE, not {shown(setting)}")
        yield _Entry(name.strip(), value, FLAG, folder, text=True)


def _python_entries(overrides: Mapping[str, object]) -> Iterator[_Entry]:
    folder = _working_folder(None)
    # A keyword argument cannot hold a dot, hence the two underscores.
    pairs = ((str(key).replace("__", "."), value) for key, value in overrides.items())
    for name, value in _flat(pairs, PYTHON):
        yield _Entry(name, value, PYTHON, folder)


def _table_entries(
    table: Mapping[str, object], path: str, *, project: bool
) -> Iterator[_Entry]:
    origin, folder = _file(path), os.path.dirname(path)
    for name, value in _flat(table.items(), origin):
        yield _Entry(name, value, origin, folder, project=project)


def _flat(
    pairs: Iterable[tuple[str, object]], origin: str
) -> Iterator[tuple[str, object]]:
    """Dotted names for nested settings; only groups are descended into."""
    seen = set()
    for key, value in pairs:
        if key in GROUPS and isinstance(value, Mapping):
            inner = [(f"{key}.{name}", deep) for name, deep in value.items()]
        else:
            inner = [(key, value)]
        for name, deep in inner:
            if name in seen:
                raise _error(f"{origin}: {name} is given twice")
            seen.add(name)
            yield name, deep


def _read(path: str, *, named: bool = False) -> bytes | None:
    """The file's bytes; None if there is no such file, unless the user named it."""
    if not named and os.path.exists(path) and not os.path.isfile(path):
        # Nobody would expect a pipe to be waited for that happens to have this name.
        kind = "a folder" if os.path.isdir(path) else "something else"
        raise _error(f"{_file(path)}: is {kind}, not a file")
    try:
        with open(path, "rb") as file:
            return read_all(file)
    except IsADirectoryError:
        raise _error(f"{_file(path)}: is a folder, not a file") from None
    except (OSError, ValueError) as failure:
        # `exists` is false as well where the folder cannot be searched: another
        # user's home is no reason to refuse to run.
        if not named and not os.path.exists(path):
            return None
        reason = getattr(failure, "strerror", None) or failure
        raise _error(f"{_file(path)}: cannot be read: {reason}") from None


def _parsed(data: bytes, path: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as failure:
        reason = f"byte 0x{data[failure.start]:02x} at offset {failure.start}"
        raise _error(f"{_file(path)}: is not UTF-8: {reason}") from None
    # Not TOMLDecodeError: an int of 5,000 digits is a plain ValueError.
    except ValueError as failure:
        raise _error(f"{_file(path)}: is not valid TOML: {failure}") from None
    except RecursionError:
        raise _error(f"{_file(path)}: is not valid TOML: nested too deeply") from None


def _tool_table(data: bytes, path: str) -> dict[str, Any] | None:
    """The [tool.fluentai_jit] table of a pyproject.toml, if it has one."""
    tool = _parsed(data, path).get("tool")
    if not isinstance(tool, dict):
        return None
    if "fluentai-jit" in tool:
        raise _error(
            f"{_file(path)}: unknown table tool.fluentai-jit; "
            "did you mean tool.fluentai_jit?"
        )
    table = tool.get("fluentai_jit")
    if table is not None and not isinstance(table, dict):
        raise _error(f"{_file(path)}: tool.fluentai_jit must be a table")
    return table


def _file(path: str) -> str:
    return f"file {path if path.isprintable() else ascii(path)}"


def _working_folder(cwd: str | Path | None) -> str:
    """The folder as an absolute path; empty if the process's own was removed."""
    folder = "" if cwd is None else path_text(cwd, "cwd")
    try:
        return os.path.abspath(folder or os.curdir)
    except FileNotFoundError:
        return ""


def _row(name: str, place: str = "") -> Setting:
    """The row of a name; an error with the nearest right name if there is none."""
    row = SETTINGS.get(text(name, "the name of a setting"))
    if row is not None:
        return row
    if name in GROUPS:
        members = ", ".join(key for key in SETTINGS if key.startswith(f"{name}."))
        raise _error(f"{place}{name} is a group of settings: {members}")
    raise _unknown(name, place, (*SETTINGS, *GROUPS))


def _unknown(name: str, place: str, candidates: Iterable[str]) -> FluentError:
    # A name without its group is the most common mistake, and far from every full name.
    tail = name.removeprefix(ENVIRONMENT_PREFIX)
    endings = [key for key in candidates if key.endswith((f".{tail}", f"_{tail}"))]
    near = endings[0] if endings else nearest(name, candidates)
    advice = f"did you mean {near}?" if near else "`fluentai-jit config` lists them all"
    return _error(f"{place}unknown setting {shown(name)}; {advice}")


def _error(message: str) -> FluentError:
    # Nothing goes into the hint, which a Python traceback would not show.
    return FluentError("ConfigError", message)
