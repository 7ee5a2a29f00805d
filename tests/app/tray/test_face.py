from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.tray import wire
from app.tray.face import Kind, face
from tests.app.tray import fake_data


def status(**changes: object) -> wire.Status:
    return wire.read(wire.Status, fake_data.status(**changes))


def test_observing_tells_the_age_of_the_last_stored_observation() -> None:
    shown = face(status(), None, 5)
    assert shown.kind is Kind.OBSERVING
    assert shown.tooltip == "Gumption: Observing\nlast stored 17 s ago"


def test_in_the_first_day_it_says_that_it_only_learns_and_until_when() -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    until = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    shown = face(status(learning_until=until.isoformat()), None, 5, now)
    assert shown.kind is Kind.OBSERVING
    clock = until.astimezone().strftime("%H:%M")
    assert f"Observing, learning; first suggestions from today {clock}" in shown.line


def test_a_silent_daemon_is_never_observing() -> None:
    shown = face(status(), wire.Problem("No answer", "Look at Status."), 1)
    assert shown.kind is Kind.TROUBLE
    assert "not observing" in shown.tooltip
    assert shown.hint == "Look at Status."


def test_before_the_first_answer_nothing_is_claimed() -> None:
    assert face(None, None, 0).kind is Kind.TROUBLE


def test_a_claim_to_observe_without_a_running_source_is_trouble() -> None:
    dead = [{"name": "screen", "state": "failing", "detail": "x", "hint": "Mend it.", "last_at": None}]
    shown = face(status(sources=dead), None, 0)
    assert (shown.kind, shown.hint) == (Kind.TROUBLE, "Mend it.")
    assert face(status(sources=[]), None, 0).kind is Kind.TROUBLE


def test_pauses_say_how_long_and_exclusions_say_by_which_rule() -> None:
    until = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
    paused = face(status(state="paused", paused_until=until.isoformat()), None, 0, until)
    assert (paused.kind, paused.line.startswith("Paused until today")) == (Kind.PAUSED, True)
    assert face(status(state="paused"), None, 0).line.startswith("Paused until you resume")
    excluded = face(status(state="excluded", excluded_by="Private windows"), None, 0)
    assert (excluded.kind, "Private windows" in excluded.tooltip) == (Kind.EXCLUDED, True)


def test_locked_claims_nothing_and_says_what_to_do() -> None:
    shown = face(status(state="locked", last_observation_age_s=None), None, 0)
    assert (shown.kind, shown.line) == (Kind.LOCKED, "Locked · nothing is observed")
    assert "menu" in shown.hint


@given(st.text())
def test_only_the_word_observing_is_observing(state: str) -> None:
    kind = face(status(state=state), None, 0).kind
    assert (kind is Kind.OBSERVING) == (state == "observing")
