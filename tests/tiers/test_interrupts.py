"""A program stopped from another thread, in the middle of any tier."""

import threading
import time

import pytest

from fluentai_jit.errors import FluentError
from tests.engines import ENGINES, counts_of, make_vm, program_of

ENDLESS = {
    "loop": "private function spin() { let i = 0; while true { i += 1 } }\n",
    "range": """
    private function spin() { for i in 0..9223372036854775807 { i } }
    """,
    "tail calls": "private function again(n) { again(n + 1) }\n"
    "private function spin() { again(0) }\n",
    "mutual tail calls": """
    private function ping(n) { pong(n + 1) }
    private function pong(n) { ping(n + 1) }
    private function spin() { ping(0) }
    """,
    "calls": """
    private function fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
    private function spin() { fib(80) }
    """,
    "loop with calls": """
    private function next(n) { n + 1 }
    private function spin() { let i = 0; while i >= 0 { i = next(i) } }
    """,
}
# A busy machine may keep the interrupting thread or this one waiting.
GENEROUS_S = 0.5


def interrupted_after(engine: str, text: str, seconds: float) -> float:
    """Interrupt `spin` then; returns the time from there to its end."""
    config = {"jit.call_threshold": 3}
    with make_vm(program_of(text), engine, config) as vm:
        moment: list[float] = []

        def interrupt() -> None:
            moment.append(time.monotonic())
            vm.interrupt()

        timer = threading.Timer(seconds, interrupt)
        timer.start()
        with pytest.raises(FluentError) as caught:
            vm.call("spin")
        ended = time.monotonic()
        timer.join()
        assert caught.value.kind == "Interrupted"
        assert caught.value.stack
        counts = dict(counts_of(vm))
        assert counts["spin"].executions == 1
        # No error of the language: it is not counted as one.
        assert all(row.errors == 0 for row in counts.values())
    return ended - moment[0]


@pytest.mark.timing
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_program_is_interrupted(name: str, engine: str) -> None:
    # Long enough for native code to be there.
    delay = 0.8 if engine == "native" else 0.2
    assert interrupted_after(engine, ENDLESS[name], delay) < GENEROUS_S


@pytest.mark.timing
@pytest.mark.parametrize("engine", ["compiled", "native"])
@pytest.mark.parametrize("name", ["loop", "calls", "tail calls"])
def test_compiled_code_stops_within_20_ms(name: str, engine: str) -> None:
    delay = 0.8 if engine == "native" else 0.1
    best = min(interrupted_after(engine, ENDLESS[name], delay) for _ in range(3))
    assert best < 0.02


@pytest.mark.parametrize("engine", ENGINES)
def test_a_program_may_go_on_after_an_interrupt(engine: str) -> None:
    text = ENDLESS["calls"] + "private function one() { fib(10) }\n"
    with make_vm(program_of(text), engine, {"jit.call_threshold": 3}) as vm:
        threading.Timer(0.1, vm.interrupt).start()
        with pytest.raises(FluentError, match="Interrupted"):
            vm.call("spin")
        assert vm.call("one") == 55
