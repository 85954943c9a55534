"""From a config to the parts of a VM: kernel, limits, JIT."""

from __future__ import annotations

import base64
import functools
import os
import warnings
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from ..arguments import mapping, path_text, text
from ..config import Config, load_config
from ..core.layout import FRAME_WORDS
from ..errors import FluentError
from ..jit.artifacts import Artifacts
from ..jit.backends import PlainBackend, SyncBackend, ThreadBackend
from ..jit.churn import ChurningJit
from ..jit.controller import Backend, Jit
from ..jit.events import EventLog
from ..jit.policy import Thresholds
from ..jit.process import CompileProcess, ProcessBackend, ProcessOptions, shared
from ..kernel.state import State
from ..kernel.tiers import CompiledKernel, Kernel, PlainKernel
from ..native.store import Store
from ..settings import shown
from .driver import Limits


class Engine(Enum):
    """How a program is executed; all give the same answers."""

    AUTO = "auto"  # as the config says
    PLAIN = "plain"  # tier 0 alone
    COMPILED = "compiled"  # tier 1 alone
    EMITTED = "emitted"  # specialisations as the Python they are, at once
    NATIVE = "native"  # tier 2 at once
    CHURN = "churn"  # units installed and retired all the time


def config_of(
    config: Config | Mapping[str, Any] | None, keywords: Mapping[str, object]
) -> Config:
    """A VM's config: a snapshot, or settings over the other layers'; then keywords."""
    if not isinstance(config, Config):
        if config is not None:
            config = mapping(config, "config", "a Config or a mapping of settings")
        config = load_config(overrides=config)
    return config.replace(keywords) if keywords else config


def engine_named(name: str) -> Engine:
    """The engine of a name. Raises FluentError of kind ConfigError."""
    try:
        return Engine(text(name, "engine"))
    except ValueError:
        *others, last = (engine.value for engine in Engine)
        choices = f"{', '.join(others)} or {last}"
        message = f"engine must be {choices}, not {shown(name)}"
        raise FluentError("ConfigError", message) from None


def opened_log(events: str | Path | None) -> EventLog:
    """The log of a VM's events. Raises FluentError of kind FileError."""
    if events is None:
        return EventLog()
    path = path_text(events, "events")
    try:
        return EventLog(Path(path))
    # ValueError for a name that holds a NUL.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"cannot write the events to {path}: {reason}"
        raise FluentError("FileError", message) from None


def no_room(config: Config, error: MemoryError) -> FluentError:
    """What a VM that cannot have its memory ends in."""
    reason = str(error) or "there is none left"
    return FluentError(
        "ResourceLimitExceeded",
        f"not enough memory for a VM with limits.depth ({config['limits.depth']}): "
        f"{reason}",
        hint="the stack grows with limits.depth; `ulimit -v` may be what is too low",
    )


def thresholds_of(config: Config) -> Thresholds:
    """The policy's numbers."""
    return Thresholds(
        calls=config["jit.call_threshold"],
        back_edge_weight=config["jit.back_edge_weight"],
        iteration_weight=config["jit.tail_iteration_weight"],
        time_ms=config["jit.time_threshold_ms"],
        gain_factor=config["jit.gain_factor"],
        backoff=config["jit.backoff_factor"],
        deoptimisations=config["jit.deoptimisation_limit"],
        rounds=config["jit.respecialise_limit"],
        units=config["jit.limit"],
        instructions=config["jit.max_instructions"],
        inlined=config["jit.inline_instructions"],
        grace_s=config["compile.grace_s"],
        share=config["compile.max_share"],
    )


def limits_of(config: Config, widest: int) -> Limits:
    """What a run may use; a frame takes its record and its widest registers."""
    return Limits(
        depth=config["limits.depth"],
        instructions=config["limits.instructions"],
        time_s=config["limits.time_s"],
        memory_mb=config["limits.memory_mb"],
        bytes_per_frame=8 * FRAME_WORDS + 16 * widest,
    )


class FluentWarning(UserWarning):
    """Something that slows a program down and does not change its answers."""


NO_FOLDER = "there is no home folder for the code store; set store.path"


def warn(message: str) -> None:
    """Tell the user, once for each message."""
    warnings.warn(message, FluentWarning, stacklevel=2)


def store_folder(config: Config) -> Path | None:
    """Where compiled code is kept; None for a user without a home folder."""
    if config["store.path"]:
        return Path(config["store.path"])
    from platformdirs import user_cache_path

    try:
        folder = user_cache_path("fluentai_jit", appauthor=False)
    except RuntimeError:
        return None
    # A relative folder would be below the working directory, where somebody
    # else's files may be; and stored code is executed.
    return folder if folder.is_absolute() else None


@functools.cache
def _artifacts(folder: Path | None, megabytes: int, _process: int) -> Artifacts:
    if folder is None:
        return Artifacts(None)
    store = Store(folder, megabytes << 20, warn)
    if store.refusal is None:
        return Artifacts(store)
    warn(f"{store.refusal}; going on without stored code")
    return Artifacts(None)


