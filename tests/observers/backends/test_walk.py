"""Reading a tree within a budget."""

from collections.abc import Iterator

import pytest

from observers.backends import walk as module
from observers.backends.walk import DEEPEST, Json, walk

TREE = {"name": "a", "below": [{"name": "b", "below": [{"name": "d"}]}, {"name": "c"}]}


class Reader:
    """Notes which parts it was asked for."""

    def __init__(self, *gone: str) -> None:
        self.asked: list[str] = []
        self._gone = gone

    def look(self, part: Json) -> tuple[dict[str, object], Iterator[Json]] | None:
        name, below = str(part["name"]), part.get("below", [])
        self.asked.append(name)
        assert isinstance(below, list)
        return None if name in self._gone else ({"name": name}, iter(below))


def test_all_of_a_tree_is_read_broad_before_deep() -> None:
    reader = Reader()
    found, complete = walk(TREE, reader.look, "below")
    leaf = {"name": "d", "below": []}
    assert found == {"name": "a", "below": [{"name": "b", "below": [leaf]}, {"name": "c", "below": []}]}
    assert complete and reader.asked == ["a", "b", "c", "d"]


def test_what_is_gone_is_left_out() -> None:
    assert walk(TREE, Reader("a").look, "below") == (None, True)
    found, complete = walk(TREE, Reader("b").look, "below")
    assert found == {"name": "a", "below": [{"name": "c", "below": []}]} and complete


@pytest.mark.parametrize("nodes", [1, 2, 3])
def test_no_more_than_the_budget_is_asked_for(monkeypatch: pytest.MonkeyPatch, nodes: int) -> None:
    monkeypatch.setattr(module, "MAX_NODES", nodes)
    reader = Reader()
    found, complete = walk(TREE, reader.look, "below")
    assert found is not None and not complete and reader.asked == ["a", "b", "c", "d"][:nodes]


def test_a_whole_tree_that_just_fits_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_NODES", 4)
    assert walk(TREE, Reader().look, "below")[1]


def test_children_beyond_the_budget_are_not_even_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_NODES", 3)
    listed = []

    def many() -> Iterator[int]:
        for number in range(1, 10_000):
            listed.append(number)
            yield number

    _, complete = walk(0, lambda part: ({}, iter(()) if part else many()), "below")
    assert not complete and listed == [1, 2, 3]


def test_a_tree_that_bites_its_own_tail_is_not_gone_through_for_ever() -> None:
    tail: dict[str, object] = {"name": "a"}
    tail["below"] = [tail]
    reader = Reader()
    found, complete = walk(tail, reader.look, "below")
    assert not complete and len(reader.asked) == DEEPEST and repr(found).count("'a'") == DEEPEST


def test_when_time_is_up_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SECONDS", -1.0)
    reader = Reader()
    assert walk(TREE, reader.look, "below") == (None, False) and not reader.asked
