"""The oracle's sentences: the judge reads them as they are meant, and the oracle knows them again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.desks.gum_prompts import IDENTICAL, LABELS, SIMILAR, UNRELATED
from app.desks.judge import Kind, judge
from app.desks.mind import PERFECT, Mind, Outcome, Rates
from app.desks.sentences import about, likeness, out_of_ten, relations, revised, sentence
from app.desks.types import Belief, Fact
from gum.claims import TABLE
from tests.app.desks.oracle_desks import (
    CRUISE,
    MEAT,
    NINE,
    PAPER,
    TEA,
    TRAIN,
    desk,
    everything,
    many,
    pieces,
    seen,
)

NOON = NINE + timedelta(hours=3)
NIGHT = NINE + timedelta(hours=9)


@pytest.mark.parametrize("kind", list(TABLE))
@pytest.mark.parametrize("negative", [False, True])
def test_a_sentence_of_every_kind_is_known_again(kind: str, negative: bool) -> None:
    slots = {name: f"word{n}" for n, name in enumerate(TABLE[kind].slots)}
    fact = Fact("it", "It", kind, {name: (value,) for name, value in slots.items()}, NINE, negative=negative)
    text = sentence(kind, slots, negative)
    found = about(text, [PAPER, fact], NINE)
    assert (found.fact, found.kind, found.negative, found.agrees) == (fact, kind, negative, True)
    opposite = about(sentence(kind, slots, not negative), [fact], NINE)
    assert (opposite.fact, opposite.agrees) == (fact, False)


@pytest.mark.parametrize(
    ("text", "at", "outcome", "kinds"),
    [
        ("fish-ladder.tex\nwe measured the flow of rivulets", NOON, Outcome.TRUE, {Kind.TRUE}),
        ("no meat today", NOON, Outcome.TRUE, {Kind.TRUE}),
        ("to Lyon on 14 March", NIGHT, Outcome.CONTRADICTORY, {Kind.STALE}),
        ("fish-ladder.tex\nwe measured the flow of rivulets", NOON, Outcome.CONTRADICTORY, {Kind.DENIED}),
        ("a cruise to Madeira", NOON, Outcome.FALSE, {Kind.DECOY}),
        ("fish-ladder.tex\nwe measured the flow of rivulets", NOON, Outcome.FALSE, {Kind.JUNK}),
    ],
)
def test_the_judge_agrees_with_what_the_oracle_meant(
    text: str, at: datetime, outcome: Outcome, kinds: set[Kind]
) -> None:
    there = desk([PAPER, TRAIN, MEAT])
    rates = Rates(0, 1, 0, 1, 0, 0, 0)
    said = Mind(there, rates).drafts(pieces(text), at, everything, free=True).said
    meant = [one for one in said if one.outcome is outcome]
    assert meant
    beliefs = [Belief("b", sentence(one.kind, one.slots, one.negative), 0.5) for one in meant]
    assert {verdict.kind for verdict in judge(beliefs, there, at)} <= kinds


def test_all_true_and_no_false_sentences_of_many_desks_are_right_by_the_judge() -> None:
    there = many(40)
    mind = Mind(there, Rates(false=0.5), 4)
    said = [
        one for text in seen(there) for one in mind.drafts(pieces(text), NINE, everything, free=True).said
    ]
    beliefs = [Belief(str(n), sentence(one.kind, one.slots, one.negative), 0.5) for n, one in enumerate(said)]
    assert [verdict.right for verdict in judge(beliefs, there, NINE)] == [one.true for one in said]
    assert {one.true for one in said} == {True, False}


def test_relations_are_told_by_the_facts_and_not_by_the_words() -> None:
    emacs = Fact("e", "Prefers Emacs", "prefers", {"thing": ("Emacs",)}, NINE, ends=NOON)
    vim = Fact("v", "Prefers Vim", "prefers", {"thing": ("Vim", "neovim")}, NOON, replaces="e")
    pool = {
        1: "The user works on fish-ladder.tex",
        2: "The user works on my fish ladder paper",
        3: "It is not true that the user works on fish-ladder.tex",
        4: "The user prefers Emacs",
        5: "The user prefers Vim",
        6: "The user is interested in rivulets in spring",
        7: "The user is interested in rivulets in autumn",
        8: "The user bought a kettle",
    }
    mind = Mind(desk([PAPER, emacs, vim]), PERFECT)
    rows = {row.source: (row.label, row.targets) for row in relations(mind, pool, NOON)}
    assert rows == {
        1: (IDENTICAL, (2,)),
        2: (IDENTICAL, (1,)),
        3: (SIMILAR, (1, 2)),
        4: (SIMILAR, (5,)),
        5: (SIMILAR, (4,)),
        6: (SIMILAR, (7,)),
        7: (SIMILAR, (6,)),
        8: (UNRELATED, ()),
    }


def test_the_rate_of_wrong_labels_comes_true_and_they_name_others_of_the_pool() -> None:
    there = many(40)
    names = {n: f"The user works on {fact.slots['thing'][0]}" for n, fact in enumerate(there.facts)}
    wrong = []
    for seed in range(10):
        for row in relations(Mind(there, replace(PERFECT, mislabelled=0.2), seed), names, NINE):
            assert row.label in LABELS
            assert set(row.targets) <= set(names) - {row.source}
            wrong.append(row.label != UNRELATED)
    assert sum(wrong) / len(wrong) == pytest.approx(0.2, abs=0.06)


def test_one_alone_is_related_to_nothing() -> None:
    (row,) = relations(Mind(desk(), replace(PERFECT, mislabelled=1)), {3: "The user bought a kettle"}, NINE)
    assert (row.label, row.targets) == (UNRELATED, ())


def test_a_revision_keeps_one_sentence_a_fact_and_drops_what_is_over_or_denied() -> None:
    pool = [
        "The user works on fish-ladder.tex",
        "The user works on the fish ladder paper draft",
        "It is not true that the user works on fish-ladder.tex",
        "The user plans to go to Lyon on 14 March",
        "The user is interested in cruise to Madeira",
        "It is not true that the user prefers green tea",
    ]
    made = revised(Mind(desk([PAPER, TRAIN, TEA], [CRUISE]), PERFECT), pool, NIGHT)
    assert [(one.text, outcome) for one, outcome in made] == [
        ("The user works on the fish ladder paper draft", Outcome.TRUE),
        ("The user is interested in cruise to Madeira", Outcome.FALSE),
    ]
    all_wrong = revised(Mind(desk([PAPER, TRAIN, TEA]), replace(PERFECT, contradictory=1)), pool, NIGHT)
    assert [outcome for _, outcome in all_wrong].count(Outcome.CONTRADICTORY) == 2


def test_a_confidence_out_of_ten_is_never_nothing() -> None:
    assert [out_of_ten(sure) for sure in (0.0, 0.04, 0.26, 0.98, 1.0)] == [1, 1, 3, 10, 10]


def test_how_two_claims_in_the_products_words_stand_to_each_other() -> None:
    cake = Fact("cake", "Prefers cake", "prefers", {"thing": ("cake",)}, NINE, replaces="tea")
    mind = Mind(desk([PAPER, TEA, cake]), PERFECT)
    paper = "Works on fish-ladder.tex", "Works on fish ladder paper"
    assert likeness(mind, *paper) == likeness(mind, *reversed(paper)) == "same"
    assert likeness(mind, "Prefers green tea", "Prefers cake") == "contradicts"
    assert likeness(mind, "Works on fish-ladder.tex", "Works on cake") == "unrelated"
    assert likeness(mind, "Prefers green tea", "Works on green tea") == "unrelated"


def test_two_things_of_one_minor_fact_are_two() -> None:
    people = {"person": ("Ann Lee", "Ann Moss", "Kofi")}
    minor = Fact("people", "Writes to people", "communicating_with", people, NINE, minor=True)
    mind = Mind(desk([minor]), PERFECT)
    told = "Is in contact with "
    assert likeness(mind, told + "Ann Lee", told + "Kofi") == "unrelated"
    assert likeness(mind, told + "Ann Lee", told + "Ann Moss") == "same"


def test_it_is_told_wrongly_at_the_rate_of_mistakes() -> None:
    of = many(200)
    mind = Mind(of, Rates(mislabelled=0.3))
    told = [likeness(mind, f"Works on quoxa{n}.tex", f"Works on quoxa{n} draft") for n in range(200)]
    assert 0.2 < 1 - told.count("same") / 200 < 0.4
    assert "unknown" not in told