def artifacts_of(config: Config) -> Artifacts:
    """The process's compiled code for a config; one store is opened once."""
    # A connection to the store must not be used on both sides of a fork.
    process = os.getpid()
    if not config["store.enabled"]:
        return _artifacts(None, 0, process)
    folder = store_folder(config)
    if folder is None:
        warn(NO_FOLDER)
        return _artifacts(None, 0, process)
    return _artifacts(folder, config["store.max_size_mb"], process)


class KernelRequest:
    """A kernel that is being compiled beside the program. Raises OSError."""

    def __init__(self, process: CompileProcess) -> None:
        self._process = process
        # Another VM's thread may receive the answer, so it is only put down here.
        self._replies: list[dict[str, Any]] = []
        process.ask({"kind": "kernel"}, self._replies.append)

    def kernel(self) -> Kernel | None:
        """The kernel, once, when it is there; None otherwise."""
        self._process.poll()
        if not self._replies:
            return None
        reply = self._replies.pop()
        try:
            if reply["error"]:
                raise RuntimeError(reply["error"])
            return CompiledKernel(base64.b64decode(reply["object"]))
        except RuntimeError as error:
            warn(f"the interpreter was not compiled: {error}")
            return None


class Parts:
    """What a VM is put together from."""

    def __init__(self, config: Config, engine: Engine) -> None:
        self.config = config
        self.engine = engine
        self.artifacts = artifacts_of(config)
        self.process: CompileProcess | None = None
        if engine is Engine.AUTO and config["compile.mode"] == "process":
            self.process = shared(self._process_options())
        self._backend: Backend | None = None

    def close(self) -> None:
        """Nothing more will be compiled."""
        if self._backend is not None:
            self._backend.close()
        if self.process is not None:
            self.process.close()

    def _process_options(self) -> ProcessOptions:
        config = self.config
        store = self.artifacts.store
        return ProcessOptions(
            store="" if store is None else str(store.folder),
            store_mb=config["store.max_size_mb"],
            idle_s=config["compile.idle_timeout_s"],
            unit_s=config["compile.unit_time_limit_s"],
            memory_mb=config["compile.memory_limit_mb"],
        )

    def kernel(self) -> Kernel:
        """The kernel to begin with; tier 0 while the compiled one is not there."""
        if self.engine in (Engine.PLAIN, Engine.EMITTED, Engine.CHURN):
            return PlainKernel()
        try:
            return self._compiled_kernel()
        except (ImportError, OSError) as error:
            # As where `ulimit -v` leaves no room for a library of 180 MB.
            reason, _dot, _guesses = str(error).partition(". ")
            message = f"LLVM cannot be loaded: {reason}"
            raise FluentError("HostError", message) from None

    def _compiled_kernel(self) -> Kernel:
        if self.engine is not Engine.AUTO or self.config["jit.mode"] == "sync":
            return CompiledKernel(self.artifacts.kernel())
        image = self.artifacts.stored_kernel()
        if image is None:
            return PlainKernel()
        try:
            return CompiledKernel(image)
        except RuntimeError as error:
            warn(f"the stored interpreter is not used: {error}")
            return PlainKernel()

    def request_kernel(self) -> KernelRequest | None:
        """Have the kernel compiled beside the program; None where nothing can."""
        if self.process is None:
            warn("this machine has no compiled interpreter: running in plain Python")
            return None
        try:
            request = KernelRequest(self.process)
        except OSError as error:
            warn(f"the compile process cannot be started: {error}")
            return None
        store = self.artifacts.store
        kept = store is not None and not store.readonly
        what_for = "this machine, once" if kept else "this run"
        warn(f"compiling the interpreter for {what_for}; starting without it")
        # Loading it later costs a pause of this import; now it costs none.
        from ..native import loader  # noqa: F401

        return request

    def backend(self) -> Backend | None:
        """What compiles units; None where nothing does."""
        config = self.config
        level = config["jit.opt_level"]
        if self.engine in (Engine.EMITTED, Engine.CHURN):
            return PlainBackend()
        if self.engine is Engine.NATIVE:
            return SyncBackend(self.artifacts, level)
        if self.engine is not Engine.AUTO or config["jit.mode"] == "off":
            return None
        if config["jit.mode"] == "sync":
            return SyncBackend(self.artifacts, level)
        if self.process is not None:
            return ProcessBackend(self.process, self.artifacts, level)
        if config["compile.mode"] == "thread":
            return ThreadBackend(self.artifacts, level)
        return None

    def jit(self, state: State, log: EventLog) -> Jit | None:
        """The JIT of a VM, or None where it is off."""
        backend = self._backend = self.backend()
        if backend is None:
            return None
        config = self.config
        kind = ChurningJit if self.engine is Engine.CHURN else Jit
        jit = kind(state, backend, thresholds_of(config), log)
        jit.start()
        return jit
