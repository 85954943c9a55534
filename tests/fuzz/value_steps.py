"""Random operations on strings, lists and maps, each result checked by the model."""

from __future__ import annotations

from fluentai_jit.core.statuses import COLLECT, ERROR_KINDS, OK

from .model import Raised, Value
from .operations import value_of, words_of
from .scope import Chance
from .values_model import MODEL, STEPS, TEXTS, Machine, identical, machine

_NAMES = (
    *("append", "append", "push", "prepend", "set_item", "set_item", "set_item"),
    *("slice", "slice", "concat", "index", "equal", "list", "list", "iterations"),
    *("add", "add", "add", "concatenate", "substring", "to_string", "to_string"),
    *("join", "join", "split", "split", "chars", "replace", "replace"),
    *("string_index_of", "string_contains", "starts_with", "ends_with"),
    *("string_reverse", "range", "range", "range", "order"),
)
_OF_MAPS = (
    *("set_item", "set_item", "set_item", "set_item", "set_item", "remove", "remove"),
    *("remove", "index", "get", "has_key", "keys", "values", "entries", "merge"),
    *("make_map", "equal", "to_string"),
)
_KEYS = ("a", "b", "é", 0, 1, 2, 3, 4, 5, 6, 7, 8, True, False)
_OF_TEXTS = ("split", "string_index_of", "string_contains", "starts_with", "ends_with")
_OF_STACKS = ("append", "push", "prepend", "slice", "slice", "slice")
_EITHER = ("index", "iterations", "to_string", "equal")
_LONGEST = 300


def _of(machine: Machine, kind: type, chance: Chance) -> int:
    """A kept value of that kind, the newer the likelier; any where there is none."""
    found = [at for at, model in enumerate(machine.models) if type(model) is kind]
    if not found or chance.of(0.02):
        return chance.number(0, len(machine.models) - 1)
    return chance.one(found[-4:] if chance.of(0.6) else found)


def _length(machine: Machine, slot: int) -> int:
    model = machine.models[slot]
    return len(model) if isinstance(model, str) and len(model) < 200 else -1


def _longer(machine: Machine, slot: int) -> list[int]:
    """The lists that begin with all items of another, and have more."""
    part = machine.models[slot]
    if not isinstance(part, list):
        return []
    return [
        at
        for at, model in enumerate(machine.models)
        if isinstance(model, list)
        and len(model) > len(part)
        and identical(model[: len(part)], part)
    ]


def _scalar(machine: Machine, value: Value) -> int:
    machine.keep(*words_of(value), value)
    return len(machine.models) - 1


def _searched(machine: Machine, name: str, chance: Chance) -> list[int]:
    """A text and mostly a part of it, and what takes its place."""
    text = _of(machine, str, chance)
    slots = [text, _of(machine, str, chance)]
    model = machine.models[text]
    if isinstance(model, str) and chance.of(0.7):
        first = chance.number(0, len(model))
        machine.text(model[first : first + chance.number(0, 3)])
        slots[1] = len(machine.models) - 1
    return [*slots, _of(machine, str, chance)] if name == "replace" else slots


def _operands(machine: Machine, name: str, chance: Chance) -> list[int]:
    text = name in ("add", "substring") or (name in _EITHER and chance.of(0.5))
    whole = _of(machine, str if text else list, chance)
    if text and chance.of(0.5):
        # Where a string that has room behind it is appended to more than once.
        whole = max(range(len(machine.models)), key=lambda at: _length(machine, at))
    if name in ("chars", "string_reverse"):
        return [_of(machine, str, chance)]
    if name == "join":
        return [_of(machine, str, chance), whole]
    if name in _OF_TEXTS or name == "replace":
        return _searched(machine, name, chance)
    anything = chance.number(0, len(machine.models) - 1)
    if name in ("append", "push", "prepend"):
        return [whole, anything]
    if name == "range":
        first = chance.number(-9, 9)
        ends = first, chance.number(first - 2, first + 9), chance.number(0, 1)
        return [_scalar(machine, each) for each in ends]
    if name in ("list", "concatenate"):
        kind = str if name == "concatenate" else list
        return [_of(machine, kind, chance) for _ in range(chance.number(0, 5))]
    if name in ("equal", "concat"):
        longer = _longer(machine, whole) if name == "equal" else []
        if longer and chance.of(0.5):
            return [chance.one(longer), whole]
        return [whole, _of(machine, list, chance)]
    if name in ("iterations", "to_string", "order"):
        return [whole]
    if name == "add":
        slots = [whole, _of(machine, str, chance)]
        if chance.of(0.3):
            slots[1] = _scalar(machine, value_of(chance))
        return slots if chance.of(0.7) else slots[::-1]
    model = machine.models[whole]
    length = len(model) if isinstance(model, (str, list)) else 0
    first = chance.number(-1 if chance.of(0.03) else 0, length)
    if name == "slice" and chance.of(0.3):
        # Its items are those that the whole begins with.
        first = 0
    slots = [whole, _scalar(machine, first)]
    if name in ("slice", "substring"):
        last = chance.number(first, length + chance.of(0.03))
        return [*slots, _scalar(machine, last)]
    return [*slots, anything] if name == "set_item" else slots


