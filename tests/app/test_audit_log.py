from pathlib import Path

import pytest

from gum.audit import Decision, Entry, Outcome, Question, Stage
from gum.errors import NotAllowed, NotFound
from gum.types import Cause, Sensitivity, Trust
from storage import decisions, observations, people, propositions, work
from tests.app.auditing_house import House, at_home, elsewhere
from tests.app.test_auditing import searched
from tests.builders import observation

MAIL = "To: Anna Berg\nSubject: her chemotherapy"


async def write(house: House, id: str = "mail") -> None:
    await house.see(observation(MAIL, id=id, app="mail", title="Compose"))


def test_allowing_a_kind_drafts_again_from_what_was_held_back(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await write(house)
        [row] = house.held()
        assert row.what == "Subject: her chemotherapy" and not house.claims()
        told = await house.log.reverse(row.id[:8])
        assert [(e.rule, e.place) for e in told.allowed] == [("other-health", "mail")]
        assert told.items[0].reversed_at is not None
        await house.pipeline.work_off()
        [claim] = house.claims()
        assert claim.slots == {"person": "Anna Berg", "topic": "her chemotherapy"}
        await write(house, "later")
        assert len(house.held()) == 1

    at_home(tmp_path, scenario)


def test_taking_it_back_holds_back_again(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await write(house)
        [row] = house.held()
        told = await house.log.reverse(row.id)
        told = await house.log.reverse(told.allowed[0].id)  # the other way than it is
        assert told.allowed == [] and told.items[0].reversed_at is None
        await house.pipeline.work_off()
        assert house.claims() == []
        await house.log.reverse(row.id, allow=False)  # it is so already
        assert house.database.read_sync(decisions.allowed) == frozenset()

    at_home(tmp_path, scenario)


def test_a_hidden_claim_is_used_when_its_kind_is_allowed(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await house.see(*searched("burnout test"))
        [claim] = house.claims()
        [row] = house.held()
        await house.log.reverse(row.id)
        [after] = house.claims()
        assert (claim.sensitivity, after.sensitivity) == (Sensitivity.SENSITIVE, Sensitivity.NORMAL)
        last = house.database.read_sync(lambda s: propositions.revisions_of(s, claim.id))[-1]
        assert (last.cause, last.reasoning) == (Cause.USER, "you allowed this kind")
        assert house.told[-1].changed == (claim.id,)
        await house.see(*searched("burnout test", "again"))
        assert [c.sensitivity for c in house.claims()] == [Sensitivity.NORMAL]

    at_home(tmp_path, scenario)


def test_a_claim_in_two_lines_of_the_log_is_shown_once(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await house.see(*searched("burnout test"))
        [claim] = house.claims()
        [row] = house.held()
        hidden = Decision(Outcome.HIDE, row.rule, row.reason, Stage.STORE)
        line = Entry(Question(Stage.STORE, "burnout tests", app=row.place), hidden)
        house.database.run_sync(lambda s: decisions.add(s, [(line, claim.id)], [], house.clock.now()))
        assert len(house.held()) == 2
        told = len(house.told)
        await house.log.reverse(row.id)
        history = house.database.read_sync(lambda s: propositions.revisions_of(s, claim.id))
        assert [r.reasoning for r in history].count("you allowed this kind") == 1
        assert [done.changed for done in house.told[told:]] == [(claim.id,)]

    at_home(tmp_path, scenario)


def test_a_claim_that_is_private_for_another_reason_too_stays_hidden(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await house.see(*searched("burnout after chemotherapy"))
        [row] = house.held()
        await house.log.reverse(row.id)
        assert [c.sensitivity for c in house.claims()] == [Sensitivity.SENSITIVE]

    at_home(tmp_path, scenario)


def test_what_was_not_sent_goes_when_it_is_allowed_for_that_server(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await house.see(observation("thesis\nI am pregnant", id="a", title=""))
        [row] = house.held()
        await house.log.reverse(row.id)
        await house.see(observation("book\nI am pregnant with twins", id="b", title=""))
        assert "pregnant" not in got[0] and "pregnant with twins" in got[-1]

    with elsewhere() as (url, got):
        at_home(tmp_path, scenario, server=url)


def test_secrets_are_never_let_out(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        # Redacted before it is stored; here somebody put it there by hand.
        seen = observation("thesis\nPIN: 4711 of the door", id="a", title="", trust=Trust.AUTHORED)
        house.database.run_sync(lambda s: observations.append(s, seen))
        house.database.run_sync(lambda s: work.enqueue(s, observations.PROPOSE, [seen.id], seen.at))
        await house.pipeline.work_off()
        [row] = house.held()
        assert row.rule == "secret" and "4711" not in got[0]
        with pytest.raises(NotAllowed):
            await house.log.reverse(row.id)

    with elsewhere() as (url, got):
        at_home(tmp_path, scenario, server=url)


def test_people_are_listed_by_number_and_may_be_called_by_name(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        house.database.run_sync(lambda s: people.note(s, ["Anna Berg", "Anna", "Bo Lind"]))
        told = await house.log.people()
        assert [(p.number, p.names, p.real) for p in told.items] == [
            (1, ["Anna", "Anna Berg"], False),
            (2, ["Bo Lind"], False),
        ]
        told = await house.log.call_by_name(1, True)
        assert [p.real for p in told.items] == [True]
        with pytest.raises(NotFound):
            await house.log.call_by_name(7, True)
        with pytest.raises(NotFound):
            await house.log.reverse("nothing")

    at_home(tmp_path, scenario)
