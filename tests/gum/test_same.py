import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.same import Relation, core, relation

SAME, MORE, LESS, OPPOSITE, UNRELATED = (
    Relation.SAME,
    Relation.MORE,
    Relation.LESS,
    Relation.OPPOSITE,
    Relation.UNRELATED,
)


@pytest.mark.parametrize(
    ("kind", "one", "other", "found"),
    [
        ("working_on", {"thing": "the museum guide"}, {"thing": "museum guide"}, SAME),
        ("working_on", {"thing": "notes.txt"}, {"thing": "notes"}, SAME),
        ("working_on", {"thing": "Notes.TXT"}, {"thing": "notes.txt", "project": "garden"}, SAME),
        ("working_on", {"thing": "a", "project": "p"}, {"thing": "a", "project": "q"}, UNRELATED),
        ("communicating_with", {"person": "hiro.chen@inkpost.test"}, {"person": "Hiro Chen"}, SAME),
        ("communicating_with", {"person": "Ann"}, {"person": "Ann Lee"}, LESS),
        ("communicating_with", {"person": "Ann Lee"}, {"person": "Ann Moss"}, UNRELATED),
        ("interested_in", {"topic": "watches"}, {"topic": "mechanical watches"}, LESS),
        ("interested_in", {"topic": "レモンの木"}, {"topic": "レモンの木の黄色い葉"}, LESS),
        ("working_on", {"thing": "essay"}, {"thing": "essay 2"}, UNRELATED),
        ("learning", {"subject": "unit"}, {"subject": "unit iv"}, UNRELATED),
        ("struggling_with", {"thing": "slow laptop"}, {"thing": "laptop slow after waking up"}, LESS),
        ("interested_in", {"topic": "birdwatching"}, {"topic": "birdwatching binoculars 8x42"}, LESS),
        ("interested_in", {"topic": "green tea"}, {"topic": "green beans"}, UNRELATED),
        ("uses_for", {"tool": "git", "purpose": "a b"}, {"tool": "git commit", "purpose": "a"}, UNRELATED),
        ("prefers", {"thing": "tea", "over": "coffee"}, {"thing": "coffee", "over": "tea"}, OPPOSITE),
        ("prefers", {"thing": "tea", "over": "coffee"}, {"thing": "coffee"}, OPPOSITE),
        ("prefers", {"thing": "tea"}, {"thing": "coffee"}, UNRELATED),
        ("has_deadline", {"task": "essay", "date": "Friday"}, {"task": "essay", "date": "Monday"}, SAME),
    ],
)
def test_how_claims_stand_to_each_other(
    kind: str, one: dict[str, str], other: dict[str, str], found: Relation
) -> None:
    assert relation(kind, one, other) is found
    assert relation(kind, other, one) is {LESS: MORE}.get(found, found)


def test_what_only_means_the_opposite_is_not_the_same() -> None:
    assert relation("interested_in", {"topic": "likes tea"}, {"topic": "dislikes tea"}) is UNRELATED


@given(st.text(max_size=20), st.text(max_size=20))
def test_it_is_symmetric_and_a_thing_is_itself(one: str, other: str) -> None:
    a, b = {"topic": one}, {"topic": other}
    found = relation("interested_in", a, b)
    assert relation("interested_in", b, a) is {LESS: MORE, MORE: LESS}.get(found, found)
    assert relation("interested_in", a, a) is SAME


def test_an_article_alone_is_kept() -> None:
    assert core("thing", "The") == ("the",)
