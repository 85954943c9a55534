"""Several processes at one store, and processes that are killed there."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from tests.native.stores import Place

_RANDOM = random.Random(7)
ENTRIES = {f"{n:064x}": _RANDOM.randbytes(200 + 900 * n) for n in range(12)}
KEYS = list(ENTRIES)

_HAMMER = """
import hashlib, sys
from pathlib import Path
from fluentai_jit.native.store import Store
folder, own = sys.argv[1:3]
warnings, wrong = [], 0
def content(key): return hashlib.sha256(key.encode()).digest() * 40
for round in range(6):
    store = Store(Path(folder), 1 << 20, warnings.append)
    for index in range(25):
        key = f"{index % 20}"
        if index % 3:
            store.put(key, content(key))
        found = store.get(key)
        wrong += found not in (None, content(key))
    if own == "0" and round == 3:
        store.clear()
    store.close()
print(wrong, len(warnings), warnings[:1])
"""


def test_processes_share_a_store(place: Place) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _HAMMER, str(place.folder), str(number)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number in range(3)
    ]
    answers = [process.communicate(timeout=60)[0] for process in processes]
    assert answers == ["0 0 []\n"] * 3
    store = place.open()
    assert 0 < len(store.entries()) <= 20
    assert all(whole for _key, _size, whole in store.entries())


def test_a_killed_process_leaves_a_whole_store(place: Place) -> None:
    place.filled(ENTRIES)
    program = (
        "import os, sys\nfrom pathlib import Path\n"
        "from fluentai_jit.native.store import Store\n"
        "store = Store(Path(sys.argv[1]), 1 << 22, print)\n"
        "print('ready', flush=True)\n"
        "index = 0\n"
        "while True:\n"
        "    index += 1; store.put(f'new{index % 50}', os.urandom(5000))\n"
    )
    for wait in (0.0, 0.004, 0.011):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(place.folder)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(wait + 0.02)
        process.kill()
        process.communicate()
        store = place.open()
        assert {key: store.get(key) for key in KEYS} == ENTRIES
        assert all(whole for _key, _size, whole in store.entries())
        store.close()
    assert not place.warnings
