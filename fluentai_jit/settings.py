"""The table of settings: every name, type, default, range and meaning, once.

A new setting is one row of `SETTINGS`. Validation, `--set`, the environment names,
`fluentai-jit config` and docs/configuration.md read that row and nothing else.
Limits are given even where any number would do, because the values end up in
64-bit words and in durations multiplied up to nanoseconds.
"""

from __future__ import annotations

import os
from typing import TypeAlias

Value: TypeAlias = bool | int | float | str

ENVIRONMENT_PREFIX = "FLUENTAI_JIT_"


class Setting:
    """One row of the table; a subclass for each type of value.

    `parse` and `check` raise ValueError with a message that goes on from the
    setting's name: "must be an int from 0 to 3, not 7".
    """

    __slots__ = ("default", "description", "in_project", "name", "unit")
    type_name = ""

    def __init__(
        self, name: str, default: Value, unit: str, description: str, *, project: bool
    ) -> None:
        self.name = name
        self.default = default
        self.unit = unit
        self.description = description
        self.in_project = project  # whether a project's file may set it

    @property
    def environment_name(self) -> str:
        return ENVIRONMENT_PREFIX + self.name.upper().replace(".", "_")

    @property
    def allowed(self) -> str:
        """The values it takes, as words: "an int from 0 to 3"."""
        raise NotImplementedError

    def check(self, value: object) -> Value:
        """Give the value of a TOML file or Python argument in its plain type."""
        raise NotImplementedError

    def parse(self, text: str) -> Value:
        """Give the value that a flag or an environment variable spells."""
        raise NotImplementedError

    def resolve(self, value: Value, folder: str) -> Value:
        """Bind what the value leaves relative to the folder it was written in."""
        return value

    def refusal(self, value: object) -> ValueError:
        return ValueError(f"must be {self.allowed}, not {shown(value)}")


class Number(Setting):
    """A number between two limits, both allowed."""

    __slots__ = ("high", "low")

    def __init__(
        self,
        name: str,
        default: int | float,
        low: int | float,
        high: int | float,
        unit: str,
        description: str,
    ) -> None:
        self.low = low
        self.high = high
        super().__init__(name, self.check(default), unit, description, project=True)

    @property
    def allowed(self) -> str:
        article = "an" if self.type_name == "int" else "a"
        return f"{article} {self.type_name} from {self.low:_} to {self.high:_}"


