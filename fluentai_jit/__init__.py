"""fluentai_jit: a virtual machine for FLC with a Numba JIT and usage tracking.

The whole of it from Python:

    import fluentai_jit as fj

    with fj.VM(fj.compile("private function double(x) { x + x }")) as vm:
        vm.run()
        vm.call("double", 21)
"""

__version__ = "0.1.0"

# Not imported from typing, which a bare start has not loaded.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .config import Config, load_config
    from .engine.program import Program, compile
    from .engine.tagged import Tagged
    from .engine.values import FunctionValue, Symbol
    from .engine.vm import VM, run
    from .errors import FluentError
    from .stdlib.host import Exit
    from .tracking.times import Times
    from .tracking.tracker import UsageStats

__all__ = [
    "VM",
    "Config",
    "Exit",
    "FluentError",
    "FunctionValue",
    "Program",
    "Symbol",
    "Tagged",
    "Times",
    "UsageStats",
    "__version__",
    "compile",
    "load_config",
    "run",
]

# Where each name lives; a module is imported when one of its names is first used,
# because `import fluentai_jit` is part of every start.
_HOMES = {
    "Config": "config",
    "load_config": "config",
    "Program": "engine.program",
    "compile": "engine.program",
    "FunctionValue": "engine.values",
    "Symbol": "engine.values",
    "Tagged": "engine.tagged",
    "VM": "engine.vm",
    "run": "engine.vm",
    "FluentError": "errors",
    "Exit": "stdlib.host",
    "Times": "tracking.times",
    "UsageStats": "tracking.tracker",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
