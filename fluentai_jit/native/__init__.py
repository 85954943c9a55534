"""From Python functions to object code and into the process, through Numba and LLVM.

Only `lowering`, `intrinsics` and `objects` import Numba; a program whose native
code is in the store needs `loader` and `store`, which do not.
"""
