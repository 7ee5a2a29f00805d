from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tray import wire
from gum.errors import DaemonUnreachable
from tests.app.tray import fake_data

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_what_the_contract_promises_can_be_read() -> None:
    read = wire.read(wire.Status, fake_data.status())
    assert read.sources[2].state == "unavailable"
    assert read.last_observation_age_s == 12.0
    found = wire.read(wire.Proposition, fake_data.believable()[0])
    assert found.evidence[0].at is not None and found.evidence[0].at.tzinfo is UTC
    assert wire.read(wire.Plan, fake_data.plan()).steps[1].undo is None


def test_unknown_fields_are_ignored_and_missing_ones_take_their_defaults() -> None:
    read = wire.read(wire.Proposition, {"id": "a", "text": "b", "brand_new": 1})
    assert (read.id, read.confidence, read.evidence) == ("a", 0.0, ())


def test_a_step_that_does_not_say_how_it_is_undone_counts_as_irreversible() -> None:
    assert wire.read(wire.Step, {"what": "x"}).reversibility == "irreversible"


def test_times_become_utc() -> None:
    read = wire.read(wire.Observation, {"id": "o", "at": "2026-11-22T10:00:00+02:00"})
    assert read.at == datetime(2026, 11, 22, 8, tzinfo=UTC)


@given(
    JSON, st.sampled_from([wire.Status, wire.Proposition, wire.Plan, wire.Suggestion, wire.Today, wire.Rule])
)
def test_garbage_is_one_error_with_a_hint_and_never_a_crash(data: object, kind: type) -> None:
    with pytest.raises(DaemonUnreachable) as caught:
        wire.read(kind, data)
        raise DaemonUnreachable("read", "fine")  # an empty object is enough for kinds with defaults only
    assert caught.value.hint


@pytest.mark.parametrize(
    "wrong", [{"id": 1, "text": "a"}, {"id": "a", "text": "b", "confidence": True}, {"id": "a"}]
)
def test_wrong_types_are_refused(wrong: object) -> None:
    with pytest.raises(DaemonUnreachable, match="cannot be understood"):
        wire.read(wire.Proposition, wrong)
