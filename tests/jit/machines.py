"""VMs whose JIT has a backend of the test's own."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from typing import Any

from fluentai_jit.config import Config
from fluentai_jit.engine.setup import thresholds_of
from fluentai_jit.engine.vm import VM
from fluentai_jit.jit.backends import PlainResult
from fluentai_jit.jit.controller import Jit
from fluentai_jit.jit.events import EventLog
from fluentai_jit.jit.node import Node
from fluentai_jit.jit.unit import Unit
from tests.engines import make_vm, program_of


@dataclass
class FakeBackend:
    """Takes requests; the test says when they are done, and how."""

    immediate: bool = False
    in_store: bool = False
    results: list[tuple[int, Any]] = field(default_factory=list)
    requests: list[tuple[int, Unit]] = field(default_factory=list)
    prepared: int = 0
    looked_up: list[str] = field(default_factory=list)
    closed: bool = False

    def submit(self, ticket: int, unit: Unit) -> None:
        self.requests.append((ticket, unit))
        if self.immediate or self.in_store:
            self.results.append((ticket, PlainResult()))

    def finished(self) -> list[tuple[int, Any]]:
        done, self.results = self.results, []
        return done

    def prepare(self) -> None:
        self.prepared += 1

    def stored(self, unit: Unit) -> bool:
        self.looked_up.append(unit.name)
        return self.in_store

    def close(self) -> None:
        self.closed = True

    def finish(self, error: str | None = None, milliseconds: float = 1.0) -> None:
        """The oldest request is done."""
        ticket, _unit = self.requests.pop(0)
        self.results.append((ticket, PlainResult(milliseconds, error)))


class Jitted:
    """A plain VM with a JIT over a fake backend."""

    def __init__(
        self,
        text: str,
        backend: FakeBackend,
        **settings: Any,
    ) -> None:
        names = {name.replace("__", "."): value for name, value in settings.items()}
        self.backend = backend
        self.vm: VM = make_vm(program_of(text), "plain", {}, io.StringIO())
        self.jit = Jit(
            self.vm.state,
            backend,
            thresholds_of(Config().replace(names)),
            EventLog(),
        )
        self.jit.start()
        self.vm.jit = self.vm.driver.jit = self.jit

    def call(self, name: str, *args: object) -> object:
        """Call a function, and wait for what is specialised beside it."""
        result = self.vm.call(name, *args)
        while self.jit.specialising:
            time.sleep(0.0002)
            self.jit.take_specialised()
        return result

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events of that name so far."""
        return [row for row in self.jit.log.events if row["event"] == name]

    def names(self) -> list[str]:
        """The names of all events so far."""
        return [row["event"] for row in self.jit.log.events]

    def node(self, name: str) -> Node:
        """The record of a function."""
        (chunk,) = (
            chunk.index for chunk in self.vm.program.image.chunks if chunk.name == name
        )
        return self.jit.node((chunk, None))

    def __enter__(self) -> Jitted:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.vm.close()
