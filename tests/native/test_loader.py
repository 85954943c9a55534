"""What may be linked into the process, and what is a miss instead."""

from __future__ import annotations

import ctypes
import struct
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import pytest

from fluentai_jit.config import Config
from fluentai_jit.engine import setup
from fluentai_jit.engine.setup import artifacts_of
from fluentai_jit.jit.artifacts import Artifacts
from fluentai_jit.kernel.tiers import CompiledKernel
from fluentai_jit.native import keys, loader, objects
from fluentai_jit.native.elf import symbols_of
from fluentai_jit.native.loader import UNIT_SYMBOLS, load, load_unit, refusal_of
from fluentai_jit.native.symbols import KERNEL_SYMBOLS
from tests.engines import store_folder
from tests.native.stores import Place

pytestmark = pytest.mark.native

ANSWER = """
define i64 @answer(i64 %x) {
  %y = add i64 %x, 1
  ret i64 %y
}
"""
STRANGE = """
declare i64 @{name}(i64)
define i64 @answer(i64 %x) {{
  %y = call i64 @{name}(i64 %x)
  ret i64 %y
}}
"""
UNIT = """
@fluentai_table = global [2 x i64] zeroinitializer
define i64 @fluentai_entry(i64 %x) {
  %p = getelementptr [2 x i64], [2 x i64]* @fluentai_table, i64 0, i64 1
  %y = load i64, i64* %p
  ret i64 %y
}
"""


@cache
def assembled(text: str) -> bytes:
    """The object of a module in LLVM assembly."""
    module = objects.link([text], ["answer", *UNIT_SYMBOLS])
    return objects.emit(module, objects.target_machine())


@cache
def built() -> Artifacts:
    return artifacts_of(Config().replace({"store.path": store_folder()}))


# ---- symbols --------------------------------------------------------------------
def test_symbols_are_what_is_defined_and_what_is_missing() -> None:
    found = symbols_of(assembled(STRANGE.format(name="elsewhere")))
    assert found.defined == {"answer"}
    assert found.undefined - {"_GLOBAL_OFFSET_TABLE_"} == {"elsewhere"}


def test_the_kernel_defines_its_symbols_and_no_others() -> None:
    found = symbols_of(built().kernel())
    assert found.defined == set(KERNEL_SYMBOLS)
    assert refusal_of(built().kernel(), KERNEL_SYMBOLS) is None


@pytest.mark.parametrize("image", [b"", b"\x7fELF", b"MZ" + bytes(100), bytes(200)])
def test_what_is_no_object_is_refused(image: bytes) -> None:
    with pytest.raises(RuntimeError, match="not a little-endian ELF64 object"):
        load(image, ("answer",))


def test_every_truncation_is_refused_or_has_the_symbols() -> None:
    image = assembled(ANSWER)
    for size in range(len(image)):
        refusal = refusal_of(image[:size], ("answer",))
        # Only what follows the last table may be missing.
        assert refusal is not None or symbols_of(image[:size]) == symbols_of(image)
    assert refusal_of(image[: len(image) // 2], ("answer",)) is not None


def test_offsets_out_of_the_file_are_refused() -> None:
    image = bytearray(assembled(ANSWER))
    struct.pack_into("<Q", image, 40, 1 << 62)
    assert refusal_of(bytes(image), ("answer",)) == "a damaged ELF64 object"


# ---- loading --------------------------------------------------------------------
def test_an_object_is_linked_and_runs() -> None:
    code = load(assembled(ANSWER), ("answer",))
    function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)
    assert function(code.addresses["answer"])(41) == 42


def test_a_unit_gets_its_table() -> None:
    code = load_unit(assembled(UNIT), [7, -3])
    function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)
    assert function(code.entry)(0) == -3


@pytest.mark.parametrize("name", ["system", "malloc", "fluentai_libm_", "nowhere"])
def test_an_unknown_symbol_is_refused_before_it_is_linked(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def linked(*_arguments: Any) -> None:
        raise AssertionError("it was given to the linker")

    image = assembled(STRANGE.format(name=name))
    monkeypatch.setattr(llvm, "JITLibraryBuilder", linked)
    with pytest.raises(RuntimeError, match=f"imports {name}$"):
        load(image, ("answer",))


def test_a_missing_symbol_is_refused() -> None:
    with pytest.raises(RuntimeError, match="does not define fluentai_entry, "):
        load_unit(assembled(ANSWER), [])


def test_the_mathematics_library_may_be_imported() -> None:
    names = loader.importable()
    assert all(names.values())
    text = "declare double @fluentai_libm_sin(double)\n" + STRANGE.format(
        name="fluentai_libm_pow"
    )
    assert refusal_of(assembled(text), ("answer",)) is None


# ---- stored objects -------------------------------------------------------------
SOURCE = textwrap.dedent("""
    @entry
    def enter(ctx, base, frame):
        return INT, 42, OK
""")


def test_a_stored_object_with_unknown_symbols_is_built_again(place: Place) -> None:
    artifacts = Artifacts(place.open())
    artifacts.store.put(  # type: ignore[union-attr]
        keys.semantics_key(), built().semantics()
    )
    key = keys.unit_key(SOURCE, 1, 0)
    planted = [assembled(STRANGE.format(name="system")), assembled(ANSWER), b"nonsense"]
    for content in planted:
        assert artifacts.store is not None
        artifacts.store.put(key, content)
        assert artifacts.stored_unit(SOURCE, 1, 0) is None
        image, milliseconds = artifacts.unit(SOURCE, "f", 1, 0)
        assert milliseconds > 0
        assert refusal_of(image, UNIT_SYMBOLS) is None
        assert artifacts.store.get(key) == image
        assert artifacts.stored_unit(SOURCE, 1, 0) == image
    assert not place.warnings


def test_a_stored_kernel_with_unknown_symbols_is_no_kernel(place: Place) -> None:
    store = place.open()
    store.put(keys.kernel_key(), assembled(STRANGE.format(name="system")))
    assert Artifacts(store).stored_kernel() is None
    store.put(keys.kernel_key(), built().kernel())
    assert Artifacts(store).stored_kernel() == built().kernel()


def test_a_program_runs_whatever_the_kernel_in_the_store(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Symbols, but nothing that can be linked: its first section is out of the file.
    image = bytearray(built().kernel())
    monkeypatch.setattr(loader, "refusal_of", lambda *_arguments: None)
    place.filled({keys.kernel_key(): bytes(image[: len(image) // 3])})
    config = Config().replace(
        {"store.path": str(place.folder), "compile.mode": "none", "jit.mode": "off"}
    )
    parts = setup.Parts(config, setup.Engine.AUTO)
    with pytest.warns(setup.FluentWarning, match="stored interpreter is not used"):
        assert parts.kernel().tier == 0


def test_a_kernel_is_loaded_without_numba(tmp_path: Path) -> None:
    path = tmp_path / "kernel.o"
    path.write_bytes(built().kernel())
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from fluentai_jit.kernel.tiers import CompiledKernel\n"
        "CompiledKernel(Path(sys.argv[1]).read_bytes())\n"
        "print('numba' in sys.modules, 'llvmlite' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "False True\n"
    assert CompiledKernel(path.read_bytes()).tier == 1
