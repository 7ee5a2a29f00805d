from datetime import UTC, datetime, timedelta

import pytest

from app.tray import wire
from app.tray.wire_assistants import Assistant, Pairing, plan_request, scope_of
from gum.errors import DaemonUnreachable
from gum.grants import PRESETS, Scope, to_json
from tests.app.tray import fake_assistants as fake


def test_a_scope_comes_through_as_it_was_sent() -> None:
    for preset in PRESETS.values():
        read = wire.read(Assistant, fake.assistant(scope=to_json(preset.scope)))
        assert scope_of(read.scope) == preset.scope


def test_a_scope_that_is_not_understood_is_none_and_not_a_narrow_one() -> None:
    assert scope_of({"rights": ["read"], "anything": True}) is None
    assert scope_of({"rights": ["rule"]}) is None
    assert scope_of({}) == Scope()


def test_an_assistant_holds_until_its_end_or_until_it_is_revoked() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    assert Assistant("a", "A").holds(now)
    assert Assistant("a", "A", until=now + timedelta(seconds=1)).holds(now)
    assert not Assistant("a", "A", until=now).holds(now)
    assert not Assistant("a", "A", revoked_at=now).holds(now)


def test_a_plan_request_has_its_plan_and_who_asks() -> None:
    read = plan_request(fake.request(by="Claude") | {"quiet": True})
    assert (read.plan.id, read.by, read.quiet, read.plan.client) == ("plan1", "Claude", True, "Claude")
    assert len(read.plan.steps) == 2
    wrongs: list[object] = [None, [], {"id": "x"}]
    for wrong in wrongs:
        with pytest.raises(DaemonUnreachable):
            plan_request(wrong)


def test_a_pairing_without_its_new_fields_can_still_be_read() -> None:
    assert wire.read(Pairing, {"id": "g", "name": "G"}).state == "waiting"
