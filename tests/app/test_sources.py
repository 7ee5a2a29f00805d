import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.config import PipelineSettings, SourceSettings
from app.inbox import Inbox
from app.sources import sources
from observers.calendar import Calendars
from observers.gate import Gate
from observers.notices import Notices
from observers.text_folder import TextFolder
from storage import forget, observations, propositions
from storage.db import Database
from storage.scope import Everything, Span, Topic
from tests.app.fakes import FakeWorker
from tests.app.test_pipeline import House
from tests.builders import NOON
from tests.observers.notice_bus import NoticeBus
from tests.observers.recorder import Recorder, wait_for
from tests.storage.builders import KEY

EVER, NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
NOTHING = SourceSettings(notifications=False, recent_files=False)


def names(settings: SourceSettings) -> list[str]:
    gate = Gate(Recorder(), lambda: (), lambda: False)
    return [source.name for source in sources(settings, gate, lambda _: None)]


def test_nothing_runs_that_is_not_wanted() -> None:
    assert names(NOTHING) == []


def test_a_source_of_others_runs_where_it_is_named() -> None:
    assert names(NOTHING.model_copy(update={"plugins": ("theirs",)})) == ["theirs"]


def test_what_was_copied_is_not_looked_at_unless_the_person_says_so() -> None:
    assert not SourceSettings().clipboard
    assert names(NOTHING.model_copy(update={"clipboard": True})) == ["clipboard"]


def test_calendars_are_read_that_are_named() -> None:
    assert SourceSettings().calendars == ()
    named = ("~/work.ics", "https://example.org/a")
    assert names(NOTHING.model_copy(update={"calendars": named})) == ["calendar"]


def test_notices_are_heard_unless_the_person_says_otherwise() -> None:
    assert SourceSettings().notifications
    assert names(NOTHING.model_copy(update={"notifications": True})) == ["notices"]


def test_used_files_are_told_unless_the_person_says_otherwise_and_notes_only_from_a_named_folder() -> None:
    assert SourceSettings().recent_files
    assert SourceSettings().text_folder == ""
    assert names(NOTHING.model_copy(update={"recent_files": True})) == ["files"]
    assert names(NOTHING.model_copy(update={"watch_folders": ("~/Documents",)})) == ["files"]
    assert names(NOTHING.model_copy(update={"text_folder": "~/Notes"})) == ["text_folder"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database = Database.open(tmp_path / "g.db", KEY)
    made = House(tmp_path, database, FakeWorker(tmp_path), PipelineSettings(batch_count=1))
    yield made
    made.index.close()
    database.close()


def learn(house: House, inbox: Inbox) -> None:
    """All the work there is with what was told."""

    async def work() -> None:
        await house.pipeline.take(*inbox.drain())
        await house.pipeline.work_off()

    asyncio.run(work())


def read_notes(house: House, folder: Path, expected: int) -> None:
    """One life of the source, until so many paragraphs have been told, and all the work there is by then."""
    inbox = Inbox()
    source = TextFolder(Gate(inbox, lambda: (), lambda: False), folder, look_s=0.05, rest_s=0.1)
    source.start()
    try:
        assert wait_for(lambda: inbox.size >= expected, 20)
    finally:
        source.stop()
    learn(house, inbox)


def test_notes_are_learnt_from_once_and_stay_forgotten_while_they_lie_there(
    house: House, tmp_path: Path
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    note = folder / "me.md"
    note.write_text("I prefer tea over coffee.\n\nI am learning Spanish.")
    read_notes(house, folder, 2)
    assert set(house.claims()) == {"Prefers tea over coffee", "Is learning Spanish"}
    read_notes(house, folder, 2)
    [tea] = [c for c in house.database.read_sync(propositions.list_) if "tea" in c.text]
    assert len(house.database.read_sync(lambda s: propositions.evidence_of(s, [tea.id]))[tea.id]) == 1
    house.database.run_sync(lambda s: forget.forget(s, Topic("coffee")))
    assert set(house.claims()) == {"Is learning Spanish"}
    note.rename(folder / "renamed.md")
    read_notes(house, folder, 2)
    assert set(house.claims()) == {"Is learning Spanish"}
    house.database.run_sync(lambda s: forget.forget(s, Everything()))
    (folder / "new.txt").write_text("I am learning Welsh.")
    read_notes(house, folder, 3)
    assert set(house.claims()) == {"Is learning Welsh"}


def read_calendar(house: House, file: Path, at: datetime) -> None:
    """One life of the source: a look at `at`, and all the work there is by then."""
    inbox = Inbox()
    source = Calendars([str(file)], Gate(inbox, lambda: (), lambda: False), lambda: at)
    source._look()
    learn(house, inbox)


def test_a_calendar_is_learnt_from_once_and_what_was_forgotten_stays_so(house: House, tmp_path: Path) -> None:
    file = tmp_path / "work.ics"
    event = "BEGIN:VEVENT\nUID:1\nSUMMARY:Thesis talk\nDTSTART;VALUE=DATE:202611{0}\nEND:VEVENT\n"
    file.write_text(f"BEGIN:VCALENDAR\n{event.format(27)}")
    expected = ["Is preparing for Thesis talk on Friday 27 November 2026"]
    for hours in (0, 1, 2):  # the program is started anew
        read_calendar(house, file, NOON + timedelta(hours=hours))
        assert house.claims() == expected
    [claim] = house.database.read_sync(propositions.list_)
    rows = house.database.read_sync(lambda s: propositions.evidence_of(s, [claim.id]))[claim.id]
    assert len({row.evidence.observation_id for row in rows}) == 1
    # What was there already when the program started is not of the last hour.
    house.database.run_sync(lambda s: forget.forget(s, Span(since=NOON + timedelta(minutes=90))))
    assert house.claims() == expected
    house.database.run_sync(lambda s: forget.forget(s, Topic("thesis")))
    read_calendar(house, file, NOON + timedelta(hours=3))
    assert house.claims() == []


@pytest.mark.desktop
def test_what_others_say_in_notices_is_stored_without_secrets_and_is_not_the_persons_own_word(
    house: House, tmp_path: Path
) -> None:
    inbox = Inbox()
    with NoticeBus(tmp_path) as bus:
        source = Notices(Gate(inbox, lambda: (), lambda: False), bus.address)
        source.start()
        try:
            assert wait_for(lambda: source.health().detail == "")
            bus.send("Tally", "Anna", "I prefer tea over coffee.")
            bus.send("Mail", "Norrbank", "Your verification code is 482913.")
            assert wait_for(lambda: inbox.size == 2)
        finally:
            source.stop()
    learn(house, inbox)
    assert house.claims() == []
    stored = house.database.read_sync(lambda s: observations.between(s, EVER, NEVER, 10))
    assert {found.title for found in stored} == {"Anna", "Norrbank"}
    assert "482913" not in repr(stored) and "[code]" in repr(stored)
