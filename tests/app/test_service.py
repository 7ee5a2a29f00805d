import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from app.service import OFF_THE_RECORD_MIN, Parts, Service, state_of
from app.shapes import ForgetIn, StatusOut
from gum.errors import StoreFull
from gum.types import SourceHealth
from tests.builders import StillClock


def source(name: str = "window", state: str = "running", detail: str = "") -> SourceHealth:
    return SourceHealth(name, state, detail, "", None)


def test_observing_is_said_only_when_the_window_is_really_observed() -> None:
    assert state_of(False, None, [source()], None)[0] == "observing"
    for broken in (
        [],
        [source(state="unavailable", detail="There is no display")],
        [source(state="stopped")],
    ):
        assert state_of(False, None, broken, None)[0] == "trouble"


def test_a_store_that_takes_nothing_is_trouble_whatever_the_observers_say() -> None:
    assert state_of(False, "The disk is full", [source()], "Private windows") == (
        "trouble",
        "The disk is full",
    )


def test_any_failing_source_is_trouble_but_one_that_is_not_there_is_not() -> None:
    assert state_of(False, None, [source(), source("screen", "failing", "It broke")], None)[0] == "trouble"
    assert state_of(False, None, [source(), source("ui_tree", "unavailable")], None)[0] == "observing"


def test_an_excluded_window_is_named_by_its_rule_and_a_pause_comes_first() -> None:
    state, reason = state_of(False, None, [source()], "Password managers")
    assert state == "excluded"
    assert "Password managers" in reason
    assert state_of(True, "The disk is full", [], "Password managers")[0] == "paused"
    assert state_of(True, None, [source()], None, off_the_record=True)[1].startswith("Off the record")


def test_behind_a_locked_screen_it_does_not_claim_to_observe() -> None:
    state, reason = state_of(False, None, [source()], None, screen_locked=True)
    assert state == "excluded" and "locked" in reason
    assert state_of(True, None, [source()], None, screen_locked=True)[0] == "paused"


class _Paused:
    """Service over parts that do no more than these tests ask for."""

    def __init__(self, pause: StoreFull | None = None, status: StoreFull | None = None) -> None:
        self.did: list[str] = []
        self.pause, self.status = pause, status
        parts = SimpleNamespace(presets_off=(), clock=StillClock(), pause=self, inbox=self, forgetting=self)
        self.service = Service(cast(Parts, parts))
        self.service.status = self._status  # type: ignore[assignment, method-assign]
        parts.hub = SimpleNamespace(publish=lambda *_: None)

    async def _status(self) -> StatusOut:
        if self.status:
            raise self.status
        return StatusOut.model_construct(state="paused")

    async def start(self, duration: timedelta | None, off_the_record: bool) -> None:
        if self.pause:
            raise self.pause

    def clear(self) -> None:
        self.did.append("clear")

    async def forget(self, what: ForgetIn) -> None:
        self.did.append(f"forget {what.minutes:g}")


def test_a_pause_that_cannot_be_stored_throws_away_what_waits_all_the_same() -> None:
    fake = _Paused(pause=StoreFull("The disk is full", "Make room."))
    with pytest.raises(StoreFull):
        asyncio.run(fake.service.pause(None))
    assert fake.did == ["clear"]


def test_off_the_record_is_forgotten_whatever_becomes_of_the_telling() -> None:
    fake = _Paused(status=StoreFull("The disk is full", "Make room."))
    with pytest.raises(StoreFull):
        asyncio.run(fake.service.pause(None, off_the_record=True))
    assert fake.did == ["clear", f"forget {OFF_THE_RECORD_MIN}"]
