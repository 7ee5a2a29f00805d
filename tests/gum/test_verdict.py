from dataclasses import replace
from datetime import timedelta

import pytest

from gum.claims import HIGHEST, LOWEST, make
from gum.errors import NotAllowed
from gum.revise import revise
from gum.types import Cause, Evidence, ObservationId, Sensitivity, Status
from gum.verdict import Said, judged
from tests.builders import NOON, proposition

LATER = NOON + timedelta(days=1)
CLAIM = proposition("Works on notes.txt in garden", slots={"thing": "notes.txt", "project": "garden"})


@pytest.mark.parametrize(
    ("said", "status", "confidence"),
    [
        (Said.RIGHT, Status.ACTIVE, HIGHEST),
        (Said.WRONG, Status.CONTRADICTED, LOWEST),
        (Said.HIDE, Status.HIDDEN, CLAIM.confidence),
        (Said.SHOW, Status.ACTIVE, CLAIM.confidence),
    ],
)
def test_a_verdict_settles_a_claim(said: Said, status: Status, confidence: float) -> None:
    made = judged(CLAIM, said, LATER)
    assert made is not None and made.after is not None
    assert (made.cause, made.before) == (Cause.USER, CLAIM)
    assert (made.after.status, made.after.confidence, made.after.settled) == (status, confidence, True)
    again = judged(made.after, said, LATER)
    assert again is None


def test_an_edit_changes_the_words_and_the_wording() -> None:
    made = judged(CLAIM, Said.EDIT, LATER, {"thing": " my “notes” ", "project": ""})
    assert made is not None and made.after is not None
    assert made.after.slots == {"thing": "my “notes"}
    assert made.after.text == "Works on my “notes"
    assert made.after.confidence == HIGHEST


def test_a_new_date_is_no_longer_the_day_the_old_one_was() -> None:
    due = proposition(
        type="has_deadline", slots={"task": "essay", "date": "Friday"}, valid_until=NOON + timedelta(days=3)
    )
    moved = judged(due, Said.EDIT, NOON, {"date": "next week"})
    kept = judged(due, Said.EDIT, NOON, {"task": "the essay"})
    assert moved is not None and moved.after is not None and moved.after.valid_until is None
    assert kept is not None and kept.after is not None and kept.after.valid_until == due.valid_until


def test_words_that_are_private_make_it_sensitive() -> None:
    made = judged(
        proposition(type="learning", slots={"subject": "tea"}), Said.EDIT, NOON, {"subject": "my depression"}
    )
    assert made is not None and made.after is not None
    assert made.after.sensitivity is Sensitivity.SENSITIVE


def test_a_private_claim_is_used_once_the_person_says_so() -> None:
    private = replace(CLAIM, sensitivity=Sensitivity.SENSITIVE)
    made = judged(private, Said.SHOW, NOON)
    assert made is not None and made.after is not None
    assert made.after.sensitivity is Sensitivity.NORMAL and made.after.settled
    confirmed = judged(private, Said.RIGHT, NOON)
    assert confirmed is not None and confirmed.after is not None
    assert confirmed.after.sensitivity is Sensitivity.SENSITIVE


@pytest.mark.parametrize("slots", [{}, {"colour": "red"}, {"thing": ""}, {"thing": "..."}])
def test_an_edit_that_leaves_no_claim_is_refused(slots: dict[str, str]) -> None:
    with pytest.raises(NotAllowed):
        judged(CLAIM, Said.EDIT, NOON, slots)


def test_words_belong_to_an_edit_alone_and_what_was_forgotten_cannot_be_judged() -> None:
    with pytest.raises(NotAllowed):
        judged(CLAIM, Said.RIGHT, NOON, {"thing": "x"})
    with pytest.raises(NotAllowed):
        judged(replace(CLAIM, status=Status.DELETED), Said.RIGHT, NOON)


def test_what_was_called_wrong_is_not_inferred_again() -> None:
    made = judged(CLAIM, Said.WRONG, NOON)
    assert made is not None and made.after is not None
    draft = make("working_on", CLAIM.slots, [Evidence(ObservationId("o"), "q")], 0.9)
    assert revise(draft, [made.after], lambda i: (), LATER) == []
