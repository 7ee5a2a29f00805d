"""What the baseline keeps and finds, with the ways of the program it stands for."""

from datetime import timedelta

import pytest

from app.desks.gum_prompts import Proposed
from app.desks.gum_store import GumStore, recency
from tests.app.desks.oracle_desks import NINE

DAY = timedelta(days=1)


def _said(text: str, decay: int = 5, reasoning: str = "because") -> Proposed:
    return Proposed(text, reasoning, 7, decay)


def test_at_most_three_are_found_by_any_word_with_its_endings() -> None:
    with GumStore() as store:
        for n in range(5):
            store.add(_said(f"The user writes report {n}"), NINE)
        lone = store.add(_said("The user swims"), NINE)
        assert len(store.search("writing a report", NINE)) == 3
        assert store.search("swimming", NINE) == [lone]
        assert store.search("", NINE) == store.search("?!", NINE) == store.search("zebra", NINE) == []


def test_search_reads_reasoning_too_and_nothing_in_a_query_is_syntax() -> None:
    with GumStore() as store:
        n = store.add(_said("The user rests", reasoning="A hammock was ordered."), NINE)
        assert store.search('hammock" OR * NEAR(', NINE) == [n]


def test_what_lasts_longest_fades_fastest_as_in_the_released_program() -> None:
    after_a_day = (NINE + DAY).timestamp()
    assert recency(10, NINE.timestamp(), NINE + DAY) == pytest.approx(2e-9, rel=0.1)
    assert recency(1, NINE.timestamp(), NINE + DAY) == pytest.approx(0.135, rel=0.01)
    assert recency(10, after_a_day, NINE) == 1.0
    with GumStore() as store:
        student = store.add(_said("The user is a PhD student of rivers", decay=10), NINE)
        ice = store.add(_said("The user is a lover of ice cream", decay=1), NINE)
        assert store.search("user is a student of ice", NINE + DAY) == [ice, student]


def test_recency_only_orders_what_bm25_chose() -> None:
    with GumStore() as store:
        old = [store.add(_said("report report", decay=10), NINE) for _ in range(3)]
        store.add(_said("a report among many other words of no matter"), NINE + 30 * DAY)
        assert sorted(store.search("report", NINE + 30 * DAY)) == old


def test_a_link_needs_a_proposition_and_is_made_once() -> None:
    with GumStore() as store:
        seen = [store.observe("o1", "text one"), store.observe("o2", "text two")]
        n = store.add(_said("The user rests"), NINE)
        store.link(seen, [n, 999])
        store.link(seen, [n])
        assert [kept.observations for kept in store.all()] == [("o1", "o2")]
        assert store.grounding([n]) == seen[::-1]
        assert store.contents(store.grounding([n])) == ["text two", "text one"]


def test_what_is_removed_is_gone_from_everywhere() -> None:
    with GumStore() as store:
        seen = store.observe("o1", "text one")
        n = store.add(_said("The user rests"), NINE)
        store.link([seen], [n])
        store.remove([n])
        assert store.all() == []
        assert store.search("rests", NINE) == []
        assert store.grounding([n]) == []
        assert store.everything() == ["text one"]


def test_texts_come_with_their_reasoning_and_without_the_missing() -> None:
    with GumStore() as store:
        n = store.add(_said("The user rests"), NINE)
        assert store.texts([n, 77]) == {n: ("The user rests", "because")}
        (kept,) = store.all()
        assert (kept.confidence, kept.decay, kept.version) == (7, 5, 1)
