"""Layout of the flat int64 arrays that hold a running program.

All sizes and offsets are in words of 8 bytes. One context record per VM
reaches everything: its first words are addresses of the other arrays.
"""

from __future__ import annotations

# ---- context record -------------------------------------------------------
REGISTERS = 0  # (tag, payload) pairs, two words a register
FRAMES = 1
CODE = 2
CONSTANTS = 3  # (tag, payload) pairs
GLOBALS = 4  # (tag, payload) pairs
CHUNKS = 5
BACK_EDGES = 6
FEEDBACK = 7  # one word per instruction
HEAP = 8
COUNTERS = 9  # valid only while FLAGS has COUNTING

LIMIT = 16  # greatest allowed frame index; other threads may lower it
FUEL = 17  # what this slice may still spend
FLAGS = 18
FRAME = 19  # index of the innermost frame, valid outside the kernel
STACK_BOUND = 20  # native code refuses to begin below this C stack address
FRAME_BOUND = 21  # the same bound as a frame index, for units run as Python
EXIT_STATUS = 22  # why native code left, for DEOPTIMISED
SUBJECT = 23  # of HOT and DEOPTIMISED: the back-edge, or -1 - chunk of a call
HEAT_PER_CALL = 24
HEAT_PER_BACK_EDGE = 25
HEAT_PER_ITERATION = 26
BOTTOM = 27  # frame index at which this run of the interpreter ends
EXIT_FRAME = 28  # frame in which SUBJECT's native code began, for DEOPTIMISED
CONTEXT_WORDS = 32

# ---- flags ----------------------------------------------------------------
COUNTING = 1  # usage tracking is on

# ---- frame record ---------------------------------------------------------
FRAME_WORDS = 8
FRAME_CHUNK = 0
FRAME_IP = 1  # instruction to execute next; of a caller, its call instruction
FRAME_BASE = 2  # index of register 0; the result goes to register -1
FRAME_TAILS = 3  # tail calls of other functions made in this frame
# Nothing writes these two yet; timing and closures will.
FRAME_START = 4  # start time in ns; 0 where the activation is not timed
FRAME_ENV = 5  # environment of the closure; 0 for a function without captures

# ---- chunk record ---------------------------------------------------------
CHUNK_WORDS = 8
CHUNK_ENTRY = 0  # index of its first instruction in CODE
CHUNK_LAST = 1  # index of its last instruction, always `RETURN 0`
CHUNK_ARITY = 2
CHUNK_WEIGHT = 3  # fuel charged for a call
CHUNK_SLOT = 4  # address of the native entry; without one, see below
CHUNK_HEAT = 5  # counts down; a call that would make it negative is HOT

# ---- back-edge record -----------------------------------------------------
BACK_EDGE_WORDS = 4
BACK_EDGE_SLOT = 0  # address of the native loop entry; without one, see below
BACK_EDGE_COUNT = 1  # while COUNTING
BACK_EDGE_WEIGHT = 2  # fuel charged for one
BACK_EDGE_HEAT = 3  # counts down as CHUNK_HEAT does

# ---- slots without native code ---------------------------------------------
# Two values, so that the interpreter learns whether to count a call or back-edge
# from a word that it looks at anyway.
UNCOUNTED = 0
COUNTED = -1  # while tracking is on

# ---- counters of one chunk, while COUNTING ---------------------------------
COUNTER_WORDS = 4
COUNT_INTERPRETED = 0
COUNT_NATIVE = 1
COUNT_ITERATIONS = 2  # self tail calls
COUNT_ERRORS = 3  # activations left by an error

# ---- heap objects ---------------------------------------------------------
OBJECT_HEADER = 0  # kind | width << 8
OBJECT_LENGTH = 1  # characters of a string, items of a list
STRING_HASH = 2  # of the text; written, but read only once maps have string keys
STRING_DATA = 3  # characters packed, `width` bytes each, zero padded
LIST_DATA = 2  # (tag, payload) pairs

KIND_STRING = 1
KIND_LIST = 2
