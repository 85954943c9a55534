"""Keys of stored code: everything that went into it."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import sys
from pathlib import Path

from .. import __version__
from .store import key_of

# Folders whose source decides what compiled code does.
_FOLDERS = ("core", "memory", "kernel", "native")


@functools.cache
def codebase_digest() -> str:
    """SHA-256 over the sources that compiled code is made from."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for folder in _FOLDERS:
        for path in sorted((package / folder).glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@functools.cache
def toolchain() -> str:
    """Versions of what compiles, and the machine it compiles for."""
    from .objects import cpu_key

    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    packages = [_package_version("numba"), _package_version("llvmlite")]
    return " ".join([__version__, python, *packages, cpu_key()])


def _package_version(name: str) -> str:
    """What identifies an installed package, without importing it."""
    # importlib.metadata takes 14 ms to say the same.
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return f"{name} is missing"
    path = Path(spec.origin).with_name("_version.py")
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        from importlib.metadata import version

        return version(name)


def semantics_key() -> str:
    """The key of the semantic functions' bitcode."""
    return key_of(["semantics", codebase_digest(), toolchain()])


def kernel_key() -> str:
    """The key of the kernel's object code."""
    return key_of(["kernel", codebase_digest(), toolchain()])


def unit_key(source: str, table_size: int, level: int) -> str:
    """The key of a unit's object code."""
    parts = ["unit", codebase_digest(), toolchain(), source]
    return key_of([*parts, str(table_size), str(level)])
