"""The names of the package, which are imported when they are used."""

import pytest

import fluentai_jit as fj


@pytest.mark.parametrize("name", fj.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(fj, name) is not None
    assert name in dir(fj)


def test_another_name_is_none_of_them() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        fj.nothing  # noqa: B018


def test_a_program_is_compiled_run_and_called() -> None:
    program = fj.compile("private function double(x) { x + x }\n1 + 2")
    with fj.VM(program, config={"jit.mode": "off"}, engine="plain") as vm:
        assert vm.run() == 3
        assert vm.call("double", 21) == 42
        with pytest.raises(fj.FluentError) as caught:
            vm.call("double", True)
    assert caught.value.kind == "TypeError"
    assert caught.value.span is not None
    assert caught.value.stack[0].function == "double"