def _map_operands(machine: Machine, name: str, chance: Chance) -> list[int]:
    def key() -> int:
        if chance.of(0.02):
            return _of(machine, list, chance)
        value = chance.one(_KEYS)
        if not isinstance(value, str):
            return _scalar(machine, value)
        machine.text(value)
        return len(machine.models) - 1

    def anything() -> int:
        return chance.number(0, len(machine.models) - 1)

    whole = _of(machine, dict, chance)
    if name == "make_map":
        pairs = range(chance.number(0, 4))
        return [slot for _ in pairs for slot in (key(), anything())]
    if name in ("merge", "equal"):
        return [whole, _of(machine, dict, chance)]
    if name in ("keys", "values", "entries", "to_string"):
        return [whole]
    more = [anything()] if name in ("set_item", "get") else []
    return [whole, key(), *more]


def _stack_operands(machine: Machine, name: str, chance: Chance) -> list[int]:
    """Pushes and pops of long lists, at either end."""
    lengths = {
        at: len(model)
        for at, model in enumerate(machine.models)
        if isinstance(model, list) and len(model) > 12
    }
    whole = chance.one([*lengths][-3:])
    if name != "slice":
        return [whole, _scalar(machine, chance.number(0, 9))]
    first, dropped = chance.number(0, 2), chance.number(0, 2)
    end = lengths[whole] - dropped
    return [whole, _scalar(machine, first), _scalar(machine, end)]


def _models(machine: Machine, slots: list[int]) -> list[Value]:
    return [machine.models[slot] for slot in slots]


def _fits(name: str, models: list[Value]) -> bool:
    """Whether the native operation does it alone, and the result stays small."""
    if name == "add" and not any(type(model) is str for model in models):
        return False
    if name == "order" and "nan" in repr(models):
        return False
    if name == "concatenate" and not all(type(model) is str for model in models):
        return False
    return len(repr(models)) < _LONGEST


def _first_map(machine: Machine) -> list[tuple[Value, Value]]:
    first, second, third = machine.models[:3]
    return [(first, second), (third, first)]


def values_disagreement(seed: int) -> str | None:
    """Try random operations; what the first wrong one was, if any was wrong."""
    chance = Chance(seed)
    heap = machine()
    heap.start(seed)
    for _ in range(3):
        heap.text(chance.one(TEXTS))
    heap.keep(*heap.carry_out("list", [0, 1, 2])[:2], list(heap.models))
    heap.keep(*heap.carry_out("make_map", [0, 1, 2, 0])[:2], dict(_first_map(heap)))
    of_maps = chance.of(0.4)
    of_stacks = not of_maps and chance.of(0.2)
    if of_stacks:
        # Longer than what is copied where a push follows a pop.
        ends = [_scalar(heap, each) for each in (0, chance.number(14, 30), 0)]
        wanted = MODEL["range"](*_models(heap, ends))
        heap.keep(*heap.carry_out("range", ends)[:2], wanted)
    given_up: int | None = None
    for _ in range(STEPS):
        name = chance.one(_NAMES)
        if of_stacks and chance.of(0.7):
            name = chance.one(_OF_STACKS)
            slots = _stack_operands(heap, name, chance)
        elif of_maps and chance.of(0.7):
            name = chance.one(_OF_MAPS)
            slots = _map_operands(heap, name, chance)
        else:
            slots = _operands(heap, name, chance)
        if given_up is not None and chance.of(0.7):
            # What was begun has left nothing behind.
            name, slots = "add", [given_up, _of(heap, str, chance)]
        given_up = None
        models = _models(heap, slots)
        if not _fits(name, models):
            continue
        wanted = MODEL[name](*models)
        tag, payload, status = heap.carry_out(name, slots, gives_up=True)
        if status == COLLECT:
            given_up = slots[0] if name == "add" else None
            continue
        if status == OK:
            heap.keep(tag, payload, wanted)
            found = heap.read(tag, payload)
        else:
            found = Raised(ERROR_KINDS[status])
        if not identical(found, wanted):
            return f"{name}({models!r}) is {found!r}, by the rules {wanted!r}"
        wrong = heap.wrong()
        if wrong is not None:
            return f"after {name}({models!r}): {wrong}"
    return None
