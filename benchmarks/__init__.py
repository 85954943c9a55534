"""What the virtual machine costs, measured: `python -m benchmarks --help`.

Every figure comes from fresh processes, whose runs are interleaved where they are
compared, and an answer is checked before its time is kept.
"""
