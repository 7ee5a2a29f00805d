from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.claims import TABLE, make
from gum.judge import MOST, Likeness, Side, comparing, may_ask, pairs, side
from gum.revise import revise
from gum.same import Relation
from gum.types import Cause, Draft, Evidence, ObservationId, Proposition, Status, Vector
from tests.builders import NOON, proposition


def draft(text: str, kind: str = "working_on", number: str = "o1") -> Draft:
    return make(kind, {_main(kind): text}, [Evidence(ObservationId(number), text)], 0.6)


def known(text: str, kind: str = "working_on", **more: object) -> Proposition:
    made = draft(text, kind)
    return proposition(made.text, type=kind, slots=made.slots, **more)  # type: ignore[arg-type]


def _main(kind: str) -> str:
    return TABLE[kind].main


def alike(*claims: Draft | Proposition) -> dict[str, Vector]:
    return {claim.text: (1.0, 0.0) for claim in claims}


def test_what_is_near_in_meaning_and_unclear_in_words_is_asked_about() -> None:
    new, old = draft("the museum audio guide"), known("audio-guide-Adler.odt")
    [pair] = pairs([new], [old], alike(new, old))
    assert (pair.known.text, pair.new.text) == (old.text, new.text)
    assert pair.new.quotes == ("the museum audio guide",)


def test_what_is_far_in_meaning_is_not() -> None:
    new, old = draft("the museum audio guide"), known("tax return")
    assert pairs([new], [old], {new.text: (1.0, 0.0), old.text: (0.0, 1.0)}) == []
    assert pairs([new], [old], {}) == []


def test_where_words_tell_nobody_is_asked_about_that_claim_at_all() -> None:
    new, same, other = draft("the audio guide"), known("audio guide"), known("museum tour")
    assert pairs([new], [same, other], alike(new, same, other)) == []


def test_two_new_claims_of_one_batch_are_compared_too() -> None:
    one, two = draft("museum guide"), draft("the audio tour", number="o2")
    [pair] = pairs([one, two], [], alike(one, two))
    assert pair.key == (side(one).key, side(two).key)


def test_at_most_a_few_are_asked_about() -> None:
    many = [known(f"letter to {name}") for name in ("Ann", "Ben", "Kim", "Lee", "Max", "Ted")]
    new = draft("note for Zoe")
    assert len(pairs([new], many, alike(new, *many))) == MOST


@pytest.mark.parametrize("status", [Status.DELETED, Status.SUPERSEDED, Status.CONTRADICTED, Status.STALE])
def test_what_is_over_is_not_asked_about(status: Status) -> None:
    new, old = draft("the audio tour"), known("museum guide", status=status)
    assert pairs([new], [old], alike(new, old)) == []


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("working_on", "essay", "essay 2"),
        ("working_on", "chapter 3 of it", "part 4 of it"),
        ("interested_in", "life with sugar", "living without sugar"),
        ("interested_in", "sugar", "no sugar"),
        ("working_on", "notes.txt", "letter.odt"),
        ("communicating_with", "Ann Lee", "Ann Moss"),
        ("communicating_with", "Ann Lee", "support@answers.test"),
        ("working_on", "letter to Ann", "letter for Ben"),
        ("working_on", "letter to ann", "letter for ben"),
        ("working_on", "Ann tax return", "Ben tax return"),
        ("working_on", "Ann's tax return", "Ben's tax return"),
        ("working_on", "dinner with Ann Berg", "lunch with Ben Moss"),
        ("working_on", "dinner with Ann Berg", "lunch for Ben Moss"),
        ("interested_in", "Mercury planet", "Mercury records"),
    ],
)
def test_what_words_can_tell_apart_no_answer_may_merge(kind: str, one: str, other: str) -> None:
    assert not may_ask(side(known(one, kind)), side(draft(other, kind)))
    assert not may_ask(side(known(other, kind)), side(draft(one, kind)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Museum guide", "The audio tour"),
        ("Steuererklärung", "Tax return"),
        ("museum guide for Adler", "museum audio tour"),
        ("posters for the walls", "bills for rooms"),
        ("the bee report", "the study of hives"),
    ],
)
def test_other_words_for_one_thing_may_still_be_asked_about(one: str, other: str) -> None:
    assert may_ask(side(known(one)), side(draft(other)))


def test_other_dates_or_another_second_slot_are_never_a_matter_of_meaning() -> None:
    def due(task: str, days: int) -> Side:
        until = NOON + timedelta(days=days)
        return Side("has_deadline", {"task": task, "date": f"in {days} days"}, task, until)

    assert may_ask(due("tax return", 2), due("fiscal declaration", 2))
    assert not may_ask(due("tax return", 2), due("fiscal declaration", 3))
    one = Side("uses_for", {"tool": "Gimp", "purpose": "posters"}, "a")
    assert not may_ask(one, Side("uses_for", {"tool": "Krita", "purpose": "painting"}, "b"))
    assert may_ask(one, Side("uses_for", {"tool": "Gimp", "purpose": "bills for walls"}, "b"))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Likeness.SAME, Relation.SAME),
        (Likeness.REFINES, Relation.MORE),
        (Likeness.CONTRADICTS, Relation.UNRELATED),
        (Likeness.UNRELATED, Relation.UNRELATED),
        (Likeness.UNKNOWN, Relation.UNRELATED),
    ],
)
def test_an_answer_counts_where_words_say_nothing(answer: Likeness, found: Relation) -> None:
    new, old = draft("the audio tour"), known("museum guide")
    compare = comparing({(side(old).key, side(new).key): answer})
    assert compare is not None and compare(new, old) is found


def test_only_what_excludes_each_other_can_contradict() -> None:
    old, new = (
        make("prefers", {"thing": thing}, [Evidence(ObservationId("o"), thing)], 0.6)
        for thing in ("e-books", "paper")
    )
    known_one = proposition(old.text, type="prefers", slots=dict(old.slots))
    compare = comparing({(side(old).key, side(new).key): Likeness.CONTRADICTS})
    assert compare is not None and compare(new, known_one) is Relation.OPPOSITE


@pytest.mark.parametrize("kind", ["working_on", "prefers"])
def test_an_answer_never_overrules_words(kind: str) -> None:
    new, old, same = draft("essay 2", kind), known("essay", kind), known("Essay 2", kind)
    answers = {
        (side(old).key, side(new).key): Likeness.SAME,
        (side(same).key, side(new).key): Likeness.CONTRADICTS,
    }
    compare = comparing(answers)
    assert [r.cause for r in revise(new, [old], lambda _: (), NOON, compare=compare)] == [Cause.NEW]
    [again] = revise(new, [same], lambda _: (), NOON, compare=compare)
    assert (again.cause, again.proposition_id) == (Cause.REINFORCE, same.id)


@given(st.text(max_size=20), st.text(max_size=20))
def test_asking_does_not_hang_on_the_order(one: str, other: str) -> None:
    def topic(text: str) -> Side:
        slots: Mapping[str, str] = {"topic": text}
        return Side("interested_in", slots, text)

    assert may_ask(topic(one), topic(other)) == may_ask(topic(other), topic(one))
