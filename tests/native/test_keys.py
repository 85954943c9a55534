"""Keys of stored code: they change with everything that went in, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import llvmlite.binding as llvm
import pytest

from fluentai_jit.native import keys


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Keys are made once a process; here they are made for each test."""
    keys.codebase_digest.cache_clear()
    keys.toolchain.cache_clear()
    yield
    keys.codebase_digest.cache_clear()
    keys.toolchain.cache_clear()


def all_keys() -> tuple[str, str, str]:
    return keys.semantics_key(), keys.kernel_key(), keys.unit_key("source", 3, 2)


def changed(before: tuple[str, ...]) -> bool:
    """Whether every key is another one now."""
    keys.codebase_digest.cache_clear()
    keys.toolchain.cache_clear()
    pairs = zip(before, all_keys(), strict=True)
    different = [old != new for old, new in pairs]
    assert len(set(different)) == 1
    return different[0]


def test_the_same_things_have_the_same_key() -> None:
    assert not changed(all_keys())


def test_kinds_and_units_have_keys_of_their_own() -> None:
    units = [keys.unit_key(s, n, o) for s in "ab" for n in (1, 2) for o in (0, 2)]
    found = [*all_keys(), *units]
    assert len(set(found)) == len(found)


def test_another_processor_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_keys()
    monkeypatch.setattr(llvm, "get_host_cpu_name", lambda: "other-cpu")
    assert changed(before)


def test_other_processor_features_have_other_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = all_keys()
    features = llvm.get_host_cpu_features()
    features["avx2"] = not features.get("avx2", False)
    monkeypatch.setattr(llvm, "get_host_cpu_features", lambda: features)
    assert changed(before)


def test_another_system_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_keys()
    monkeypatch.setattr(llvm, "get_process_triple", lambda: "riscv64-linux")
    assert changed(before)


@pytest.mark.parametrize("package", ["numba", "llvmlite"])
def test_other_packages_have_other_keys(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_keys()
    real = keys._package_version
    monkeypatch.setattr(
        keys,
        "_package_version",
        lambda name: "other" if name == package else real(name),
    )
    assert changed(before)


def test_another_python_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_keys()
    version = SimpleNamespace(version_info=SimpleNamespace(major=3, minor=99))
    monkeypatch.setattr(keys, "sys", version)
    assert changed(before)


@pytest.mark.parametrize("folder", ["core", "kernel", "native"])
def test_an_edit_of_a_source_changes_every_key(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    for name in ("core", "kernel", "native", "report"):
        (package / name).mkdir(parents=True)
        (package / name / "module.py").write_text("x = 1\n")
    monkeypatch.setattr(keys, "__file__", str(package / "native" / "keys.py"))
    keys.codebase_digest.cache_clear()
    before = all_keys()
    (package / "report" / "module.py").write_text("x = 2\n")
    assert not changed(before)
    (package / folder / "module.py").write_text("x = 2\n")
    assert changed(before)
    (package / folder / "module.py").write_text("x = 1\n")
    assert not changed(before)
    (package / folder / "module.py").rename(package / folder / "renamed.py")
    assert changed(before)


def test_a_package_that_is_missing_is_named() -> None:
    assert keys._package_version("no_such_package_here") == (
        "no_such_package_here is missing"
    )


def test_a_package_without_a_version_file_has_its_own() -> None:
    assert keys._package_version("pytest")[0].isdigit() or (
        "version" in keys._package_version("pytest")
    )
