"""What is known about a node beside its meaning: types, statistics, hints, notes."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fluentai_jit.errors import Span
    from fluentai_jit.graph.nodes import TypeExpr

HINT_KINDS = (
    "should_inline",
    "should_unroll",
    "can_vectorize",
    "can_parallelize",
    "should_memoize",
    "memory_access_pattern",
    "custom",
)


class UsageStats:
    """What running the program showed about a node; None where nothing was measured."""

    __slots__ = (
        "avg_execution_time_ns",
        "error_count",
        "execution_count",
        "is_hot_path",
    )

    def __init__(
        self,
        execution_count: int = 0,
        avg_execution_time_ns: float | None = None,
        error_count: int = 0,
        is_hot_path: bool = False,
    ) -> None:
        self.execution_count = execution_count
        self.avg_execution_time_ns = avg_execution_time_ns
        self.error_count = error_count
        self.is_hot_path = is_hot_path


class PerformanceHint:
    """Advice about a node: one of `HINT_KINDS`, with its argument (the factor of
    should_unroll, the width of can_vectorize, ...) and a confidence from 0 to 1.

    Raises ValueError on an unknown kind or a confidence out of range.
    """

    __slots__ = ("argument", "confidence", "context", "kind")

    def __init__(
        self,
        kind: str,
        confidence: float,
        context: str | None = None,
        argument: int | str | None = None,
    ) -> None:
        if kind not in HINT_KINDS:
            raise ValueError(f"unknown kind of performance hint: {kind!r}")
        if not 0.0 <= confidence <= 1.0:
            raise ValueError(f"confidence must be from 0 to 1, not {confidence!r}")
        self.kind = kind
        self.confidence = confidence
        self.context = context
        self.argument = argument


class ContextMemory:
    """What tools and runs have noted about a node."""

    __slots__ = (
        "embedding_id",
        "last_modified",
        "performance_hints",
        "rationale",
        "semantic_tags",
        "usage_stats",
    )

    def __init__(self) -> None:
        self.embedding_id: str | None = None
        self.usage_stats = UsageStats()
        self.rationale: str | None = None
        self.performance_hints: list[PerformanceHint] = []
        self.semantic_tags: set[str] = set()
        # Seconds since the epoch.
        self.last_modified: float | None = None


class Metadata:
    """The metadata of one node, made when it is first asked for."""

    __slots__ = (
        "annotations",
        "context_memory",
        "documentation_id",
        "is_pure",
        "span",
        "type_info",
    )

    def __init__(self, span: Span) -> None:
        self.span = span
        self.type_info: TypeExpr | None = None
        # None while nobody has said or found out.
        self.is_pure: bool | None = None
        self.annotations: dict[str, str] = {}
        self.documentation_id: str | None = None
        self.context_memory = ContextMemory()

    def update_usage_stats(self, stats: UsageStats) -> None:
        """Write the statistics of a run into the node's context memory."""
        self.context_memory.usage_stats = stats
        self.context_memory.last_modified = time.time()
