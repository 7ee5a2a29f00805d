from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import Effect, Exclusion, Rule, RuleId
from storage import meta, privacy
from storage.db import Database
from storage.privacy import quarter
from tests.builders import NOON

MINUTE = timedelta(minutes=1)
LOCAL = st.datetimes(
    NOON.replace(year=2000, tzinfo=None), NOON.replace(year=2100, tzinfo=None), timezones=st.timezones()
)


def test_exclusions_are_counted_by_application_and_rule(db: Database) -> None:
    made = [
        ("keepass", "r1", 0),
        ("keepass", "r1", 20),
        ("keepass", "r1", 21),
        ("chromium", "r2", 5),
        ("old", "r1", -60),
    ]
    for app, rule, minutes in made:
        exclusion = Exclusion(NOON + minutes * MINUTE, app, RuleId(rule))
        db.run_sync(lambda s, e=exclusion: privacy.add_exclusion(s, e))
    rows = db.read_sync(lambda s: privacy.exclusions(s, NOON))
    assert [(r.app, r.rule_id, r.count) for r in rows] == [("keepass", "r1", 3), ("chromium", "r2", 1)]
    assert rows[0].last_at == NOON + 21 * MINUTE


@given(LOCAL)
def test_a_local_midnight_begins_a_quarter(at: datetime) -> None:
    assert timedelta(0) <= at - quarter(at) < timedelta(minutes=15)


def test_rules_come_back_as_they_were_and_can_be_deleted(db: Database) -> None:
    full = Rule(
        RuleId("a"), "Bank", Effect.DROP, "*", "*bank*", "https://*", True, timedelta(days=3),
        window_class="term*", monitor="HDMI-*", full_screen=False, hours="22:00-07:00", sharing=True,
    )  # fmt: skip
    bare = Rule(RuleId("b"), "All", Effect.TEXT_ONLY, private=False)
    db.run_sync(lambda s: [privacy.add_rule(s, full), privacy.add_rule(s, bare)])
    assert db.read_sync(privacy.rules) == [full, bare]
    assert db.read_sync(lambda s: privacy.get_rule(s, full.id)) == full
    assert db.run_sync(lambda s: privacy.delete_rule(s, full.id))
    assert not db.run_sync(lambda s: privacy.delete_rule(s, full.id))
    assert db.read_sync(lambda s: privacy.get_rule(s, full.id)) is None
    assert db.read_sync(privacy.rules) == [bare]


@pytest.mark.parametrize("value", ["", "x" * 10_000, "é\n"])
def test_facts_are_kept_replaced_and_dropped(db: Database, value: str) -> None:
    db.run_sync(lambda s: [meta.put(s, "k", "old"), meta.put(s, "k", value)])
    assert db.read_sync(lambda s: meta.get(s, "k")) == value
    db.run_sync(lambda s: meta.delete(s, "k"))
    assert db.read_sync(lambda s: meta.get(s, "k")) is None
