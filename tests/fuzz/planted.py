"""Bugs planted on purpose, one line each: the fuzzer has to find them all.

`python -m tests.fuzz.planted` puts one after the other into a copy of the package,
fuzzes that copy in a process of its own, and prints after how many programs it was
found.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = "fluentai_jit"
# For one bug; what hangs the fuzzer is not found by it.
_SECONDS = 600.0


class Plant(NamedTuple):
    """One bug: in a file of the package, the first `old` becomes `new`."""

    name: str
    file: str
    old: str
    new: str


_ARITHMETIC = "core/arithmetic.py"
_COMPARISON = "core/comparison.py"
_ACCESS = "core/access.py"
_SCALARS = "core/scalars.py"
_ACTIVATION = "core/activation.py"
_EMITTER = "jit/emitter.py"
_CALLS = "jit/call_emitter.py"
_BODY = "jit/body.py"
_LIVENESS = "bytecode/liveness.py"
_APPENDING = "core/appending.py"
_LISTS = "memory/lists.py"
_MAPS = "memory/maps.py"
_STRINGS = "memory/strings.py"
_COLLECTOR = "memory/collector.py"
_THROWING = "bytecode/throwing.py"
_UNWINDING = "core/unwinding.py"

PLANTS = (
    # ---- semantics ------------------------------------------------------------
    Plant("quotient rounds down", _ARITHMETIC,
          "return INT, quotient(a, b), OK", "return INT, a // b, OK"),
    Plant("remainder takes the divisor's sign", _ARITHMETIC,
          "return INT, remainder(a, b), OK", "return INT, a % b, OK"),
    Plant("least int divided by -1 does not overflow", _ARITHMETIC,
          "r, o = subtract_overflow(0, a)\n            return INT, r, o * OVERFLOW",
          "r, o = subtract_overflow(0, a)\n            return INT, r, OK"),
    Plant("a float below every int is above", _COMPARISON,
          "if x < -TWO_63:\n        return 1", "if x < -TWO_63:\n        return -1"),
    Plant("the fraction is forgotten in int against float", _COMPARISON,
          "if x > whole:\n        return -1", "if x > whole:\n        return 0"),
    Plant("float < int holds where they are equal", _COMPARISON,
          "compare_int_float(b, x) > 0", "compare_int_float(b, x) >= 0"),
    Plant("a power's last square is not checked", _ARITHMETIC,
          "if o != 0:\n            return INT, 0, OVERFLOW\n\n\ndef op_power",
          "if o > 1:\n            return INT, 0, OVERFLOW\n\n\ndef op_power"),
    Plant("-0.0 counts as true", _ACCESS,
          "return 1 if float_of_bits(v) != 0.0 else 0", "return 1 if v != 0 else 0"),
    Plant("a closed range of one item is empty", _ACCESS,
          "if a > b:\n            return BOOL, 1, OK",
          "if a >= b:\n            return BOOL, 1, OK"),
    Plant("to_int takes 2**63", _SCALARS,
          "x < TWO_63", "x <= TWO_63"),
    Plant("div does not round negative quotients", _SCALARS,
          "(v < 0) != (v2 < 0)", "v < 0 and v2 > 0"),
    # ---- specialiser ----------------------------------------------------------
    Plant("a branch on truth is reversed", _EMITTER,
          "truth(ctx, t{a}, v{a}) != 0", "truth(ctx, t{a}, v{a}) == 0"),
    Plant("a counting loop takes one turn more", _EMITTER,
          "if v{a} < v{a + 1} else 0", "if v{a} <= v{a + 1} else 0"),
    Plant("a back-edge counts twice", _EMITTER,
          "k{self.edge_name(edge)} += 1", "k{self.edge_name(edge)} += 2"),
    Plant("a range counts where it begins again", _EMITTER,
          "i{name} - v{counter}", "i{name}"),
    Plant("a tail call in registers counts twice", _CALLS,
          '"{name} += 1"', '"{name} += 2"'),
    Plant("a tail call in registers is not charged", _CALLS,
          'f"fuel -= {weight}"', '"fuel -= 0"'),
    Plant("a self tail call is not counted", _CALLS,
          'self.writer.line("iterations += 1")', 'self.writer.line("iterations += 0")'),
    Plant("a self tail call is not charged", _CALLS,
          'self.writer.line(f"fuel -= {self.chunk.weight}")',
          'self.writer.line("fuel -= 0")'),
    Plant("the callee is lost when its call is left", _CALLS,
          "sorted({*self.across(pc), *kept})", "self.across(pc)"),
    Plant("an unexpected result repeats the call", _CALLS,
          'self.check(pc + 1, f"t{a} != {TAG_CONSTANTS[expected]}", "GUARD")',
          'self.check(pc, f"t{a} != {TAG_CONSTANTS[expected]}", "GUARD")'),
    Plant("arguments inside a unit are not tested", _CALLS,
          'self.check(pc, " or ".join(tests), "GUARD")\n        return callee',
          'self.check(pc, "s == -1", "GUARD")\n        return callee'),
    Plant("a tail call does not show in the stack", _CALLS,
          '"frame", "tails + 1"', '"frame", "tails"'),
    Plant("a function value is not compared with the expected one", _CALLS,
          'called_chunk(ctx, t{a}, v{a}) != {chunk}', 't{a} < FUNCTION'),
    Plant("calls in a unit are charged one too much", _BODY,
          "_counted(ctx, frame, {chunk.weight}",
          "_counted(ctx, frame, {chunk.weight + 1}"),
    Plant("a loop is entered with unexpected kinds", _BODY,
          'self.writer.indented("return NIL, 0, ENTRY_GUARD")',
          'self.writer.indented("pass")'),
    Plant("the unit of a loop calls itself for its function", "jit/members.py",
          "and self.request.back_edge is not None",
          "and self.request.back_edge is None"),
    Plant("to continue an outer loop ends it", "jit/structure.py",
          '"continue" if again', '"break" if again'),
    Plant("native calls nest deeper than the limit", _ACTIVATION,
          "if fuel < weight or frame > load_atomic(ctx, LIMIT):",
          "if fuel < weight or frame > load_atomic(ctx, LIMIT) + 1:"),
    Plant("tail calls of an earlier frame show in the stack", _ACTIVATION,
          "store(pointer(ctx, FRAMES), at, tails)",
          "store(pointer(ctx, FRAMES), at, 0)"),
    # ---- live masks -----------------------------------------------------------
    Plant("a loop's end does not need what comes behind it", _LIVENESS,
          "return live[target] & kept | after | reads",
          "return live[target] & kept | reads"),
    Plant("what a handler reads is not needed", _LIVENESS,
          "live, after) | wanted(live, handler, entry)", "live, after)"),
    Plant("a call does not need its first argument", _LIVENESS,
          "arguments = ((1 << count) - 1) << (a + 1)",
          "arguments = ((1 << count) - 2) << (a + 1)"),
    Plant("a callee in a register is not needed", _LIVENESS,
          "[int(row.a is Operand.CALLEE) for row in OPCODES]",
          "[0 for row in OPCODES]"),
    Plant("what loops carry round is not needed", _LIVENESS,
          "if entered == [live[header] for header in headers]:",
          "if headers is not None:"),
    Plant("the right operand is not needed", _LIVENESS,
          "| READS_B[code] << b | READS_C[code] << c", "| READS_B[code] << b"),
    # ---- throw, try, finally ----------------------------------------------------
    Plant("what a handler reads is not needed across calls", _LIVENESS,
          "across[pc] |= wanted(before", "across[pc] |= 0 & wanted(before"),
    Plant("the register below a caught value is not needed", _LIVENESS,
          "& ~(1 << handler.register)", "& ~(3 << handler.register >> 1)"),
    Plant("a finally block runs twice", _THROWING,
          "    code.compile(block, DISCARDED)\n",
          "    code.compile(block, DISCARDED)\n    code.compile(block, DISCARDED)\n"),
    Plant("a finally block ends what was thrown", _THROWING,
          "code.emit(THROW, final.value, 0, 0, node)", "code.nil(final.value, node)"),
    Plant("a return passes the outer finally by", _THROWING,
          "elif code.finals:\n", "elif code.finals and node is None:\n"),
    Plant("break passes the outermost finally of its loop by", _THROWING,
          "if len(code.finals) > loop.finals:",
          "if len(code.finals) > loop.finals + 1:"),
    Plant("a catch that does not fit ends the error", _THROWING,
          "    code.emit(THROW, caught, 0, 0, node)\n", "    code.nil(caught, node)\n"),
    Plant("exit passes finally by", _THROWING,
          "final.value, FINALLY_BLOCK)", "final.value, CATCH_SOME)"),
    Plant("the handlers of an outer try come first", "bytecode/linker.py",
          "for handler in builder.handlers\n",
          "for handler in reversed(builder.handlers)\n"),
    Plant("the first instruction of a try is outside it", _UNWINDING,
          "if load(handlers, row + HANDLER_START) <= pc:",
          "if load(handlers, row + HANDLER_START) < pc:"),
    Plant("the last instruction of a try is outside it", _UNWINDING,
          "if pc < load(handlers, row + HANDLER_END):",
          "if pc + 1 < load(handlers, row + HANDLER_END):"),
    Plant("exit is caught", _UNWINDING,
          "    if thrown_as == THROW_EXIT:\n        least = FINALLY_BLOCK",
          "    if thrown_as == THROW_EXIT:\n        least = CATCH_ALL"),
    Plant("exit that ran a finally is caught", _UNWINDING,
          "== ERROR_EXIT:\n            least = FINALLY_BLOCK",
          "== ERROR_EXIT:\n            least = CATCH_ALL"),
    Plant("a thrown value that ran a finally is caught as an error", _UNWINDING,
          "if variant_of(heap, v) == ERROR_THROWN:",
          "if variant_of(heap, v) == ERROR_EXIT:"),
    Plant("clauses test the error, not the value", "memory/errors.py",
          "if t == ERROR and variant_of(heap, v) == ERROR_THROWN:", "if t == NIL:"),
    Plant("the function that catches counts an error", _UNWINDING,
          "leave_frames(ctx, frame, 1 if", "leave_frames(ctx, frame - 1, 1 if"),
    Plant("the outermost frame catches nothing", _UNWINDING,
          "    while frame > bottom:\n        row = handler_around",
          "    while frame > bottom + 1:\n        row = handler_around"),
    # ---- memory ---------------------------------------------------------------
    Plant("a slice begins one item late", _LISTS,
          "start = load(heap, v + VIEW_START) + v2", "start = v2"),
    Plant("an append takes room that is taken", _APPENDING,
          "if load(heap, version + VERSION_HIGH) != end:",
          "if load(heap, version + VERSION_HIGH) < end:"),
    Plant("setting an item changes older versions", _LISTS,
          "put_version(heap, older, VERSION_DIFFERENCE, newer, changed, "
          "load(heap, slot))",
          "put_version(heap, older, VERSION_DIFFERENCE, newer, changed, t)"),
    Plant("a push after a pop is seen by the whole stack", _LISTS,
          "return newer_view(ctx, version, length + 1, start, length, t2, v2)",
          "_t, at, _s = newer_view(ctx, version, length + 1, start, length, t2, v2)\n"
          "            put_version(heap, version, VERSION_OWNER, buffer, 0, high)\n"
          "            return LIST, at, OK"),
    Plant("what is put before a tail is one further", _LISTS,
          "newer_view(ctx, version, length + 1, start - 1, 0, t2, v2)",
          "newer_view(ctx, version, length + 1, start - 1, 1, t2, v2)"),
    Plant("a difference of a view is at its own index", _LISTS,
          "VERSION_DIFFERENCE, newer, changed,", "VERSION_DIFFERENCE, newer, index,"),
    Plant("an older version reads as one step newer", _LISTS,
          "while step > at + size:\n        step -= 1",
          "while step > at + size + 1:\n        step -= 1"),
    Plant("a part of a range begins at its first int", _LISTS,
          "new_range(ctx, range_item(heap, v, v2)",
          "new_range(ctx, range_item(heap, v, 0)"),
    Plant("a range that was filled begins at 0", "memory/ranges.py",
          "item = load(heap, version + VERSION_PAYLOAD)", "item = 0"),
    Plant("runs are taken for longer than they are", "memory/sorting.py",
          "width *= 2", "width *= 3"),
    Plant("a part of a string keeps the whole's width", _STRINGS,
          "width = widest(ctx, v, v2, v3)", "width = variant_of(heap, v)"),
    Plant("a string grows where another one did", _STRINGS,
          "load(heap, buffer + TEXT_USED) != length", "length < 0"),
    Plant("a character of a wide string is cut", _STRINGS,
          "4 if value > 0xFFFF else 2", "4 if value > 0xFFFFFF else 2"),
    Plant("a part at the end is not found", "memory/search.py",
          "if first > last or", "if first >= last or"),
    Plant("a text without its wide characters stays wide", "memory/sink.py",
          "needed = widest(ctx, string, first, end)", "needed = width + 1"),
    Plant("a quote in a string is not escaped", "memory/sink.py",
          "if character == QUOTE or character == BACKSLASH:",
          "if character == BACKSLASH:"),
    Plant("lists of different lengths are equal", "memory/equality.py",
          "if load(heap, a + OBJECT_LENGTH) != load(heap, b + OBJECT_LENGTH):",
          "if load(heap, a + OBJECT_LENGTH) < load(heap, b + OBJECT_LENGTH):"),
    Plant("a map without a key is as long as before", _MAPS,
          "change_entry(heap, v, at, position, UNBOUND, 0, length - 1)",
          "change_entry(heap, v, at, position, UNBOUND, 0, length)"),
    Plant("older versions have a new key", _MAPS,
          "add_entry(heap, table, slot, value, kt, kv, UNBOUND, 0)",
          "add_entry(heap, table, slot, value, kt, kv, vt, vv)"),
    Plant("an entry grows in a table that is full", _MAPS,
          "load(heap, table + TABLE_USED) == capacity",
          "load(heap, table + TABLE_USED) > capacity"),
    Plant("a map is changed before there is room", _MAPS,
          "    at = allocate(ctx, MAP_WORDS)\n    if at == 0:\n"
          "        return NIL, 0, COLLECT\n    change_entry(heap, v, at, position, UN",
          "    store(heap, v + OBJECT_LENGTH, length - 1)\n"
          "    at = allocate(ctx, MAP_WORDS)\n    if at == 0:\n"
          "        return NIL, 0, COLLECT\n    change_entry(heap, v, at, position, UN"),
    Plant("a string that grows is left half written", _STRINGS,
          "erase_characters(heap, data, width, length, total)", "pass"),
    Plant("a version that is half made is used", _LISTS,
          "    if stopping(ctx) != 0:\n        return 0\n    # The way",
          "    # The way"),
    Plant("removed keys are copied with the others", "memory/tables.py",
          "if load(heap, source + ENTRY_VALUE) == UNBOUND:",
          "if load(heap, source + ENTRY_VALUE) == -1:"),
    Plant("globals are no roots", _COLLECTOR,
          "end = 2 * load(ctx, GLOBAL_COUNT)", "end = 0"),
    Plant("the last item is not looked at", _COLLECTOR,
          "end = slot + 2 * load(heap, at + OBJECT_LENGTH)",
          "end = slot + 2 * load(heap, at + OBJECT_LENGTH) - 2"),
    Plant("what differs in an older version is forgotten", _COLLECTOR,
          "if load(heap, at + VERSION_HIGH) >= STRING:",
          "if load(heap, at + VERSION_HIGH) > STRING:"),
    Plant("callers keep what is live before their calls", _COLLECTOR,
          "masks = pointer(ctx, ACROSS)", "masks = pointer(ctx, LIVE)"),
)  # fmt: skip


class Found(NamedTuple):
    """After how many programs a bug was found; None where it was not."""

    programs: int | None
    seconds: float
    first_line: str


def mutated(source: str, plant: Plant) -> str:
    """The source with the bug. Raises ValueError where it has no place for it."""
    if plant.old not in source:
        raise ValueError(f"{plant.file} has no {plant.old!r}")
    return source.replace(plant.old, plant.new, 1)


def search(plant: Plant | None, count: int, seed: int = 0) -> Found:
    """Fuzz a copy of the package that has the bug, or has none."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve()
        ignored = shutil.ignore_patterns("__pycache__")
        for name in (PACKAGE, "tests/fuzz"):
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        for module in (ROOT / "tests").glob("*.py"):
            shutil.copy(module, copy / "tests")
        if plant is not None:
            path = copy / PACKAGE / plant.file
            path.write_text(mutated(path.read_text(encoding="utf-8"), plant), "utf-8")
        command = [sys.executable, "-m", "tests.fuzz", "--count", str(count)]
        command += ["--seed", str(seed), "--shrink", "0", "--failures", "1"]
        if plant is not None and plant.file == _COLLECTOR:
            command.append("--stress")
        began = time.monotonic()
        try:
            done = subprocess.run(
                command, cwd=copy, capture_output=True, text=True, timeout=_SECONDS
            )
        except subprocess.TimeoutExpired:
            return Found(None, _SECONDS, "")
        seconds = time.monotonic() - began
    if done.returncode == 0:
        return Found(None, seconds, "")
    first = re.search(r"^seed (\d+): .*$", done.stdout, re.M)
    if first is None:
        # It broke the package, perhaps before the first program.
        last = done.stderr.strip().splitlines()
        return Found(1, seconds, last[-1] if last else "")
    return Found(int(first[1]) - seed + 1, seconds, first[0])


def main() -> int:
    """Search for all of them, or for those whose names contain a word."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.planted")
    parser.add_argument("--count", type=int, default=3000, help="programs for each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="part of the name of a bug")
    arguments = parser.parse_args()
    if search(None, 1).programs is not None:
        print("the fuzzer fails without a bug, too")
        return 1
    missed = 0
    for number, plant in enumerate(PLANTS, 1):
        if arguments.only not in plant.name:
            continue
        found = search(plant, arguments.count, arguments.seed)
        after = (
            "not found" if found.programs is None else f"{found.programs:6} programs"
        )
        missed += found.programs is None
        print(
            f"{number:2} {after:>15} {found.seconds:6.1f} s  {plant.name}", flush=True
        )
    print(f"{missed} not found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
