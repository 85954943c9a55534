"""What the compiler makes of the forms of the language, instruction by instruction."""

from textwrap import dedent

from fluentai_jit.bytecode.disassembler import disassemble
from tests.bytecode.listings import image_of, listing, mnemonics


def test_recursion_works_in_registers_without_moves() -> None:
    fib = "function fib(n) { if (n < 2) { n } else { fib(n - 1) + fib(n - 2) } }"
    assert listing(fib, "fib") == dedent("""\
        3 UNLESS_LT_INT if not R0 < 2 goto 5
        4 RETURN return R0
        5 SUB_INT R2 := R0 - 1
        6 CALL_CHUNK R1 := chunk 1 fib(1 args)
        7 SUB_INT R3 := R0 - 2
        8 CALL_CHUNK R2 := chunk 1 fib(1 args)
        9 ADD R1 := R1 + R2
        10 RETURN return R1
        """)


def test_while_tests_at_its_header_and_has_one_back_edge() -> None:
    text = """
        function f(n) {
          let s = 0
          while n > 0 && s != 100 {
            if n == 3 { n -= 2; continue }
            s += n; n -= 1
          }
          s
        }"""
    assert listing(text, "f") == dedent("""\
        3 LOAD R1 := 0
        4 UNLESS_GT_INT if not R0 > 0 goto 12
        5 UNLESS_NE_INT if not R1 != 100 goto 12
        6 UNLESS_EQ_INT if not R0 == 3 goto 9
        7 SUB_INT R0 := R0 - 2
        8 JUMP goto 11
        9 ADD R1 := R1 + R0
        10 SUB_INT R0 := R0 - 1
        11 LOOP back-edge 0: goto 4
        12 RETURN return R1
        """)


def test_for_counts_in_a_hidden_register() -> None:
    text = """
        function f(n) {
          let s = 0
          for i in 0..=n { if i > 9 { break }; s = s + i * i }
          s
        }"""
    assert listing(text, "f") == dedent("""\
        3 LOAD R1 := 0
        4 LOAD R2 := 0
        5 MOVE R3 := R0
        6 FOR_PREP range R2 to R3, closed if 1: R3 := its last, R4 := R2;
        if empty goto 12
        7 UNLESS_GT_INT if not R4 > 9 goto 9
        8 JUMP goto 12
        9 MUL R5 := R4 * R4
        10 ADD R1 := R1 + R5
        11 FOR_LOOP if R2 < R3: R2 += 1, R4 := R2, back-edge 0: goto 7
        12 RETURN return R1
        """)


def test_match_tests_arm_after_arm() -> None:
    text = """
        function f(x) {
          match x { 0 | 1 => "few", 2..5 => x, n when n < 0 => -n, nil => f(7) }
        }"""
    assert listing(text, "f") == dedent("""\
        3 UNLESS_NE_INT if not R0 != 0 goto 5
        4 UNLESS_EQ_INT if not R0 == 1 goto 7
        5 LOAD_CONST R1 := "few"
        6 RETURN return R1
        7 UNLESS_TAG if R0's tag not in {int, float} goto 11
        8 UNLESS_GE_INT if not R0 >= 2 goto 11
        9 UNLESS_LT_INT if not R0 < 5 goto 11
        10 RETURN return R0
        11 UNLESS_LT_INT if not R0 < 0 goto 14
        12 NEG R1 := -R0
        13 RETURN return R1
        14 LOAD R1 := nil
        15 UNLESS_EQ if not R0 == R1 goto 19
        16 LOAD R2 := 7
        17 TAIL_CALL_CHUNK return chunk 1 f(1 args)
        18 RETURN return R1
        19 LOAD R1 := nil
        20 RETURN return R1
        """)


