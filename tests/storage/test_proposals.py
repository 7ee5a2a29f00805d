import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from gum.errors import NotAllowed
from gum.grants import ClientId
from storage import forget, proposals
from storage.client_schema import ProposalRow
from storage.db import Database
from storage.proposals import FACT, FORGET, LASTS, MOST, MOST_OF_ONE, NOT_AGAIN, Proposal
from storage.scope import Everything, Scope, Span, Topic
from tests.builders import NOON

ADA, BEN = ClientId("ada"), ClientId("ben")
TEA: Mapping[str, str] = {"text": "I prefer tea."}
ALMOST = timedelta(microseconds=1)


def put(
    db: Database,
    what: Mapping[str, str] = TEA,
    client: ClientId = ADA,
    kind: str = FACT,
    after: timedelta = timedelta(),
) -> tuple[Proposal, bool]:
    return db.run_sync(lambda s: proposals.add(s, client, f"{client}'s", kind, what, NOON + after))


def decide(db: Database, one: Proposal, state: str, after: timedelta = timedelta()) -> bool:
    return db.run_sync(lambda s: proposals.decide(s, one, state, NOON + after))


def waiting(db: Database, after: timedelta = timedelta()) -> list[Proposal]:
    return db.read_sync(lambda s: proposals.list_(s, NOON + after))


def kept(db: Database) -> list[str]:
    return db.read_sync(lambda s: list(s.scalars(select(ProposalRow.what))))


def test_it_waits_with_its_words_and_is_its_clients_own(db: Database) -> None:
    one, new = put(db)
    assert new and (one.client_id, one.client, one.kind, one.what, one.state, one.at, one.expires_at) == (
        ADA, "ada's", FACT, TEA, "waiting", NOON, NOON + LASTS
    )  # fmt: skip
    assert waiting(db) == [one] == [db.read_sync(lambda s: proposals.get(s, one.id))]
    assert db.read_sync(lambda s: proposals.get(s, one.id, ADA)) == one
    assert db.read_sync(lambda s: proposals.get(s, one.id, BEN)) is None
    assert db.read_sync(lambda s: proposals.get(s, "nothing")) is None


@pytest.mark.parametrize("again", ["I prefer tea.", "i PREFER  tea", "I prefer tea!"])
def test_the_same_again_is_the_one_that_waits(db: Database, again: str) -> None:
    one, _ = put(db)
    assert put(db, {"text": again}, after=timedelta(hours=1)) == (one, False)
    assert put(db, {"text": again}, BEN)[1] and put(db, {"text": "I prefer coffee"})[1]
    assert put(db, {"topic": "I prefer tea"}, kind=FORGET)[1]


@pytest.mark.parametrize("state", ["accepted", "rejected"])
def test_it_is_decided_once_and_its_words_go(db: Database, state: str) -> None:
    one, _ = put(db)
    assert decide(db, one, state) and not decide(db, one, "accepted") and not decide(db, one, "rejected")
    found = db.read_sync(lambda s: proposals.get(s, one.id))
    assert found is not None and (found.state, found.decided_at) == (state, NOON)
    assert waiting(db) == [] and "tea" not in "".join(kept(db))


@pytest.mark.parametrize("state", ["accepted", "rejected"])
def test_what_was_decided_is_not_asked_again_for_a_month(db: Database, state: str) -> None:
    one, _ = put(db)
    decide(db, one, state)
    again, new = put(db, {"text": "I prefer TEA"}, after=NOT_AGAIN - ALMOST)
    assert (again.id, again.state, new) == (one.id, state, False)
    assert put(db, {"text": "I prefer coffee"})[1]
    assert put(db, after=NOT_AGAIN)[1]


def test_what_was_forgotten_may_be_asked_to_be_forgotten_again(db: Database) -> None:
    one, _ = put(db, {"topic": "tea"}, kind=FORGET)
    decide(db, one, "accepted")
    assert put(db, {"topic": "tea"}, kind=FORGET)[1]


def test_nobodys_answer_in_a_week_is_a_no_and_its_words_go(db: Database) -> None:
    one, _ = put(db)
    assert waiting(db, LASTS - ALMOST) == [one] and waiting(db, LASTS) == []
    db.run_sync(lambda s: proposals.expire(s, NOON + LASTS))
    found = db.read_sync(lambda s: proposals.get(s, one.id))
    assert found is not None and found.state == "expired" and kept(db) == ["{}"]
    assert put(db, after=LASTS)[1]  # it may be asked anew
    db.run_sync(lambda s: proposals.expire(s, NOON + LASTS + NOT_AGAIN))
    assert db.read_sync(lambda s: proposals.get(s, one.id)) is None


def test_one_client_or_all_together_do_not_drown_the_person(db: Database) -> None:
    for n in range(MOST_OF_ONE):
        put(db, {"text": f"fact {n}"})
    with pytest.raises(NotAllowed):
        put(db, {"text": "one more"})
    assert put(db, {"text": "fact 3"})[1] is False  # no more than there is
    for n in range(MOST - MOST_OF_ONE):
        put(db, {"text": f"fact {n}"}, ClientId(f"client {n // MOST_OF_ONE}"))
    with pytest.raises(NotAllowed):
        put(db, {"text": "one more"}, BEN)
    assert len(waiting(db)) == MOST
    decide(db, waiting(db)[0], "rejected")
    assert put(db, {"text": "one more"}, BEN)[1]


def test_what_an_answer_forgot_is_noted_all_the_same(db: Database) -> None:
    one, _ = put(db, {"topic": "tea"}, kind=FORGET)
    db.run_sync(lambda s: forget.forget(s, Topic("tea")))
    assert kept(db) == []
    assert decide(db, one, "accepted")
    found = db.read_sync(lambda s: proposals.get(s, one.id, ADA))
    assert found is not None and found.state == "accepted" and kept(db) == ["{}"]


@pytest.mark.parametrize(
    ("what", "left"),
    [
        (Topic("tea"), ["rent"]),
        (Span(NOON - ALMOST, NOON + ALMOST), ["rent"]),
        (Span(NOON + ALMOST), ["tea"]),
        (Span(None, NOON), ["rent"]),
        (Everything(), []),
    ],
)
def test_what_is_forgotten_is_not_left_waiting_here(db: Database, what: Scope, left: list[str]) -> None:
    put(db)
    put(db, {"text": "I pay the rent"}, after=timedelta(hours=1))
    db.run_sync(lambda s: forget.forget(s, what))
    said = " ".join(json.loads(row)["text"] for row in kept(db))
    assert [word for word in ("tea", "rent") if word in said] == left


def test_what_a_revoked_client_asked_is_asked_no_more(db: Database) -> None:
    put(db)
    bens, _ = put(db, client=BEN)
    db.run_sync(lambda s: proposals.drop_of_client(s, ADA))
    assert waiting(db) == [bens]
