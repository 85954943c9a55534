"""From a config to the parts of a VM: kernel, limits, JIT."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from ..config import Config
from ..core.layout import FRAME_WORDS
from ..jit.backends import PlainBackend, SyncBackend
from ..jit.controller import Backend, Jit
from ..jit.events import EventLog
from ..jit.policy import Thresholds
from ..kernel.state import State
from ..kernel.tiers import CompiledKernel, Kernel, PlainKernel
from .driver import Limits


class Engine(Enum):
    """How a program is executed; all give the same answers."""

    AUTO = "auto"  # as the config says
    PLAIN = "plain"  # tier 0 alone
    COMPILED = "compiled"  # tier 1 alone
    EMITTED = "emitted"  # specialisations as the Python they are, at once
    NATIVE = "native"  # tier 2 at once
    CHURN = "churn"  # units installed and retired all the time


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
        max_instructions=config["jit.max_instructions"],
    )


def limits_of(config: Config, widest: int) -> Limits:
    """What a run may use; a frame takes its record and its widest registers."""
    bytes_per_frame = 8 * FRAME_WORDS + 16 * widest
    return Limits(
        depth=config["limits.depth"],
        instructions=config["limits.instructions"],
        time_s=config["limits.time_s"],
        memory_frames=max(1, config["limits.memory_mb"] * (1 << 20) // bytes_per_frame),
    )


def choose_kernel(engine: Engine) -> Kernel:
    """The kernel to begin with."""
    if engine in (Engine.PLAIN, Engine.EMITTED, Engine.CHURN):
        return PlainKernel()
    from ..jit.artifacts import kernel

    return CompiledKernel(kernel())


def make_jit(
    state: State, config: Config, engine: Engine, events: Path | None
) -> Jit | None:
    """The JIT of a VM, or None where it is off."""
    backend: Backend
    if engine in (Engine.EMITTED, Engine.CHURN):
        backend = PlainBackend()
    elif engine is Engine.NATIVE or (
        engine is Engine.AUTO and config["jit.mode"] == "sync"
    ):
        backend = SyncBackend(config["jit.opt_level"])
    elif engine is Engine.AUTO and config["jit.mode"] == "auto":
        backend = SyncBackend(config["jit.opt_level"])
    else:
        return None
    jit = Jit(
        state,
        backend,
        thresholds_of(config),
        EventLog(events),
        unit_limit=config["jit.limit"],
        inlined=config["jit.inline_instructions"],
    )
    jit.start()
    return jit
