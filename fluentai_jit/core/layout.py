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
FEEDBACK = 7  # one word per instruction, see below
HEAP = 8
COUNTERS = 9  # valid only while FLAGS has COUNTING
NATIVES = 10  # addresses of the native operations; of compiled code only
POWERS = 11  # table of powers of ten for the text of floats
LIVE = 12  # per instruction MASK_WORDS of registers live before it
ACROSS = 13  # the same of registers live across a call, while it waits
ROOTS = 14  # (tag, payload) pairs that the host holds
TIMES = 15  # valid only while FLAGS has TIMING or SAMPLING

HEAP_TOP = 28  # first free word of the heap
HEAP_END = 29  # first word that may not be allocated before a collection
HEAP_REQUEST = 30  # words that an allocation lacked
HEAP_START = 31  # first word of the space in use; what is below never moves
HEAP_TARGET = 32  # first word of the other space
GLOBAL_COUNT = 33
ROOT_COUNT = 34
EXIT_FRAME = 36  # frame in which SUBJECT's native code began, for DEOPTIMISED
CHUNK_COUNT = 35  # also the chunk of the stub that calls from outside

LIMIT = 16  # greatest allowed frame index; other threads may lower it
# Behind the limit, for the timer writes both at once.
RETURN_BOUND = LIMIT + 1  # a frame up to this one has more to do when it returns
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
CLOCK_SCALE = 37  # ns a cycle times 2 ** 60; 0 where the cycle counter is not usable
CLOCK_OFFSET = 38  # clock less program time, in ns; valid while the kernel runs
PROGRAM_TIME = 39  # ns that the kernel has run, while that is timed; never 0
OUTPUT = 40  # the program's output as UTF-8, packed into words
OUTPUT_USED = 41  # bytes of it
OUTPUT_SIZE = 42  # bytes that it has room for; 0 where every line is shown at once
CHARACTERS = 43  # heap offset of the strings of one character up to U+00FF, in order
HASH_SEED = 45  # odd and secret, so that a program cannot choose colliding keys
NAN_COUNT = 46  # NaN has been hashed so many times
STOP = 48  # not 0: long operations are to end; other threads may set it
DEADLINE = 49  # time of the monotonic clock in ns at which they are to; 0 of none
ARRAYS_FOUND = 44  # heap offset of the last array that the collector copied; 0 of none
FUNCTIONS_FOUND = 47  # the same of the last function of the host
HANDLERS = 50  # address of the table of handlers, see below
THROWN = 51  # what the driver throws: its tag, and its payload in the next word
THROWN_AS = 53  # heap offset of the error's kind, or one of the next three
FUEL = 54  # what this slice may still spend
IN_KERNEL = 55  # 1 while program time goes on
LEFT_FUEL = 56  # FUEL when native code was last left early
OUTPUT_TEXT = 57  # heap offset of a text that OUTPUT has no room for, for HOST; or 0
CONTEXT_WORDS = 58

# ---- THROWN_AS --------------------------------------------------------------
THROW_VALUE = 0  # a value of the program
THROW_EXIT = -1  # the program ends with the status that is thrown
THROW_NOTHING = -2  # only find out whether there is a handler

# A live mask: bit `n % 64` of word `n // 64` stands for R[n].
MASK_WORDS = 4

# ---- flags ----------------------------------------------------------------
COUNTING = 1  # usage tracking is on
TIMING = 2  # every activation is timed; never without COUNTING
SAMPLING = 4  # some activations are; never without COUNTING or with TIMING

# ---- feedback word --------------------------------------------------------
# Of CALL: 1 + the chunk called, -1 after several. Of what takes a value out of an
# object, or gives values of several tags: a bit for each tag seen.

# ---- frame record ---------------------------------------------------------
FRAME_WORDS = 8
FRAME_CHUNK = 0
FRAME_IP = 1  # instruction to execute next; of a caller, its call instruction
FRAME_BASE = 2  # index of register 0; the result goes to register -1
FRAME_TAILS = 3  # tail calls of other functions made in this frame
# Program time in ns of an activation that is timed, else 0; see below.
FRAME_START = 4
FRAME_OUTER = 5  # the next frame outward that is timed, while SAMPLING; 0 of none
FRAME_CALLEES = 6  # ns of the calls that the activation has made, while TIMING
FRAME_WEIGHT = 7  # how many activations it stands for, while SAMPLING

# FRAME_START of an activation under way that is not to be timed, though it looks as
# if it began: when timing was switched on, or by an iteration.
UNTIMED = -1

