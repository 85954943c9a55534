"""fluentai_jit: a virtual machine for FLC with a Numba JIT and usage tracking."""

__version__ = "0.1.0"
