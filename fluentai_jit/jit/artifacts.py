"""Code that does not depend on a program: the semantic functions and the kernel.

Built once per store; within a process, once.
"""

from __future__ import annotations

import functools


@functools.cache
def semantics() -> bytes:
    """LLVM bitcode of the semantic functions."""
    from ..kernel.build import build_semantics

    return build_semantics()


@functools.cache
def kernel() -> bytes:
    """Object code of the kernel."""
    from ..kernel.build import build_kernel

    return build_kernel(semantics())
