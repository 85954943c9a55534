"""The functions of the prelude: linked as far as used, shown as the library's."""

import pytest

from fluentai_jit.bytecode.compiler import compile_graph
from fluentai_jit.bytecode.resolver import Resolver
from fluentai_jit.core.library import LIBRARY
from fluentai_jit.engine.program import compile_source
from fluentai_jit.errors import FluentError, Source, render
from fluentai_jit.prelude import functions as prelude
from fluentai_jit.syntax.parser import parse
from tests.engines import make_vm, program_of


def chunk_names(text: str) -> list[str]:
    return [chunk.name for chunk in program_of(text).image.chunks]


def rendered(text: str) -> str:
    with pytest.raises(FluentError) as caught, make_vm(program_of(text), "plain") as vm:
        vm.run()
    return render(caught.value)


def test_what_is_not_used_is_not_linked() -> None:
    assert chunk_names("println(1)") == ["<main>"]
    assert chunk_names("map([1], sin)") == ["<main>", "map", "sin"]


def test_what_the_prelude_uses_is_linked_too() -> None:
    assert set(chunk_names("sort_by([1], sin)")) == {
        *("<main>", "sort_by", "sin", "map", "sorted", "no_order")
    }


def test_every_function_compiles_without_unknown_names() -> None:
    for name in prelude.sources():
        graph = parse(Source("<test>", "1"))
        resolver = Resolver(graph.root)
        resolver.program(graph.root)
        resolver._in_prelude = True
        resolver._use_library(name, len(prelude.function(name).params))
        resolver._walk_prelude()
        assert not resolver.errors, name
        assert not resolver.result.unknown, name


def test_every_function_is_reached_from_the_table() -> None:
    lines = []
    for row in LIBRARY.values():
        last = row.least + 3 if row.most < 0 else row.most
        for count in range(row.least, last + 1):
            lines.append(f"x => {row.name}({', '.join('x' * count)})")
    text = "\n;".join(lines)
    linked = {each.name for each in compile_source(Source("", text)).image.chunks}
    assert prelude.sources().keys() <= linked


def test_ids_do_not_depend_on_the_program() -> None:
    def ids(text: str) -> dict[str, int]:
        return {each.name: each.node_id for each in program_of(text).image.chunks}

    both = ids("map([1], sin); filter([], sin)")
    assert ids("1 + 1; filter([2], cos)")["filter"] == both["filter"]
    assert both["filter"] != both["map"]


def test_compiling_leaves_the_functions_as_they_are() -> None:
    for _round in range(2):
        image = compile_graph(parse(Source("<test>", "map([1], x => filter(x, x))")))
        linked = [each.name for each in image.chunks if each.prelude]
        assert linked == ["map", "filter", "no_bool"]


def test_statistics_name_the_library() -> None:
    program = program_of("for i in 0..5 { map([1, 2], x => x) }")
    with make_vm(program, "plain") as vm:
        vm.run()
        (chunk,) = [each for each in program.image.chunks if each.name == "map"]
        stats = vm.get_usage_stats(chunk.node_id)
    assert stats is not None
    assert stats.execution_count == 5
    assert stats.back_edges == 5
    assert chunk.span.source.name == "<prelude>/callbacks.flc"
    assert chunk.span.text.startswith("function map(")


def test_an_error_in_a_callback_shows_all_that_were_called() -> None:
    text = "private function f(x) { 1 + x }\nlet xs = map([nil], f)"
    lines = rendered(text).splitlines()
    assert lines[1].strip() == "--> <test>:1:25"
    assert [line.split()[1] for line in lines[5:]] == ["f", "map", "<main>"]


def test_an_error_of_the_prelude_is_at_the_programs_call() -> None:
    text = "private function g(xs) {\n  let r = filter(xs, abs)\n  r\n}\ng([1])"
    assert rendered(text).splitlines() == [
        "error[TypeError]: filter: the function must give a bool, not int 1",
        "  --> <test>:2:11",
        "   |",
        " 2 |   let r = filter(xs, abs)",
        "   |           ^^^^^^^^^^^^^^^",
        *rendered(text).splitlines()[5:7],
        "   in g at <test>:2:11",
        "   in <main> at <test>:5:1",
    ]


def test_a_limit_inside_the_prelude_is_at_the_programs_call() -> None:
    text = "let big = 0..1000000000\nlet ys = map(big, x => [x, x, x, x])"
    limit = {"limits.memory_mb": 8}
    vm = make_vm(program_of(text), "compiled", limit)
    with pytest.raises(FluentError) as caught, vm:
        vm.run()
    assert caught.value.kind == "ResourceLimitExceeded"
    assert str(caught.value.span).startswith("<test>:2:")
