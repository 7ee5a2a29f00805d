"""Clients in a real, encrypted store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from gum.grants import PRESETS, ClientId, Part, Right, Scope
from storage import clients, decisions
from storage.client_schema import ClientRow, DisclosureRow
from storage.clients import Known
from storage.db import Database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SCOPE = replace(
    PRESETS["agent"].scope,
    topics=("thesis",),
    no_topics=("health",),
    apps=frozenset({"firefox"}),
    max_age=timedelta(days=30),
)


def known(name: str = "Claude", **more: object) -> Known:
    fields = {
        "client": ClientId(f"id-{name}"),
        "name": name,
        "scope": SCOPE,
        "given_at": NOW,
        "token_hash": b"h" * 32,
        **more,
    }
    return Known(**fields)  # type: ignore[arg-type]


def test_what_was_kept_comes_back_as_it_was(db: Database) -> None:
    one = known(until=NOW + timedelta(days=1))
    other = known("Cursor", given_at=NOW + timedelta(seconds=1), scope=Scope(sensitive=True))
    db.run_sync(lambda s: [clients.add(s, each) for each in (other, one)])
    assert db.read_sync(clients.every) == [one, other]
    assert db.read_sync(lambda s: clients.get(s, one.client)) == one
    assert db.read_sync(lambda s: clients.get(s, ClientId("nobody"))) is None
    assert one.grant.recipient == "the assistant Claude" and one.grant.scope == SCOPE


def test_a_scope_and_an_end_are_changed_for_one_alone(db: Database) -> None:
    one, other = known(), known("Cursor")
    db.run_sync(lambda s: [clients.add(s, each) for each in (one, other)])
    narrow, end = Scope(rights=frozenset({Right.READ}), parts=frozenset({Part.CLAIMS})), NOW + timedelta(1)
    db.run_sync(lambda s: clients.set_scope(s, one.client, narrow, end))
    assert db.read_sync(clients.every) == [replace(one, scope=narrow, until=end), other]


def test_one_that_was_revoked_has_no_token_any_more_and_goes_after_a_while(db: Database) -> None:
    one = known()
    db.run_sync(lambda s: clients.add(s, one))
    db.run_sync(lambda s: clients.revoke(s, one.client, NOW))
    db.run_sync(lambda s: clients.revoke(s, one.client, NOW + timedelta(days=9)))  # the first time stays
    [gone] = db.read_sync(clients.every)
    assert (gone.revoked_at, gone.token_hash) == (NOW, b"")
    assert not gone.lives(NOW)
    assert db.run_sync(lambda s: clients.purge(s, NOW)) == 0
    assert db.run_sync(lambda s: clients.purge(s, NOW + timedelta(seconds=1))) == 1
    assert db.read_sync(clients.every) == []


def test_one_whose_scope_cannot_be_understood_may_nothing(db: Database) -> None:
    """A newer Gumption, or a broken row: the others still have to be let in."""
    db.run_sync(lambda s: [clients.add(s, each) for each in (known(), known("Cursor"))])

    def spoil(s: Session) -> None:
        s.execute(update(ClientRow).where(ClientRow.id == "id-Claude").values(scope='{"magic": true}'))

    db.run_sync(spoil)
    spoilt, other = db.read_sync(clients.every)
    assert (spoilt.scope.rights, spoilt.scope.parts) == (frozenset(), frozenset())
    assert other.scope == SCOPE


def test_the_living_are_not_purged(db: Database) -> None:
    db.run_sync(lambda s: clients.add(s, known(until=NOW - timedelta(days=365))))
    assert db.run_sync(lambda s: clients.purge(s, NOW + timedelta(days=365))) == 0


def test_the_last_use_is_noted(db: Database) -> None:
    one, other = known(), known("Cursor")
    db.run_sync(lambda s: [clients.add(s, each) for each in (one, other)])
    db.run_sync(lambda s: clients.touch(s, {one.client: NOW}))
    assert [each.last_used_at for each in db.read_sync(clients.every)] == [NOW, None]


def test_answers_are_counted_by_client_from_a_time_on(db: Database) -> None:
    def answered(client: str, at: datetime, n: int) -> DisclosureRow:
        return DisclosureRow(
            id=f"d{n}", at=at, client_id=client, client=client, operation="search", query="", items=1,
            withheld=0, content=None,
        )  # fmt: skip

    rows = [answered("a", NOW, 1), answered("a", NOW, 2), answered("b", NOW, 3)]
    db.run_sync(lambda s: s.add_all([*rows, answered("b", NOW - timedelta(seconds=1), 4)]))
    assert db.read_sync(lambda s: clients.reads(s, NOW)) == {"a": 2, "b": 1}


@given(until=st.none() | st.integers(-5, 5), revoked=st.booleans())
def test_it_may_ask_until_its_end_or_until_it_is_revoked(until: int | None, revoked: bool) -> None:
    end = NOW + timedelta(days=until) if until is not None else None
    one = known(until=end, revoked_at=NOW if revoked else None)
    assert one.lives(NOW) == (not revoked and (until is None or until > 0))


def test_a_program_of_the_same_name_is_not_allowed_what_the_one_before_was(db: Database) -> None:
    def scenario(s: Session) -> None:
        one = known("Claude")
        clients.add(s, one)
        decisions.allow(s, "own-email", one.grant.recipient, NOW)
        decisions.allow(s, "own-email", "the assistant Cursor", NOW)
        clients.revoke(s, one.client, NOW)
        clients.add(s, replace(one, client=ClientId("another")))
        assert [each.place for each in decisions.exemptions(s)] == ["the assistant Cursor"]

    db.run_sync(scenario)
