from datetime import timedelta

from sqlalchemy import insert

from gum.grants import ClientId
from gum.types import Outcome, PlanId, SuggestionId
from storage import plans, suggestions
from storage.client_schema import ClientRow
from storage.db import Database
from tests.builders import NOON
from tests.storage.builders import plan, suggestion

ADA, BEN = ClientId("ada"), ClientId("ben")
LATER = NOON + timedelta(minutes=5)


def test_a_plan_comes_back_with_its_outcomes_in_order(db: Database) -> None:
    made = plan()
    outcomes = [Outcome(0, True, "the line is there", {"line": "3"}), Outcome(0, False, "nothing")]
    db.run_sync(lambda s: plans.save(s, made, "waiting", LATER, NOON))
    for outcome in outcomes:
        db.run_sync(lambda s, o=outcome: plans.add_outcomes(s, made.id, [o], LATER))
    stored = db.read_sync(lambda s: plans.get(s, made.id))
    assert stored is not None
    assert (stored.plan, stored.state, stored.created_at, stored.expires_at) == (made, "waiting", NOON, LATER)
    assert [(o.step_index, o.ok, o.seen, dict(o.undo_token)) for o in stored.outcomes] == [
        (0, True, "the line is there", {"line": "3"}),
        (0, False, "nothing", {}),
    ]


def test_only_one_of_two_approvals_runs_a_plan(db: Database) -> None:
    made = plan()
    db.run_sync(lambda s: plans.save(s, made, "waiting", LATER, NOON))
    tries = [
        db.run_sync(lambda s: plans.set_state(s, made.id, "running", NOON, only_from="waiting"))
        for _ in range(2)
    ]
    assert tries == [True, False]
    assert not db.run_sync(lambda s: plans.set_state(s, PlanId("x"), "done", NOON))


def test_a_plan_saved_twice_keeps_its_state(db: Database) -> None:
    made = plan()
    assert db.run_sync(lambda s: plans.save(s, made, "waiting", LATER, NOON))
    db.run_sync(lambda s: plans.set_state(s, made.id, "denied", NOON))
    assert not db.run_sync(lambda s: plans.save(s, made, "waiting", LATER, NOON))
    stored = db.read_sync(lambda s: plans.get(s, made.id))
    assert stored is not None
    assert stored.state == "denied"


def test_a_plan_of_a_forgotten_suggestion_is_not_stored(db: Database) -> None:
    made = plan(owner="gone")
    assert not db.run_sync(lambda s: plans.save(s, made, "waiting", LATER, NOON))
    db.run_sync(lambda s: plans.add_outcomes(s, made.id, [Outcome(0, True, "x")], NOON))
    owner = suggestion()
    db.run_sync(lambda s: suggestions.add(s, owner))
    mine = plan(owner=owner.id)
    assert db.run_sync(lambda s: plans.save(s, mine, "waiting", LATER, NOON))
    stored = db.read_sync(lambda s: plans.get(s, mine.id))
    assert stored is not None
    assert stored.plan.suggestion_id == SuggestionId(owner.id)


def test_plans_that_a_crash_cut_off_count_as_failed(db: Database) -> None:
    made = [plan() for _ in range(3)]
    db.run_sync(lambda s: [plans.save(s, p, "waiting", LATER, NOON) for p in made])
    db.run_sync(lambda s: plans.set_state(s, made[1].id, "running", NOON))
    assert db.run_sync(lambda s: plans.recover(s, LATER)) == [made[1]]
    assert db.run_sync(lambda s: plans.recover(s, LATER)) == []
    assert [(p.plan, p.state) for p in db.read_sync(plans.journal)] == [(made[1], "failed")]


def test_the_journal_tells_what_was_done_the_last_first(db: Database) -> None:
    made = [plan() for _ in range(4)]
    db.run_sync(lambda s: [plans.save(s, p, "waiting", LATER, NOON) for p in made])
    for n, state in ((1, "done"), (2, "denied"), (3, "undone")):
        db.run_sync(
            lambda s, n=n, state=state: plans.set_state(s, made[n].id, state, NOON + n * (LATER - NOON))
        )
    assert [p.plan.id for p in db.read_sync(plans.journal)] == [made[3].id, made[1].id]


def test_a_clients_plan_has_its_name_also_when_that_is_not_known_any_more(db: Database) -> None:
    adas, bens = plan(), plan()
    row = {"id": ADA, "name": "Ada's", "token_hash": b"", "scope": "{}", "given_at": NOON}
    db.run_sync(lambda s: s.execute(insert(ClientRow).values(row)))
    db.run_sync(lambda s: plans.save(s, adas, "waiting", LATER, NOON, ADA))
    db.run_sync(lambda s: plans.save(s, bens, "approved", LATER, NOON, BEN))
    db.run_sync(lambda s: plans.save(s, plan(), "waiting", LATER, NOON))
    found = db.read_sync(lambda s: plans.open_of_clients(s, NOON))
    assert [(p.plan, p.client_id, p.client) for p in found] == [(adas, ADA, "Ada's"), (bens, BEN, "ben")]
    assert db.read_sync(lambda s: plans.open_of_clients(s, LATER)) == []


def test_what_waits_and_what_got_a_no_is_counted_for_each_client(db: Database) -> None:
    made = [plan() for _ in range(4)]
    db.run_sync(lambda s: [plans.save(s, p, "waiting", LATER, NOON, ADA) for p in made])
    db.run_sync(lambda s: plans.set_state(s, made[0].id, "denied", NOON))
    db.run_sync(lambda s: plans.set_state(s, made[1].id, "done", NOON))

    def counted(client: ClientId, now: timedelta) -> tuple[int, int]:
        at = NOON + now
        return db.read_sync(lambda s: (plans.waiting(s, at, client), plans.refused(s, NOON, at, client)))

    assert counted(ADA, timedelta()) == (2, 1)
    assert counted(ADA, LATER - NOON) == (0, 3)
    assert counted(BEN, timedelta()) == (0, 0)
    assert db.read_sync(lambda s: plans.refused(s, LATER, LATER, ADA)) == 0


def test_a_restart_and_a_revoked_client_end_what_is_open(db: Database) -> None:
    made = [plan() for _ in range(4)]
    for p, state, client in zip(
        made, ("waiting", "approved", "done", "waiting"), (ADA, ADA, ADA, None), strict=True
    ):
        db.run_sync(lambda s, p=p, state=state, client=client: plans.save(s, p, state, LATER, NOON, client))
    assert db.run_sync(lambda s: plans.end_of_client(s, ADA, NOON)) == [p.id for p in made[:2]]
    db.run_sync(lambda s: plans.lapse(s, NOON))
    found = [db.read_sync(lambda s, p=p: plans.get(s, p.id)) for p in made]
    assert [p.state for p in found if p is not None] == ["denied", "denied", "done", "expired"]
