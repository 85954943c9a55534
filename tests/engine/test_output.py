"""Output of a program: gathered, in order, and written when it has to be."""

from __future__ import annotations

import io

import pytest

from fluentai_jit.engine.output import Output
from fluentai_jit.errors import FluentError
from fluentai_jit.stdlib.host import Exit
from tests.engines import make_vm, program_of


class Recorder(io.StringIO):
    """Remembers what came in one piece."""

    def __init__(self, terminal: bool = False) -> None:
        super().__init__()
        self.writes: list[str] = []
        self.flushes = 0
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def write(self, text: str) -> int:
        self.writes.append(text)
        return len(text)

    def flush(self) -> None:
        self.flushes += 1


def written(text: str, terminal: bool = False, buffer_kb: int = 64) -> list[str]:
    recorder = Recorder(terminal)
    config = {"output.buffer_kb": buffer_kb}
    with make_vm(program_of(text), "plain", config, recorder) as vm:
        try:
            vm.run()
        except (FluentError, Exit):
            recorder.writes.append("<ended>")
    return recorder.writes


def test_output_is_one_piece_at_the_end() -> None:
    assert written('print(1) println(2) print("x")') == ["12\nx"]


def test_a_terminal_gets_every_line() -> None:
    text = 'print(1) print(2) println(3) println("") print(4)'
    assert written(text, terminal=True) == ["123\n", "\n", "4"]


def test_a_full_buffer_is_written() -> None:
    pieces = written("for i in 0..300 { println(1000000 + i) }", buffer_kb=1)
    assert len(pieces) == 3
    assert "".join(pieces) == "".join(f"{1000000 + i}\n" for i in range(300))
    assert all(1024 <= len(piece) < 1040 for piece in pieces[:-1])


@pytest.mark.parametrize("end", ["1 / 0", "exit(3)"])
def test_output_comes_before_the_end_of_the_program(end: str) -> None:
    assert written(f"print(1) {end} print(2)") == ["1", "<ended>"]


def test_output_of_one_call_does_not_wait_for_the_next() -> None:
    recorder = Recorder()
    text = "private function f(x) { print(x) }"
    with make_vm(program_of(text), "plain", {}, recorder) as vm:
        vm.call("f", 1)
        assert recorder.writes == ["1"]
        vm.call("f", 2)
    assert recorder.writes == ["1", "2"]
    assert recorder.flushes == 2


def test_nothing_is_written_where_nothing_is_printed() -> None:
    recorder = Recorder()
    with make_vm(program_of("1 + 1"), "plain", {}, recorder) as vm:
        vm.run()
    assert recorder.writes == []
    assert recorder.flushes == 0


def test_output_goes_to_the_stdout_of_the_moment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output = Output(None, 1 << 16)
    output.write("first")
    other = Recorder()
    monkeypatch.setattr("sys.stdout", other)
    output.flush()
    assert other.writes == ["first"]
    assert capsys.readouterr().out == ""


def test_a_process_without_stdout_gets_a_clear_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdout", None)
    output = Output(None, 1 << 16)
    output.write("lost")
    with pytest.raises(FluentError, match="HostError: stdout is closed"):
        output.flush()


class Broken(Recorder):
    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def test_a_closed_pipe_ends_the_run() -> None:
    with make_vm(program_of("println(1)"), "plain", {}, Broken()) as vm:
        with pytest.raises(BrokenPipeError):
            vm.run()
        assert vm._depth == 0
        vm.output._parts.clear()


def test_a_vm_with_a_closed_pipe_gives_everything_back() -> None:
    vm = make_vm(program_of("println(1)"), "emitted", {}, Broken())
    vm.output.write("left over")
    with pytest.raises(BrokenPipeError):
        vm.close()
    assert vm.jit is not None
    assert not vm.jit.slots.installed
    vm.close()


def test_surrogates_and_wide_characters_are_passed_on() -> None:
    assert written('println("ä日😀\\u{d7ff}")') == ["ä日😀\ud7ff\n"]


def host_calls(text: str, engine: str, terminal: bool = False) -> tuple[int, str]:
    """How often the kernel was left to Python, and what was printed."""
    recorder = Recorder(terminal)
    with make_vm(program_of(text), engine, {"output.buffer_kb": 1}, recorder) as vm:
        calls = 0
        carry_out = vm.driver.host_call

        def counting() -> None:
            nonlocal calls
            calls += 1
            carry_out()

        vm.driver.host_call = counting
        vm.run()
    return calls, "".join(recorder.writes)


@pytest.mark.parametrize("engine", ["plain", "compiled", "emitted", "native"])
def test_printing_stays_in_the_kernel_until_the_buffer_is_full(engine: str) -> None:
    text = "private function f(n) { for i in 0..n { println([i, 0.5]) } } f(200)"
    expected = "".join(f"[{i}, 0.5]\n" for i in range(200))
    calls, printed = host_calls(text, engine)
    assert printed == expected
    assert calls == len(expected) // 1024
    assert host_calls(text, engine, terminal=True) == (200, expected)


@pytest.mark.parametrize("engine", ["plain", "compiled"])
def test_a_text_longer_than_the_buffer(engine: str) -> None:
    text = 'print("a") println(repeat("é", 3000)) print(repeat("😀", 300)) print("b")'
    calls, printed = host_calls(text, engine)
    assert printed == "a" + "é" * 3000 + "\n" + "😀" * 300 + "b"
    assert calls == 2


def test_what_the_host_writes_keeps_its_place() -> None:
    recorder = Recorder()
    text = "private function f(x) { print(x) }"
    with make_vm(program_of(text), "compiled", {}, recorder) as vm:
        vm.write("a")
        vm.call("f", "b")
        vm.write("c")
        vm.call("f", "d")
    assert "".join(recorder.writes) == "abcd"


def test_output_before_an_error_is_written() -> None:
    recorder = Recorder()
    text = "private function f(n) { for i in 0..n { print(i) } 1 / 0 } f(3)"
    vm = make_vm(program_of(text), "native", {}, recorder)
    with vm, pytest.raises(FluentError):
        vm.run()
    assert "".join(recorder.writes) == "012"


@pytest.mark.parametrize("engine", ["emitted", "native"])
def test_verification_prints_once(engine: str) -> None:
    text = "private function f(n) { for i in 0..n { println(i) } } f(50) f(50)"
    recorder = Recorder()
    config = {"jit.verify": True, "output.buffer_kb": 1}
    with make_vm(program_of(text), engine, config, recorder) as vm:
        vm.run()
    assert "".join(recorder.writes) == "".join(f"{i}\n" for i in range(50)) * 2