def test_calls_in_tail_position_are_tail_calls() -> None:
    text = """
        function f(n, g) {
          if n == 0 { return g(n) }
          n < 0 || f(n - 1, g)
        }"""
    assert listing(text, "f") == dedent("""\
        3 UNLESS_EQ_INT if not R0 == 0 goto 8
        4 MOVE R2 := R1
        5 MOVE R3 := R0
        6 TAIL_CALL return R2(1 args)
        7 RETURN return R2
        8 UNLESS_LT_INT if not R0 < 0 goto 10
        9 JUMP goto 14
        10 SUB_INT R3 := R0 - 1
        11 MOVE R4 := R1
        12 TAIL_CALL_CHUNK return chunk 1 f(2 args)
        13 RETURN return R2
        14 LOAD R2 := true
        15 RETURN return R2
        """)


def test_conditions_short_circuit_by_jumps() -> None:
    text = "function f(a, b) { if (a && !(b > 1)) || a == b { 1 } else { 2 } }"
    assert listing(text, "f") == dedent("""\
        3 JUMP_IF_FALSE if R0 is false goto 5
        4 UNLESS_GT_INT if not R1 > 1 goto 6
        5 UNLESS_EQ if not R0 == R1 goto 8
        6 LOAD R2 := 1
        7 RETURN return R2
        8 LOAD R2 := 2
        9 RETURN return R2
        """)


def test_only_what_functions_use_is_global_at_the_top_level() -> None:
    text = """
        let total = 0
        let step = 2
        for i in 0..3 { total += step }
        function show() { println(total) }
        show()"""
    assert listing(text) == dedent("""\
        0 LOAD R0 := 0
        1 SET_GLOBAL total := R0
        2 LOAD R0 := 2
        3 LOAD R1 := 0
        4 LOAD R2 := 3
        5 FOR_PREP range R1 to R2, closed if 0: R2 := its last, R3 := R1;
        if empty goto 10
        6 GET_GLOBAL R4 := total
        7 ADD R4 := R4 + R0
        8 SET_GLOBAL total := R4
        9 FOR_LOOP if R1 < R2: R1 += 1, R3 := R1, back-edge 0: goto 6
        10 CALL_CHUNK R1 := chunk 1 show(0 args)
        11 RETURN return R1
        """)


def test_nothing_unreachable_is_emitted() -> None:
    text = "function f(n) { while true { return n; n += 1 }; println(n) }"
    assert mnemonics(text, "f") == ["RETURN"]


def test_no_jump_leads_to_the_next_instruction() -> None:
    text = """
        function f(n) {
          let s = match n { 1 => 5, m => m }
          for i in n..9 { s += i; continue }
          while true { if true { s += 1 } else { s += 2 }; continue }
        }"""
    assert mnemonics(text, "f").count("JUMP") == 1  # behind the first arm


def test_a_for_variable_may_be_assigned_while_the_loop_counts_on() -> None:
    assert mnemonics("function f() { for i in 0..3 { i = 7 } }", "f") == [
        *("LOAD", "LOAD", "FOR_PREP", "LOAD", "FOR_LOOP", "LOAD", "RETURN")
    ]


def test_the_printer_shows_names_constants_and_lines() -> None:
    image = image_of(
        'let xs = args()\nif length(xs) > 5 { println("é\\n" ) }\n'
        "function f(x) { g = x + 2.5; g(x, 12345678901) }\nlet g = f\nf(g)\n"
    )
    text = disassemble(image)
    assert text.splitlines()[0] == "chunk 0 <main>(): 5 registers, weight 12, line 1"
    assert "chunk 1 f(x): 5 registers, weight 10, line 3\n" in text
    for part in (
        "   1     0  HOST_CALL       R0 := host function args(0 args)\n",
        "   2     1  MOVE            R2 := R0\n"
        "         2  SCALAR          R1 := scalar function length(1 args)\n",
        r'R2 := "\xe9\n"',
        "R1 := 2.5",
        "R3 := 12345678901",
        "SET_GLOBAL      g := R1",
    ):
        assert part in text
    assert disassemble(image, 1) in text