class Int(Number):
    __slots__ = ()
    type_name = "int"

    def check(self, value: object) -> int:
        # __index__ admits NumPy's integers, and no float however whole.
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise self.refusal(value)
        number = int(value.__index__())
        if not self.low <= number <= self.high:
            raise self.refusal(number)
        return number

    def parse(self, text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise self.refusal(text) from None
        return self.check(number)


class Float(Number):
    __slots__ = ()
    type_name = "number"

    def check(self, value: object) -> float:
        if isinstance(value, bool):
            raise self.refusal(value)
        if not isinstance(value, float):
            if not hasattr(value, "__index__"):
                raise self.refusal(value)
            value = int(value.__index__())
        # Compared before it is converted, as 10**400 has no float; false for NaN.
        if not self.low <= value <= self.high:
            raise self.refusal(value)
        return float(value)

    def parse(self, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise self.refusal(text) from None
        return self.check(number)


SPELLINGS = {
    **dict.fromkeys(("true", "on", "yes", "1"), True),
    **dict.fromkeys(("false", "off", "no", "0"), False),
}


class Bool(Setting):
    __slots__ = ()
    type_name = "bool"

    def __init__(self, name: str, default: bool, description: str) -> None:
        super().__init__(name, default, "", description, project=True)

    @property
    def allowed(self) -> str:
        return "true or false"

    def check(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.refusal(value)
        return value

    def parse(self, text: str) -> bool:
        value = SPELLINGS.get(text.strip().lower())
        if value is None:
            raise self.refusal(text)
        return value


class Choice(Setting):
    __slots__ = ("choices",)
    type_name = "choice"

    def __init__(
        self, name: str, default: str, choices: tuple[str, ...], description: str
    ) -> None:
        super().__init__(name, default, "", description, project=True)
        self.choices = choices

    @property
    def allowed(self) -> str:
        return " or ".join((", ".join(self.choices[:-1]), self.choices[-1]))

    def check(self, value: object) -> str:
        for choice in self.choices:
            if isinstance(value, str) and value == choice:
                return choice
        raise self.refusal(value)

    def parse(self, text: str) -> str:
        try:
            return self.check(text.strip())
        except ValueError:
            raise self.refusal(text) from None


class Folder(Setting):
    """A folder's path; empty for the place the platform has for such data.

    It is absolute once loaded: a relative one is taken from the folder of the file
    that says it (from the working directory elsewhere), and `~` is expanded.
    """

    __slots__ = ()
    type_name = "folder"

    def __init__(self, name: str, description: str, *, project: bool) -> None:
        super().__init__(name, "", "", description, project=project)

    @property
    def allowed(self) -> str:
        return "the path of a folder"

    def check(self, value: object) -> str:
        path = os.fspath(value) if isinstance(value, os.PathLike) else value
        if not isinstance(path, str) or "\0" in path:
            raise self.refusal(value)
        return path

    def parse(self, text: str) -> str:
        return self.check(text)

    def resolve(self, value: Value, folder: str) -> str:
        path = str(value)
        return os.path.join(folder, os.path.expanduser(path)) if path else path


def shown(value: object) -> str:
    """A value as messages quote it: on one line, and cut where it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 256:
        return f"an int of {value.bit_length():_} bits"
    if value is None or isinstance(value, int | float | str):
        text = repr(value)
        return text if len(text) <= 60 else f"{text[:57]}..."
    return f"a value of type {type(value).__name__}"


# The groups in the order of the documentation, each with its heading.
GROUPS = {
    "jit": "What is compiled, and when",
    "compile": "Where compilation happens, and what it may cost",
    "store": "Machine code kept on disk",
    "limits": "What a program may use",
    "tracking": "What is measured",
    "output": "Output of the program",
    "vm": "The virtual machine",
}

DAY = 86_400
# 1 TiB in MiB, past any machine this runs on.
TIB = 1_048_576

# fmt: off
ROWS: tuple[Setting, ...] = (
    Choice("jit.mode", "auto", ("auto", "off", "sync"),
           "auto compiles what is hot while the program runs; off never compiles; "
           "sync compiles on the spot, the program waiting"),
    Int("jit.call_threshold", 1000, 1, 10**9, "calls",
        "Calls plus weighted back-edges and tail iterations before a node is hot"),
    Float("jit.back_edge_weight", 0.1, 0, 1000, "calls",
          "What one back-edge of a loop counts towards the call threshold"),
    Float("jit.tail_iteration_weight", 0.1, 0, 1000, "calls",
          "What one self tail call counts towards the call threshold"),
    Float("jit.time_threshold_ms", 50, 0, 1_000_000_000, "ms",
          "Estimated time in a node after which it is hot whatever the gain"),
    Float("jit.gain_factor", 1, 0, 1_000_000, "",
          "How many times the predicted compile cost the expected gain must be"),
    Float("jit.backoff_factor", 2, 1, 1000, "",
          "How many times longer each next try waits after a refusal"),
    Int("jit.deoptimisation_limit", 100, 1, 10**9, "failures",
        "Guard failures of one unit before it is retired"),
    Int("jit.respecialise_limit", 3, 0, 1000, "rounds",
        "Rounds of specialising anew before a node is left to the interpreter"),
    Int("jit.limit", -1, -1, 10**9, "units",
        "Compile only the first so many units, for bisection; -1 for all of them"),
    Bool("jit.verify", False,
         "Interpret a second time what native code did, and compare; slow, for "
         "finding faults"),
    Int("jit.max_instructions", 2000, 1, 1_000_000, "instructions",
        "Largest function that is compiled"),
    Int("jit.inline_instructions", 60, 0, 1_000_000, "instructions",
        "Largest callee that is included in its caller's unit"),
    Int("jit.opt_level", 2, 0, 3, "",
        "Optimisation level of LLVM"),

    Choice("compile.mode", "process", ("process", "thread", "none"),
           "Compile in a process of its own, in a thread of this one, or not at all"),
    Float("compile.idle_timeout_s", 30, 0, DAY, "s",
          "Time without a request after which the compile process ends"),
    Float("compile.unit_time_limit_s", 60, 0.1, DAY, "s",
          "Time after which the compilation of one unit is given up"),
    Int("compile.memory_limit_mb", 2048, 256, TIB, "MiB",
        "Memory of the compile process"),
    Float("compile.max_share", 1, 0, 1000, "s/s",
          "Compile seconds allowed per second of the program's own CPU time"),
    Float("compile.grace_s", 5, 0, DAY, "s",
          "Compile seconds allowed at the start, whatever the share"),

    Bool("store.enabled", True,
         "Keep machine code on disk, and use what is kept there"),
    # Stored code is executed, so a folder that came with somebody's project must
    # not be able to say where it is read from.
    Folder("store.path",
           "Folder of the store, the user's own and of mode 0700, relative to the file "
           "that says it; empty for the user's cache folder", project=False),
    Int("store.max_size_mb", 512, 1, TIB, "MiB",
        "Size above which the units unused for longest are removed"),

    Int("limits.depth", 10_000, 1, 10_000_000, "calls",
        "Depth of calls at which a program gets a StackOverflow"),
    Int("limits.instructions", 0, 0, 10**18, "instructions",
        "Fuel: calls and back-edges weighted by block length; 0 for no limit"),
    Float("limits.time_s", 0, 0, 1_000_000_000, "s",
          "Time a program may run; 0 for no limit"),
    Int("limits.memory_mb", 1024, 1, TIB, "MiB",
        "Memory that a program's values and its call stack may take"),
    Int("limits.output_kb", 0, 0, TIB, "KiB",
        "UTF-8 that a program may print; 0 for no limit"),

    Choice("tracking.mode", "off", ("off", "counts", "sampled", "full"),
           "counts keeps the exact number of executions of every node; sampled also "
           "times some of them, full each"),
    Int("tracking.sample_hz", 100, 100, 1000, "Hz",
        "How often a sampled program is asked which functions run"),
    Int("tracking.sample_every", 1024, 1, 1_000_000, "executions",
        "At least one of so many executions of a function is timed when sampled"),

    Int("output.buffer_kb", 64, 1, 1_048_576, "KiB",
        "Output gathered before it is written"),

    Int("vm.slice_us", 1000, 10, 1_000_000, "us",
        "Time between two looks at signals and deadlines"),
)
# fmt: on

SETTINGS = {row.name: row for row in ROWS}
