"""From Python functions to object code and into the process, through Numba and LLVM.

Only `convention` imports Numba, and with it `intrinsics`, `semantics` and `units`; a
program whose native code is in the store needs `loader` and `store`, which do not.
"""
