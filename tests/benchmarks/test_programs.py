"""The measured programs give the answers they are checked against."""

import io
import re

import pytest

from benchmarks.counting import PROGRAMS as COUNTED
from benchmarks.engines import ENGINES as PEERS
from benchmarks.engines import Engine, Machine
from benchmarks.processes import output_of
from benchmarks.suite import BENCHMARKS, BY_NAME, PROGRAMS, Benchmark, WrongAnswer
from fluentai_jit.engine.program import compile
from fluentai_jit.engine.vm import VM

ENGINES = ("plain", "compiled")
NAMES = [benchmark.name for benchmark in BENCHMARKS]
# In plain Python a mandelbrot of 50 is a second's work.
SIZES = {
    "fib": 12,
    "self_tail": 5000,
    "mutual_tail": 5001,
    "while_loop": 5000,
    "sieve": 100,
    "matmul": 5,
    "nbody": 10,
    "queens": 4,
}


def size_of(benchmark: Benchmark, engine: str) -> int:
    return (
        SIZES.get(benchmark.name, benchmark.small)
        if engine == "plain"
        else (benchmark.small)
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", NAMES)
def test_a_call_gives_the_answer(name: str, engine: str) -> None:
    benchmark = BY_NAME[name]
    size = size_of(benchmark, engine)
    with VM(compile(benchmark.path(".flc")), engine=engine) as vm:
        vm.run()
        benchmark.check(size, str(vm.call(benchmark.function, size)))


@pytest.mark.parametrize("name", NAMES)
def test_the_program_prints_the_answer_for_its_argument(name: str) -> None:
    benchmark = BY_NAME[name]
    printed = io.StringIO()
    program = compile(benchmark.path(".flc"))
    arguments = (str(benchmark.small),)
    with VM(program, stdout=printed, args=arguments, engine="compiled") as vm:
        vm.run()
    benchmark.check(benchmark.small, printed.getvalue().strip())


def test_calls_in_a_loop() -> None:
    with VM(compile(PROGRAMS / "loop_calls.flc"), engine="plain") as vm:
        vm.run()
        assert vm.call("loop_calls", 100) == sum(i % 7 for i in range(100))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "engine",
    [engine for engine in PEERS if not isinstance(engine, Machine)],
    ids=lambda engine: str(engine.name),
)
def test_a_peer_gives_the_answer(engine: Engine, name: str, folder: str) -> None:
    if not engine.installed:
        pytest.skip(f"{engine.name} is not installed")
    benchmark = BY_NAME[name]
    answer, seconds = engine.run(benchmark, benchmark.small, folder)
    benchmark.check(benchmark.small, answer)
    assert seconds >= 0
    printed = output_of(engine.command(benchmark, benchmark.small, folder))
    benchmark.check(benchmark.small, printed.strip())


@pytest.mark.parametrize("engine", PEERS, ids=lambda engine: str(engine.name))
def test_an_engine_tells_its_version(engine: Engine) -> None:
    if not engine.installed:
        pytest.skip(f"{engine.name} is not installed")
    assert re.search(r"\d\.\d", engine.version())


def test_a_wrong_answer_is_refused() -> None:
    with pytest.raises(WrongAnswer, match=r"fib\(10\) is 55, not 56"):
        BY_NAME["fib"].check(10, "56")


def test_the_programs_that_are_counted_make_the_calls_they_are_fitted_over() -> None:
    expected = {"fib": 465, "mutual_tail": 13, "loop_calls": 1 + 12}
    for counted in COUNTED:
        with VM(compile(PROGRAMS / f"{counted.name}.flc"), engine="plain") as vm:
            vm.run()
            vm.enable_usage_tracking()
            vm.call(counted.function, 12)
            stats = vm.get_all_usage_stats()
        assert stats is not None
        calls = sum(row.execution_count for row in stats.values())
        assert calls == expected[counted.name]