# ---- chunk record ---------------------------------------------------------
CHUNK_WORDS = 10
CHUNK_ENTRY = 0  # index of its first instruction in CODE
CHUNK_LAST = 1  # index of its last instruction, always `RETURN 0`
CHUNK_ARITY = 2  # -1 where a call of a value goes to an adapter in any case
CHUNK_WEIGHT = 3  # fuel charged for a call
CHUNK_SLOT = 4  # address of the native entry; without one, see below
CHUNK_HEAT = 5  # counts down; a call that would make it negative is HOT
CHUNK_NAME = 6  # heap offset of its text as a value; 0 until one is printed
CHUNK_HANDLERS = 7  # index of its first handler; its last is before the next chunk's
CHUNK_ADAPTERS = 8  # first chunk for other numbers of arguments
CHUNK_ADAPTER_COUNT = 9

# ---- handler record ---------------------------------------------------------
# The innermost handlers of a chunk come first.
HANDLER_WORDS = 5
HANDLER_START = 0  # first instruction that it is for
HANDLER_END = 1  # after the last one
HANDLER_TARGET = 2  # where the frame goes on
HANDLER_REGISTER = 3  # gets what was thrown
HANDLER_KIND = 4

# ---- kinds of handlers -------------------------------------------------------
CATCH_ALL = 0  # gets the value, which ends its way here
CATCH_SOME = 1  # gets an error value: it may throw that again
FINALLY_BLOCK = 2  # the same, and is for `exit`, too

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

# ---- before the records of times ----------------------------------------------
# Where each sixteenth of a power of two begins, as a mantissa of 52 bits.
TIME_STEP_BITS = 4
TIME_STEPS = 1 << TIME_STEP_BITS
STEP_COUNT = 18  # there are two steps never reached
# While SAMPLING:
SAMPLE_SEED = 18  # of the random gaps between two timed activations; never 0
SAMPLE_EVERY = 19  # at least one of so many activations is timed
SAMPLED_FRAME = 20  # the innermost frame that is timed; 0 of none
NOTED_FRAME = 21  # the last frame that returned since the timer's wish; 0 of none
NOTED_CHUNK = 22  # the chunk of the first one
NOTED_NATIVE = 23  # 1 where that was native
TICK_LAST = 24  # program time of the last stack
TICK_COUNT = 25  # stacks taken
TICK_SQUARES = 26  # sum of the squares of the times between them, a float's bits
TICK_NATIVE = 27  # ns of those in native code
NOTED_TIME = 28  # program time when it returned
TIME_RECORDS = 32  # where the records begin

# ---- times of one chunk in ns ----------------------------------------------------
TIME_WORDS = 1232
TIME_COUNT = 0  # activations timed
TIME_SUM = 1  # of all of them, with their callees
TIME_TOTAL = 2  # of the outermost ones
TIME_SELF = 3  # of all of them, without their callees
TIME_ACTIVE = 4  # activations under way, of all chunks of the node
TIME_NODE = 5  # words from here to the record of the node's chunk that counts them
TIME_NEXT = 6  # word of the ring that the next activation's end goes to
TIME_LONGEST = 7  # the longest of those timed
TIME_RING = 8  # (program time at the end, duration) pairs
RING_WORDS = 200
TIME_HISTOGRAM = 208  # activations by bucket of their duration; bucket 0 is 0 ns
TIME_BUCKETS = 1010
# While SAMPLING; TIME_TOTAL and TIME_SELF are then of the timer's stacks.
TIME_STARTED = 1218  # activations whose start was noted
TIME_TICK = 1219  # the last stack that the node was in
TIME_TOTAL_TICKS = 1220  # stacks that it was in
TIME_SELF_TICKS = 1221  # and in which it was innermost
# Sums over the weights w and durations d, a float's bits each: of w (w - 1), of
# w (w - 1) d and of w (w - 1) d d. They say how far off the average may be.
TIME_SPREAD = 1222
# Of interpreted and of native activations: their number is the counter, which is
# negative up to the next one that is timed, and 1 and this. Before the first one it
# is 1, and this their number; or 0, and nothing was executed.
TIME_BASE = 1225
TIME_WEIGHT = 1227  # of the next one that is timed, of either kind

# ---- heap objects ---------------------------------------------------------
# A negative header is where the collector has copied the object to, negated.
OBJECT_HEADER = 0  # kind | variant << 8
OBJECT_LENGTH = 1  # characters of a string, items of a list
STRING_HASH = 2  # 0 until the string is a key for the first time
STRING_DATA = 3  # characters packed, `width` bytes each, zero padded
LIST_DATA = 2  # of a flat list and of a buffer: (tag, payload) pairs
VIEW_START = 2  # of a view: index of its first item in the buffer
VIEW_VERSION = 3  # of a view: heap offset of the version it shows
VIEW_WORDS = 4

STRING_BUFFER = 3  # of a shared string: heap offset of its buffer
SHARED_WORDS = 4

