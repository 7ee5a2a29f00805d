"""Questions and timing over a real store, with the real verdicts behind the answers."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.asking import Asking
from app.config import SuggestSettings
from app.shapes import AnswerIn, PropositionOut
from app.shaping import proposition_out
from gum.errors import NotAllowed, NotFound
from gum.types import Evidence, ObservationId, Proposition, Sensitivity, Status
from observers.availability import Availability, Facts, availability
from storage import observations, propositions
from tests.app.test_verdicts import House
from tests.builders import NOON, observation, proposition
from tests.storage.builders import new

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Desk(House):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.in_meeting = False
        self.available = Availability()
        self.asking = Asking(
            SuggestSettings(),
            self.database,
            self.clock,
            "space",
            lambda: timedelta(minutes=10),
            self._shapes,
            self.verdicts.take,
            lambda at: self.in_meeting,
            lambda: self.available,
        )

    def _shapes(self, s: Session, found: "list[Proposition]") -> list[PropositionOut]:  # type: ignore[override]
        return [proposition_out(p, [], self.clock.now()) for p in found]

    def keep(self, claim: Proposition, hours: int = 1) -> None:
        cited = []
        for n in range(hours):
            seen = observation(id=f"{claim.id}-{n}", at=NOON - n * HOUR)
            self.database.run_sync(lambda s, o=seen: observations.append(s, o))
            cited.append(Evidence(ObservationId(seen.id), "fox", at=seen.at, app=seen.app))
        self.database.run_sync(lambda s: propositions.commit(s, [new(claim, cited)]))

    def open(self, sensitive: bool = False) -> list[str]:
        return [q.proposition.id for q in asyncio.run(self.asking.questions(sensitive)).items]

    def answer(self, key: str, answer: str, slots: dict[str, str] | None = None) -> None:
        asyncio.run(self.asking.answer(key, AnswerIn(answer=answer, slots=slots)))

    def timing(self) -> tuple[bool, list[str | None]]:
        told = asyncio.run(self.asking.timing(120))
        return told.good, [r.proposition_id for r in told.reasons]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.index.close()
    made.database.close()


def role(n: int = 0, sure: float = 0.5) -> Proposition:
    return proposition(
        f"Is role{n}", id=f"role{n}", type="holds_role", slots={"role": f"role{n}"}, confidence=sure
    )


def test_what_is_open_is_asked_a_few_times_a_day_and_an_answer_settles_it(desk: Desk) -> None:
    for n in range(5):
        desk.keep(role(n, 0.5 + n / 50))
    assert desk.open() == ["role0", "role1", "role2"]
    desk.answer("role0", "yes")
    desk.answer("role1", "no")
    assert (desk.get("role0").settled, desk.get("role1").status) == (True, Status.CONTRADICTED)
    assert desk.open() == ["role2"]
    desk.answer("role2", "edit", {"role": "chair"})
    assert desk.get("role2").text == "Is chair"
    assert desk.open() == []  # three were answered today
    desk.clock.move(DAY)
    assert desk.open() == ["role3", "role4"]


def test_later_puts_it_off_and_never_ends_all_questions(desk: Desk) -> None:
    desk.keep(role(0))
    desk.keep(role(1))
    desk.answer("role0", "later")
    assert desk.open() == ["role1"]
    desk.clock.move(15 * DAY)
    assert "role0" in desk.open()
    desk.answer("role1", "never")
    desk.clock.move(DAY)
    assert desk.open() == []
    assert not desk.get("role1").settled
    again = asyncio.run(desk.asking.ask_again())
    assert "role1" in [item.proposition.id for item in again.items]


def test_what_is_sensitive_is_asked_only_where_that_is_allowed(desk: Desk) -> None:
    desk.keep(replace(role(), sensitivity=Sensitivity.SENSITIVE))
    assert desk.open() == []
    assert desk.open(sensitive=True) == ["role0"]


def test_answers_that_make_no_sense_are_refused(desk: Desk) -> None:
    desk.keep(role())
    with pytest.raises(NotFound):
        desk.answer("nothing", "yes")
    with pytest.raises(NotAllowed):
        desk.answer("role0", "yes", {"role": "x"})
    with pytest.raises(NotAllowed):
        desk.answer("role0", "edit")
    assert desk.open() == ["role0"]


def deadline(id: str = "due", task: str = "grant report") -> Proposition:
    return proposition(
        f"Has a deadline: {task}",
        id=id,
        type="has_deadline",
        slots={"task": task, "date": "21 November"},
        confidence=0.9,
        half_life=14 * DAY,
        at=NOON + DAY,
        valid_until=NOON + DAY + 10 * HOUR,
    )


def test_an_agent_is_declined_near_a_deadline_and_let_in_once_that_is_ablated(desk: Desk) -> None:
    desk.keep(deadline())
    assert desk.timing() == (False, ["due"])
    desk.say("due", "hide")
    assert desk.timing() == (True, [])


def test_an_agent_is_declined_in_a_meeting(desk: Desk) -> None:
    assert desk.timing() == (True, [])
    desk.in_meeting = True
    assert desk.timing() == (False, [None])


def test_an_agent_is_declined_while_the_person_is_not_to_be_disturbed(desk: Desk) -> None:
    desk.available = availability(Facts(do_not_disturb=True))
    [reason] = asyncio.run(desk.asking.timing(5)).reasons
    assert "disturb" in reason.text and desk.timing() == (False, [None])
    desk.available = availability(Facts(typing=True))  # gone in a moment
    assert desk.timing() == (True, [])


def test_a_deadline_out_of_character_is_asked_about_and_keeps_nobody_from_anything(desk: Desk) -> None:
    later = replace(deadline("known"), slots={"task": "grant report", "date": "24 December"})
    desk.keep(replace(later, valid_until=NOON + 34 * DAY), hours=4)
    desk.keep(deadline("fresh"))
    assert desk.timing() == (True, [])
    [question] = asyncio.run(desk.asking.questions()).items
    assert (question.proposition.id, question.rival_id) == ("fresh", "known")
    assert desk.get("fresh").status is Status.ACTIVE
    desk.answer("fresh", "yes")
    assert desk.timing() == (False, ["fresh"])
    assert desk.get("known").status is Status.HIDDEN  # it cannot be due on both days


def test_what_the_person_settled_is_not_hidden_by_a_later_answer(desk: Desk) -> None:
    later = replace(deadline("known"), slots={"task": "grant report", "date": "24 December"}, settled=True)
    desk.keep(replace(later, valid_until=NOON + 34 * DAY))
    desk.keep(deadline("fresh"))
    desk.answer("fresh", "yes")
    assert desk.get("known").status is Status.ACTIVE
