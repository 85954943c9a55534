"""What a version holds that is kept while newer ones are made of it."""

import pytest

from tests.memory.machines import live_words, machine

CHANGES = {
    "list": ("[0, 1, 2, 3, 4, 5, 6, 7]", "new[i % 8] = i"),
    "nested list": ("[[0, 1], [2, 3]]", "new[i % 2][1] = i"),
    "map": ("{a: 0, b: 1}", "new.a = i"),
    "removed keys": ("{a: 0, b: 1}", "new.a = i new = remove(new, 'a)"),
    "set": ("#{1, 2}", "new = insert(new, i) new = remove(new, i)"),
    # A version in the middle is used again and again.
    "branches": ("[0, 1, 2, 3]", "new[0] = i let kept = new new[1] = i new = kept"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_an_old_version_holds_no_more_than_a_few_times_its_items(kind: str) -> None:
    value, change = CHANGES[kind]
    text = f"""
    let old = {value}
    let new = old
    for i in 0..50000 {{ {change} }}
    [old, new]
    """
    with machine(text) as vm:
        assert live_words(vm) < 2000


def test_a_long_list_holds_differences_of_its_own_length() -> None:
    text = """
    let new = [...0..1000]
    let old = new
    for i in 0..100000 { new[i % 1000] = i }
    """
    with machine(text) as vm:
        # Two buffers, and a difference of 5 words for every item of each.
        assert live_words(vm) < 2 * (2 + 5 + 1) * 1000
