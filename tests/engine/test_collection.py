"""VMs that nobody closes, and many VMs one after the other, leave nothing behind."""

from __future__ import annotations

import gc
import io
import threading
import time
import weakref
from collections.abc import Mapping
from typing import Any

import pytest

import fluentai_jit as fj
from fluentai_jit.config import load_config
from fluentai_jit.engine.setup import artifacts_of
from fluentai_jit.jit import process as process_module
from fluentai_jit.kernel import tiers
from fluentai_jit.native import loader
from tests.engines import store_folder

TEXT = """
private function sum(n) { let s = 0 for i in 0..n { s = s + i } s }
println(sum(20000))
"""
NATIVE = {"jit.mode": "sync", "jit.call_threshold": 1, "jit.gain_factor": 0}


@pytest.fixture(autouse=True)
def _compiled_interpreter() -> None:
    # Without it every VM would ask for it, and say so.
    artifacts_of(load_config(overrides={"store.path": store_folder()})).kernel()


def run_once(config: Mapping[str, Any], engine: str = "auto") -> fj.VM:
    config = {**config, "store.path": store_folder()}
    vm = fj.VM(fj.compile(TEXT), config=config, stdout=io.StringIO(), engine=engine)
    vm.run()
    return vm


def abandoned(config: Mapping[str, Any]) -> None:
    """Run a VM, and let it go without closing it."""
    gone = weakref.ref(run_once(config))
    gc.collect()
    assert gone() is None


@pytest.mark.native
def test_no_thread_stays_behind() -> None:
    before = threading.active_count()
    abandoned({**NATIVE, "jit.mode": "auto", "compile.mode": "thread"})
    end = time.monotonic() + 30
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_the_compile_process_is_given_back() -> None:
    config = {"compile.idle_timeout_s": 29.5}
    abandoned(config)
    (process,) = [
        process
        for (_pid, options), process in process_module._shared.items()
        if options.idle_s == 29.5
    ]
    assert process._users == 0
    with run_once(config), run_once(config):
        assert process._users == 2
    assert process._users == 0


@pytest.mark.native
def test_code_is_loaded_once_for_vms_of_one_program() -> None:
    run_once(NATIVE).close()
    kernels = tiers._loaded.cache_info().misses
    hits = loader._loaded_unit.cache_info().hits
    # Which units a run compiles depends on how long it takes, so they are compared
    # one by one.
    loaded: dict[tuple[str, Any], object] = {}
    for _vm in range(3):
        with run_once(NATIVE) as vm:
            assert vm.jit is not None
            assert vm.jit.slots.installed
            for row in vm.jit.slots.installed.values():
                key = row.unit.source, row.unit.table
                assert loaded.setdefault(key, row.code) is row.code
    assert tiers._loaded.cache_info().misses == kernels
    assert loader._loaded_unit.cache_info().hits >= hits + 2