KIND_STRING = 1  # variant: bytes a character
CHARACTER_WORDS = 4  # of a string of one character
KIND_SHARED = 6  # a string that is the beginning of a buffer; variant as above
KIND_TEXT = 7  # buffer of strings; OBJECT_LENGTH is its size in words
KIND_CLOSURE = 8  # OBJECT_LENGTH is the number of captured values
CLOSURE_CHUNK = 2
CLOSURE_DATA = 3  # (tag, payload) pairs
# Variant 1 is a function of the host. Its chunk is -1, and it holds its text, the
# number by which the host knows it, and the heap offset of another one that the
# collector copied.
HOST_CLOSURE = KIND_CLOSURE | 1 << 8  # its header
HOST_TEXT = 4
HOST_HANDLE = 6
HOST_NEXT = 8
HOST_CLOSURE_WORDS = 9
KIND_TAGGED = 24  # variant: heap offset of its constructor, which never moves
TAGGED_DATA = 2  # (tag, payload) pairs of the fields, as many as the constructor has
KIND_CONSTRUCTOR = 25  # OBJECT_LENGTH is the number of fields
CONSTRUCTOR_NAME = 2  # heap offset of its name, and of that of the type it is of
CONSTRUCTOR_OWNER = 3  # 0 where nothing declares the constructor
CONSTRUCTOR_FIELDS = 4  # heap offsets of the fields' names; 0 of one without a name
KIND_CELL = 9
CELL_VALUE = 1  # a (tag, payload) pair
CELL_WORDS = 3
KIND_ERROR = 30  # variant: see below; OBJECT_LENGTH is the number of trace entries
ERROR_KIND = 2  # a (tag, payload) pair: a string
ERROR_MESSAGE = 4  # a pair: a string; what was thrown, or the exit status
ERROR_ELIDED = 6  # frames that the trace leaves out, after TRACE_ENDS entries
ERROR_TRACE = 7  # (instruction, tail calls) of the frames, innermost first
TRACE_ENDS = 32  # of a deeper stack so many frames at either end

ERROR_RAISED = 0  # an error value of the program
ERROR_THROWN = 1  # another value on its way to a handler; never seen by programs
ERROR_EXIT = 2  # an `exit` on its way; never seen by programs
TEXT_USED = 2  # of such a buffer: characters in use; they begin at STRING_DATA
KIND_LIST = 2  # flat: the items stand in the object
KIND_VIEW = 3  # a list that shows a part of a buffer in some version
KIND_VERSION = 4  # variant: see below
KIND_BUFFER = 5  # OBJECT_LENGTH is the capacity

# The record of an array; variant: tag of the items, ARRAY_MATRIX of two dimensions.
# OBJECT_LENGTH is the number of items.
KIND_ARRAY = 20
ARRAY_MATRIX = 2
ARRAY_ROWS = 2
ARRAY_COLUMNS = 3
ARRAY_ADDRESS = 4  # of the items, an int64 or the bits of a float64 each
ARRAY_HANDLE = 5  # number by which the host knows the memory
ARRAY_NEXT = 6  # heap offset of another array that the collector copied
ARRAY_WORDS = 7

# A version of a buffer (Baker, "Shallow Binding Makes Functional Arrays Fast",
# 1991). The newest one owns the buffer; an older one holds what was different.
VERSION_NEXT = 1  # the buffer; of a difference the next newer version
VERSION_LOW = 2  # first item in use; of a difference the index that differs
VERSION_HIGH = 3  # after the last item in use; of a difference the tag there
VERSION_PAYLOAD = 4  # of a difference the payload there
VERSION_WORDS = 5

VERSION_OWNER = 0  # owns its buffer
VERSION_FROZEN = 1  # shares a flat list, which never changes
VERSION_DIFFERENCE = 2
VERSION_RANGE = 3  # has no buffer yet: ints, the first one in VERSION_PAYLOAD

# A map, or a set, whose elements are keys with the value nil. Its newest version owns
# the table; an older one holds the value of the one entry that was different.
KIND_MAP = 10  # OBJECT_LENGTH is the number of its keys; variant: see below
MAP_TABLE = 2  # the table; of a difference the next newer map
MAP_INDEX = 3  # of a difference the entry that differs
MAP_TAG = 4  # of a difference the tag of the value there
MAP_PAYLOAD = 5  # of a difference the payload of the value there
MAP_WORDS = 6

MAP_OWNER = 0
MAP_DIFFERENCE = 1
MAP_UNHASHED = 2  # came from outside: the table lacks hashes and an index

KIND_TABLE = 11  # OBJECT_LENGTH is the number of entries that there is room for
TABLE_USED = 2  # entries in use, in the order in which they were added
TABLE_SLOTS = 3  # size of the index behind the entries; 0 of a small table
TABLE_DATA = 4
# An entry is the pairs of key and value, and the key's hash. A value that is UNBOUND
# is none: the key was removed.
ENTRY_VALUE = 2
ENTRY_HASH = 4
ENTRY_WORDS = 5
