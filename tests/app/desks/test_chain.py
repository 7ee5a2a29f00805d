"""The product as an arm, over sights made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.desks.chain import ChainArm, due_by, hours_of, ids_of, sessions_of
from app.desks.types import Desk, Persona, Played, Secret, SecretKind, Session, Sight
from gum.propose import StructureDrafter
from gum.types import Exclusion, RuleId, Trust
from tests.app.fakes import FakeWorker
from tests.builders import observation

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = Secret("4111 1111 1111 1111", SecretKind.CARD)


def desk(sessions: int = 2) -> Desk:
    begins = [MORNING + timedelta(days=n) for n in range(sessions)]
    persona = Persona("Robin Adler", "hydrologist", 34, ("en",), ZoneInfo("UTC"))
    return Desk(
        "robin", "", persona, (), (), (SECRET,), (), (), {}, tuple(Session(begin, ()) for begin in begins)
    )


def sight(text: str, minute: float, day: int = 0, number: str = "") -> Sight:
    at = MORNING + timedelta(days=day, minutes=minute)
    title = f"{text} - Mousepad"
    seen = observation(title, title=title, source="window", trust=Trust.ACTED_ON, at=at, id=number)
    return Sight("s1.1", seen)


def play(folder: Path, sights: Sequence[Sight], of: Desk | None = None) -> Played:
    return ChainArm((StructureDrafter(), None), FakeWorker(folder)).play(of or desk(), sights)


def days(text: str = "thesis.md") -> list[Sight]:
    return [sight(text, n, day, f"{day}{n}") for day in (0, 1) for n in range(6)]


def test_what_was_seen_is_believed_at_the_end_of_its_session_and_confidence_grows(tmp_path: Path) -> None:
    played = play(tmp_path, days())
    first, second, last = played.checkpoints
    assert [b.text for b in first.beliefs] == ["Works on thesis.md"]
    assert second.beliefs[0].confidence > first.beliefs[0].confidence
    assert last.at - second.at == timedelta(hours=1)
    assert (played.arm, played.desk) == ("gumption", "robin")
    assert played.hours == pytest.approx(10 / 60)


def test_a_replay_comes_out_the_same_to_the_last_id(tmp_path: Path) -> None:
    first, again = play(tmp_path, days()), play(tmp_path, days())
    assert first.checkpoints == again.checkpoints


def test_a_batch_closes_by_time_before_the_next_sight(tmp_path: Path) -> None:
    seen = [sight("thesis.md", 0), sight("budget.ods", 50)]
    played = play(tmp_path, seen)
    by_text = {b.text: b for b in played.checkpoints[0].beliefs}
    assert set(by_text) == {"Works on thesis.md", "Works on budget.ods"}


def test_what_a_rule_refused_is_no_belief_and_no_secret(tmp_path: Path) -> None:
    refused = Sight("s1.2", exclusion=Exclusion(MORNING, "chromium", RuleId("private")))
    played = play(tmp_path, [*days(), refused])
    assert played.secrets_stored == ()


def test_a_secret_that_is_kept_is_counted(tmp_path: Path) -> None:
    """Shown in a way no form and no label gives away: then it is kept, and must be told."""
    unseen = replace(desk(), secrets=(Secret("the owl flies at nine", SecretKind.PRIVATE),))
    played = play(tmp_path, [sight("the owl flies at nine.md", 0)], unseen)
    assert played.secrets_stored == ("private",)


def test_a_session_without_sights_is_still_a_session() -> None:
    found = sessions_of(desk(3), [sight("a.md", 0), sight("b.md", 5, 2)])
    assert [len(s) for s in found] == [1, 0, 1]
    assert hours_of(desk(3), [sight("a.md", 0), sight("b.md", 30)]) == pytest.approx(0.5)


def test_fresh_ids_are_those_of_the_last_time() -> None:
    first, second = ids_of("robin"), ids_of("robin")
    made = [first() for _ in range(3)]
    assert made == [second() for _ in range(3)]
    assert len(set(made)) == 3


def test_what_is_due_is_taken_out_once() -> None:
    waiting = [MORNING + timedelta(minutes=n) for n in (0, 1, 1, 2)]
    assert not due_by(waiting, MORNING - timedelta(seconds=1))
    assert due_by(waiting, MORNING + timedelta(minutes=1))
    assert waiting == [MORNING + timedelta(minutes=2)]
    assert not due_by(waiting, MORNING + timedelta(minutes=1))
    assert due_by(waiting, MORNING + timedelta(minutes=2))
    assert not due_by(waiting, MORNING + timedelta(minutes=3))


def test_what_is_believed_is_told_when_it_is_asked_for_in_between(tmp_path: Path) -> None:
    sights = days()
    arm = ChainArm((StructureDrafter(), None), FakeWorker(tmp_path))
    played = arm.play(desk(), sights, [sights[1].at, sights[-1].at])
    assert len(played.asked) == 2
    for asked, wanted in zip(played.asked, (sights[1].at, sights[-1].at), strict=True):
        assert asked.at >= wanted
        assert [b.text for b in asked.beliefs] == ["Works on thesis.md"]
    assert arm.play(desk(), sights).checkpoints == played.checkpoints
