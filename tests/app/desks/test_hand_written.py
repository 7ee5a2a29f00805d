"""The desks that people wrote: what they say is true, false or secret must be there to be seen."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from app.desks.course import seen
from app.desks.judge import read
from app.desks.load import load, load_all
from app.desks.match import occurs
from app.desks.types import Belief, DecoyKind, Desk, Fact, SecretKind
from gum.claims import TABLE, word

FOLDER = Path(__file__).parents[2] / "desks"
PIXELS = ("bakery", "dental-office", "eclipse-trip", "flood-thesis", "freelance-web", "student-nurse")
NAMES = sorted(file.parent.name for file in FOLDER.glob("*/desk.toml"))


@cache
def _desk(name: str) -> Desk:
    return load(FOLDER / name)


@cache
def _seen(name: str) -> Mapping[str, str]:
    return seen(_desk(name))


@cache
def _times(name: str) -> Mapping[str, tuple[datetime, datetime | None]]:
    """Of each step: the last time given before it, and the first one given after it."""
    steps = [(step, session) for session in _desk(name).sessions for step in session.steps]
    found: dict[str, tuple[datetime, datetime | None]] = {}
    for i, (step, session) in enumerate(steps):
        before = [s.at for s, of in steps[: i + 1] if s.at is not None and of is session]
        after = [s.at or of.begins for s, of in steps[i + 1 :] if s.at is not None or of is not session]
        found[step.id] = (before[-1] if before else session.begins, after[0] if after else None)
    return found


def test_there_are_six_short_ones_to_be_played_on_a_real_display() -> None:
    for name in PIXELS:
        desk = _desk(name)
        assert 2 <= len(desk.sessions) <= 3
        assert sum(len(session.steps) for session in desk.sessions) <= 55
        typed = sum(len(str(step.fields.get("text", ""))) for s in desk.sessions for step in s.steps)
        assert typed <= 1200  # letters: at five a second, four minutes


def test_all_of_them_load_together() -> None:
    assert [desk.id for desk in load_all(FOLDER)] == NAMES


def test_together_they_have_every_kind_of_decoy_and_of_secret_and_most_types() -> None:
    desks = [_desk(name) for name in PIXELS]
    assert {decoy.kind for desk in desks for decoy in desk.decoys} == set(DecoyKind)
    assert {secret.kind for desk in desks for secret in desk.secrets} == set(SecretKind)
    assert {fact.type for desk in desks for fact in desk.facts if not fact.minor} >= set(TABLE) - {
        "holds_role"
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_desk_is_a_day_worth_judging(name: str) -> None:
    desk = _desk(name)
    asked = [fact for fact in desk.facts if not fact.minor]
    assert len(asked) >= 6
    assert len(desk.facts) - len(asked) >= 5
    assert len({fact.type for fact in asked}) >= 5
    assert any(fact.ends is not None for fact in asked)
    assert any(fact.replaces is not None for fact in asked)
    assert len({decoy.kind for decoy in desk.decoys}) >= 4
    assert len(desk.secrets) >= 2
    assert len(desk.wants) >= 2
    assert desk.busy
    assert len({fact.id for fact in asked if len(fact.evidence) > 1}) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_the_words_of_a_fact_can_be_seen_in_its_evidence(name: str) -> None:
    """At least one alternative of every slot, in one of the steps that are said to show it."""
    shown = _seen(name)
    for fact in _desk(name).facts:
        texts = "\n".join(shown[step] for step in fact.evidence)
        for slot, options in fact.slots.items():
            assert not fact.evidence or any(occurs(one, texts) for one in options), (fact.id, slot)


@pytest.mark.parametrize("name", NAMES)
def test_every_step_of_evidence_shows_something_of_the_fact(name: str) -> None:
    shown = _seen(name)
    for fact in _desk(name).facts:
        for step in fact.evidence:
            options = [one for alternatives in fact.slots.values() for one in alternatives]
            assert any(occurs(one, shown[step]) for one in options), (fact.id, step)


@pytest.mark.parametrize("name", NAMES)
def test_a_fact_is_seen_while_it_is_true(name: str) -> None:
    times = _times(name)
    for fact in _desk(name).facts:
        if fact.evidence:
            assert any(_holds(fact, *times[step]) for step in fact.evidence), fact.id


def _holds(fact: Fact, begins: datetime, ends: datetime | None) -> bool:
    """Whether the fact can be true at a step between two times."""
    return (fact.ends is None or begins < fact.ends) and (ends is None or fact.begins <= ends)


@pytest.mark.parametrize("name", NAMES)
def test_a_decoys_words_can_be_seen_in_its_steps(name: str) -> None:
    shown = _seen(name)
    for decoy in _desk(name).decoys:
        for step in decoy.steps:
            assert any(all(occurs(one, shown[step]) for one in group) for group in decoy.words), (
                decoy.id,
                step,
            )


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_is_typed_or_shown_by_its_steps_and_by_no_other(name: str) -> None:
    desk, shown = _desk(name), _seen(name)
    for secret in desk.secrets:
        assert [step for step, text in shown.items() if secret.text in text] == list(secret.steps), (
            secret.kind
        )


@pytest.mark.parametrize("name", NAMES)
def test_a_card_has_the_check_digit_that_every_card_has(name: str) -> None:
    """Luhn's, ISO/IEC 7812-1: whoever looks for cards may rely on it."""
    for secret in _desk(name).secrets:
        if secret.kind is SecretKind.CARD:
            digits = [int(one) for one in reversed(secret.text) if one.isdigit()]
            doubled = [sum(divmod(2 * one, 10)) for one in digits[1::2]]
            assert (sum(digits[::2]) + sum(doubled)) % 10 == 0, secret.text


@pytest.mark.parametrize("name", NAMES)
def test_all_pages_are_used(name: str) -> None:
    desk = _desk(name)
    used = {str(step.fields["page"]) for s in desk.sessions for step in s.steps if "page" in step.fields}
    assert sorted(set(desk.pages) - used) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_made_of_any_alternatives_is_judged_to_be_the_fact(name: str) -> None:
    desk = _desk(name)
    for fact in desk.facts:
        longest = max(len(options) for options in fact.slots.values())
        for i in range(longest if not fact.negative else 0):
            slots = {slot: options[min(i, len(options) - 1)] for slot, options in fact.slots.items()}
            statement = Belief(fact.id, word(fact.type, slots), 0.5, fact.type)
            agreed = [match.fact.id for match in read(statement, desk).matches if match.agrees]
            assert fact.id in agreed, statement.text


@pytest.mark.parametrize("name", PIXELS)
def test_the_wording_of_a_fact_is_judged_to_be_that_fact(name: str) -> None:
    desk = _desk(name)
    for fact in desk.facts:
        statement = Belief(fact.id, fact.text, 0.5, fact.type)
        agreed = [match.fact.id for match in read(statement, desk).matches if match.agrees]
        assert fact.minor or fact.id in agreed, fact.text


@pytest.mark.parametrize("name", NAMES)
def test_no_decoy_is_taken_for_a_fact(name: str) -> None:
    desk = _desk(name)
    for decoy in desk.decoys:
        for group in decoy.words:
            reading = read(Belief(decoy.id, " ".join(group), 0.5), desk)
            agreed = [match.fact.id for match in reading.matches if match.agrees]
            assert agreed == [], (decoy.id, group)
