"""VMs for tests of the Python API, on any engine, with the tests' own store."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from fluentai_jit.engine.vm import VM
from fluentai_jit.errors import FluentError
from tests.engines import make_vm, program_of


class Machine:
    """A VM with what it printed."""

    def __init__(
        self,
        text: str,
        engine: str = "plain",
        config: Mapping[str, Any] | None = None,
        functions: Mapping[str, Callable[..., object]] | None = None,
    ) -> None:
        self.stdout = io.StringIO()
        given = functions or {}
        program = program_of(text, functions=given)
        self.vm: VM = make_vm(program, engine, config, self.stdout, functions=given)

    @property
    def output(self) -> str:
        return self.stdout.getvalue()

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.vm.close()


def error_of(action: Any, *arguments: object) -> FluentError:
    """The FluentError that an action ends in."""
    try:
        value = action(*arguments)
    except FluentError as error:
        return error
    raise AssertionError(f"no error, but {value!r}")
